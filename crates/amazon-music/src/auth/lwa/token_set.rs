//! What a login gives.

use std::time::{Duration, SystemTime};

use crate::auth::{lwa::client::LoginWithAmazon, provider::AccessToken, secret::Secret, window};

/// The tokens of one user, as a login or a renewal gave them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TokenSet {
    /// Sent with every call.
    pub access_token: Secret,
    /// When it was asked for.
    pub issued_at: SystemTime,
    /// When the access token ends, where that is known. Login with Amazon gives it one hour.
    pub expires_at: Option<SystemTime>,
    /// Renews the access token. There is none where the client has no secret.
    pub refresh_token: Option<Secret>,
    /// What was asked for. What was granted is not told.
    pub scope: String,
    /// The client that the tokens were granted to, kept with them so that they can be renewed with
    /// nothing else at hand. A login sets it; take it out where the client's secret must not be kept
    /// with the tokens, and give it to [`LoginWithAmazon::stored`] instead.
    pub client: Option<LoginWithAmazon>,
}

impl TokenSet {
    /// Tokens that came from elsewhere.
    pub fn new(access_token: impl Into<Secret>, issued_at: SystemTime) -> Self {
        Self {
            access_token: access_token.into(),
            issued_at,
            expires_at: None,
            refresh_token: None,
            scope: String::new(),
            client: None,
        }
    }

    /// The access token as a provider gives it, where it is good for some time yet.
    pub(in crate::auth) fn access(&self, now: SystemTime) -> Option<AccessToken> {
        let token = AccessToken::new(self.access_token.clone());
        let Some(end) = self.expires_at else {
            return Some(token);
        };
        let left = end.duration_since(now).unwrap_or_default();
        let lifetime = end.duration_since(self.issued_at).unwrap_or_default();
        (left > window::late(lifetime)).then(|| token.expires_in(left))
    }

    /// The access token as it was just granted.
    pub(in crate::auth) fn access_token_with_life(&self) -> AccessToken {
        let token = AccessToken::new(self.access_token.clone());
        match self.expires_at {
            Some(end) => token.expires_in(end.duration_since(self.issued_at).unwrap_or_default()),
            None => token,
        }
    }

    pub(in crate::auth) fn with_lifetime(mut self, lifetime: Option<Duration>) -> Self {
        self.expires_at = lifetime.and_then(|lifetime| self.issued_at.checked_add(lifetime));
        self
    }
}
