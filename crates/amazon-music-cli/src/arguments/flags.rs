//! The parameters of an operation as arguments and flags.

use amazon_music::{OperationInfo, ParameterInfo, ParameterPlace, Shape, ValueKind};
use clap::{
    Arg, ArgAction, ArgMatches, Args as _, Command,
    builder::{PossibleValue, StringValueParser, TypedValueParser, ValueParser},
    error::ErrorKind,
    parser::ValueSource,
};

use super::paging::Paging;
use crate::catalog::with_values;

/// The flag of an entity that opens its page.
const WEB: &str = "web";

/// Makes the argument of a path parameter. `has_names` says that a name is found too.
pub(super) fn position(name: &'static str, info: Option<&ParameterInfo>, has_names: bool) -> Arg {
    let or_name = if has_names { "; or its name" } else { "" };
    Arg::new(name)
        .value_name(upper(name))
        .help(info.map_or_else(String::new, help) + or_name)
        .required(true)
        .allow_hyphen_values(true)
}

/// Adds the flags of an operation. `is_last` says that no further word can follow.
pub(super) fn add(
    command: Command,
    operation: &OperationInfo,
    taken: &[String],
    is_last: bool,
) -> Command {
    let flags = queries(operation).map(|info| flag(info, taken, is_last));
    let command = command.args(flags);
    match operation.shape {
        Shape::List => Paging::augment_args(command),
        _ => command.arg(
            Arg::new(WEB)
                .long(WEB)
                .action(ArgAction::SetTrue)
                .help("Open its page in a browser as well"),
        ),
    }
}

/// The names of flags that a parameter cannot have: those of the CLI itself.
pub(super) fn taken(command: &Command) -> Vec<String> {
    let paging = Paging::augment_args(Command::new(""));
    let all = command.get_arguments().chain(paging.get_arguments());
    let names = all.flat_map(|arg| arg.get_long_and_visible_aliases().unwrap_or_default());
    let own = ["help", "version", "max", WEB].into_iter();
    own.chain(names).map(str::to_owned).collect()
}

/// The query parameters, but for those of the page.
fn queries(operation: &OperationInfo) -> impl Iterator<Item = &'static ParameterInfo> {
    let is_list = operation.shape == Shape::List;
    operation.parameters.iter().filter(move |info| {
        let is_page = is_list && ["limit", "cursor"].contains(&info.name);
        info.place == ParameterPlace::Query && !is_page
    })
}

fn flag(info: &'static ParameterInfo, taken: &[String], is_last: bool) -> Arg {
    let mut name = kebab(info.name);
    if taken.contains(&name) {
        name = format!("query-{name}");
    }
    let arg = Arg::new(id(info))
        .long(name)
        .value_name(upper(info.name))
        .help(help(info))
        .required(info.is_required && is_last)
        .hide_possible_values(true);
    match info.kind {
        ValueKind::Boolean => arg
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .value_parser(["true", "false"]),
        ValueKind::Integer => arg.allow_negative_numbers(true).value_parser(integer(info)),
        _ => arg.value_parser(OpenValue(info.values)),
    }
}

/// The id of a flag inside of clap: unlike all others.
fn id(info: &ParameterInfo) -> String {
    format!("query {}", info.name)
}

fn integer(info: &ParameterInfo) -> ValueParser {
    let bound =
        |value: Option<u64>, none| value.map_or(none, |it| i64::try_from(it).unwrap_or(i64::MAX));
    let (smallest, largest) = (bound(info.minimum, i64::MIN), bound(info.maximum, i64::MAX));
    clap::value_parser!(i64).range(smallest..=largest).into()
}

/// Any text, with the known values as suggestions for completion.
#[derive(Clone)]
struct OpenValue(&'static [&'static str]);

impl TypedValueParser for OpenValue {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let values = self.0.iter().copied().map(PossibleValue::new);
        (!self.0.is_empty()).then(|| Box::new(values) as Box<_>)
    }
}

/// The help of a parameter: its description, its known values and its default.
fn help(info: &ParameterInfo) -> String {
    let default = info
        .default
        .map_or_else(String::new, |it| format!(" [default: {it}]"));
    with_values(info) + &default
}

/// The values of the flags that were given.
pub(super) fn read(
    operation: &OperationInfo,
    matches: &ArgMatches,
) -> Result<Vec<(&'static str, String)>, clap::Error> {
    let mut values = Vec::new();
    for info in queries(operation) {
        match given(matches, &id(info)) {
            Some(value) => values.push((info.name, value)),
            None if info.is_required => {
                let flag = kebab(info.name);
                let reason = format!("the flag --{flag} is required here: give it a value");
                return Err(clap::Error::raw(ErrorKind::MissingRequiredArgument, reason));
            }
            None => {}
        }
    }
    Ok(values)
}

/// Whether the page of an entity is to be opened.
pub(super) fn is_web(matches: &ArgMatches) -> bool {
    let flag = matches.try_get_one::<bool>(WEB).ok().flatten();
    flag.copied().unwrap_or_default()
}

/// The value of an argument.
pub(super) fn given(matches: &ArgMatches, id: &str) -> Option<String> {
    let value = matches.try_get_raw(id).ok().flatten()?.next()?;
    Some(value.to_string_lossy().into_owned())
}

/// Refuses flags before a further word: they would have no effect.
pub(super) fn refuse(operation: &OperationInfo, matches: &ArgMatches) -> Result<(), clap::Error> {
    let paging = Paging::augment_args(Command::new(""));
    let paging = paging.get_arguments().map(|arg| arg.get_id().to_string());
    let mut ids = queries(operation)
        .map(id)
        .chain(paging)
        .chain([WEB.to_owned()]);
    let is_given = |id: &String| {
        let is_known = matches.try_contains_id(id).is_ok();
        is_known && matches.value_source(id) == Some(ValueSource::CommandLine)
    };
    match ids.find(is_given) {
        None => Ok(()),
        Some(id) => {
            let flag = kebab(id.trim_start_matches("query "));
            let reason = format!("--{flag} belongs after the last word of the command");
            Err(clap::Error::raw(ErrorKind::ArgumentConflict, reason))
        }
    }
}

/// `isExplicit` and `is_explicit` as `is-explicit`.
fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for character in name.chars() {
        if character == '_' {
            kebab.push('-');
            continue;
        }
        if character.is_uppercase() && !kebab.is_empty() && !kebab.ends_with('-') {
            kebab.push('-');
        }
        kebab.extend(character.to_lowercase());
    }
    kebab
}

fn upper(name: &str) -> String {
    kebab(name).replace('-', "_").to_uppercase()
}

#[cfg(test)]
mod tests;
