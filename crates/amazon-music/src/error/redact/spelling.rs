//! The spellings of a text: as it is, and with escapes read, of which there may be several layers.

use std::ops::Range;

/// How many layers of escapes are read: a URL in a JSON string in a page of HTML has three.
const LAYERS: usize = 3;

/// Names of characters in HTML that credentials hold.
const NAMED: [(&str, u8); 17] = [
    ("amp", b'&'),
    ("apos", b'\''),
    ("colon", b':'),
    ("commat", b'@'),
    ("dollar", b'$'),
    ("equals", b'='),
    ("gt", b'>'),
    ("lowbar", b'_'),
    ("lt", b'<'),
    ("num", b'#'),
    ("percnt", b'%'),
    ("period", b'.'),
    ("plus", b'+'),
    ("quot", b'"'),
    ("sol", b'/'),
    ("verbar", b'|'),
    ("vert", b'|'),
];

/// A text with some of its escapes read.
pub(super) struct Spelling {
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// The place of each in the original.
    places: Vec<Range<usize>>,
}

impl Spelling {
    /// The text, and the same with one more layer of escapes read each.
    pub(super) fn all(text: &str) -> Vec<Self> {
        let mut all = vec![Self {
            bytes: text.as_bytes().to_vec(),
            places: (0..text.len()).map(|at| at..at + 1).collect(),
        }];
        for _ in 0..LAYERS {
            match all.last().and_then(Self::read) {
                Some(next) => all.push(next),
                None => break,
            }
        }
        all
    }

    /// The place of some of the bytes in the original.
    pub(super) fn place(&self, bytes: Range<usize>) -> Range<usize> {
        let start = self.places.get(bytes.start).map_or(0, |place| place.start);
        let last = bytes.end.saturating_sub(1);
        let end = self.places.get(last).map_or(start, |place| place.end);
        start..end
    }

    /// Reads one layer of escapes, if there are any.
    fn read(&self) -> Option<Self> {
        let (mut bytes, mut places) = (Vec::new(), Vec::new());
        let mut at = 0;
        while at < self.bytes.len() {
            let (byte, length) = escape(&self.bytes[at..]).unwrap_or((self.bytes[at], 1));
            bytes.push(byte);
            places.push(self.place(at..at + length));
            at += length;
        }
        (bytes.len() < self.bytes.len()).then_some(Self { bytes, places })
    }
}

/// The character that an escape at the beginning of `text` stands for, and the length of the escape.
fn escape(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'%', rest @ ..] => Some((hex(rest.get(..2)?)?, 3)),
        [b'\\', b'u' | b'U', rest @ ..] => Some((hex(rest.get(..4)?)?, 6)),
        [b'\\', b'x' | b'X', rest @ ..] => Some((hex(rest.get(..2)?)?, 4)),
        [b'\\', plain @ (b'/' | b'\\' | b'"' | b'\''), ..] => Some((*plain, 2)),
        [b'&', b'#', b'x' | b'X', rest @ ..] => {
            let (byte, digits) = numeric(rest, u8::is_ascii_hexdigit, 16)?;
            Some((byte, 3 + digits + semicolon(&rest[digits..])))
        }
        [b'&', b'#', rest @ ..] => {
            let (byte, digits) = numeric(rest, u8::is_ascii_digit, 10)?;
            Some((byte, 2 + digits + semicolon(&rest[digits..])))
        }
        [b'&', rest @ ..] => {
            let letters = count(rest, u8::is_ascii_alphabetic);
            let is_named =
                |(name, _): &&(&str, u8)| name.as_bytes().eq_ignore_ascii_case(&rest[..letters]);
            let (_, byte) = NAMED.iter().find(is_named)?;
            Some((*byte, 1 + letters + semicolon(&rest[letters..])))
        }
        _ => None,
    }
}

fn count(text: &[u8], is_part: impl Fn(&u8) -> bool) -> usize {
    text.iter().take(8).take_while(|byte| is_part(byte)).count()
}

/// The byte of a numeric escape and the length of its digits. Without a semicolon it may run into digits of
/// the text: then the longest that is a byte counts.
fn numeric(text: &[u8], is_digit: impl Fn(&u8) -> bool, radix: u32) -> Option<(u8, usize)> {
    let most = count(text, is_digit);
    (1..=most)
        .rev()
        .find_map(|digits| Some((number(&text[..digits], radix)?, digits)))
}

/// Browsers do without it, so it may be missing.
fn semicolon(text: &[u8]) -> usize {
    usize::from(text.first() == Some(&b';'))
}

/// The value of two or four hexadecimal digits, if it is that of one byte.
fn hex(digits: &[u8]) -> Option<u8> {
    let all_digits = digits.iter().all(u8::is_ascii_hexdigit);
    number(digits, 16).filter(|_| all_digits)
}

fn number(digits: &[u8], radix: u32) -> Option<u8> {
    let number = u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?;
    u8::try_from(number).ok()
}
