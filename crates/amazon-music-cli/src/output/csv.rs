//! Items as CSV.

use std::io;

use serde::Serialize;
use serde_json::Value;

use crate::{
    failure::Failure,
    output::{json, row::Row},
};

/// The fields of an item: strings and numbers as received, anything else as JSON.
pub(crate) fn record<T: Row + Serialize>(item: &T) -> Result<Vec<String>, Failure> {
    let item = serde_json::to_value(item).map_err(json::failure)?;
    let field = |name: &&str| match item.get(name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    Ok(T::FIELDS.iter().map(field).collect())
}

/// A CSV error: that of the stream behind it, as a rule.
pub(crate) fn failure(error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => Failure::io("cannot write CSV", io::Error::other(format!("{other:?}"))),
    }
}
