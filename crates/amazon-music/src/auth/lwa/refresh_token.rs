//! A provider that refreshes with a refresh token and keeps everything in memory only.

use std::sync::{Mutex, MutexGuard};

use crate::{
    auth::{
        error::TokenError,
        lwa::client::LoginWithAmazon,
        provider::{AccessToken, TokenContext, TokenFuture, TokenProvider},
        secret::Secret,
    },
    sync::lock,
};

impl LoginWithAmazon {
    /// Makes a provider that refreshes with this refresh token and keeps what it gets in memory.
    pub fn refresh_token(&self, refresh_token: impl Into<Secret>) -> RefreshToken {
        RefreshToken {
            client: self.clone(),
            refresh_token: Mutex::new(refresh_token.into()),
        }
    }
}

/// Refreshes access tokens at Login with Amazon: see [`LoginWithAmazon::refresh_token`].
///
/// A new refresh token takes the place of the old one; if none comes back, the old one stays good. A
/// program that ends forgets a new one: [`Stored`](crate::auth::Stored) does not.
#[derive(Debug)]
pub struct RefreshToken {
    client: LoginWithAmazon,
    refresh_token: Mutex<Secret>,
}

impl RefreshToken {
    async fn refresh(&self, context: TokenContext<'_>) -> Result<AccessToken, TokenError> {
        let held = self.held().clone();
        let new = self.client.refresh(context, &held).await?;
        // The old one may be spent, whatever the access token beside the new one is.
        if let Some(rotated) = &new.refresh_token {
            *self.held() = rotated.clone();
        }
        new.just_granted()
    }

    fn held(&self) -> MutexGuard<'_, Secret> {
        lock(&self.refresh_token)
    }
}

impl TokenProvider for RefreshToken {
    fn token<'a>(&'a self, context: TokenContext<'a>) -> TokenFuture<'a> {
        Box::pin(self.refresh(context))
    }
}
