//! Tokens in Redis.

mod lease;
mod list;
mod locked;
mod saving;
mod scripts;

use std::{fmt, sync::Arc, time::Duration};

use amazon_music::{
    Secret,
    auth::{LockedTokens, StoreFuture, TokenError, TokenKey, TokenSet, TokenStore},
    clock::Clock,
};

use crate::{
    crypt::{Crypt, EncryptionKey, Opened},
    keys::{Keys, Naming},
    server::Redis,
};
pub use lease::Asked;
use lease::{Lease, busy};
use locked::Locked;

/// The delay before a lock that is held is asked for again, at first; doubled up to ten times as long.
const LOCK_DELAY: Duration = Duration::from_millis(10);

/// Keeps tokens in Redis, for services on many machines.
///
/// ```
/// use amazon_music::auth::{LoginWithAmazon, TokenKey};
/// use amazon_music_redis::{EncryptionKey, Redis, RedisTokenStore};
///
/// # fn main() -> Result<(), amazon_music_redis::Failure> {
/// let redis = Redis::builder("redis://127.0.0.1:6379").build()?;
/// # let bytes = [0; 32];
/// let store = RedisTokenStore::new(redis).encryption_keys([EncryptionKey::new(bytes)]);
/// let tokens = LoginWithAmazon::new("amzn1.application-oa2-client.0123456789abcdef")
///     .client_secret("…")
///     .stored(store, TokenKey::new("amzn1.application.0123456789abcdef", "anna"));
/// let builder = amazon_music::AmazonMusic::builder().tokens(tokens);
/// # drop(builder);
/// # Ok(())
/// # }
/// ```
///
/// - One machine refreshes a login, the others use what it saved. The lock is extended as long as its holder
///   lives; that of a machine that died is free after [`lock_expiry`](Self::lock_expiry).
/// - A holder that was paused beyond that cannot overwrite a newer login: locks are numbered, and a save
///   names the refresh token that it spent.
/// - A refresh token is spent only after Redis has taken a write. If it is away when the new one comes, that
///   one is used, and saving goes on in the background.
/// - Keys never expire; a user has one, and one more during a refresh. Set `maxmemory-policy noeviction`, and
///   switch persistence on.
/// - Asynchronous replication can lose what the old master took last: a failover at that moment costs a login
///   whose refresh token was just rotated. `min-replicas-to-write 1` makes the time shorter.
#[derive(Clone)]
pub struct RedisTokenStore {
    redis: Redis,
    crypt: Arc<Crypt>,
    naming: Naming,
    times: Times,
}

#[derive(Clone, Copy, Debug)]
struct Times {
    lock_expiry: Duration,
    longest_lock_wait: Duration,
    refresh_grace: Duration,
}

impl RedisTokenStore {
    /// Makes a store of plain records.
    #[must_use]
    pub fn new(redis: Redis) -> Self {
        Self {
            redis,
            crypt: Arc::default(),
            naming: Naming::Shown,
            times: Times {
                lock_expiry: Duration::from_secs(10),
                longest_lock_wait: Duration::from_secs(20),
                refresh_grace: Duration::from_secs(120),
            },
        }
    }

    /// Encrypts records with the first of these keys (XChaCha20-Poly1305) and decrypts with all of them.
    ///
    /// Plain records are still read, and encrypted with the next save; [`encrypt_all`](Self::encrypt_all) does
    /// it at once. To replace a key, put the new one in front, and take the old one out after that.
    #[must_use]
    pub fn encryption_keys(mut self, keys: impl IntoIterator<Item = EncryptionKey>) -> Self {
        self.crypt = Arc::new(Crypt::new(keys));
        self
    }

    /// Names users in keys by a hash (HMAC-SHA-256 with this secret), which all machines must share. Unless
    /// set, a key shows the beginning of the user's name.
    #[must_use]
    pub fn hashed_users(mut self, secret: impl Into<Secret>) -> Self {
        self.naming = Naming::Hashed(secret.into());
        self
    }

    /// How long the lock of a machine that died stays, 10 s unless set. A third of it is the time between two
    /// extensions of one that lives.
    #[must_use]
    pub fn lock_expiry(mut self, expiry: Duration) -> Self {
        self.times.lock_expiry = expiry.max(Duration::from_millis(1));
        self
    }

    /// How long to wait for a lock that is held, 20 s unless set. It should be longer than
    /// [`lock_expiry`](Self::lock_expiry).
    #[must_use]
    pub fn longest_lock_wait(mut self, wait: Duration) -> Self {
        self.times.longest_lock_wait = wait;
        self
    }

    /// How long a machine may take to save what a refresh brought, 2 minutes unless set. It tries for so
    /// long; and another machine whose refresh token is refused in that time reports an error that may pass,
    /// rather than a login that is over.
    #[must_use]
    pub fn refresh_grace(mut self, grace: Duration) -> Self {
        self.times.refresh_grace = grace;
        self
    }

    /// Asks for the lock of a key once, without waiting for another holder.
    pub async fn try_lock(&self, key: &TokenKey) -> Asked {
        let mut lease = Lease::new(
            self.redis.clone(),
            self.names_of(key),
            self.times.lock_expiry,
        );
        self.ask(key, &mut lease).await
    }

    async fn ask(&self, key: &TokenKey, lease: &mut Lease) -> Asked {
        match lease.ask().await {
            Ok(Ok(granted)) => {
                let locked = Locked::new(self.clone(), key.clone(), lease.take(), granted);
                Asked::Acquired(Box::new(locked))
            }
            Ok(Err(left)) => Asked::Held { left },
            Err(failure) => Asked::Broken(failure),
        }
    }

    fn names_of(&self, key: &TokenKey) -> Arc<Keys> {
        Arc::new(Keys::new(self.redis.prefix(), &self.naming, key))
    }

    /// Reads a record, which must be that of this key.
    fn read(
        &self,
        name: &str,
        key: &TokenKey,
        record: Option<&[u8]>,
    ) -> Result<Option<TokenSet>, TokenError> {
        let Some(record) = record else {
            return Ok(None);
        };
        let (found, tokens, _) = self.decode(name, record)?;
        if found == *key {
            Ok(Some(tokens))
        } else {
            Err(TokenError::lasting(format!(
                "the record {name} in redis holds the tokens of another user or security profile"
            )))
        }
    }

    /// Reads a record: its key, its tokens, and whether it would be written in the same way today.
    fn decode(&self, name: &str, record: &[u8]) -> Result<(TokenKey, TokenSet, bool), TokenError> {
        let Opened { text, is_current } = self.crypt.open(name, record)?;
        let (key, tokens) = TokenSet::from_record(&text).map_err(|error| {
            TokenError::lasting(format!(
                "the record {name} in redis cannot be read: {error}"
            ))
        })?;
        Ok((key, tokens, is_current))
    }
}

impl TokenStore for RedisTokenStore {
    fn lock<'a>(
        &'a self,
        key: &'a TokenKey,
        clock: &'a dyn Clock,
    ) -> StoreFuture<'a, Box<dyn LockedTokens>> {
        Box::pin(async move {
            let end = clock.elapsed().saturating_add(self.times.longest_lock_wait);
            let mut lease = Lease::new(
                self.redis.clone(),
                self.names_of(key),
                self.times.lock_expiry,
            );
            let mut delay = LOCK_DELAY;
            loop {
                let left = match self.ask(key, &mut lease).await {
                    Asked::Acquired(locked) => return Ok(locked),
                    Asked::Broken(failure) => return Err(failure.into()),
                    Asked::Held { left } => left,
                };
                if clock.elapsed() >= end {
                    return Err(busy(self.times.longest_lock_wait));
                }
                let delayed = delay.mul_f64(0.5 + getrandom_unit());
                clock.sleep(delayed.min(left.max(LOCK_DELAY))).await;
                delay = (delay * 2).min(LOCK_DELAY * 10);
            }
        })
    }

    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<TokenSet>> {
        Box::pin(async move {
            let keys = self.names_of(key);
            let mut command = redis::cmd("HGET");
            command.arg(&keys.tokens).arg("data");
            let record: Option<Vec<u8>> = self.redis.query(&command).await?;
            self.read(&keys.tokens, key, record.as_deref())
        })
    }
}

/// A random number from 0 to 1; a half if the system has none.
fn getrandom_unit() -> f64 {
    let random = getrandom::u32().unwrap_or(u32::MAX / 2);
    f64::from(random) / f64::from(u32::MAX)
}

impl fmt::Debug for RedisTokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisTokenStore")
            .field("redis", &self.redis)
            .field("times", &self.times)
            .finish_non_exhaustive()
    }
}
