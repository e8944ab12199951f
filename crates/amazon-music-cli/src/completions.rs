//! Completion scripts for shells.

use clap::{Command, ValueEnum as _};
use clap_complete::Shell;

use crate::{arguments::command, failure::Failure, output::sink::Sink};

/// The name of the command.
const NAME: &str = "amazon-music";

/// A name without a hyphen: with one, clap_complete's script for bash offers nothing below the first word
/// (<https://github.com/clap-rs/clap/issues/6421>).
const NAME_IN_BASH: &str = "amazon_music";

/// Prints the script of a shell.
pub(crate) fn print(shell: Shell) -> Result<(), Failure> {
    let mut stdout = Sink::stdout();
    stdout.write(script(shell, &mut command()).as_bytes())?;
    stdout.flush()
}

fn script(shell: Shell, command: &mut Command) -> String {
    let name = match shell {
        Shell::Bash => NAME_IN_BASH,
        _ => NAME,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, command, name, &mut script);
    let script = String::from_utf8_lossy(&script);
    match shell {
        // The name of the command that is completed ends the lines that register the script.
        Shell::Bash => script.replace(&format!(" {NAME_IN_BASH}\n"), &format!(" {NAME}\n")),
        Shell::Fish => format!("{script}{}", shells_in_fish()),
        _ => script.into_owned(),
    }
}

/// The shells that this command is for: clap_complete's script for fish leaves out the values of arguments that
/// are no flags.
fn shells_in_fish() -> String {
    let shells = Shell::value_variants().iter().map(Shell::to_string);
    let shells = shells.collect::<Vec<_>>().join(" ");
    format!(
        "complete -c {NAME} -n \"__fish_amazon_music_using_subcommand completions\" -f -a \"{shells}\"\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The commands below, with all words before them as the script for PowerShell joins them.
    fn below(command: &Command, words: &str, all: &mut Vec<String>) {
        all.push(words.to_owned());
        for inner in command.get_subcommands() {
            below(inner, &format!("{words};{}", inner.get_name()), all);
        }
    }

    /// The code of a script for PowerShell without what is in its strings; nothing if a string has no end.
    fn without_strings(script: &str) -> Option<String> {
        let mut code = String::new();
        let mut characters = script.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '#' => while characters.next_if(|next| *next != '\n').is_some() {},
                '\'' => loop {
                    // Two of them are one inside of a string.
                    if characters.next()? == '\'' && characters.next_if_eq(&'\'').is_none() {
                        break;
                    }
                },
                '"' => while characters.next()? != '"' {},
                other => code.push(other),
            }
        }
        Some(code)
    }

    fn is_balanced(code: &str) -> bool {
        let mut open = Vec::new();
        for character in code.chars() {
            let is_closed = match character {
                '(' | '[' | '{' => {
                    open.push(character);
                    true
                }
                ')' => open.pop() == Some('('),
                ']' => open.pop() == Some('['),
                '}' => open.pop() == Some('{'),
                _ => true,
            };
            if !is_closed {
                return false;
            }
        }
        open.is_empty()
    }

    #[test]
    fn the_script_for_powershell_is_whole_and_knows_each_command() {
        let mut command = command();
        let script = script(Shell::PowerShell, &mut command);
        let code = without_strings(&script).unwrap();
        assert!(is_balanced(&code), "{code}");
        for wrong in ["{ ( }", "}", "{ ["] {
            assert!(!is_balanced(wrong));
        }
        assert_eq!(
            without_strings("'it''s' + \"a\" # 'x").as_deref(),
            Some(" +  ")
        );
        assert_eq!(without_strings("'it''s"), None);
        let mut all = Vec::new();
        below(&command, NAME, &mut all);
        assert!(all.len() > 20, "{all:?}");
        for words in all {
            let case = format!("'{words}' {{");
            assert_eq!(script.matches(&case).count(), 1, "{words}");
        }
    }

    #[test]
    fn the_script_for_bash_completes_the_command() {
        let script = script(Shell::Bash, &mut command());
        let registered = script
            .lines()
            .filter(|line| line.trim().starts_with("complete "));
        let registered: Vec<&str> = registered.collect();
        assert_eq!(registered.len(), 2, "{registered:?}");
        assert!(
            registered
                .iter()
                .all(|line| line.ends_with(" amazon-music"))
        );
        assert_eq!(script.matches(NAME).count(), 2);
    }
}
