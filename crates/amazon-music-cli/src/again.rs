//! Commands to paste: this one, with other flags.

use std::env;

use crate::printable::printable;

/// Flags that hold secrets, which are never printed.
const SECRET: &str = "--header";

/// This command without some flags and their values, and with others.
pub(crate) fn again(without: &[&str], with: &[&str]) -> String {
    let arguments: Vec<String> = env::args().skip(1).collect();
    command(&arguments, without, with)
}

fn command(arguments: &[String], without: &[&str], with: &[&str]) -> String {
    let mut words = vec!["amazon-music".to_owned()];
    let mut arguments = arguments.iter();
    let mut has_secret = false;
    while let Some(argument) = arguments.next() {
        let flag = flag_of(argument);
        has_secret |= flag == SECRET;
        if flag != SECRET && !without.contains(&flag) {
            words.push(quoted(argument));
        } else if flag.len() == argument.len() {
            arguments.next();
        }
    }
    words.extend(with.iter().map(|word| quoted(word)));
    if has_secret {
        words.push(format!("(and the same {SECRET})"));
    }
    words.join(" ")
}

/// The flag of an argument: `--limit` of `--limit=5`, `-n` of `-n5`.
fn flag_of(argument: &str) -> &str {
    match argument.as_bytes() {
        [b'-', letter, ..] if *letter != b'-' => argument.get(..2).unwrap_or(argument),
        _ => argument.split('=').next().unwrap_or_default(),
    }
}

/// A word for a shell of this system.
pub(crate) fn quoted(word: &str) -> String {
    match cfg!(windows) {
        true => quoted_on_windows(word),
        false => quoted_on_unix(word),
    }
}

fn is_plain(word: &str, characters: &str) -> bool {
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || characters.contains(character);
    !word.is_empty() && word.chars().all(is_plain)
}

fn quoted_on_unix(word: &str) -> String {
    match is_plain(word, "-_./:=,@%+") {
        true => word.to_owned(),
        false => format!("'{}'", printable(word).replace('\'', r"'\''")),
    }
}

/// Quotes for PowerShell and `cmd`: both know double quotes, `cmd` no others. What PowerShell would expand in them
/// stands in single ones. A path keeps its backslashes.
fn quoted_on_windows(word: &str) -> String {
    if is_plain(word, r"-_./:=+\") {
        return word.to_owned();
    }
    let word = printable(word);
    match word.contains(['"', '$', '`', '%']) {
        true => format!("'{}'", word.replace('\'', "''")),
        // A backslash before the last quote would take it for a character.
        false if word.ends_with('\\') => format!("\"{word}\\\""),
        false => format!("\"{word}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_the_shells_of_each_system() {
        for (word, unix, windows) in [
            ("2iB4IU25", "2iB4IU25", "2iB4IU25"),
            ("", "''", "\"\""),
            ("Heavy Metal", "'Heavy Metal'", "\"Heavy Metal\""),
            (r"C:\Users\anna\a", r"'C:\Users\anna\a'", r"C:\Users\anna\a"),
            (r"C:\My Music", r"'C:\My Music'", "\"C:\\My Music\""),
            ("C:\\My Music\\", "'C:\\My Music\\'", "\"C:\\My Music\\\\\""),
            ("id,title", "id,title", "\"id,title\""),
            ("50%", "50%", "'50%'"),
            ("it's $5", r"'it'\''s $5'", "'it''s $5'"),
            (".a | \"b\"", "'.a | \"b\"'", "'.a | \"b\"'"),
            ("a\u{1b}b", "'a\u{fffd}b'", "\"a\u{fffd}b\""),
        ] {
            assert_eq!(quoted_on_unix(word), unix, "{word}");
            assert_eq!(quoted_on_windows(word), windows, "{word}");
        }
    }

    #[test]
    fn flags_are_replaced_and_secrets_left_out() {
        let given = |text: &str| {
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            command(
                &words,
                &["--cursor", "--limit", "-n"],
                &["--cursor", "a b'c"],
            )
        };
        let wanted = r"amazon-music top tracks --sandbox --cursor 'a b'\''c'";
        for text in [
            "top tracks --sandbox",
            "top tracks --cursor x --sandbox",
            "top tracks --cursor=x --limit 5 --sandbox",
            "top tracks -n5 --sandbox -n 6",
        ] {
            assert_eq!(given(text), wanted, "{text}");
        }
        for text in [
            "top tracks --header x-a:secret",
            "--header=x-a:secret top tracks",
        ] {
            let printed = given(text);
            assert!(!printed.contains("secret"), "{printed}");
            assert!(printed.ends_with(" (and the same --header)"), "{printed}");
        }
    }
}
