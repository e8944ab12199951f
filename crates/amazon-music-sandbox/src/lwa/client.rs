//! The registered client and its authentication.

use axum::http::{HeaderMap, header::AUTHORIZATION};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::lwa::{form::Form, refusal::Refusal};

/// ID of the client that is registered at every sandbox. Published, and valid nowhere else.
pub const CLIENT_ID: &str = "amzn1.application-oa2-client.sandbox";

/// Secret of [`CLIENT_ID`]. Published, and valid nowhere else.
pub const CLIENT_SECRET: &str = "sandbox-client-secret";

/// An authenticated client.
pub(super) struct Client {
    pub(super) id: String,
    pub(super) has_secret: bool,
}

impl Client {
    /// Authenticates by the `Authorization` header or the form. The secret may be missing, but not wrong.
    pub(super) fn authenticate(form: &Form, headers: &HeaderMap) -> Result<Self, Refusal> {
        let (id, secret) = match basic(headers) {
            Some(pair) => pair,
            None => (
                form.required("client_id")?.to_owned(),
                form.get("client_secret").to_owned(),
            ),
        };
        if id != CLIENT_ID || !(secret.is_empty() || secret == CLIENT_SECRET) {
            return Err(Refusal::invalid_client());
        }
        Ok(Self {
            id,
            has_secret: !secret.is_empty(),
        })
    }
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let pair = STANDARD.decode(value.strip_prefix("Basic ")?).ok()?;
    let (id, secret) = std::str::from_utf8(&pair).ok()?.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}
