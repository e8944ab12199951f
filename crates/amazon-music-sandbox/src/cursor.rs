//! Cursors: an offset in one list, with a checksum so that an invented one is rejected.

use crate::random::mix;

/// Sixteen hexadecimal digits: the offset, and a checksum over the offset and its list.
pub(crate) fn encode(list: &str, offset: usize) -> String {
    format!("{offset:08x}{:08x}", checksum(list, offset))
}

/// The offset of a cursor, if it belongs to this list.
pub(crate) fn decode(list: &str, cursor: &str) -> Option<usize> {
    let (offset, _) = cursor.split_at_checked(8)?;
    let offset = usize::from_str_radix(offset, 16).ok()?;
    (encode(list, offset) == cursor).then_some(offset)
}

fn checksum(list: &str, offset: usize) -> u32 {
    let seed = list
        .bytes()
        .fold(offset as u64, |seed, byte| mix(seed ^ u64::from(byte)));
    (seed >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_decodes_to_its_offset() {
        assert_eq!(decode("a", &encode("a", 40)), Some(40));
    }

    #[test]
    fn a_foreign_or_invented_cursor_is_rejected() {
        let cursor = encode("a", 40);
        assert_eq!(decode("b", &cursor), None);
        assert_eq!(decode("a", &cursor.to_uppercase().replace('0', "O")), None);
        assert_eq!(decode("a", ""), None);
        assert_eq!(decode("a", "ééééé"), None);
        assert_eq!(decode("a", &format!("{cursor}0")), None);
    }
}
