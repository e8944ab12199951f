//! A provider that renews what a store keeps.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    AccessToken, LockedTokens, LoginWithAmazon, TokenContext, TokenError, TokenFuture, TokenKey,
    TokenProvider, TokenSet, TokenStore,
};
use crate::Secret;

/// Gives the access token that a store keeps, and renews it there: see [`LoginWithAmazon::stored`].
///
/// Processes that share a store renew once: whoever comes second finds the new token and uses it.
///
/// ```
/// use amazon_music::auth::{MemoryTokenStore, Stored, TokenKey};
///
/// // The client that the tokens were granted to is kept with them.
/// let store = MemoryTokenStore::new();
/// let tokens = Stored::new(store, TokenKey::new("amzn1.application.0123456789abcdef", "anna"));
/// let builder = amazon_music::AmazonMusic::builder().tokens(tokens);
/// # drop(builder);
/// ```
#[must_use]
pub struct Stored {
    store: Arc<dyn TokenStore>,
    key: TokenKey,
    client: Option<LoginWithAmazon>,
    /// The token that was given out last. Asked again, the service did not want it, or it is old.
    given: Mutex<Option<Secret>>,
    /// What a renewal brought and the store did not take: kept by the next one.
    unsaved: Mutex<Option<Unsaved>>,
}

struct Unsaved {
    /// The access token that was kept when these were granted.
    instead_of: Secret,
    tokens: TokenSet,
}

impl Stored {
    /// What `store` keeps for `key`, renewed by the client that is kept with it.
    pub fn new(store: impl TokenStore, key: TokenKey) -> Self {
        Self {
            store: Arc::new(store),
            key,
            client: None,
            given: Mutex::default(),
            unsaved: Mutex::default(),
        }
    }

    /// Renews with this client, whatever is kept.
    pub fn client(mut self, client: LoginWithAmazon) -> Self {
        self.client = Some(client);
        self
    }

    async fn get(&self, context: TokenContext<'_>) -> Result<AccessToken, TokenError> {
        // A token that another process renewed needs no lock.
        let kept = self.store.load(&self.key).await?;
        if let Some(token) = kept.and_then(|kept| self.usable(&kept, context)) {
            return Ok(token);
        }
        let mut locked = self.store.lock(&self.key, context.clock).await?;
        let kept = locked.load().await?.ok_or_else(|| {
            let user = self.key.user();
            TokenError::terminal(format!("no login of {user:?} is kept: log in first"))
        })?;
        match self.usable(&kept, context) {
            Some(token) => Ok(token),
            None => self.renew(&mut *locked, &kept, context).await,
        }
    }

    /// The kept token, where it is not the one that was given out before, and good for a while.
    fn usable(&self, kept: &TokenSet, context: TokenContext<'_>) -> Option<AccessToken> {
        let mut given = lock(&self.given);
        let is_new = given.as_ref().map(Secret::expose) != Some(kept.access_token.expose());
        let token = kept.access(context.clock.now()).filter(|_| is_new)?;
        *given = Some(kept.access_token.clone());
        Some(token)
    }

    async fn renew(
        &self,
        locked: &mut dyn LockedTokens,
        kept: &TokenSet,
        context: TokenContext<'_>,
    ) -> Result<AccessToken, TokenError> {
        let new = match self.unsaved_instead_of(&kept.access_token) {
            Some(unsaved) => unsaved,
            None => self.granted(kept, context).await?,
        };
        if let Err(error) = locked.save(&new).await {
            // The old refresh token may be good no more, so the new one must not be lost.
            *lock(&self.unsaved) = Some(Unsaved {
                instead_of: kept.access_token.clone(),
                tokens: new,
            });
            return Err(error);
        }
        *lock(&self.given) = Some(new.access_token.clone());
        Ok(new.access_token_with_life())
    }

    async fn granted(
        &self,
        kept: &TokenSet,
        context: TokenContext<'_>,
    ) -> Result<TokenSet, TokenError> {
        let client = self
            .client
            .as_ref()
            .or(kept.client.as_ref())
            .ok_or_else(|| {
                TokenError::terminal(
                    "no client is kept with the tokens: give one to `Stored::client`",
                )
            })?;
        let mut new = client.refresh(context, kept).await?;
        // As it was kept: with the client or without.
        new.client.clone_from(&kept.client);
        Ok(new)
    }

    fn unsaved_instead_of(&self, kept: &Secret) -> Option<TokenSet> {
        let unsaved = lock(&self.unsaved).take()?;
        (unsaved.instead_of.expose() == kept.expose()).then_some(unsaved.tokens)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl TokenProvider for Stored {
    fn token<'a>(&'a self, context: TokenContext<'a>) -> TokenFuture<'a> {
        Box::pin(self.get(context))
    }
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored")
            .field("store", &self.store)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
