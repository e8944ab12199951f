//! Both credentials of every request.

use axum::http::{HeaderMap, header::AUTHORIZATION};

use crate::{
    TOKEN,
    error::{INVALID_ACCESS_TOKEN, INVALID_AUTH_TOKEN, INVALID_AUTH_TYPE, NO_X_API_KEY, Refusal},
};

/// Refuses a request without a security profile, then one without a good token.
pub(crate) fn check(headers: &HeaderMap) -> Result<(), Refusal> {
    let header = |name| headers.get(name).map(|value| value.as_bytes());
    if header("x-api-key")
        .unwrap_or_default()
        .trim_ascii()
        .is_empty()
    {
        return Err(NO_X_API_KEY);
    }
    let authorization = header(AUTHORIZATION.as_str()).ok_or(INVALID_AUTH_TYPE)?;
    let (scheme, token) = authorization.split_at_checked(6).ok_or(INVALID_AUTH_TYPE)?;
    if !scheme.eq_ignore_ascii_case(b"bearer") || token.first().is_some_and(|byte| *byte != b' ') {
        return Err(INVALID_AUTH_TYPE);
    }
    match token.trim_ascii() {
        b"" => Err(INVALID_AUTH_TOKEN),
        token if token == TOKEN.as_bytes() => Ok(()),
        _ => Err(INVALID_ACCESS_TOKEN),
    }
}
