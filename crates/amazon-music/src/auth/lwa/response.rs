//! Responses of the token endpoint.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeOwned},
};
use zeroize::Zeroizing;

use crate::{
    auth::{
        error::TokenError,
        lwa::{client::LoginWithAmazon, token_set::TokenSet},
        secret::Secret,
    },
    error::redact::message as one_line,
    text,
};

/// A response as it came.
pub(super) struct Response {
    pub(super) status: u16,
    /// When the service wants to be called again.
    pub(super) retry_at: Option<SystemTime>,
    pub(super) body: Zeroizing<Vec<u8>>,
}

impl Response {
    /// Parses a good response. Its parser could quote a token: the error has no words.
    pub(super) fn parse<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(text::without_mark(&self.body)).ok()
    }
}

/// A good response.
#[derive(Deserialize)]
pub(super) struct Granted {
    access_token: String,
    #[serde(default, deserialize_with = "seconds")]
    pub(super) expires_in: Option<Duration>,
    refresh_token: Option<String>,
}

impl Granted {
    /// The tokens that this client was granted, which it asked for at this time.
    pub(super) fn at(self, issued_at: SystemTime, client: &LoginWithAmazon) -> TokenSet {
        let refresh_token = self.refresh_token.filter(|token| !token.is_empty());
        let mut tokens = TokenSet::new(self.access_token, issued_at).with_lifetime(self.expires_in);
        tokens.refresh_token = refresh_token.map(Secret::from);
        tokens.scope.clone_from(&client.scope);
        tokens.client = Some(client.clone());
        tokens
    }
}

/// A refusal. Live responses carry more than the documented two fields.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Refused {
    error: Option<String>,
    error_description: Option<String>,
    request_id: Option<String>,
}

/// Reads a response of the token endpoint. `secrets` are cut out of its words.
pub(super) fn read(response: &Response, secrets: &[&str]) -> Result<Granted, TokenError> {
    if response.status == 200 {
        return (response.parse::<Granted>())
            .filter(|granted| !granted.access_token.is_empty())
            .ok_or_else(|| {
                TokenError::passing(
                    "login with amazon responded 200 with something that is no token",
                )
            });
    }
    Err(refusal(response, secrets))
}

/// Reads the refusal of any endpoint of Login with Amazon.
pub(super) fn refusal(response: &Response, secrets: &[&str]) -> TokenError {
    let status = response.status;
    let refused: Refused = text::parse(&response.body).unwrap_or_default();
    let code = said(refused.error, secrets);
    let message = said(refused.error_description, secrets)
        .unwrap_or_else(|| format!("login with amazon responded {status} without a reason"));
    let mut error = match code.as_deref().is_some_and(is_terminal) && status < 500 {
        true => TokenError::terminal(message),
        false => TokenError::passing(message),
    };
    error.code = code;
    error.request_id = said(refused.request_id, secrets);
    match response.retry_at {
        Some(at) => error.with_retry_at(at),
        None => error,
    }
}

/// A server's words on one line; an empty text says nothing.
fn said(text: Option<String>, secrets: &[&str]) -> Option<String> {
    let line = text.map(|text| one_line(&text, secrets));
    line.filter(|line| !line.is_empty())
}

/// The error that the user's browser brought back in place of a code. Always terminal: the login is over.
#[cfg(feature = "login")]
pub(super) fn not_granted(code: Option<String>, description: Option<String>) -> TokenError {
    let code = said(code, &[]);
    let without = match code {
        Some(_) => "login with amazon gave no reason",
        None => "login with amazon sent the user back without a code",
    };
    let message = said(description, &[]).unwrap_or_else(|| without.to_owned());
    let mut error = TokenError::terminal(message);
    error.code = code;
    error
}

/// The codes after which a retry is useless. They come in several spellings of case, and with statuses
/// that do not follow the standard, so the status alone says nothing.
fn is_terminal(code: &str) -> bool {
    [
        "invalid_grant",
        "invalid_client",
        "invalid_request",
        "invalid_scope",
        "unauthorized_client",
        "unsupported_grant_type",
        "access_denied",
        "invalid_code_pair",
        "expired_token",
        "invalidvalue",
    ]
    .iter()
    .any(|known| known.eq_ignore_ascii_case(code))
}

/// Reads `expires_in`, a number on one page of the documentation and a string on another. Nonsense counts
/// as none: the tokens beside it are good, and a refresh token that came with them may be the only one.
pub(super) fn seconds<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    struct Seconds;

    impl de::Visitor<'_> for Seconds {
        type Value = Option<Duration>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("seconds as a number or a string")
        }

        fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
            Ok(Some(Duration::from_secs(value)))
        }

        fn visit_i64<E: de::Error>(self, _: i64) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
            Ok(Duration::try_from_secs_f64(value).ok())
        }

        fn visit_str<E: de::Error>(self, value: &str) -> Result<Self::Value, E> {
            self.visit_f64(value.trim().parse().unwrap_or(-1.0))
        }

        fn visit_bool<E: de::Error>(self, _: bool) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
    }

    deserializer.deserialize_any(Seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, body: &[u8], secrets: &[&str]) -> Result<Granted, TokenError> {
        let response = Response {
            status,
            retry_at: None,
            body: body.to_vec().into(),
        };
        super::read(&response, secrets)
    }

    #[test]
    fn the_life_is_a_number_or_a_string() {
        let life = |text: &str| {
            let body = format!(r#"{{"access_token":"a","expires_in":{text}}}"#);
            read(200, body.as_bytes(), &[]).map(|granted| granted.expires_in)
        };
        let hour = Some(Duration::from_secs(3600));
        assert_eq!(life("3600").unwrap(), hour);
        assert_eq!(life("\"3600\"").unwrap(), hour);
        assert_eq!(life("3600.0").unwrap(), hour);
        assert_eq!(life("null").unwrap(), None);
        assert_eq!(life("\"3600.0\"").unwrap(), hour);
        for nonsense in ["\"soon\"", "-1", "-1.5", "1e300", "\"\"", "false"] {
            assert_eq!(life(nonsense).unwrap(), None, "{nonsense}");
        }
    }

    #[test]
    fn refusals_keep_what_was_said() {
        let body = br#"{"error":"invalid_grant","error_description":"The request has an invalid grant parameter : refresh_token","error_index":"x","request_id":"r-1"}"#;
        let error = read(400, body, &[]).err().unwrap();
        assert!(error.is_terminal());
        assert_eq!(
            error.to_string(),
            "invalid_grant: The request has an invalid grant parameter : refresh_token (request r-1)"
        );
    }

    #[test]
    fn the_code_decides_and_not_the_status() {
        let terminal = |status, code: &str| {
            let body = format!(r#"{{"error":"{code}"}}"#);
            read(status, body.as_bytes(), &[])
                .err()
                .unwrap()
                .is_terminal()
        };
        assert!(terminal(400, "invalid_client") && terminal(401, "INVALID_CLIENT"));
        assert!(!terminal(400, "ServerError") && !terminal(503, "servererror"));
        assert!(!terminal(400, "something_new"));
        assert!(!read(502, b"<html>", &[]).err().unwrap().is_terminal());
    }

    #[test]
    fn nothing_that_looks_like_a_token_is_shown() {
        let error = read(200, br#"{"access_token":{"secret":"Atza|canary"}}"#, &[])
            .err()
            .unwrap();
        assert!(!error.to_string().contains("canary"));
        let error = read(
            400,
            br#"{"error":"x","error_description":"Atzr|canary"}"#,
            &["Atzr|canary"],
        );
        assert!(!error.err().unwrap().to_string().contains("canary"));
    }
}
