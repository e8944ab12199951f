//! From an exchange as it was to one that can be shown.

use super::{body, pseudonym::Pseudonyms, words::Words};

/// How private text becomes made-up text.
pub(super) struct Redaction {
    pseudonyms: Pseudonyms,
    words: &'static Words,
}

impl Redaction {
    pub(super) fn new(key: [u8; 32]) -> Self {
        Self {
            pseudonyms: Pseudonyms::new(key),
            words: Words::get(),
        }
    }

    /// A body.
    pub(super) fn body(&self, body: &[u8]) -> Vec<u8> {
        body::redact(body, self.words, &self.pseudonyms)
    }

    /// A segment of a path.
    pub(super) fn segment(&self, text: &str) -> String {
        match self.words.is_segment(text) {
            true => text.to_owned(),
            false => self.pseudonyms.of(text),
        }
    }

    /// A parameter of a query.
    pub(super) fn parameter(&self, (name, value): (&str, &str)) -> (String, String) {
        let is_known = self.words.is_name(name);
        let is_size = name == "limit" && value.len() <= 6;
        let is_size = is_size && value.bytes().all(|byte| byte.is_ascii_digit());
        let value = match is_size {
            true => value.to_owned(),
            false => body::value(value, self.words, &self.pseudonyms),
        };
        match is_known {
            true => (name.to_owned(), value),
            false => (self.pseudonyms.of(name), value),
        }
    }
}
