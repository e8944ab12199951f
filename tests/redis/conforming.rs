//! The contracts of token stores and paces, on Redis.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use amazon_music_redis::{EncryptionKey, Redis, RedisPace, RedisTokenStore};

use crate::{
    contracts::{self, token_store::Pair},
    server::{self, Server},
};

/// A connection with a prefix of its own: a store that is empty.
fn apart(server: &Server, number: &AtomicU32) -> impl Fn() -> Redis + use<> {
    let prefix = format!("test-{}", number.fetch_add(1, Ordering::SeqCst));
    let url = server.url();
    move || Redis::builder(&url).prefix(&prefix).build().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_keeps_the_contract_of_token_stores() {
    let Some(redis) = server::start() else { return };
    let number = AtomicU32::new(0);
    contracts::token_store::check(async || {
        let connect = apart(&redis, &number);
        let store = || -> Arc<RedisTokenStore> { Arc::new(RedisTokenStore::new(connect())) };
        Pair(store(), store())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encrypting_store_with_hashed_users_keeps_it_too() {
    let Some(redis) = server::start() else { return };
    let number = AtomicU32::new(0);
    contracts::token_store::check(async || {
        let connect = apart(&redis, &number);
        let store = || {
            let store = RedisTokenStore::new(connect()).hashed_users("pepper");
            Arc::new(store.encryption_keys([EncryptionKey::new([7; 32])]))
        };
        Pair(store(), store())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pace_keeps_the_contract_of_paces() {
    let Some(redis) = server::start() else { return };
    let number = AtomicU32::new(0);
    contracts::pace::check(|set| {
        let pace = RedisPace::new(apart(&redis, &number)(), "profile");
        match set {
            Some(set) => Arc::new(pace.requests_per_second(set)),
            None => Arc::new(pace),
        }
    })
    .await;
}
