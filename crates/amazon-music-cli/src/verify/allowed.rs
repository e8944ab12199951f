//! The text that a report may hold: an allow-list, kept by types.
//!
//! A report is made of [`Allowed`] and of numbers. Text becomes `Allowed` in this file only: words that are part of
//! this program and of the spec in it, which live as long as the process, and what the rules below let through. What
//! a server sent has a shorter life, so that it cannot get in by mistake.

use std::{fmt, time::SystemTime};

use serde::Serialize;

/// Longest name and value that can be shown.
const LONGEST: usize = 40;

/// How many nodes must have a name before it is shown: what is in one only may be data.
const NODES: u64 = 2;

/// Parts of a shape that are told one by one.
const PARTS: usize = 12;

/// Punctuation of ids and cursors, shown as it is.
const PUNCTUATION: &str = ":.|=/+~";

/// Text that may be shown to everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub(super) struct Allowed(String);

/// Joins parts that may be shown.
macro_rules! say {
    ($($part:expr),+ $(,)?) => {{
        let mut text = $crate::verify::allowed::Allowed::default();
        $(text.push(&$part);)+
        text
    }};
}

pub(super) use say;

/// A part of a text that may be shown.
pub(super) trait Shown {
    fn show(&self, text: &mut String);
}

impl Shown for &'static str {
    fn show(&self, text: &mut String) {
        text.push_str(self);
    }
}

impl Shown for Allowed {
    fn show(&self, text: &mut String) {
        text.push_str(&self.0);
    }
}

impl Shown for &Allowed {
    fn show(&self, text: &mut String) {
        text.push_str(&self.0);
    }
}

impl Shown for u64 {
    fn show(&self, text: &mut String) {
        text.push_str(&self.to_string());
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Allowed {
    pub(super) fn push(&mut self, part: &impl Shown) {
        part.show(&mut self.0);
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Joins texts.
    pub(super) fn joined(parts: impl IntoIterator<Item = Self>, separator: &'static str) -> Self {
        let parts: Vec<String> = parts.into_iter().map(|part| part.0).collect();
        Self(parts.join(separator))
    }

    /// An undocumented name of a field: an identifier of at most 40 letters that stands in at least two nodes.
    ///
    /// Ids have digits, and tokens begin with a capital: neither is taken for a name.
    pub(super) fn name(name: &str, nodes: u64) -> Option<Self> {
        let mut letters = name.bytes();
        let is_name = letters.next().is_some_and(|it| it.is_ascii_lowercase())
            && letters.all(|it| it.is_ascii_alphabetic() || it == b'_');
        (is_name && name.len() <= LONGEST && nodes >= NODES).then(|| Self(name.to_owned()))
    }

    /// An undocumented value of an open set: a constant in capitals, such as `MOOD` or `ULTRA_HD`.
    pub(super) fn value(value: &str) -> Option<Self> {
        let is_constant = value
            .bytes()
            .all(|it| it.is_ascii_uppercase() || it == b'_');
        let is_constant = is_constant && value.starts_with(|it: char| it.is_ascii_uppercase());
        (is_constant && value.len() <= LONGEST).then(|| Self(value.to_owned()))
    }

    /// The shape of a text: how many letters and digits, and the punctuation between.
    pub(super) fn shape(text: &str) -> Self {
        if text.contains(' ') {
            // The lengths of words would tell a title.
            return say!("text of about ", about(text.chars().count()), " characters");
        }
        let parts = match uuid(text) {
            Some((before, after)) => {
                [parts(before), vec!["a UUID".to_owned()], parts(after)].concat()
            }
            None => parts(text),
        };
        match parts.len() {
            0 => Self("empty".to_owned()),
            1..=PARTS => Self(parts.join(" ")),
            _ => say!("about ", about(text.chars().count()), " characters"),
        }
    }

    /// The day, in UTC.
    pub(super) fn day(moment: SystemTime) -> Self {
        let text = humantime::format_rfc3339_seconds(moment).to_string();
        Self(text.chars().take(10).collect())
    }
}

fn parts(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut run = String::new();
    for character in text.chars() {
        let is_word = character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
        if is_word || !character.is_ascii() {
            run.push(character);
            continue;
        }
        end(&mut run, &mut parts);
        parts.push(match character {
            known if PUNCTUATION.contains(known) => format!("`{known}`"),
            _ => "sign".to_owned(),
        });
    }
    end(&mut run, &mut parts);
    parts
}

/// The text before and after a UUID.
fn uuid(text: &str) -> Option<(&str, &str)> {
    const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
    // Made-up ones of a recording have other letters than hexadecimal digits.
    let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let starts = text.match_indices('-').map(|(at, _)| at);
    let mut starts = starts.filter_map(|at| at.checked_sub(GROUPS[0]));
    starts.find_map(|start| {
        let found = text.get(start..start + 36)?;
        let groups: Vec<&str> = found.split('-').collect();
        let is_uuid = groups.iter().all(|it| is_word(it))
            && groups.iter().map(|group| group.len()).eq(GROUPS);
        is_uuid.then(|| (&text[..start], &text[start + 36..]))
    })
}

/// Ends a run of letters and digits.
fn end(run: &mut String, parts: &mut Vec<String>) {
    let length = run.chars().count();
    let has = |belongs: fn(char) -> bool| run.chars().any(belongs);
    let (has_letters, has_digits) = (
        has(|it| it.is_ascii_alphabetic()),
        has(|it| it.is_ascii_digit()),
    );
    let class = match (has_letters, has_digits) {
        _ if length == 0 => return,
        _ if !run.is_ascii() => "characters",
        _ if has(|it| matches!(it, '-' | '_')) => "letters, digits and dashes",
        (true, true) => "letters and digits",
        (true, false) => "letters",
        _ => "digits",
    };
    let length = match length {
        0..=64 => length.to_string(),
        _ => format!("about {}", about(length)),
    };
    parts.push(match (&*length, class) {
        ("1", "letters") => "1 letter".to_owned(),
        ("1", "digits") => "1 digit".to_owned(),
        _ => format!("{length} {class}"),
    });
    run.clear();
}

/// A size as the nearest power of two above it, so that it tells no content.
pub(super) fn about(size: usize) -> u64 {
    let size = u64::try_from(size).unwrap_or(u64::MAX);
    match size {
        0 => 0,
        size => size.checked_next_power_of_two().unwrap_or(u64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_an_identifier_in_two_nodes() {
        let name = |name: &str, nodes| Allowed::name(name, nodes).is_some();
        assert!(name("mood", 2) && name("trackCount", 2) && name("sub_title", 9));
        assert!(!name("mood", 1));
        let longest = "a".repeat(40);
        assert!(name(&longest, 2) && !name(&format!("{longest}a"), 2));
        for data in [
            "B0785GTW4T",
            "2iB4IU25",
            "Atza",
            "Heavy Metal",
            "rock'n'roll",
            "a1",
            "",
            "_a",
            "naïve",
            "e9uepoeh",
        ] {
            assert!(!name(data, 100), "{data}");
        }
    }

    #[test]
    fn a_value_is_a_constant_in_capitals() {
        let value = |value: &str| Allowed::value(value).is_some();
        assert!(value("MOOD") && value("ULTRA_HD"));
        for data in [
            "Mood",
            "B0785GTW4T",
            "",
            "_A",
            "HEAVY METAL",
            &"A".repeat(41),
        ] {
            assert!(!value(data), "{data}");
        }
    }

    #[test]
    fn a_shape_tells_no_character_but_punctuation() {
        for (text, shape) in [
            ("2iB4IU25", "8 letters and digits"),
            ("3:vx0YEGc1", "1 digit `:` 8 letters and digits"),
            (
                "c881b6f5-d1c3-4a78-81f8-b8efec7fcf78.2",
                "a UUID `.` 1 digit",
            ),
            (
                "7:7a0dc6a4-0ab8-4c1d-9ed9-41e8980397c2",
                "1 digit `:` a UUID",
            ),
            ("12345678-1234-1234-1234-1234567890é", "35 characters"),
            ("Beyoncé", "7 characters"),
            ("ab@c", "2 letters sign 1 letter"),
            ("The Dark Side", "text of about 16 characters"),
            ("tztok-v2_iosm", "13 letters, digits and dashes"),
            ("", "empty"),
            ("a.b.c.d.e.f.g.h", "about 16 characters"),
        ] {
            assert_eq!(Allowed::shape(text).as_str(), shape);
        }
        let long = Allowed::shape(&"x".repeat(1000));
        assert_eq!(long.as_str(), "about 1024 letters");
    }
}
