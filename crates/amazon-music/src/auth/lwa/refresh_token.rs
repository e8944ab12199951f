//! A provider that renews with a refresh token and keeps nothing but in memory.

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
    /// A provider that renews with this refresh token, and keeps what it gets in memory.
    pub fn refresh_token(&self, refresh_token: impl Into<Secret>) -> RefreshToken {
        RefreshToken {
            client: self.clone(),
            refresh_token: Mutex::new(refresh_token.into()),
        }
    }
}

/// Renews access tokens at Login with Amazon: see [`LoginWithAmazon::refresh_token`].
///
/// A new refresh token takes the place of the old one; where none comes back, the old one stays good.
/// A program that ends forgets a new one: [`Stored`](crate::auth::Stored) does not.
#[derive(Debug)]
pub struct RefreshToken {
    client: LoginWithAmazon,
    refresh_token: Mutex<Secret>,
}

impl RefreshToken {
    async fn renew(&self, context: TokenContext<'_>) -> Result<AccessToken, TokenError> {
        let held = self.held().clone();
        let new = self.client.refresh(context, &held).await?;
        let access = new.access_token_with_life();
        if let Some(rotated) = new.refresh_token {
            *self.held() = rotated;
        }
        Ok(access)
    }

    fn held(&self) -> MutexGuard<'_, Secret> {
        lock(&self.refresh_token)
    }
}

impl TokenProvider for RefreshToken {
    fn token<'a>(&'a self, context: TokenContext<'a>) -> TokenFuture<'a> {
        Box::pin(self.renew(context))
    }
}
