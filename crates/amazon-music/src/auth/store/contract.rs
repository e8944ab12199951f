//! The contract of token stores, and the keys they are asked by.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use crate::{
    auth::{error::TokenError, lwa::TokenSet, secret::Secret},
    clock::Clock,
};

/// The future of a [`TokenStore`].
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, TokenError>> + Send + 'a>>;

/// Keeps the tokens of users: in a file (`FileTokenStore`, feature `file-store`), in memory
/// ([`MemoryTokenStore`](super::MemoryTokenStore)), or wherever else a program wants them.
///
/// A refresh token may be good for one refresh only, so two refreshes of the same login must never run
/// beside each other, be it in two processes. Whoever changes what is kept therefore holds the lock of
/// its key.
///
/// ```
/// use amazon_music::{
///     auth::{MemoryTokenStore, TokenError, TokenKey, TokenSet, TokenStore},
///     clock::{Clock as _, SystemClock},
/// };
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), TokenError> {
/// let store = MemoryTokenStore::new();
/// let (key, clock) = (TokenKey::new("amzn1.application.…", "anna"), SystemClock::new());
/// store.save(&key, &TokenSet::new("Atza|…", clock.now()), &clock).await?;
/// assert!(store.load(&key).await?.is_some());
/// store.remove(&key, &clock).await?;
/// assert!(store.load(&key).await?.is_none());
/// # Ok(())
/// # }
/// ```
///
/// One of your own writes [`lock`](Self::lock) and [`load`](Self::load). The example `custom_token_store` of
/// this crate is a store over a table; [`TokenSet::to_record`] writes what a row holds.
///
/// # Locks that end with their holder
///
/// A lock of a database session (`SELECT … FOR UPDATE`, an advisory lock) ends with its connection, and
/// nobody else saves while it lasts. A lock that expires by time can be lost by a holder that is paused, so
/// such a store also
///
/// - numbers its locks (a fencing number) and refuses a save whose number is older than the one of the
///   record;
/// - refuses a save if the refresh token that is kept is not the one that the holder has loaded, and spent;
/// - marks in [`reserve`](LockedTokens::reserve) that the refresh token is about to be spent, so that
///   [`load_after_refusal`](LockedTokens::load_after_refusal) can tell a login that is over from one whose
///   successor is still on its way;
/// - distinguishes a lock that is held, for which it waits, from a database that is away, for which it
///   returns an error that may pass.
///
/// `RedisTokenStore` of the crate `amazon-music-redis` does all of this.
pub trait TokenStore: fmt::Debug + Send + Sync + 'static {
    /// Waits until nobody else holds the lock of this key, and takes it. The lock is given back when the
    /// returned value is dropped. Waits by this clock.
    fn lock<'a>(
        &'a self,
        key: &'a TokenKey,
        clock: &'a dyn Clock,
    ) -> StoreFuture<'a, Box<dyn LockedTokens>>;

    /// Loads the tokens of this key, without waiting for a refresh that is under way.
    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<TokenSet>>;

    /// Saves the tokens of a login, whatever was kept before.
    fn save<'a>(
        &'a self,
        key: &'a TokenKey,
        tokens: &'a TokenSet,
        clock: &'a dyn Clock,
    ) -> StoreFuture<'a, ()> {
        Box::pin(async move { self.lock(key, clock).await?.save(tokens).await })
    }

    /// Removes a login.
    fn remove<'a>(&'a self, key: &'a TokenKey, clock: &'a dyn Clock) -> StoreFuture<'a, ()> {
        Box::pin(async move { self.lock(key, clock).await?.remove().await })
    }
}

impl<S: TokenStore + ?Sized> TokenStore for Arc<S> {
    fn lock<'a>(
        &'a self,
        key: &'a TokenKey,
        clock: &'a dyn Clock,
    ) -> StoreFuture<'a, Box<dyn LockedTokens>> {
        (**self).lock(key, clock)
    }

    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<TokenSet>> {
        (**self).load(key)
    }

    fn save<'a>(
        &'a self,
        key: &'a TokenKey,
        tokens: &'a TokenSet,
        clock: &'a dyn Clock,
    ) -> StoreFuture<'a, ()> {
        (**self).save(key, tokens, clock)
    }

    fn remove<'a>(&'a self, key: &'a TokenKey, clock: &'a dyn Clock) -> StoreFuture<'a, ()> {
        (**self).remove(key, clock)
    }
}

/// The tokens of one key, which nobody else changes in the meantime.
pub trait LockedTokens: Send {
    /// Loads the tokens.
    fn load(&mut self) -> StoreFuture<'_, Option<TokenSet>>;

    /// Makes sure that the next [`save`](Self::save) will succeed, as far as that can be known. Asked before
    /// a refresh token is spent, whose successor would be lost otherwise.
    ///
    /// An error that may pass, as on a full disk, stops the refresh. A terminal one says that the store can
    /// only be read: the refresh goes on, and its tokens are kept in memory. Does nothing unless a store
    /// has its own.
    fn reserve(&mut self) -> StoreFuture<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    /// Saves these in place of what was kept. Once it returns, they survive a crash.
    ///
    /// A store whose locks expire keeps newer tokens that another holder has saved meanwhile, and returns
    /// no error then: nothing is lost.
    fn save<'a>(&'a mut self, tokens: &'a TokenSet) -> StoreFuture<'a, ()>;

    /// Loads the tokens after the token service refused the refresh token: another holder may have spent it
    /// and saved its successor.
    ///
    /// An error that may pass says that another holder may still do so; it is reported instead of the refusal.
    /// The same as [`load`](Self::load) unless a store has its own, as one whose locks expire.
    fn load_after_refusal(&mut self) -> StoreFuture<'_, Option<TokenSet>> {
        self.load()
    }

    /// Removes the tokens.
    fn remove(&mut self) -> StoreFuture<'_, ()>;
}

/// The key of a login: one user, and the security profile of the application that the tokens were granted
/// to.
#[derive(Clone)]
pub struct TokenKey {
    security_profile_id: Secret,
    user: String,
}

impl TokenKey {
    /// Makes a key. `user` is any name that the program has for the user; it is not sent anywhere.
    pub fn new(security_profile_id: impl Into<Secret>, user: impl Into<String>) -> Self {
        Self {
            security_profile_id: security_profile_id.into(),
            user: user.into(),
        }
    }

    /// The id of the security profile.
    #[must_use]
    pub fn security_profile_id(&self) -> &Secret {
        &self.security_profile_id
    }

    /// The program's name for the user.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    fn parts(&self) -> (&str, &str) {
        (self.security_profile_id.expose(), &self.user)
    }
}

impl PartialEq for TokenKey {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for TokenKey {}

impl std::hash::Hash for TokenKey {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKey")
            .field("security_profile_id", &self.security_profile_id)
            .field("user", &self.user)
            .finish()
    }
}
