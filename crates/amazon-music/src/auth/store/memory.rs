//! Tokens that end with the program.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex},
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
pub struct MemoryTokenStore(Arc<Mutex<HashMap<TokenKey, Entry>>>);

/// The tokens, and the lock of whoever changes them: two, so that a look waits for nobody.
#[derive(Clone, Default)]
struct Entry {
    tokens: Arc<Mutex<Option<TokenSet>>>,
    lock: Arc<tokio::sync::Mutex<()>>,
}

impl MemoryTokenStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn entry(&self, key: &TokenKey) -> Entry {
        lock(&self.0).entry(key.clone()).or_default().clone()
    }
}

impl Entry {
    fn get(&self) -> Option<TokenSet> {
        lock(&self.tokens).clone()
    }

    fn set(&self, new: Option<TokenSet>) {
        *lock(&self.tokens) = new;
    }
}

impl TokenStore for MemoryTokenStore {
    fn lock<'a>(
        &'a self,
        key: &'a TokenKey,
        _: &'a dyn Clock,
    ) -> StoreFuture<'a, Box<dyn LockedTokens>> {
        let entry = self.entry(key);
        Box::pin(async move {
            let guard = entry.lock.clone().lock_owned().await;
            let locked: Box<dyn LockedTokens> = Box::new(Locked {
                entry,
                _guard: guard,
            });
            Ok(locked)
        })
    }

    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<TokenSet>> {
        let tokens = lock(&self.0).get(key).and_then(Entry::get);
        Box::pin(async { Ok(tokens) })
    }
}

struct Locked {
    entry: Entry,
    _guard: OwnedMutexGuard<()>,
}

impl LockedTokens for Locked {
    fn load(&mut self) -> StoreFuture<'_, Option<TokenSet>> {
        let tokens = self.entry.get();
        Box::pin(async { Ok(tokens) })
    }

    fn save<'a>(&'a mut self, tokens: &'a TokenSet) -> StoreFuture<'a, ()> {
        self.entry.set(Some(tokens.clone()));
        Box::pin(async { Ok(()) })
    }

    fn remove(&mut self) -> StoreFuture<'_, ()> {
        self.entry.set(None);
        Box::pin(async { Ok(()) })
    }
}

impl fmt::Debug for MemoryTokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryTokenStore(…)")
    }
}
