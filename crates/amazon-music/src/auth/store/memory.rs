//! Tokens in memory, which end with the program.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard},
};

use tokio::sync::OwnedMutexGuard;

use crate::{
    auth::{
        lwa::TokenSet,
        store::contract::{LockedTokens, StoreFuture, TokenKey, TokenStore},
    },
    clock::Clock,
    sync::lock,
};

/// Keeps tokens in memory. Clones are one store.
#[derive(Clone, Default)]
pub struct MemoryTokenStore(Arc<Mutex<HashMap<TokenKey, Arc<Entry>>>>);

/// The tokens, and the lock of whoever changes them: two, so that a look waits for nobody.
#[derive(Default)]
struct Entry {
    tokens: Mutex<Option<TokenSet>>,
    lock: Arc<tokio::sync::Mutex<()>>,
}

impl MemoryTokenStore {
    /// Makes an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// An entry in use, by the holder of its lock or one who waits for it.
struct InUse {
    store: MemoryTokenStore,
    key: TokenKey,
    entry: Arc<Entry>,
}

impl InUse {
    fn new(store: &MemoryTokenStore, key: &TokenKey) -> Self {
        Self {
            entry: lock(&store.0).entry(key.clone()).or_default().clone(),
            store: store.clone(),
            key: key.clone(),
        }
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        let mut entries = lock(&self.store.0);
        // Besides this one, only the store itself has it: clones are made with the store locked.
        let is_last = Arc::strong_count(&self.entry) == 2;
        if is_last && lock(&self.entry.tokens).is_none() {
            entries.remove(&self.key);
        }
    }
}

impl TokenStore for MemoryTokenStore {
    fn lock<'a>(
        &'a self,
        key: &'a TokenKey,
        _: &'a dyn Clock,
    ) -> StoreFuture<'a, Box<dyn LockedTokens>> {
        let in_use = InUse::new(self, key);
        Box::pin(async move {
            let guard = in_use.entry.lock.clone().lock_owned().await;
            let locked: Box<dyn LockedTokens> = Box::new(Locked {
                _guard: guard,
                in_use,
            });
            Ok(locked)
        })
    }

    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<TokenSet>> {
        let entries = lock(&self.0);
        let tokens = entries
            .get(key)
            .and_then(|entry| lock(&entry.tokens).clone());
        Box::pin(async { Ok(tokens) })
    }
}

struct Locked {
    /// Dropped first: whoever waits for the lock has it before the entry may be removed.
    _guard: OwnedMutexGuard<()>,
    in_use: InUse,
}

impl Locked {
    fn tokens(&self) -> MutexGuard<'_, Option<TokenSet>> {
        lock(&self.in_use.entry.tokens)
    }
}

impl LockedTokens for Locked {
    fn load(&mut self) -> StoreFuture<'_, Option<TokenSet>> {
        let tokens = self.tokens().clone();
        Box::pin(async { Ok(tokens) })
    }

    fn save<'a>(&'a mut self, tokens: &'a TokenSet) -> StoreFuture<'a, ()> {
        *self.tokens() = Some(tokens.clone());
        Box::pin(async { Ok(()) })
    }

    fn remove(&mut self) -> StoreFuture<'_, ()> {
        *self.tokens() = None;
        Box::pin(async { Ok(()) })
    }
}

impl fmt::Debug for MemoryTokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryTokenStore(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::clock::ManualClock;

    #[tokio::test]
    async fn a_login_that_is_gone_leaves_nothing_behind() {
        let (store, clock) = (MemoryTokenStore::new(), ManualClock::new());
        let entries = || lock(&store.0).len();
        for user in 0..100 {
            let key = TokenKey::new("profile", user.to_string());
            // Somebody looks for a login that there is not.
            drop(store.lock(&key, &clock).await.unwrap());
            assert_eq!(entries(), 0);
            let tokens = TokenSet::new("token", SystemTime::UNIX_EPOCH);
            store.save(&key, &tokens, &clock).await.unwrap();
            assert_eq!(entries(), 1);
            let mut locked = store.lock(&key, &clock).await.unwrap();
            let waiting = store.lock(&key, &clock);
            locked.remove().await.unwrap();
            drop(locked);
            // It waits for the lock of an entry that is still the store's.
            assert_eq!(entries(), 1);
            drop(waiting);
            assert_eq!(entries(), 0);
        }
    }
}
