//! Text from a server, made fit for an error: short, on one line, without credentials.
//!
//! A credential is cut out if 12 or more of its characters stand there in a row, in any spelling that a
//! server may give them: percent forms, escapes of JSON and HTML, another case, base64. The prefixes that
//! are documented and the same for everybody (`Atza|`) are no credentials.

mod needle;
mod spelling;

use std::ops::Range;

use needle::Needle;
use spelling::Spelling;

/// How much of a body an error keeps. Enough for a gateway's message or the beginning of its page;
/// little enough for a log line.
const MAX_BYTES: usize = 512;

/// How much an error keeps of a text that is of use only as a whole.
const MAX_WHOLE: usize = 16 * 1024;

/// How much more is searched for a credential that begins before the end: twelve characters in the
/// longest spelling.
const AHEAD: usize = 12 * 16;

/// Stands in the place of a credential.
const CUT: &str = "[redacted]";

/// The beginning of `text`.
pub(crate) fn snippet(text: &[u8], secrets: &[&str]) -> String {
    let read = &text[..text.len().min(16 * MAX_BYTES)];
    let mut line = String::from_utf8_lossy(read)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    // First, so that no credential is split by one.
    line.retain(|character| !character.is_control());
    if read.len() < text.len() {
        // A credential may have been cut in two where the reading stopped.
        let longest = secrets.iter().map(|secret| 3 * secret.len()).max();
        let keep = line.len().saturating_sub(longest.unwrap_or(0));
        line.truncate(boundary(&line, keep));
        line.push('…');
    }
    let shown = boundary(&line, MAX_BYTES);
    let searched = boundary(&line, MAX_BYTES + AHEAD);
    let cuts = cuts(&line[..searched], secrets);
    let mut kept = without(&line[..shown], &cuts);
    if shown < line.len() {
        kept.push('…');
    }
    truncate(&mut kept, MAX_BYTES);
    kept
}

/// A server's message, whole but for credentials and the bound.
pub(crate) fn message(text: &str, secrets: &[&str]) -> String {
    snippet(text.as_bytes(), secrets)
}

/// A text that is of use only as a whole: nothing if it is longer than 16 KiB or shows a credential.
pub(crate) fn whole<'a>(text: &'a str, secrets: &[&str]) -> Option<&'a str> {
    (text.len() <= MAX_WHOLE && cuts(text, secrets).is_empty()).then_some(text)
}

/// A URL, whole but for credentials; nothing if it is empty or longer than 16 KiB.
pub(crate) fn url(text: &str, secrets: &[&str]) -> Option<String> {
    let text: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    let is_shown = !text.is_empty() && text.len() <= MAX_WHOLE;
    is_shown.then(|| without(&text, &cuts(&text, secrets)))
}

/// The places of the credentials in `line`, in their order and without overlaps.
fn cuts(line: &str, secrets: &[&str]) -> Vec<Range<usize>> {
    let spellings = Spelling::all(line);
    let mut found = Vec::new();
    for secret in secrets {
        for needle in Needle::all(secret, line.len()) {
            for spelling in &spellings {
                needle.find(spelling, &mut found);
            }
        }
    }
    found.sort_by_key(|cut: &Range<usize>| cut.start);
    let mut cuts: Vec<Range<usize>> = Vec::new();
    for next in found {
        match cuts.last_mut() {
            Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
            _ => cuts.push(next),
        }
    }
    cuts
}

/// The line with its cuts made; they may reach beyond its end.
fn without(line: &str, cuts: &[Range<usize>]) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut at = 0;
    for cut in cuts.iter().filter(|cut| cut.start < line.len()) {
        kept.push_str(line.get(at..cut.start).unwrap_or_default());
        kept.push_str(CUT);
        at = cut.end;
    }
    kept.push_str(line.get(at..).unwrap_or_default());
    kept
}

/// The last boundary of characters at or before `most`.
fn boundary(line: &str, most: usize) -> usize {
    let mut at = most.min(line.len());
    while !line.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn truncate(line: &mut String, most: usize) {
    if line.len() > most {
        line.truncate(boundary(line, most.saturating_sub('…'.len_utf8())));
        line.push('…');
    }
}

#[cfg(test)]
mod tests;
