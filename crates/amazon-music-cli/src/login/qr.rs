//! QR codes on a terminal.

use fast_qr::QRBuilder;

/// A text as a QR code, two modules to a character. Nothing if it is too long for one.
pub(super) fn code(text: &str) -> Option<String> {
    Some(QRBuilder::new(text).build().ok()?.to_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_fits_on_a_terminal_and_a_book_in_no_code() {
        let code = code("https://www.amazon.com/us/code").unwrap();
        let lines: Vec<_> = code.lines().collect();
        assert!((10..30).contains(&lines.len()), "{code}");
        assert!(lines.iter().all(|line| line.chars().count() < 60), "{code}");
        assert_eq!(super::code(&"x".repeat(10_000)), None);
    }
}
