//! Examples in the help of each command. A test runs them all.

use amazon_music::{OperationInfo, ParameterPlace, Shape};
use clap::{Command, builder::StyledStr};

use crate::{arguments::tree::Node, catalog};

/// Two examples.
pub(super) type Examples = [String; 2];

/// The examples of commands that are no operations, by their words.
const OWN: &[(&[&str], [&str; 2])] = &[
    (
        &["export"],
        [
            "amazon-music export catalog",
            "amazon-music export catalog-csv --format csv --locale de-DE",
        ],
    ),
    (
        &["raw"],
        [
            "amazon-music raw '/browse/tracks/top?limit=2'",
            "amazon-music raw /browse/tracks/top --jq '.data.topTracks.edges[].node.title'",
        ],
    ),
    (
        &["verify"],
        [
            "amazon-music verify --plan",
            "amazon-music verify --probe --report report",
        ],
    ),
    (
        &["login"],
        [
            "amazon-music login",
            "amazon-music login --device --user anna",
        ],
    ),
    (
        &["logout"],
        ["amazon-music logout", "amazon-music logout --user anna"],
    ),
    (
        &["status"],
        [
            "amazon-music status",
            "amazon-music status --check --output json",
        ],
    ),
    (
        &["sandbox"],
        [
            "amazon-music sandbox serve --port 4010",
            "amazon-music sandbox health http://127.0.0.1:4010/v1",
        ],
    ),
    (
        &["sandbox", "serve"],
        [
            "amazon-music sandbox serve --port 0 --tokens",
            "amazon-music sandbox serve --port 0 --latency 200 --dialect rich-nodes",
        ],
    ),
    (
        &["sandbox", "health"],
        [
            "amazon-music sandbox health",
            "amazon-music sandbox health http://127.0.0.1:4010/v1",
        ],
    ),
    (
        &["completions"],
        [
            "amazon-music completions bash > ~/.amazon-music-completion",
            "amazon-music completions zsh > ~/.zfunc/_amazon-music",
        ],
    ),
    #[cfg(feature = "mcp")]
    (
        &["mcp"],
        ["amazon-music mcp", "amazon-music mcp --user anna"],
    ),
];

/// The examples of the CLI itself.
pub(super) const ALL: [&str; 2] = [
    "amazon-music top playlists --limit 10",
    "amazon-music category 'Heavy Metal' playlists --fields id,title,url",
];

/// Adds the examples to the help of the commands that are no operations.
pub(super) fn add_own(command: Command) -> Command {
    OWN.iter().fold(command, |command, (words, examples)| {
        at(command, words, |command| {
            let section = section(&command, examples);
            command.after_help(section)
        })
    })
}

/// Changes the command that these words lead to.
fn at(command: Command, words: &[&str], change: impl FnOnce(Command) -> Command) -> Command {
    match words {
        [] => change(command),
        [word, rest @ ..] => command.mut_subcommand(word, |inner| at(inner, rest, change)),
    }
}

/// The examples of the command of a node: its own, or else those of the commands below it.
pub(super) fn of_node(node: &Node) -> Examples {
    if let Some(operation) = node.operation {
        return of_operation(operation);
    }
    let shown = || node.children.iter().filter(|child| !child.is_hidden);
    match (shown().next(), shown().nth(1)) {
        (Some(one), Some(other)) => [one, other].map(|child| of_node(child)[0].clone()),
        (Some(only), None) => of_node(only),
        _ => [String::new(), String::new()],
    }
}

fn of_operation(operation: &OperationInfo) -> Examples {
    let needed = operation
        .parameters
        .iter()
        .filter(|info| info.is_required && info.place == ParameterPlace::Query);
    let needed: String = needed
        .map(|info| format!(" --{0} {0}", info.name))
        .collect();
    let command = format!("amazon-music {}{needed}", words(operation));
    match operation.shape {
        Shape::List => {
            let file = operation.words.last().copied().unwrap_or_default();
            [
                format!("{command} --limit 5"),
                format!("{command} --all -o csv > {file}.csv"),
            ]
        }
        _ => [
            command.clone(),
            format!("{command} --output json --fields id,url"),
        ],
    }
}

/// The words of a command, with a name of the made-up catalog in the place of an id. The help is the same on every
/// system.
fn words(operation: &OperationInfo) -> String {
    let id = match catalog::source_of(operation) {
        Some((source, _)) if source.id == "getCategories" => "Heavy Metal",
        _ => "ID",
    };
    let word = |word: &&str| match word.starts_with('{') {
        true => format!("'{id}'"),
        false => (*word).to_owned(),
    };
    let words: Vec<String> = operation.words.iter().map(word).collect();
    words.join(" ")
}

/// Examples as a section of the help.
pub(super) fn section(command: &Command, examples: &[impl AsRef<str>]) -> StyledStr {
    let lines = examples.iter().map(|line| format!("\n  {}", line.as_ref()));
    let lines: String = lines.collect();
    format!("{}{lines}", heading(command, "Examples:")).into()
}

/// A heading in the style of the others.
pub(super) fn heading(command: &Command, text: &str) -> String {
    let style = command.get_styles().get_header();
    format!("{style}{text}{style:#}")
}
