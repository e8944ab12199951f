//! Values as JSON.

use std::{borrow::Cow, fmt::Write as _};

use serde::Serialize;

use crate::{failure::Failure, printable::is_hidden};

/// One line of JSON.
pub(crate) fn line(value: &(impl Serialize + ?Sized)) -> Result<String, Failure> {
    let json = serde_json::to_string(value).map_err(failure)?;
    Ok(escaped_line(json.into()).into_owned())
}

/// A line of JSON from elsewhere, with the escapes that ours have.
pub(crate) fn escaped_line(json: Cow<'_, str>) -> Cow<'_, str> {
    // The bytes that these characters begin with: a search for bytes is faster than one for characters.
    match memchr::memchr2(0x7f, 0xc2, json.as_bytes()) {
        Some(_) => escaped(json, is_c1),
        None => json,
    }
}

/// Indented JSON.
pub(crate) fn pretty(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value).map_err(failure)?;
    Ok(escaped(text.into(), is_c1).into_owned())
}

/// The same JSON value for a terminal: each character that it would not show as itself is escaped.
pub(crate) fn for_terminal(json: Cow<'_, str>) -> Cow<'_, str> {
    escaped(json, |character| character != '\n' && is_hidden(character))
}

/// U+007F to U+009F: JSON allows them, and terminals act upon them. Those below are always escaped.
fn is_c1(character: char) -> bool {
    matches!(character, '\u{7f}'..='\u{9f}')
}

/// Escapes characters of JSON text. They stand in strings only, because nothing else of JSON needs them.
fn escaped(json: Cow<'_, str>, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !json.contains(&is_escaped) {
        return json;
    }
    let mut text = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if is_escaped(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string does not fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(character);
        }
    }
    text.into()
}

/// A value that cannot be written as JSON.
fn failure(error: serde_json::Error) -> Failure {
    Failure::io("cannot write JSON", error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_is_the_same_value() {
        let title = "a\u{7f}\u{9b}31m\u{202e}\u{e0041}\"\\é👩";
        let json = line(&title).unwrap();
        assert_eq!(json, "\"a\\u007f\\u009b31m\u{202e}\u{e0041}\\\"\\\\é👩\"");
        let shown = for_terminal(json.as_str().into());
        assert_eq!(
            shown,
            "\"a\\u007f\\u009b31m\\u202e\\udb40\\udc41\\\"\\\\é👩\""
        );
        for json in [&json, &*shown] {
            assert_eq!(serde_json::from_str::<String>(json).unwrap(), title);
        }
    }
}
