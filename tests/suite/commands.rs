//! The words that the lint keeps for the CLI are those of its own commands.

use std::collections::BTreeSet;

use amazon_music::operations;
use amazon_music_cli::arguments::Arguments;
use clap::CommandFactory as _;
use xtask::lint::OWN_COMMANDS;

#[test]
fn no_operation_can_hide_a_command_of_the_cli() {
    let command = Arguments::command();
    let words = command.get_subcommands().map(clap::Command::get_name);
    let of_operations: BTreeSet<_> = operations::ALL.iter().map(|info| info.words[0]).collect();
    let own: BTreeSet<_> = words.filter(|word| !of_operations.contains(word)).collect();
    let kept = OWN_COMMANDS.into_iter().filter(|word| *word != "help");
    assert_eq!(own, kept.collect());
}
