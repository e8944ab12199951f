//! A stored login as a token provider.

use std::{sync::Arc, time::Duration};

use amazon_music::{
    auth::{FileTokenStore, MemoryTokenStore, Stored, TokenError, TokenKey, TokenSet, TokenStore},
    clock::Clock as _,
};
use amazon_music_sandbox::Sandbox;
use insta::assert_snapshot;

use super::{key, tokens};
use crate::time::on_manual_clock;

#[tokio::test]
async fn a_stored_login_is_shared_and_refreshed_once() {
    let (clock, sandbox, builder) = on_manual_clock(Sandbox::new().rotating_refresh_tokens()).await;
    let folder = tempfile::tempdir().unwrap();
    let store = FileTokenStore::new(folder.path());
    store
        .save(&key(), &tokens(&sandbox, clock.now()), &clock)
        .await
        .unwrap();
    let first = builder
        .tokens(Stored::new(store.clone(), key()))
        .build()
        .unwrap();
    first.top_tracks().send().await.unwrap();
    assert_eq!(sandbox.refreshes(), 0, "the stored token is still valid");
    clock.advance(Duration::from_secs(3600));
    first.top_tracks().send().await.unwrap();
    assert_eq!(sandbox.refreshes(), 1);
    let second = first.for_user(Stored::new(store.clone(), key()));
    second.top_tracks().send().await.unwrap();
    assert_eq!(
        sandbox.refreshes(),
        1,
        "one uses the token that the other refreshed"
    );
    // Rejected before it expired: refreshed by one, and loaded by the other.
    sandbox.expire_access_tokens();
    first.top_tracks().send().await.unwrap();
    second.top_tracks().send().await.unwrap();
    assert_eq!(sandbox.refreshes(), 2);
}

#[tokio::test]
async fn a_user_who_is_not_logged_in_gets_an_error_that_says_so() {
    let (_, _sandbox, builder) = on_manual_clock(Sandbox::new()).await;
    let music = builder
        .tokens(Stored::new(MemoryTokenStore::new(), key()))
        .build()
        .unwrap();
    let error = music.top_tracks().send().await.unwrap_err();
    assert_snapshot!(error, @r#"get_top_tracks: no access token: no login of "Anna B." is kept: log in first"#);
}

/// A store whose disk is full at times.
#[derive(Debug)]
struct Full(MemoryTokenStore, Arc<std::sync::atomic::AtomicBool>);

struct FullLocked(Box<dyn amazon_music::auth::LockedTokens>, bool);

impl TokenStore for Full {
    fn lock<'a>(
        &'a self,
        key: &'a TokenKey,
        clock: &'a dyn amazon_music::clock::Clock,
    ) -> amazon_music::auth::StoreFuture<'a, Box<dyn amazon_music::auth::LockedTokens>> {
        Box::pin(async move {
            let is_full = self.1.load(std::sync::atomic::Ordering::SeqCst);
            let locked = FullLocked(self.0.lock(key, clock).await?, is_full);
            Ok(Box::new(locked) as _)
        })
    }

    fn load<'a>(
        &'a self,
        key: &'a TokenKey,
    ) -> amazon_music::auth::StoreFuture<'a, Option<TokenSet>> {
        self.0.load(key)
    }
}

impl amazon_music::auth::LockedTokens for FullLocked {
    fn load(&mut self) -> amazon_music::auth::StoreFuture<'_, Option<TokenSet>> {
        self.0.load()
    }

    fn save<'a>(&'a mut self, tokens: &'a TokenSet) -> amazon_music::auth::StoreFuture<'a, ()> {
        match self.1 {
            true => Box::pin(async { Err(TokenError::passing("the disk is full")) }),
            false => self.0.save(tokens),
        }
    }

    fn remove(&mut self) -> amazon_music::auth::StoreFuture<'_, ()> {
        self.0.remove()
    }
}

#[tokio::test]
async fn a_rotated_refresh_token_survives_a_full_disk() {
    let (clock, sandbox, builder) = on_manual_clock(Sandbox::new().rotating_refresh_tokens()).await;
    let (memory, full) = (MemoryTokenStore::new(), Arc::default());
    memory
        .save(&key(), &tokens(&sandbox, clock.now()), &clock)
        .await
        .unwrap();
    let store = Full(memory.clone(), Arc::clone(&full));
    let music = builder.tokens(Stored::new(store, key())).build().unwrap();
    full.store(true, std::sync::atomic::Ordering::SeqCst);
    // Used and refreshed as if it had been saved.
    for refreshes in 1..=3 {
        clock.advance(Duration::from_secs(3600));
        music.top_tracks().send().await.unwrap();
        assert_eq!(sandbox.refreshes(), refreshes);
    }
    full.store(false, std::sync::atomic::Ordering::SeqCst);
    clock.advance(Duration::from_secs(3600));
    music.top_tracks().send().await.unwrap();
    // And saved in the end: another client continues with it.
    clock.advance(Duration::from_secs(3600));
    let another = music.for_user(Stored::new(memory, key()));
    another.top_tracks().send().await.unwrap();
    assert_eq!(sandbox.refreshes(), 5);
}
