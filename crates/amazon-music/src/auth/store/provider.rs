//! A provider that refreshes the tokens of a store.

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
        store::contract::{LockedTokens, TokenKey, TokenStore},
    },
    observe,
    sync::lock,
};

/// Tells of tokens that a store did not keep.
type OnUnsaved = Box<dyn Fn(&TokenError) + Send + Sync>;

impl LoginWithAmazon {
    /// Makes a provider that refreshes the tokens that `store` keeps for `key`, and saves them there.
    pub fn stored(&self, store: impl TokenStore, key: TokenKey) -> Stored {
        Stored::new(store, key).client(self.clone())
    }
}

/// Gets the access token that a store keeps, and refreshes it there: see [`LoginWithAmazon::stored`].
///
/// Processes that share a store refresh once: whoever comes second finds the new token and uses it. If the
/// store cannot save what a refresh brought, the token is used all the same and kept in memory;
/// [`on_unsaved`](Self::on_unsaved) and the feature `tracing` tell of it.
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
    on_unsaved: Option<OnUnsaved>,
    /// The token that was given out last. If it is asked for again, the service did not accept it, or it is
    /// old.
    given: Mutex<Option<Secret>>,
    /// The tokens of a refresh that the store has not saved yet. The old refresh token may be spent, so
    /// these must not be lost.
    unsaved: Mutex<Option<Unsaved>>,
}

#[derive(Clone)]
struct Unsaved {
    /// The access token that the store keeps instead.
    instead_of: Secret,
    tokens: TokenSet,
}

impl Stored {
    /// Makes a provider of the tokens that `store` keeps for `key`, refreshed by the client that is kept
    /// with them.
    pub fn new(store: impl TokenStore, key: TokenKey) -> Self {
        Self {
            store: Arc::new(store),
            key,
            client: None,
            on_unsaved: None,
            given: Mutex::default(),
            unsaved: Mutex::default(),
        }
    }

    /// Refreshes with this client, whatever is kept.
    pub fn client(mut self, client: LoginWithAmazon) -> Self {
        self.client = Some(client);
        self
    }

    /// Calls `tell` when the store could not save what a refresh brought. The login may end with the
    /// program then: the refresh token that is kept may be spent.
    pub fn on_unsaved(mut self, tell: impl Fn(&TokenError) + Send + Sync + 'static) -> Self {
        self.on_unsaved = Some(Box::new(tell));
        self
    }

    async fn get(&self, context: TokenContext<'_>) -> Result<AccessToken, TokenError> {
        // A token that another process refreshed needs no lock.
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
        let refreshed = match self.make_room(&mut *locked).await {
            Ok(()) => self.granted(&latest, context).await,
            Err(error) => Err(error),
        };
        let mut new = match refreshed {
            Ok(new) => new,
            Err(error) => match self.replaced(&mut *locked, &latest, error, context).await {
                Ok(token) => return Ok(token),
                Err(error) => return self.late(&latest, error, context),
            },
        };
        let access = new.just_granted();
        if access.is_err() {
            // Its refresh token may be the only one that is good, and is kept with the old access token.
            new.access_token = latest.access_token.clone();
            (new.issued_at, new.expires_at) = (latest.issued_at, latest.expires_at);
        }
        self.save(&mut *locked, stored, new).await;
        match access {
            Ok(token) => {
                *lock(&self.given) = Some(token.secret.clone());
                Ok(token)
            }
            Err(error) => self.late(&latest, error, context),
        }
    }

    /// The token of another holder that refreshed meanwhile, if the refresh token was refused for that.
    async fn replaced(
        &self,
        locked: &mut dyn LockedTokens,
        spent: &TokenSet,
        error: TokenError,
        context: TokenContext<'_>,
    ) -> Result<AccessToken, TokenError> {
        if !error.is_terminal() || spent.refresh_token.is_none() {
            return Err(error);
        }
        let kept = match locked.load_after_refusal().await {
            Err(pending) if pending.is_transient() => return Err(pending),
            Ok(Some(kept)) => kept,
            _ => return Err(error),
        };
        if kept.access_token.expose() == spent.access_token.expose() {
            return Err(error);
        }
        self.usable(&kept, context).ok_or(error)
    }

    /// The old token after a failed refresh, if it has not expired: too old to be taken up without need, and
    /// better than none.
    fn late(
        &self,
        latest: &TokenSet,
        error: TokenError,
        context: TokenContext<'_>,
    ) -> Result<AccessToken, TokenError> {
        match self.given_out(latest.rest(context.clock.now())) {
            Some(token) => Ok(AccessToken {
                failure: Some(error),
                ..token
            }),
            None => Err(error),
        }
    }

    /// Makes sure that the tokens of a refresh can be saved, before it spends the refresh token.
    async fn make_room(&self, locked: &mut dyn LockedTokens) -> Result<(), TokenError> {
        match locked.reserve().await {
            // What is kept is spent already: nothing is left to lose.
            Err(error) if error.is_transient() && lock(&self.unsaved).is_none() => Err(error),
            _ => Ok(()),
        }
    }

    async fn save(&self, locked: &mut dyn LockedTokens, instead_of: Secret, new: TokenSet) {
        // Remembered before it is saved: if this task ends meanwhile, nothing is lost.
        *lock(&self.unsaved) = Some(Unsaved {
            instead_of,
            tokens: new.clone(),
        });
        match locked.save(&new).await {
            Ok(()) => *lock(&self.unsaved) = None,
            // The token is good all the same. It is saved with the next one.
            Err(error) => {
                observe::login_not_kept(&error);
                if let Some(tell) = &self.on_unsaved {
                    tell(&error);
                }
            }
        }
    }

    /// The tokens that are kept, or should be.
    fn latest(&self, kept: TokenSet) -> TokenSet {
        match &*lock(&self.unsaved) {
            Some(unsaved) if unsaved.instead_of.expose() == kept.access_token.expose() => {
                unsaved.tokens.clone()
            }
            _ => kept,
        }
    }

    /// The token, if it is not the one that was given out before, and good for a while.
    fn usable(&self, latest: &TokenSet, context: TokenContext<'_>) -> Option<AccessToken> {
        self.given_out(latest.access(context.clock.now()))
    }

    /// Notes that this token is given out, unless it was the last one that was.
    fn given_out(&self, token: Option<AccessToken>) -> Option<AccessToken> {
        let mut given = lock(&self.given);
        let last = given.as_ref().map(Secret::expose);
        let token = token.filter(|token| last != Some(token.secret.expose()))?;
        *given = Some(token.secret.clone());
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
                "the login has ended and cannot be refreshed: log in again (a refresh token comes with a \
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
