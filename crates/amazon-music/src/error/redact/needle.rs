//! A credential to look for, as it is and in base64.

use std::{collections::HashSet, ops::Range};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

use crate::error::redact::spelling::Spelling;

/// So many characters of a credential in a row are cut out.
const PIECE: usize = 12;

/// Shorter texts are no credentials, and would be found in any sentence.
const SHORTEST: usize = 4;

/// Shorter texts in base64 would be found in any other.
const SHORTEST_BASE64: usize = 8;

/// So many characters of a piece must be more than a public prefix.
const OWN: usize = 4;

/// The beginnings of credentials that are documented and the same for everybody.
const PUBLIC: [&str; 5] = [
    "amzn1.application-oa2-client.",
    "amzn1.application.",
    "amzn1.oa2-cs.v1.",
    "Atza|",
    "Atzr|",
];

/// One way to write a credential.
pub(super) struct Needle {
    bytes: Vec<u8>,
    /// The length of its public prefix.
    public: usize,
    is_base64: bool,
}

impl Needle {
    /// All ways to look for a credential in a text of this length.
    pub(super) fn all(secret: &str, text: usize) -> Vec<Self> {
        let public = PUBLIC.iter().find(|prefix| secret.starts_with(**prefix));
        let public = public.map_or(0, |prefix| prefix.len());
        let mut all = Vec::new();
        if secret.len() >= SHORTEST && text >= SHORTEST {
            all.push(Self {
                bytes: secret.to_ascii_lowercase().into_bytes(),
                public,
                is_base64: false,
            });
        }
        if text >= SHORTEST_BASE64 {
            // In base64 a text has another form for each place that it may begin at.
            let aligned = (0..3).map(|before| Self::in_base64(secret, public, before));
            all.extend(aligned.filter(|needle| needle.bytes.len() >= SHORTEST_BASE64));
        }
        all
    }

    /// The characters of base64 that depend on nothing but the credential, if `before` bytes stand before
    /// it.
    fn in_base64(secret: &str, public: usize, before: usize) -> Self {
        let mut bytes = vec![0; before];
        bytes.extend_from_slice(secret.as_bytes());
        let encoded = STANDARD_NO_PAD.encode(&bytes);
        let from = (8 * before).div_ceil(6);
        let to = 8 * bytes.len() / 6;
        Self {
            bytes: encoded
                .as_bytes()
                .get(from..to)
                .unwrap_or_default()
                .to_vec(),
            public: (8 * (before + public) / 6).saturating_sub(from),
            is_base64: true,
        }
    }

    /// Adds the places in the original at which the credential, or a piece of it, stands in this spelling.
    pub(super) fn find(&self, spelling: &Spelling, found: &mut Vec<Range<usize>>) {
        let text: Vec<u8> = spelling
            .bytes
            .iter()
            .map(|byte| self.folded(*byte))
            .collect();
        let length = self.bytes.len();
        let mut note = |at: usize, length: usize| found.push(spelling.place(at..at + length));
        if text.len() < length.min(PIECE) {
            return;
        }
        for (at, part) in text.windows(length).enumerate() {
            if part == self.bytes {
                note(at, length);
            }
        }
        if length < PIECE {
            return;
        }
        let first = (self.public + OWN).saturating_sub(PIECE);
        let pieces: HashSet<&[u8]> = self.bytes.windows(PIECE).skip(first).collect();
        for (at, part) in text.windows(PIECE).enumerate() {
            if pieces.contains(part) {
                note(at, PIECE);
            }
        }
    }

    /// One of two alphabets of base64, and otherwise one case for both.
    fn folded(&self, byte: u8) -> u8 {
        match (self.is_base64, byte) {
            (true, b'-') => b'+',
            (true, b'_') => b'/',
            (true, other) => other,
            (false, other) => other.to_ascii_lowercase(),
        }
    }
}
