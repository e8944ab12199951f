//! A provider that renews what a store keeps.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use crate::{
    auth::{
        error::TokenError,
        lwa::{LoginWithAmazon, TokenSet},
        provider::{AccessToken, TokenContext, TokenFuture, TokenProvider},
        secret::Secret,
        store::contract::{TokenKey, TokenStore},
    },
    observe,
    sync::lock,
};

impl LoginWithAmazon {
    /// A provider that renews with what `store` keeps for `key`, and keeps there what it gets.
    pub fn stored(&self, store: impl TokenStore, key: TokenKey) -> Stored {
        Stored::new(store, key).client(self.clone())
    }
}

/// Gives the access token that a store keeps, and renews it there: see [`LoginWithAmazon::stored`].
///
/// Processes that share a store renew once: whoever comes second finds the new token and uses it. Where
/// the store cannot keep what a renewal brought, the token is used all the same and kept in memory; the
/// feature `tracing` tells of it.
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
    /// What a renewal brought and the store has not taken yet. The old refresh token may be good no
    /// more, so this must not be lost.
    unsaved: Mutex<Option<Unsaved>>,
}

#[derive(Clone)]
struct Unsaved {
    /// The access token that the store keeps instead.
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
        if let Some(token) = kept.and_then(|kept| self.usable(&self.latest(kept), context)) {
            return Ok(token);
        }
        let mut locked = self.store.lock(&self.key, context.clock).await?;
        let kept = locked.load().await?.ok_or_else(|| {
            let user = self.key.user();
            TokenError::terminal(format!("no login of {user:?} is kept: log in first"))
        })?;
        let stored = kept.access_token.clone();
        let latest = self.latest(kept);
        if let Some(token) = self.usable(&latest, context) {
            return Ok(token);
        }
        let new = self.granted(&latest, context).await?;
        let access = new.access_token_with_life();
        *lock(&self.given) = Some(new.access_token.clone());
        // Remembered before it is saved: what ends this task then loses nothing.
        *lock(&self.unsaved) = Some(Unsaved {
            instead_of: stored,
            tokens: new.clone(),
        });
        match locked.save(&new).await {
            Ok(()) => *lock(&self.unsaved) = None,
            // The token is good all the same. It is saved with the next one.
            Err(error) => observe::login_not_kept(&error),
        }
        Ok(access)
    }

    /// What is kept, or what should be.
    fn latest(&self, kept: TokenSet) -> TokenSet {
        match &*lock(&self.unsaved) {
            Some(unsaved) if unsaved.instead_of.expose() == kept.access_token.expose() => {
                unsaved.tokens.clone()
            }
            _ => kept,
        }
    }

    /// The token, where it is not the one that was given out before, and good for a while.
    fn usable(&self, latest: &TokenSet, context: TokenContext<'_>) -> Option<AccessToken> {
        let mut given = lock(&self.given);
        let is_new = given.as_ref().map(Secret::expose) != Some(latest.access_token.expose());
        let token = latest.access(context.clock.now()).filter(|_| is_new)?;
        *given = Some(latest.access_token.clone());
        Some(token)
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
        let refresh_token = kept.refresh_token.as_ref().ok_or_else(|| {
            TokenError::terminal(
                "the login has ended and cannot be renewed: log in again (a refresh token comes with a \
                 client secret only)",
            )
        })?;
        let mut new = client.refresh(context, refresh_token).await?;
        new.scope.clone_from(&kept.scope);
        // As it was kept: with the client or without.
        new.client.clone_from(&kept.client);
        Ok(new)
    }
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
