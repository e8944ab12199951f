//! Made-up IDs and titles, computed from a seed.

use crate::random::mix;

/// The seed of one made-up item.
pub(super) fn seed(list: &str, index: usize) -> u64 {
    let list = list
        .bytes()
        .fold(0, |seed, byte| mix(seed ^ u64::from(byte)));
    mix(list ^ index as u64)
}

/// Digits of a number in this alphabet, most significant first.
pub(super) fn digits(mut value: u64, alphabet: &[u8], length: usize) -> String {
    let base = alphabet.len() as u64;
    let mut digits = vec![0; length];
    for digit in digits.iter_mut().rev() {
        *digit = alphabet[(value % base) as usize];
        value /= base;
    }
    digits.into_iter().map(char::from).collect()
}

/// An ID in the documented shape: `B0` and eight capitals or digits.
pub(super) fn asin(seed: u64) -> String {
    let alphabet = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    format!("B0{}", digits(seed, alphabet, 8))
}

pub(super) fn pick(words: &[&'static str], seed: u64) -> &'static str {
    words[(seed % words.len() as u64) as usize]
}

/// One of these values; none if there are none.
pub(super) fn pick_of<T>(values: &[T], seed: u64) -> Option<&T> {
    let index = seed.checked_rem(values.len() as u64)?;
    values.get(usize::try_from(index).ok()?)
}

pub(super) const FIRST: [&str; 24] = [
    "Amber",
    "Broken",
    "Crystal",
    "Distant",
    "Electric",
    "Faded",
    "Golden",
    "Hollow",
    "Iron",
    "Jade",
    "Kinder",
    "Lonely",
    "Midnight",
    "Northern",
    "Open",
    "Paper",
    "Quiet",
    "Restless",
    "Silver",
    "Tender",
    "Unwritten",
    "Velvet",
    "Wild",
    "Young",
];
const SECOND: [&str; 24] = [
    "Avenue",
    "Bridges",
    "Carousel",
    "Daylight",
    "Echoes",
    "Fires",
    "Gardens",
    "Harbour",
    "Islands",
    "Journeys",
    "Kites",
    "Letters",
    "Mirrors",
    "Nights",
    "Oceans",
    "Parades",
    "Questions",
    "Rivers",
    "Satellites",
    "Thunder",
    "Umbrellas",
    "Voices",
    "Windows",
    "Years",
];
pub(super) const GENRES: [&str; 16] = [
    "Ambient",
    "Bluegrass",
    "Bossa Nova",
    "Chamber",
    "Dub",
    "Electro",
    "Folk",
    "Garage",
    "House",
    "Indie",
    "Jazz",
    "Motown",
    "Opera",
    "Punk",
    "Soul",
    "Swing",
];

pub(super) fn title(seed: u64) -> String {
    format!("{} {}", pick(&FIRST, seed), pick(&SECOND, mix(seed)))
}

pub(super) fn date(seed: u64) -> String {
    let (year, month, day) = (1970 + seed % 50, 1 + seed % 12, 1 + seed % 28);
    format!("{year}-{month:02}-{day:02}T05:00:00.000Z")
}
