//! The fields of forms and queries.

use std::collections::HashMap;

/// Fields by their names. Of a field that is given twice, the last one counts.
pub(super) struct Form(HashMap<String, String>);

impl Form {
    pub(super) fn of(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// A field; the empty text where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}
