//! Cursors: a place in one list, with a check so that a made-up one is refused.

use crate::catalog::mix;

/// Sixteen hexadecimal digits: the place, and a check over the place and its list.
pub(crate) fn encode(list: &str, offset: usize) -> String {
    format!("{offset:08x}{:08x}", check(list, offset))
}

/// The place that a cursor of this list stands for.
pub(crate) fn decode(list: &str, cursor: &str) -> Option<usize> {
    let (offset, _) = cursor.split_at_checked(8)?;
    let offset = usize::from_str_radix(offset, 16).ok()?;
    (encode(list, offset) == cursor).then_some(offset)
}

fn check(list: &str, offset: usize) -> u32 {
    let seed = list
        .bytes()
        .fold(offset as u64, |seed, byte| mix(seed ^ u64::from(byte)));
    (seed >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_place() {
        assert_eq!(decode("a", &encode("a", 40)), Some(40));
    }

    #[test]
    fn a_cursor_of_another_list_or_a_made_up_one_is_refused() {
        let cursor = encode("a", 40);
        assert_eq!(decode("b", &cursor), None);
        assert_eq!(decode("a", &cursor.to_uppercase().replace('0', "O")), None);
        assert_eq!(decode("a", ""), None);
        assert_eq!(decode("a", "ééééé"), None);
        assert_eq!(decode("a", &format!("{cursor}0")), None);
    }
}
