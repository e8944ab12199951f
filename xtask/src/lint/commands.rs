//! Rules about the words of the CLI.

use super::finding::Findings;
use crate::spec::Operation;

/// First words that the CLI uses itself.
pub const OWN_COMMANDS: [&str; 11] = [
    "export",
    "login",
    "logout",
    "man",
    "status",
    "raw",
    "verify",
    "sandbox",
    "completions",
    "mcp",
    "help",
];

pub(super) fn check(operations: &[Operation], findings: &mut Findings) {
    let mut known: Vec<(&str, &[String])> = Vec::new();
    for operation in operations {
        for words in &operation.commands {
            let place = format!("{} command `{}`", operation.id, words.join(" "));
            form(operation, words, &place, findings);
            for (id, others) in &known {
                findings.add_if(
                    clash(words, others),
                    &place,
                    &format!(
                        "the same words as those of {id}, or an id beside a word of them: write other words \
                         with `x-command`"
                    ),
                );
            }
            known.push((&operation.id, words));
        }
    }
}

fn is_id(word: &str) -> bool {
    word.starts_with('{')
}

/// Whether a command line could be either of the two.
fn clash(one: &[String], other: &[String]) -> bool {
    let is_same = |(one, other): &(&String, &String)| one == other || is_id(one) && is_id(other);
    let common = one.iter().zip(other).take_while(is_same).count();
    match (one.get(common), other.get(common)) {
        (None, None) => true,
        (one, other) => [one, other].into_iter().flatten().any(|word| is_id(word)),
    }
}

fn form(operation: &Operation, words: &[String], place: &str, findings: &mut Findings) {
    let is_word = |word: &String| {
        let mut letters = word.chars();
        letters
            .next()
            .is_some_and(|first| first.is_ascii_lowercase())
            && letters.all(|letter| {
                letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-'
            })
    };
    findings.add_if(
        !words.first().is_some_and(is_word) || !words.iter().all(|word| is_id(word) || is_word(word)),
        place,
        "write words of lower-case letters, digits and hyphens in `x-command`, as in `[new, episodes]`",
    );
    findings.add_if(
        words.iter().any(|word| word == "help")
            || words
                .first()
                .is_some_and(|word| OWN_COMMANDS.contains(&&**word)),
        place,
        "the CLI has a command of this name itself: write other words with `x-command`",
    );
    let ids = operation.path.split('/').filter(|segment| is_id(segment));
    findings.add_if(
        !words
            .iter()
            .map(String::as_str)
            .filter(|word| is_id(word))
            .eq(ids),
        place,
        "name each path parameter in the order of the path, as in `[category, '{id}', tracks]`",
    );
}
