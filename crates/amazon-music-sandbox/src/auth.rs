//! Authentication of Browse requests.

use axum::http::{HeaderMap, header::AUTHORIZATION};

use crate::{
    credentials::TOKEN,
    error::{
        ACCESS_DENIED, ApiError, INVALID_ACCESS_TOKEN, INVALID_AUTH_TOKEN, INVALID_AUTH_TYPE,
        NO_X_API_KEY,
    },
    lwa::{login::Login, scope},
};

/// Rejects a request without a security profile, then one without a valid token.
pub(crate) fn check(headers: &HeaderMap, login: &Login) -> Result<(), ApiError> {
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
    let token = token.trim_ascii();
    if token.is_empty() {
        return Err(INVALID_AUTH_TOKEN);
    }
    if token == TOKEN.as_bytes() {
        return Ok(());
    }
    let token = std::str::from_utf8(token).map_err(|_| INVALID_ACCESS_TOKEN)?;
    let granted = login.scope_of(token).ok_or(INVALID_ACCESS_TOKEN)?;
    if granted.split(' ').any(|granted| granted == scope::CATALOG) {
        Ok(())
    } else {
        Err(ACCESS_DENIED)
    }
}
