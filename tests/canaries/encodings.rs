//! A credential that a server repeats in other spellings.

use amazon_music::{AmazonMusic, Error, RetrySettings};
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

/// Long enough that a part of it is a credential too.
const TOKEN: &str = "Atza|c4n4ry/Kx9_q7Zr8=mT4vN6w+pY2";

/// So many characters in a row give a credential away.
const PIECE: usize = 12;

type Encoding = fn(&str) -> String;

const ENCODINGS: [Encoding; 8] = [
    str::to_owned,
    |text| text.to_uppercase(),
    |text| special(text, |byte| format!("%{byte:02X}")),
    |text| special(text, |byte| format!("%25{byte:02x}")),
    |text| special(text, |byte| format!("\\u{byte:04x}")),
    |text| special(text, |byte| format!("&#{byte};")),
    |text| special(text, |byte| format!("&#x{byte:X};")),
    base64,
];

fn special(text: &str, write: impl Fn(u8) -> String) -> String {
    let letter = |byte: u8| match byte.is_ascii_alphanumeric() {
        true => char::from(byte).to_string(),
        false => write(byte),
    };
    text.bytes().map(letter).collect()
}

/// The bits of a text, six at a time.
fn base64(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bit = |at: usize| text.as_bytes()[at / 8] >> (7 - at % 8) & 1;
    let bits: Vec<_> = (0..8 * text.len()).map(bit).collect();
    let letter = |six: &[u8]| {
        let index = six
            .iter()
            .fold(0, |index, bit| 2 * index + usize::from(*bit));
        char::from(LETTERS[index])
    };
    bits.chunks_exact(6).map(letter).collect()
}

/// Calls servers that repeat the credential, whole and in part, and notes their errors.
pub(crate) async fn calls(note: impl Fn(&Error)) {
    for encode in ENCODINGS {
        for before in ["", "x", "xy"] {
            let server = MockServer::start().await;
            let respond = move |_: &Request| {
                let text = encode(&format!("{before}{TOKEN} and {}", &TOKEN[9..9 + PIECE + 2]));
                let error = serde_json::json!({
                    "code": text, "message": text, "reference": text, "url": text,
                    "payload": {"internalCode": text, "more": {text.clone(): [text]}},
                });
                match before {
                    "x" => ResponseTemplate::new(502).set_body_string(text),
                    _ => ResponseTemplate::new(400)
                        .set_body_json(serde_json::json!({"error": error})),
                }
            };
            Mock::given(any())
                .respond_with(respond)
                .mount(&server)
                .await;
            let music = AmazonMusic::builder()
                .base_url(server.uri())
                .security_profile_id("profile")
                .token(TOKEN)
                .retries(RetrySettings::new().max_attempts(1))
                .build()
                .unwrap();
            note(&music.top_tracks().send().await.unwrap_err());
        }
    }
}

/// The pieces of the credential that stand in a text, in any of the spellings.
pub(crate) fn found(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    for from in 5..=TOKEN.len() - PIECE {
        let piece = &TOKEN[from..from + PIECE];
        pieces.extend(ENCODINGS.map(|encode| encode(piece)));
        for before in ["", "x", "xy"] {
            // The letters that depend on nothing but the piece.
            let from = (8 * before.len()).div_ceil(6);
            pieces.push(base64(&format!("{before}{piece}"))[from..].to_owned());
        }
    }
    pieces.retain(|piece| text.contains(piece.as_str()));
    pieces
}
