//! From JSON as served to the values of filters.

use std::borrow::Cow;

use amazon_music::json;
use jaq_json::{Val, read};
use regex_lite::{Captures, Regex};

/// The deepest nesting that is read: deeper values have no use, and would exhaust the stack.
const DEEPEST: usize = 1000;

/// The value of a JSON text.
pub(super) fn value(text: &str) -> Result<Val, String> {
    if depth(text) > DEEPEST {
        return Err(format!("it is nested more than {DEEPEST} deep"));
    }
    read::parse_single(text.as_bytes())
        .or_else(|_| read::parse_single(paired(text).as_bytes()))
        .map_err(|error| format!("it is no JSON: {error}"))
}

/// The text with U+FFFD in place of each half of a surrogate pair, which is valid JSON and no string.
fn paired(text: &str) -> Cow<'_, str> {
    let pattern = r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}";
    let Ok(escapes) = Regex::new(pattern) else {
        return text.into();
    };
    escapes.replace_all(text, |escape: &Captures<'_>| match &escape[0] {
        lone if lone.len() == 6 => r"\ufffd".to_owned(),
        other => other.to_owned(),
    })
}

/// How deep arrays and objects are nested.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut is_escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = in_string,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// The name of an input in an error: its id, or else its place.
pub(super) fn name(text: &str, index: usize) -> String {
    let id = json::fields(text, &["id"]).into_iter().next().flatten();
    match id.and_then(json::string) {
        Some(id) => id.into_owned(),
        None => format!("input {}", index + 1),
    }
}
