//! The tokens of a login.

use std::time::{Duration, SystemTime};

use amazon_music_browse::RequestSettings;

use crate::auth::{
    error::TokenError, lwa::client::LoginWithAmazon, provider::AccessToken, secret::Secret, window,
};

/// The tokens of one user, as a login or a refresh gave them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TokenSet {
    /// Sent with every call.
    pub access_token: Secret,
    /// The moment it was asked for.
    pub issued_at: SystemTime,
    /// The moment the access token expires, if that is known. Login with Amazon gives it one hour.
    pub expires_at: Option<SystemTime>,
    /// Refreshes the access token. There is none if the client has no secret.
    pub refresh_token: Option<Secret>,
    /// The scopes that were asked for. Login with Amazon does not tell which were granted.
    pub scope: String,
    /// The client that the tokens were granted to, kept with them so that they can be refreshed with
    /// nothing else at hand. A login sets it; take it out if the client's secret must not be kept with
    /// the tokens, and give it to [`LoginWithAmazon::stored`] instead.
    pub client: Option<LoginWithAmazon>,
}

impl TokenSet {
    /// Makes a set of tokens that came from elsewhere.
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

    /// The access token as a provider gives it, if it can be sent and is good for some time yet.
    pub(in crate::auth) fn access(&self, now: SystemTime) -> Option<AccessToken> {
        let token = self.rest(now)?;
        let is_late = |left| {
            token
                .lifetime
                .is_some_and(|lifetime| window::is_late(left, lifetime))
        };
        (!token.expires_in.is_some_and(is_late)).then_some(token)
    }

    /// The access token as a provider gives it, if it can be sent and has not expired.
    pub(in crate::auth) fn rest(&self, now: SystemTime) -> Option<AccessToken> {
        self.check_access_token().ok()?;
        let token = AccessToken::new(self.access_token.clone());
        let Some(lifetime) = self.lifetime() else {
            return Some(token);
        };
        let since = now
            .duration_since(self.issued_at)
            .map_err(|ahead| ahead.duration());
        let left = window::left(since, lifetime)?;
        Some(token.expires_in(left).lifetime(lifetime))
    }

    /// The access token as it was just granted.
    ///
    /// # Errors
    ///
    /// Returns an error that may pass if it cannot be sent.
    pub(in crate::auth) fn just_granted(&self) -> Result<AccessToken, TokenError> {
        self.check_access_token()?;
        let token = AccessToken::new(self.access_token.clone());
        Ok(match self.lifetime() {
            Some(lifetime) => token.expires_in(lifetime),
            None => token,
        })
    }

    /// Returns an error if the access token cannot be sent, as one with a line break.
    pub(in crate::auth) fn check_access_token(&self) -> Result<(), TokenError> {
        let settings = RequestSettings::new("-", self.access_token.expose());
        settings.map(drop).map_err(|reason| {
            TokenError::passing(format!(
                "login with amazon gave an access token that cannot be sent: it {reason}"
            ))
        })
    }

    fn lifetime(&self) -> Option<Duration> {
        let end = self.expires_at?;
        Some(end.duration_since(self.issued_at).unwrap_or_default())
    }

    pub(in crate::auth) fn with_lifetime(mut self, lifetime: Option<Duration>) -> Self {
        self.expires_at = lifetime.and_then(|lifetime| self.issued_at.checked_add(lifetime));
        self
    }
}
