use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

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

const SECRET: &str = "Atza|IwEBIK+x/9=_q-Zr8.mT4vN6wLpY2sHdKcGb7JfQeUo";

/// Spellings that let a text through whole: name and function.
type Encoding = (&'static str, fn(&str) -> String);

fn each(text: &str, write: impl Fn(u8) -> String) -> String {
    text.bytes().map(write).collect()
}

fn special(text: &str, write: impl Fn(u8) -> String) -> String {
    each(text, |byte| match byte.is_ascii_alphanumeric() {
        true => char::from(byte).to_string(),
        false => write(byte),
    })
}

const ENCODINGS: [Encoding; 15] = [
    ("plain", str::to_owned),
    ("upper case", |text| text.to_uppercase()),
    ("lower case", |text| text.to_lowercase()),
    ("percent", |text| {
        special(text, |byte| format!("%{byte:02X}"))
    }),
    ("percent, all", |text| {
        each(text, |byte| format!("%{byte:02x}"))
    }),
    ("percent, twice", |text| {
        special(text, |byte| format!("%25{byte:02X}"))
    }),
    ("json", |text| {
        special(text, |byte| format!("\\u{byte:04x}"))
    }),
    ("json, slashes", |text| text.replace('/', "\\/")),
    ("json in json", |text| {
        special(text, |byte| format!("\\\\u{byte:04x}"))
    }),
    ("javascript", |text| {
        special(text, |byte| format!("\\x{byte:02x}"))
    }),
    ("html, decimal", |text| {
        special(text, |byte| format!("&#{byte};"))
    }),
    ("html, hexadecimal", |text| {
        special(text, |byte| format!("&#x{byte:X};"))
    }),
    ("html, names", |text| {
        text.replace('|', "&vert;")
            .replace('=', "&equals;")
            .replace('/', "&sol;")
            .replace('+', "&plus;")
    }),
    ("html, without semicolons", |text| {
        special(text, |byte| format!("&#x{byte:x}"))
    }),
    ("percent in json", |text| {
        special(text, |byte| format!("\\u0025{byte:02X}"))
    }),
];

#[test]
fn twelve_characters_in_a_row_are_cut_out_in_every_encoding() {
    for (name, encode) in ENCODINGS {
        for from in 0..=SECRET.len() - 12 {
            for length in [12, 14, SECRET.len() - from] {
                let Some(piece) = SECRET.get(from..from + length) else {
                    continue;
                };
                let text = format!("You sent <{}> to us.", encode(piece));
                let cut = snippet(text.as_bytes(), &["other", SECRET]);
                assert_eq!(cut, "You sent <[redacted]> to us.", "{name}: {text}");
            }
        }
    }
}

#[test]
fn twelve_characters_in_a_row_are_cut_out_of_base64_in_its_alignments() {
    for before in ["", "a", "ab", "abc"] {
        for from in 0..=SECRET.len() - 12 {
            let piece = &SECRET[from..from + 12];
            let plain = format!("{before}{piece}xyz");
            for encoded in [STANDARD.encode(&plain), URL_SAFE_NO_PAD.encode(&plain)] {
                let cut = snippet(format!("<{encoded}>").as_bytes(), &[SECRET]);
                assert!(cut.contains(CUT), "{encoded}: {cut}");
                // No run is left that gives a character of the secret away and is not also around it.
                let left: usize = cut.split(CUT).map(str::len).sum();
                assert!(
                    left <= "<>".len() + (encoded.len() - 14),
                    "{encoded}: {cut}"
                );
            }
        }
    }
}

#[test]
fn fewer_characters_and_public_prefixes_stay() {
    let profile = "amzn1.application.0a1b2c3d4e5f";
    for text in [
        "it was IwEBIK+x/9=",
        "a profile begins with amzn1.application. and yours not",
        "amzn1.application-oa2-client.ffff is no security profile",
        "a token begins with Atza|",
    ] {
        assert_eq!(snippet(text.as_bytes(), &[SECRET, profile]), text);
    }
    let cut = snippet(b"no profile amzn1.application.0a1b2c3d4e5f", &[profile]);
    assert_eq!(cut, "no profile [redacted]");
}

#[test]
fn a_credential_across_the_bound_is_cut_out() {
    for (name, encode) in ENCODINGS {
        for before in MAX_BYTES - 80..MAX_BYTES {
            let text = format!("{}{} and more", "x".repeat(before), encode(SECRET));
            let cut = snippet(text.as_bytes(), &[SECRET]);
            let shown: String = cut.chars().skip(before).collect();
            let shown = shown.trim_end_matches('…');
            assert!(
                CUT.starts_with(shown) || shown.starts_with(CUT),
                "{name}, {before}: {shown}"
            );
        }
    }
}

#[test]
fn escapes_that_are_none_do_not_fail() {
    for text in [
        "%",
        "%4",
        "100 % &",
        "&#;",
        "&#x;",
        "\\u12",
        "\\",
        "&#99999999999;",
        "&nbsp;",
        "%zz é%C3%A9",
    ] {
        assert_eq!(snippet(text.as_bytes(), &[SECRET]), text);
    }
}
