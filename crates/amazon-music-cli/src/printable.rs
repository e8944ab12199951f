//! Text that a terminal shows as it is.

use std::borrow::Cow;

/// Replaces the characters that a terminal does not show as themselves, so that text from a server can
/// neither move the cursor nor hide or reorder what is around it.
pub(crate) fn printable<'a>(text: impl Into<Cow<'a, str>>) -> String {
    let text = text.into();
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.into_owned();
    }
    let visible = |character| match is_hidden(character) {
        true => char::REPLACEMENT_CHARACTER,
        false => character,
    };
    text.chars().map(visible).collect()
}

/// Whether a character is a control character, a line separator, an invisible one or one that changes the
/// direction of text. The joiners of emoji and of Persian (U+200C, U+200D) are text.
pub(crate) fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_does_not_show_as_itself_is_replaced() {
        let hidden = [
            '\0',
            '\x07',
            '\t',
            '\n',
            '\r',
            '\x1b',
            '\x7f',
            '\u{85}',
            '\u{9b}',
            '\u{9d}',
            '\u{202e}',
            '\u{2066}',
            '\u{200b}',
            '\u{2028}',
            '\u{2029}',
            '\u{feff}',
            '\u{e0041}',
        ];
        for character in hidden {
            assert_eq!(
                printable(format!("a{character}b")),
                "a\u{fffd}b",
                "{character:?}"
            );
        }
        for text in [
            "Beyoncé",
            "👨\u{200d}👩\u{200d}👧",
            "日本語",
            "e\u{301}",
            "می\u{200c}خواهم",
            "עברית",
        ] {
            assert_eq!(printable(text), text);
        }
    }
}
