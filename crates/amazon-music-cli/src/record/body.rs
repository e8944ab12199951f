//! Bodies without what is private.
//!
//! Built from an allow-list: names and values of the spec, a few numbers, and the punctuation stay; all else
//! becomes a pseudonym. Bodies that are cut short, are not Unicode or not JSON keep that fault.

use super::{pseudonym::Pseudonyms, words::Words};

/// Numbers that say how much there is: kept.
const COUNTS: [&str; 5] = ["edgeCount", "height", "status", "trackCount", "width"];

/// Redacts a body.
pub(super) fn redact(body: &[u8], words: &Words, pseudonyms: &Pseudonyms) -> Vec<u8> {
    let mut rewriter = Rewriter {
        rest: body,
        out: Vec::with_capacity(body.len()),
        levels: Vec::new(),
        words,
        pseudonyms,
    };
    rewriter.run();
    rewriter.out
}

/// An object or array that is open.
#[derive(Default)]
struct Level {
    is_object: bool,
    expects_name: bool,
    /// The name of the member, if the spec has it.
    name: Option<String>,
}

struct Rewriter<'a> {
    rest: &'a [u8],
    out: Vec<u8>,
    levels: Vec<Level>,
    words: &'a Words,
    pseudonyms: &'a Pseudonyms,
}

impl<'a> Rewriter<'a> {
    fn run(&mut self) {
        while let Some(&byte) = self.rest.first() {
            match byte {
                b'"' => self.string(),
                b'-' | b'0'..=b'9' => self.number(),
                b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => self.word(),
                _ => self.punctuation(byte),
            }
        }
    }

    /// Takes the beginning of the rest.
    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, belongs: impl Fn(u8) -> bool) -> &'a [u8] {
        let end = self.rest.iter().position(|byte| !belongs(*byte));
        self.take(end.unwrap_or(self.rest.len()))
    }

    fn punctuation(&mut self, byte: u8) {
        match byte {
            b'{' | b'[' => self.levels.push(Level {
                is_object: byte == b'{',
                expects_name: byte == b'{',
                name: None,
            }),
            b'}' | b']' => drop(self.levels.pop()),
            b',' => {
                if let Some(level) = self.levels.last_mut() {
                    level.expects_name = level.is_object;
                }
            }
            b':' => {
                if let Some(level) = self.levels.last_mut() {
                    level.expects_name = false;
                }
            }
            _ => {}
        }
        self.take(1);
        self.out.push(byte);
    }

    /// The name of the member that a value belongs to.
    fn name(&self) -> Option<&str> {
        let mut objects = self.levels.iter().rev().filter(|level| level.is_object);
        objects.next()?.name.as_deref()
    }

    fn string(&mut self) {
        let mut is_escaped = false;
        let inner = self.rest.iter().skip(1);
        let end = inner.clone().position(|byte| {
            let is_end = *byte == b'"' && !is_escaped;
            is_escaped = *byte == b'\\' && !is_escaped;
            is_end
        });
        let token = self.take(end.map_or(self.rest.len(), |end| end + 2));
        let Ok(text) = serde_json::from_slice::<String>(token) else {
            self.broken(token, end.is_some());
            return;
        };
        let shown = match self.levels.last_mut() {
            Some(level) if level.expects_name => {
                let is_known = self.words.is_name(&text);
                level.name = is_known.then(|| text.clone());
                if is_known {
                    text
                } else {
                    self.pseudonyms.of(&text)
                }
            }
            _ => value(&text, self.words, self.pseudonyms),
        };
        self.out
            .extend(serde_json::Value::from(shown).to_string().into_bytes());
    }

    /// A string that is cut short or not Unicode, and stays so.
    fn broken(&mut self, token: &[u8], is_closed: bool) {
        self.out.push(b'"');
        let end = token.len() - usize::from(is_closed);
        for chunk in token.get(1..end).unwrap_or_default().utf8_chunks() {
            let text = chunk.valid().replace(['\\', '"'], "x");
            self.out.extend(self.pseudonyms.of(&text).into_bytes());
            self.out.extend(chunk.invalid().iter().map(|_| 0xff));
        }
        if is_closed {
            self.out.push(b'"');
        }
    }

    fn number(&mut self) {
        let token = self.take_while(|byte| matches!(byte, b'-' | b'+' | b'.' | b'0'..=b'9'));
        let text = String::from_utf8_lossy(token);
        let is_count = self.name().is_some_and(|name| COUNTS.contains(&name));
        if is_count && text.len() <= 6 {
            self.out.extend(token);
            return;
        }
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let digits = whole.trim_start_matches('-');
        let mut shown = match digits {
            "" | "0" => digits.to_owned(),
            _ => self.pseudonyms.of(digits),
        };
        // Else it would be no number any more.
        if shown.len() > 1 && shown.starts_with('0') {
            shown.replace_range(..1, "1");
        }
        self.out.extend(whole[..whole.len() - digits.len()].bytes());
        self.out.extend(shown.into_bytes());
        if text.contains('.') {
            let is_zero = fraction.bytes().all(|byte| byte == b'0');
            let shown = if is_zero {
                fraction.to_owned()
            } else {
                self.pseudonyms.of(fraction)
            };
            self.out.push(b'.');
            self.out.extend(shown.into_bytes());
        }
    }

    /// A literal of JSON, or text that is no JSON.
    fn word(&mut self) {
        let token = self.take_while(|byte| byte.is_ascii_alphanumeric() || byte >= 0x80);
        if [&b"true"[..], b"false", b"null", b"e", b"E"].contains(&token) {
            self.out.extend(token);
            return;
        }
        for chunk in token.utf8_chunks() {
            self.out
                .extend(self.pseudonyms.of(chunk.valid()).into_bytes());
            self.out.extend(chunk.invalid().iter().map(|_| 0xff));
        }
    }
}

/// A value: itself if the spec has it, and otherwise its pseudonym. Of a URL the scheme stays.
pub(super) fn value(text: &str, words: &Words, pseudonyms: &Pseudonyms) -> String {
    let is_status = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    if words.is_value(text) || (is_status && text.starts_with(['4', '5'])) {
        return text.to_owned();
    }
    match text.split_once("://") {
        Some((scheme @ ("http" | "https"), rest)) => format!("{scheme}://{}", pseudonyms.of(rest)),
        _ => pseudonyms.of(text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn redacted(body: &[u8]) -> Vec<u8> {
        redact(body, Words::get(), &Pseudonyms::new([7; 32]))
    }

    #[test]
    fn names_and_values_of_the_spec_and_counts_stay_and_nothing_else() {
        let body = r#"{ "data": {"topTracks":{"edgeCount":2,"pageInfo":{"hasNextPage":true,"token":"canary-1"},
            "edges":[{"node":{"id":"canary2","title":"Canary é","categoryType":"GENRE","duration":161.5,
            "canaryName":{"canary3":[1234567,null,"canary\"4"]},"url":"https://canary.example/canary5"}}]}}}"#;
        let shown = String::from_utf8(redacted(body.as_bytes())).unwrap();
        assert!(!shown.to_lowercase().contains("canary"), "{shown}");
        assert!(
            !shown.contains("1234567") && !shown.contains("161.5"),
            "{shown}"
        );
        for kept in [
            r#"{ "data": {"topTracks":{"edgeCount":2,"pageInfo":{"hasNextPage":true,"token":""#,
            r#""categoryType":"GENRE","duration":"#,
            r#""url":"https://"#,
            "null",
        ] {
            assert!(shown.contains(kept), "{kept} is not in {shown}");
        }
        serde_json::from_str::<Value>(&shown).unwrap();
        assert_eq!(redacted(body.as_bytes()), shown.as_bytes());
    }

    #[test]
    fn bodies_that_are_cut_not_unicode_or_not_json_stay_so_and_hold_nothing() {
        for body in [
            &br#"{"data":{"title":"canary"#[..],
            br#"{"data":{"canary"#,
            b"{\"title\":\"can\xffary canary\\n\"}",
            b"<html><title>canary</title> canary \"canary\" </html>",
            b"canary",
            b"\xff\xfecanary",
            br#"{"a":"canary\"#,
            br#"[-12345.5e10,canary]"#,
            b"",
        ] {
            let shown = redacted(body);
            assert!(
                !String::from_utf8_lossy(&shown).contains("canary"),
                "{shown:?}"
            );
            assert_eq!(
                std::str::from_utf8(&shown).is_ok(),
                std::str::from_utf8(body).is_ok()
            );
            let is_json = |body: &[u8]| serde_json::from_slice::<Value>(body).is_ok();
            assert_eq!(is_json(&shown), is_json(body));
            assert_eq!(
                shown.first(),
                body.first()
                    .filter(|_| !shown.is_empty())
                    .or(None)
                    .map(|first| {
                        if first.is_ascii_alphabetic() {
                            &shown[0]
                        } else {
                            first
                        }
                    })
            );
        }
    }
}
