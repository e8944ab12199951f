//! The words of the CLI: from `x-command`, or from the id and the path of an operation.

use anyhow::{Context, Result};
use serde_json::Value;

use super::{
    names::snake_case,
    operation::{Operation, Shape},
};

/// Reads `x-command`: the words of one command, or several commands.
pub(super) fn commands(raw: &openapiv3::Operation) -> Result<Vec<Vec<String>>> {
    let Some(value) = raw.extensions.get("x-command").cloned() else {
        return Ok(Vec::new());
    };
    let is_one = !value[0].is_array();
    let commands = if is_one {
        Value::Array(vec![value])
    } else {
        value
    };
    serde_json::from_value(commands).context("x-command is a list of words, or of such lists")
}

/// Gives an operation without `x-command` the words of its method.
pub(super) fn assign(operations: &mut [Operation]) {
    let words: Vec<_> = operations.iter().map(|it| words(it, operations)).collect();
    for (operation, words) in operations.iter_mut().zip(words) {
        if operation.commands.is_empty() {
            operation.commands.push(words);
        }
    }
}

/// An operation below the path of an entity continues the words of that entity.
fn words(operation: &Operation, all: &[Operation]) -> Vec<String> {
    if let Some(words) = operation.commands.first() {
        return words.clone();
    }
    let is_below = |other: &&Operation| {
        let rest = operation.path.strip_prefix(&other.path);
        matches!(other.shape, Shape::Entity(_)) && rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let outer = all.iter().filter(is_below).max_by_key(|it| it.path.len());
    let mut found = outer.map_or_else(Vec::new, |outer| words(outer, all));
    let noun = snake_case(&operation.noun());
    let prefix = outer.map_or_else(String::new, |it| snake_case(&it.noun()) + "_");
    let own = noun.strip_prefix(&prefix).unwrap_or(&noun);
    found.extend(own.split('_').map(str::to_owned));
    let path = &operation.path[outer.map_or(0, |outer| outer.path.len())..];
    let ids = path.split('/').filter(|segment| segment.starts_with('{'));
    found.extend(ids.map(str::to_owned));
    found
}
