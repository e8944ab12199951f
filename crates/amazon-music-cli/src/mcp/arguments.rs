//! The arguments of a call, checked against the table.

use amazon_music::{OperationInfo, ParameterInfo, Position, Shape, ValueKind};
use rmcp::model::JsonObject;
use serde_json::Value;

use crate::mcp::{
    cursor,
    failure::ToolError,
    tools::{CURSOR, LIMIT, limits, parameters},
};

/// Arguments of a call.
#[derive(Debug)]
pub(super) struct Arguments {
    /// Values by the names of their parameters, as text.
    pub(super) values: Vec<(&'static str, String)>,
    pub(super) page: Page,
}

/// Part of a list to return.
#[derive(Debug)]
pub(super) struct Page {
    /// Number of items.
    pub(super) limit: usize,
    /// The position to go on at.
    pub(super) position: Option<Position>,
}

impl Arguments {
    /// Reads the arguments of an operation. `null` counts as not given.
    pub(super) fn read(operation: &OperationInfo, given: &JsonObject) -> Result<Self, ToolError> {
        let is_list = operation.shape == Shape::List;
        let (default, largest) = limits(operation);
        let mut page = Page {
            limit: to_usize(default),
            position: None,
        };
        let mut values = Vec::new();
        for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
            let parameter = parameters(operation).find(|info| info.name == name);
            match (parameter, &**name) {
                (Some(info), _) => values.push((info.name, text(info, value)?)),
                (None, LIMIT) if is_list => page.limit = limit(value, largest)?,
                (None, CURSOR) if is_list => page.position = Some(position(value)?),
                _ => return Err(unknown(operation)),
            }
        }
        let is_missing = |info: &&ParameterInfo| {
            info.is_required && values.iter().all(|(name, _)| *name != info.name)
        };
        match parameters(operation).find(is_missing) {
            Some(info) => Err(ToolError::argument(format!("`{}` is missing", info.name))),
            None => Ok(Self { values, page }),
        }
    }
}

/// The name that was given is not repeated: it may be long, and anybody's.
fn unknown(operation: &OperationInfo) -> ToolError {
    let mut names: Vec<&str> = parameters(operation).map(|info| info.name).collect();
    if operation.shape == Shape::List {
        names.extend([LIMIT, CURSOR]);
    }
    ToolError::argument(format!(
        "an argument is not known: the tool takes {}",
        crate::words::list_in_words(&names, "and")
    ))
}

/// The text of a value, as in a URL before it is encoded.
fn text(info: &ParameterInfo, value: &Value) -> Result<String, ToolError> {
    let (is_valid, kind) = match info.kind {
        ValueKind::Integer => (value.is_i64() || value.is_u64(), "an integer"),
        ValueKind::Number => (value.is_number(), "a number"),
        ValueKind::Boolean => (value.is_boolean(), "true or false"),
        _ => (value.is_string(), "a string"),
    };
    match value {
        _ if !is_valid => {
            let message = format!("`{}` must be {kind}", info.name);
            Err(ToolError::argument(message))
        }
        Value::String(text) => Ok(text.clone()),
        value => Ok(value.to_string()),
    }
}

fn limit(value: &Value, largest: u64) -> Result<usize, ToolError> {
    let limit = value.as_u64().filter(|limit| (1..=largest).contains(limit));
    let refused = || ToolError::argument(format!("`limit` must be an integer from 1 to {largest}"));
    limit.map(to_usize).ok_or_else(refused)
}

fn position(value: &Value) -> Result<Position, ToolError> {
    let position = value.as_str().and_then(cursor::decode);
    position.ok_or_else(ToolError::cursor)
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
