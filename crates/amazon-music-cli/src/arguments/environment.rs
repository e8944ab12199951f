//! Environment variables behind flags.

use std::env;

use clap::{Command, builder::Resettable};

/// Detaches the variables that are empty from their flags, so that they count as not set.
pub(super) fn ignore_empty_variables(command: Command) -> Command {
    command
        .mut_args(|argument| {
            let value = argument.get_env().and_then(env::var_os);
            if value.is_some_and(|value| value.is_empty()) {
                argument.env(Resettable::Reset)
            } else {
                argument
            }
        })
        .mut_subcommands(ignore_empty_variables)
}
