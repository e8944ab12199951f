//! Cursors, in the shapes that the documentation shows.
//!
//! A cursor is an offset in one list. A cursor that the list did not return is rejected.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::random::mix;

/// The example of the spec, which tools send to any list: the place behind the second item. In the list of
/// categories it is that place's own cursor.
pub(crate) const EXAMPLE: &str = "3:vx0YEGc1";
/// The offset of [`EXAMPLE`].
pub(crate) const EXAMPLE_OFFSET: usize = 2;

/// The shape of the cursors of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `c881b6f5-d1c3-4a78-81f8-b8efec7fcf78.2`, as for top tracks and playlists.
    Uuid,
    /// `3:vx0YEGc1`, as for categories: a number, and the ID of the item before.
    Item,
    /// `tztok-v2_` and 64 characters of base64, as for the tracks of a category.
    Token,
}

const TOKEN_PREFIX: &str = "tztok-v2_";
/// Words of 8 bytes in a token: the offset, and five of noise.
const TOKEN_WORDS: u64 = 6;

impl Shape {
    /// The cursor of an offset. `before` is the ID of the item before it.
    pub(crate) fn encode(self, list: &str, offset: usize, before: &str) -> String {
        let noise = |word| mix(checksum(list, offset) ^ word);
        match self {
            Self::Uuid => format!("{}.{offset}", uuid(noise(0), noise(1))),
            Self::Item => format!("{}:{before}", offset + 1),
            Self::Token => {
                let words = (1..TOKEN_WORDS).map(noise);
                let words = std::iter::once(offset as u64).chain(words);
                let bytes: Vec<u8> = words.flat_map(u64::to_be_bytes).collect();
                TOKEN_PREFIX.to_owned() + &URL_SAFE_NO_PAD.encode(bytes)
            }
        }
    }

    /// The offset that a cursor claims: whether the list returned it shows when it is encoded again.
    pub(crate) fn offset(self, cursor: &str) -> Option<usize> {
        match self {
            Self::Uuid => cursor.rsplit_once('.')?.1.parse().ok(),
            Self::Item => cursor
                .split_once(':')?
                .0
                .parse::<usize>()
                .ok()?
                .checked_sub(1),
            Self::Token => {
                let bytes = cursor.strip_prefix(TOKEN_PREFIX)?;
                let bytes = URL_SAFE_NO_PAD.decode(bytes).ok()?;
                let offset = u64::from_be_bytes(*bytes.first_chunk()?);
                usize::try_from(offset).ok()
            }
        }
    }
}

/// A UUID of version 4 with these bits.
fn uuid(high: u64, low: u64) -> String {
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}

fn checksum(list: &str, offset: usize) -> u64 {
    list.bytes()
        .fold(offset as u64, |seed, byte| mix(seed ^ u64::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_have_the_documented_shapes() {
        assert_eq!(Shape::Item.encode("categories", 2, "vx0YEGc1"), EXAMPLE);
        let cursor = Shape::Uuid.encode("tracks/top", 2, "");
        let sample = "c881b6f5-d1c3-4a78-81f8-b8efec7fcf78.2";
        assert_eq!(cursor.len(), sample.len(), "{cursor}");
        assert!(cursor.ends_with(".2"), "{cursor}");
        let cursor = Shape::Token.encode("categories/E9UEPoEH/tracks", 50, "");
        let sample = "tztok-v2_iosmAqq9RWIFJZXCZvgM5OnQj0NR8UsA2BMCfq-3hR4VYAfZb16fzIeuiCNaZzZp";
        assert!(cursor.starts_with("tztok-v2_"), "{cursor}");
        assert_eq!(cursor.len(), sample.len(), "{cursor}");
    }

    #[test]
    fn a_cursor_tells_its_offset_and_belongs_to_one_list() {
        for shape in [Shape::Uuid, Shape::Item, Shape::Token] {
            let cursor = shape.encode("a", 40, "id");
            assert_eq!(shape.offset(&cursor), Some(40));
            assert_ne!(shape.encode("b", 40, "other"), cursor);
        }
    }

    #[test]
    fn text_that_is_no_cursor_has_no_offset() {
        for shape in [Shape::Uuid, Shape::Item, Shape::Token] {
            for text in [
                "",
                ":",
                ".",
                "x",
                "ééééé",
                "0:a",
                "-1:a",
                "a.-1",
                "tztok-v2_",
                "tztok-v2_é",
            ] {
                assert_eq!(shape.offset(text), None, "{text}");
            }
        }
    }
}
