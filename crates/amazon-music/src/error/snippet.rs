//! Text from a server, made fit for an error: short, on one line, without credentials.

/// How much of a body an error keeps. Enough for a gateway's message or the beginning of its page;
/// little enough for a log line.
const MAX_BYTES: usize = 512;

/// Stands where a credential was.
const CUT: &str = "[redacted]";

/// The beginning of `text`.
pub(super) fn snippet(text: &[u8], secrets: &[&str]) -> String {
    // A credential must not survive by being cut in two at the bound, so it goes first.
    let text = String::from_utf8_lossy(&text[..text.len().min(16 * MAX_BYTES)]);
    let mut line: String = redact(&text, secrets)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    line.retain(|character| !character.is_control());
    truncate(&mut line);
    line
}

/// A server's message, whole but for credentials and the bound.
pub(super) fn message(text: &str, secrets: &[&str]) -> String {
    snippet(text.as_bytes(), secrets)
}

fn redact(text: &str, secrets: &[&str]) -> String {
    secrets
        .iter()
        .filter(|secret| !secret.is_empty())
        .fold(text.to_owned(), |text, secret| text.replace(secret, CUT))
}

fn truncate(line: &mut String) {
    if line.len() > MAX_BYTES {
        let mut end = MAX_BYTES - '…'.len_utf8();
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        line.truncate(end);
        line.push('…');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_stays_whole_on_one_line() {
        assert_eq!(
            snippet(b"<html>\r\n  <b>502</b>\n</html>", &[]),
            "<html> <b>502</b> </html>"
        );
    }

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        let cut = snippet("é".repeat(400).as_bytes(), &[]);
        assert!(
            cut.len() <= MAX_BYTES && cut.ends_with("é…"),
            "{}",
            cut.len()
        );
    }

    #[test]
    fn a_credential_is_cut_out_wherever_it_stands() {
        let text = format!("{}Atza|secret", "x".repeat(MAX_BYTES - 6));
        let cut = snippet(text.as_bytes(), &["Atza|secret", ""]);
        assert!(!cut.contains("Atza"), "{cut}");
    }

    #[test]
    fn bytes_that_are_not_text_do_not_fail() {
        assert_eq!(snippet(&[0xff, b'a', 0], &[]), "\u{fffd}a");
    }
}
