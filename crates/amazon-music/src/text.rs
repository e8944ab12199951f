//! The text of a body, repaired if it is not Unicode.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

/// U+FFFD as JSON escapes it.
const REPLACEMENT: &str = "\\ufffd";

/// A body without a byte order mark, which some servers put before JSON and RFC 8259 lets a parser ignore.
pub(crate) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Parses a body as JSON, repaired if it is not Unicode.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    serde_json::from_str(Text::new(body).as_str())
}

/// The text of a body, without a byte order mark and with U+FFFD in place of bytes that are not UTF-8.
pub(crate) struct Text<'a> {
    served: Cow<'a, str>,
    /// The same with U+FFFD in place of surrogates without their half. Each replacement is as long as the
    /// escape in its place, so that both texts have the same offsets.
    paired: Option<String>,
}

impl<'a> Text<'a> {
    pub(crate) fn new(body: &'a [u8]) -> Self {
        let served = String::from_utf8_lossy(without_mark(body));
        let paired = match pair_surrogates(&served) {
            Cow::Borrowed(_) => None,
            Cow::Owned(paired) => Some(paired),
        };
        Self { served, paired }
    }

    /// The text to parse.
    pub(crate) fn as_str(&self) -> &str {
        self.paired.as_deref().unwrap_or(&self.served)
    }

    /// Whether the body was not Unicode.
    pub(crate) fn is_repaired(&self) -> bool {
        self.paired.is_some() || matches!(self.served, Cow::Owned(_))
    }

    /// The text in the place of a part of [`as_str`](Self::as_str), with lone surrogates as they came: to
    /// JSON they are escapes like any other. Nothing if it is no part of it.
    pub(crate) fn served(&self, part: &str) -> Option<&str> {
        let start = (part.as_ptr() as usize).checked_sub(self.as_str().as_ptr() as usize)?;
        self.served.get(start..start.checked_add(part.len())?)
    }
}

/// Replaces each escaped surrogate that is not half of a pair. In JSON a backslash stands in strings
/// only, so that the strings themselves need not be told apart.
fn pair_surrogates(text: &str) -> Cow<'_, str> {
    let mut repaired = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = text[at..].find('\\') {
        let escape = at + found;
        match unit(text, escape) {
            Some(0xD800..=0xDBFF) if matches!(unit(text, escape + 6), Some(0xDC00..=0xDFFF)) => {
                at = escape + 12;
            }
            Some(0xD800..=0xDFFF) => {
                repaired.push_str(&text[copied..escape]);
                repaired.push_str(REPLACEMENT);
                at = escape + 6;
                copied = at;
            }
            // Another escape, of which the second byte may be a backslash itself.
            _ => {
                let escaped = text[escape + 1..].chars().next().map_or(0, char::len_utf8);
                at = escape + 1 + escaped;
            }
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    repaired.push_str(&text[copied..]);
    Cow::Owned(repaired)
}

/// The UTF-16 code unit that is escaped at this place, `\uXXXX`.
fn unit(text: &str, at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unicode_is_not_repaired() {
        for good in [
            r#"{"a":"\ud83d\ude00 \\ud83d \n é"}"#,
            "",
            "\\",
            "[1]",
            r"\u12",
        ] {
            let text = Text::new(good.as_bytes());
            assert_eq!(text.as_str(), good);
            assert!(!text.is_repaired());
        }
    }

    #[test]
    fn surrogates_without_their_half_are_replaced() {
        for (sent, repaired) in [
            (r#""\ud83d""#, r#""\ufffd""#),
            (r#""\uDE00 x""#, r#""\ufffd x""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\ud83dx\ude00""#, r#""\ufffdx\ufffd""#),
            (r#""\\\ud83d""#, r#""\\\ufffd""#),
        ] {
            let text = Text::new(sent.as_bytes());
            assert_eq!(text.as_str(), repaired, "{sent}");
            assert!(text.is_repaired());
            assert_eq!(text.served(text.as_str()), Some(sent));
        }
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_replaced_and_the_mark_is_skipped() {
        assert_eq!(Text::new(b"\xef\xbb\xbf{}").as_str(), "{}");
        let text = Text::new(b"\xef\xbb\xbf\"\xff\\ud83d\"");
        assert_eq!(text.as_str(), "\"\u{fffd}\\ufffd\"");
        assert_eq!(text.served(&text.as_str()[4..10]), Some(r"\ud83d"));
        assert_eq!(text.served("another text"), None);
    }
}
