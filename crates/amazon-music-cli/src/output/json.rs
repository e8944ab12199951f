//! Values as JSON.

use serde::Serialize;

use crate::failure::Failure;

/// One line of JSON.
pub(crate) fn line(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(failure)
}

/// Indented JSON.
pub(super) fn pretty(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(value).map_err(failure)
}

/// A value that cannot be written as JSON.
pub(super) fn failure(error: serde_json::Error) -> Failure {
    Failure::io("cannot write JSON", error.into())
}
