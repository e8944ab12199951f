//! Checks of flags against each other, wherever they stand: clap compares only those of one word.

use clap::{ArgMatches, CommandFactory as _, error::ErrorKind, parser::ValueSource};

use crate::arguments::{Arguments, requests};

/// Commands that nothing is requested for: flags for how to do that would have no effect.
const WITHOUT_REQUESTS: [&str; 3] = ["completions", "man", "sandbox"];

/// Commands that print no items, which a filter could run over.
const WITHOUT_ITEMS: [&str; 3] = ["export", "login", "logout"];

/// The flags that a filter takes the place of.
const WITHOUT_FILTER: [&str; 4] = ["output", "csv_safe", "no_header", "resume"];

/// Flags that have no effect on `verify`: its report is not made of rows, and it repeats a request only as its plan
/// says.
const WITHOUT_EFFECT_ON_VERIFY: [&str; 5] = ["csv_safe", "fields", "jq", "no_header", "retries"];

/// Refuses flags that contradict each other, or that have no effect.
pub(super) fn check(matches: &ArgMatches) -> Result<(), clap::Error> {
    check_sandbox(matches)?;
    check_effect(matches)?;
    check_filter(matches)
}

fn is_given(matches: &ArgMatches, id: &str) -> bool {
    // An id that the command does not have is an error in clap, and a panic in other methods.
    let is_known = matches.try_contains_id(id).is_ok();
    is_known && matches.value_source(id) == Some(ValueSource::CommandLine)
}

fn conflict(text: String) -> clap::Error {
    clap::Error::raw(ErrorKind::ArgumentConflict, text)
}

/// Refuses flags that lead away from the sandbox together with `--sandbox`. Variables are ignored then.
fn check_sandbox(matches: &ArgMatches) -> Result<(), clap::Error> {
    let mut elsewhere = requests::ELSEWHERE.into_iter();
    match elsewhere.find(|id| is_given(matches, id)) {
        Some(id) if matches.get_flag("sandbox") => Err(conflict(format!(
            "the argument '--sandbox' cannot be used with '--{}'",
            id.replace('_', "-")
        ))),
        _ => Ok(()),
    }
}

/// Refuses flags of all commands with one that they have no effect on.
fn check_effect(matches: &ArgMatches) -> Result<(), clap::Error> {
    let is_limited =
        |command: &str| WITHOUT_REQUESTS.contains(&command) || WITHOUT_ITEMS.contains(&command);
    let Some((command, inner)) = matches
        .subcommand()
        .filter(|(command, _)| is_limited(command))
    else {
        return Ok(());
    };
    let is_refused = |arg: &&clap::Arg| match arg.get_id().as_str() {
        // Errors and their colours are all commands'.
        id if WITHOUT_REQUESTS.contains(&command) => !["error_format", "color"].contains(&id),
        id if command == "verify" => WITHOUT_EFFECT_ON_VERIFY.contains(&id),
        id => id == "jq" && WITHOUT_ITEMS.contains(&command),
    };
    let arguments = Arguments::command();
    let mut globals = arguments
        .get_arguments()
        .filter(|arg| arg.is_global_set())
        .filter(is_refused);
    match globals.find(|arg| is_given(inner, arg.get_id().as_str())) {
        None => Ok(()),
        Some(arg) => {
            let flag = arg.get_long().unwrap_or_default();
            Err(conflict(format!(
                "the argument '--{flag}' has no effect on '{command}': leave it out"
            )))
        }
    }
}

/// Refuses flags that have no effect on what a filter prints, and a position that would not be that of its
/// lines.
fn check_filter(matches: &ArgMatches) -> Result<(), clap::Error> {
    let mut last = matches;
    while let Some((_, inner)) = last.subcommand() {
        last = inner;
    }
    let mut without = WITHOUT_FILTER.into_iter();
    match without.find(|id| is_given(last, id)) {
        Some(id) if is_given(last, "jq") => Err(conflict(format!(
            "the argument '--jq' cannot be used with '--{}'",
            id.replace('_', "-")
        ))),
        _ => Ok(()),
    }
}
