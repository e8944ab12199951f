//! A provider that renews with a refresh token and keeps nothing but in memory.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{AccessToken, LoginWithAmazon, TokenContext, TokenError, TokenFuture, TokenProvider};
use crate::Secret;

/// Renews access tokens at Login with Amazon: see [`LoginWithAmazon::refresh_token`].
///
/// A new refresh token takes the place of the old one; where none comes back, the old one stays good.
/// A program that ends forgets a new one: [`Stored`](super::Stored) does not.
#[derive(Debug)]
pub struct RefreshToken {
    client: LoginWithAmazon,
    refresh_token: Mutex<Secret>,
}

impl RefreshToken {
    pub(super) fn new(client: LoginWithAmazon, refresh_token: Secret) -> Self {
        let refresh_token = Mutex::new(refresh_token);
        Self {
            client,
            refresh_token,
        }
    }

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
        let held = self.refresh_token.lock();
        held.unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenProvider for RefreshToken {
    fn token<'a>(&'a self, context: TokenContext<'a>) -> TokenFuture<'a> {
        Box::pin(self.renew(context))
    }
}
