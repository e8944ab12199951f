//! Random text for `state` and the PKCE verifier.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::auth::{error::TokenError, secret::Secret};

/// 32 bytes, as RFC 7636 recommends for a verifier: 43 letters.
const BYTES: usize = 32;

pub(super) fn text() -> Result<Secret, TokenError> {
    let mut bytes = Zeroizing::new([0; BYTES]);
    getrandom::fill(&mut *bytes).map_err(|error| {
        TokenError::terminal(format!("the system gives no randomness: {error}"))
    })?;
    Ok(URL_SAFE_NO_PAD.encode(*bytes).into())
}
