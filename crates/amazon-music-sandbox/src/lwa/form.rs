//! The fields of forms and queries.

use std::collections::HashMap;

use crate::lwa::refusal::Refusal;

/// Fields by name. If a field is given twice, the last one counts.
pub(super) struct Form(HashMap<String, String>);

impl Form {
    pub(super) fn of(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// The value of a field, empty if the field is missing.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The value of a field that must not be missing or empty.
    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        match self.get(name) {
            "" => Err(Refusal::missing(name)),
            value => Ok(value),
        }
    }
}
