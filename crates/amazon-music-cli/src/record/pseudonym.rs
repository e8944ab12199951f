//! Made-up text of the same shape.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// Rounds of the permutation.
const ROUNDS: u8 = 10;

/// Maps each text to a made-up one of the same shape: digits to digits, letters to letters of the same case, all
/// else to itself, and other scripts to letters of the same length in bytes.
///
/// The same text has the same pseudonym, with the same key, and two ASCII texts never share one: it is a keyed
/// permutation of the texts of a shape (a Feistel network). So cursors and ids stay apart, and nothing has to be
/// remembered; without the key nothing leads back.
pub(super) struct Pseudonyms {
    key: [u8; 32],
}

/// A letter or digit: its place, the first of its kind, how many of its kind there are, and which it is.
struct Symbol {
    at: usize,
    first: u8,
    count: u8,
    value: u8,
}

impl Pseudonyms {
    pub(super) fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The pseudonym of a text.
    pub(super) fn of(&self, text: &str) -> String {
        let mut shown: Vec<char> = text.chars().collect();
        let mut symbols = symbols(&shown);
        let shape = shape(&shown);
        for round in 0..ROUNDS {
            let half = usize::from(round % 2);
            let fixed = symbols.iter().skip(1 - half).step_by(2);
            let fixed: Vec<u8> = fixed.map(|symbol| symbol.value).collect();
            let mut stream = self.stream(&[&[round], shape.as_bytes(), &[0xff], &fixed]);
            for symbol in symbols.iter_mut().skip(half).step_by(2) {
                let moved = (u32::from(symbol.value) + stream.next()) % u32::from(symbol.count);
                symbol.value = u8::try_from(moved).unwrap_or_default();
            }
        }
        for symbol in &symbols {
            shown[symbol.at] = char::from(symbol.first + symbol.value);
        }
        let mut stream = self.stream(&[b"other scripts", text.as_bytes()]);
        for character in shown.iter_mut().filter(|character| !character.is_ascii()) {
            *character = other(character.len_utf8(), stream.next());
        }
        shown.into_iter().collect()
    }

    fn stream(&self, parts: &[&[u8]]) -> Stream {
        let seed = parts.iter().fold(mac(&self.key), |mut mac, part| {
            mac.update(part);
            mac
        });
        Stream {
            seed: seed.finalize().into_bytes().into(),
            block: Vec::new(),
            blocks: 0,
        }
    }
}

/// HMAC-SHA256 with this key, which HMAC pads with zeros.
pub(super) fn mac(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    Hmac::new(&block.into())
}

/// Numbers that are derived from a key and a text.
struct Stream {
    seed: [u8; 32],
    block: Vec<u8>,
    blocks: u32,
}

impl Stream {
    fn next(&mut self) -> u32 {
        if self.block.len() < 4 {
            let mut mac = mac(&self.seed);
            mac.update(&self.blocks.to_be_bytes());
            self.blocks = self.blocks.wrapping_add(1);
            self.block = mac.finalize().into_bytes().to_vec();
        }
        let rest = self.block.split_off(4);
        let four = std::mem::replace(&mut self.block, rest);
        // Small enough that the sum with a symbol cannot overflow.
        four.iter()
            .fold(0, |sum: u32, byte| (sum << 8) | u32::from(*byte))
            >> 1
    }
}

fn symbols(text: &[char]) -> Vec<Symbol> {
    let symbol = |(at, character): (usize, &char)| {
        let byte = u8::try_from(*character).ok()?;
        let (first, count) = match byte {
            b'0'..=b'9' => (b'0', 10),
            b'a'..=b'z' => (b'a', 26),
            b'A'..=b'Z' => (b'A', 26),
            _ => return None,
        };
        Some(Symbol {
            at,
            first,
            count,
            value: byte - first,
        })
    };
    text.iter().enumerate().filter_map(symbol).collect()
}

/// The text with all symbols of a kind as one: what the pseudonym has in common with it.
fn shape(text: &[char]) -> String {
    let class = |character: &char| match character {
        '0'..='9' => '0',
        'a'..='z' => 'a',
        'A'..='Z' => 'A',
        other => *other,
    };
    text.iter().map(class).collect()
}

/// A character of this length in UTF-8.
fn other(bytes: usize, number: u32) -> char {
    let (first, count) = match bytes {
        2 => (0xe0, 23),
        3 => (0x4e00, 20_000),
        _ => (0x1f600, 64),
    };
    char::from_u32(first + number % count).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_pseudonym_is_stable_has_the_same_shape_and_depends_on_the_key() {
        let (one, two) = (Pseudonyms::new([1; 32]), Pseudonyms::new([2; 32]));
        for text in [
            "B0785GTW4T",
            "3:vx0YEGc1",
            "Hello, World!",
            "Beyoncé 日本 👩",
        ] {
            let made_up = one.of(text);
            assert_ne!(made_up, text);
            assert_eq!(made_up, one.of(text));
            assert_ne!(made_up, two.of(text));
            assert_eq!(made_up.len(), text.len());
            let (made_up, text): (Vec<_>, Vec<_>) =
                (made_up.chars().collect(), text.chars().collect());
            let is_ascii = |text: &[char]| shape(text).replace(|it: char| !it.is_ascii(), "?");
            assert_eq!(is_ascii(&made_up), is_ascii(&text));
        }
        assert_eq!(one.of(""), "");
    }

    #[test]
    fn no_two_texts_share_a_pseudonym() {
        let all = Pseudonyms::new([3; 32]);
        let numbers: HashSet<String> = (0..1000).map(|it| all.of(&format!("{it:03}"))).collect();
        assert_eq!(numbers.len(), 1000);
        let digits: HashSet<String> = (0..10).map(|it| all.of(&it.to_string())).collect();
        assert_eq!(digits.len(), 10);
    }
}
