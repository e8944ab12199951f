//! Both credentials of every request.

use axum::http::{HeaderMap, header::AUTHORIZATION};

use crate::{
    TOKEN,
    error::{
        ACCESS_DENIED, INVALID_ACCESS_TOKEN, INVALID_AUTH_TOKEN, INVALID_AUTH_TYPE, NO_X_API_KEY,
        Refusal,
    },
    lwa::Login,
};

/// What Browse asks for.
pub(crate) const SCOPE: &str = "music::catalog";

/// Refuses a request without a security profile, then one without a good token.
pub(crate) fn check(headers: &HeaderMap, login: &Login) -> Result<(), Refusal> {
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
    let scope = login.scope_of(token).ok_or(INVALID_ACCESS_TOKEN)?;
    match scope.split(' ').any(|scope| scope == SCOPE) {
        true => Ok(()),
        false => Err(ACCESS_DENIED),
    }
}
