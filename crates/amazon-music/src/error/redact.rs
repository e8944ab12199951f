//! Text from a server, made fit for an error: short, on one line, without credentials.

/// How much of a body an error keeps. Enough for a gateway's message or the beginning of its page;
/// little enough for a log line.
const MAX_BYTES: usize = 512;

/// Stands where a credential was.
const CUT: &str = "[redacted]";

/// The beginning of `text`.
pub(crate) fn snippet(text: &[u8], secrets: &[&str]) -> String {
    // In this order, so that no credential survives: it could be split by a control character, or be
    // cut in two where the reading stops.
    let read = &text[..text.len().min(16 * MAX_BYTES)];
    let mut line = String::from_utf8_lossy(read)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    line.retain(|character| !character.is_control());
    line = redact(line, secrets);
    if read.len() < text.len() {
        let longest = secrets.iter().map(|secret| 3 * secret.len()).max();
        let keep = line.len().saturating_sub(longest.unwrap_or(0));
        truncate(&mut line, keep);
    }
    truncate(&mut line, MAX_BYTES);
    line
}

/// A server's message, whole but for credentials and the bound.
pub(crate) fn message(text: &str, secrets: &[&str]) -> String {
    snippet(text.as_bytes(), secrets)
}

/// Shorter texts are no credentials, and would be found in any sentence.
const SHORTEST_SECRET: usize = 4;

/// Cuts the credentials out, as they are and as JSON and URLs may write them.
fn redact(mut text: String, secrets: &[&str]) -> String {
    let secrets = secrets.iter();
    for secret in secrets.filter(|secret| secret.len() >= SHORTEST_SECRET) {
        let in_json = secret.replace('/', "\\/");
        let in_url = secret
            .replace('%', "%25")
            .replace('|', "%7C")
            .replace('/', "%2F")
            .replace('+', "%2B")
            .replace('=', "%3D");
        let in_url_lower = in_url.replace("%7C", "%7c").replace("%2F", "%2f");
        for form in [*secret, &in_json, &in_url, &in_url_lower] {
            if text.contains(form) {
                text = text.replace(form, CUT);
            }
        }
    }
    text
}

fn truncate(line: &mut String, most: usize) {
    if line.len() > most {
        let mut end = most.saturating_sub('…'.len_utf8());
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
        for before in [0, MAX_BYTES - 6, 16 * MAX_BYTES - 6] {
            for blank in ["x", " "] {
                let text = format!(
                    "{}Atza|secret{}",
                    blank.repeat(before),
                    "y".repeat(MAX_BYTES)
                );
                let cut = snippet(text.as_bytes(), &["Atza|secret", ""]);
                assert!(!cut.contains("Atza"), "{cut}");
            }
        }
    }

    #[test]
    fn a_credential_is_cut_out_however_it_is_written() {
        for written in [
            "Atza|a/b",
            r"Atza|a\/b",
            "Atza%7Ca%2Fb",
            "Atza%7ca%2fb",
            "At\0za|a/b",
        ] {
            let cut = snippet(format!("got {written}.").as_bytes(), &["Atza|a/b"]);
            assert_eq!(cut, "got [redacted].", "{written}");
        }
    }

    #[test]
    fn bytes_that_are_not_text_do_not_fail() {
        assert_eq!(snippet(&[0xff, b'a', 0], &[]), "\u{fffd}a");
    }
}
