//! The text of a body, repaired if it is not Unicode.

use std::borrow::Cow;

/// U+FFFD as JSON escapes it.
const REPLACEMENT: &str = "\\ufffd";

/// The byte order mark, which some servers put before JSON (RFC 8259 lets a parser ignore it).
const BOM: char = '\u{feff}';

/// The body as text: without a byte order mark, and with U+FFFD in place of bytes that are not UTF-8
/// and of surrogates without their half. Borrowed when there was nothing to repair.
pub(crate) fn text(body: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(body) {
        Cow::Borrowed(text) => pair_surrogates(text.strip_prefix(BOM).unwrap_or(text)),
        Cow::Owned(text) => {
            let text = text.strip_prefix(BOM).unwrap_or(&text);
            Cow::Owned(pair_surrogates(text).into_owned())
        }
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
    fn what_is_unicode_is_borrowed() {
        for good in [
            r#"{"a":"\ud83d\ude00 \\ud83d \n é"}"#,
            "",
            "\\",
            "[1]",
            r"\u12",
        ] {
            assert!(matches!(text(good.as_bytes()), Cow::Borrowed(same) if same == good));
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
            assert_eq!(text(sent.as_bytes()), repaired, "{sent}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_replaced_and_the_mark_is_skipped() {
        assert_eq!(text(b"\xef\xbb\xbf{}"), "{}");
        assert_eq!(text(b"\xef\xbb\xbf\"\xff\\ud83d\""), "\"\u{fffd}\\ufffd\"");
    }
}
