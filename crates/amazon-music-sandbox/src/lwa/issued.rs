//! Issued tokens.

use std::fmt;

/// Access token and refresh token of one user.
#[derive(Clone)]
#[non_exhaustive]
pub struct IssuedTokens {
    /// Access token, for the Browse API.
    pub access_token: String,
    /// Refresh token, for the token endpoint.
    pub refresh_token: String,
}

impl fmt::Debug for IssuedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IssuedTokens(…)")
    }
}

impl IssuedTokens {
    pub(super) fn new(access_token: String, refresh_token: String) -> Self {
        Self {
            access_token,
            refresh_token,
        }
    }
}
