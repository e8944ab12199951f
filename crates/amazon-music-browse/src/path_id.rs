//! Ids in the paths of requests.

use std::{borrow::Cow, fmt::Write as _};

/// Percent-encodes an id, but for the characters that mean themselves everywhere (RFC 3986, 2.3).
pub(crate) fn encode(id: &str) -> Cow<'_, str> {
    if is_plain(id) {
        return Cow::Borrowed(id);
    }
    let mut text = String::with_capacity(3 * id.len());
    for byte in id.bytes() {
        if is_plain_byte(byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    Cow::Owned(text)
}

/// Whether an id needs no encoding.
pub(crate) fn is_plain(id: &str) -> bool {
    id.bytes().all(is_plain_byte)
}

fn is_plain_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_unreserved_characters_are_encoded() {
        assert_eq!(encode("2iB4-._~"), "2iB4-._~");
        assert_eq!(encode(" !%&;=?#|é"), "%20%21%25%26%3B%3D%3F%23%7C%C3%A9");
    }
}
