//! Tokens and pace that several processes share over a real Redis. Without a `redis-server` each test prints
//! SKIPPED: see `server.rs`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod canaries;
mod child;
mod cluster;
mod conforming;
#[path = "../contracts/mod.rs"]
mod contracts;
mod example;
mod many_processes;
mod outages;
mod paces;
mod proxy;
mod rates;
mod records;
mod server;
mod tls;

use std::time::{Duration, SystemTime};

use amazon_music::{
    AmazonMusic,
    auth::{LoginWithAmazon, Stored, TokenKey, TokenSet, TokenStore as _},
    clock::SystemClock,
};
use amazon_music_redis::{Redis, RedisTokenStore};
use amazon_music_sandbox::{Running, Sandbox};

const MS: fn(u64) -> Duration = Duration::from_millis;

/// A connection with the time-outs of tests.
fn redis(url: &str) -> Redis {
    let builder = Redis::builder(url)
        .connect_timeout(MS(2000))
        .command_timeout(MS(1000));
    builder.circuit(3, MS(50)).build().unwrap()
}

fn store(url: &str) -> RedisTokenStore {
    RedisTokenStore::new(redis(url))
}

fn key(user: &str) -> TokenKey {
    TokenKey::new("amzn1.application.canary", user)
}

fn login_at(sandbox: &Running) -> LoginWithAmazon {
    LoginWithAmazon::new(sandbox.client_id())
        .client_secret(sandbox.client_secret())
        .token_url(sandbox.token_url())
}

/// A sandbox whose refresh tokens are good for one refresh.
async fn rotating() -> Running {
    Sandbox::new()
        .rotating_refresh_tokens()
        .start()
        .await
        .unwrap()
}

/// The tokens of a login at the sandbox.
fn tokens(sandbox: &Running, user: &str) -> TokenSet {
    let issued = sandbox.issue_tokens(user);
    let now = SystemTime::now();
    let mut tokens = TokenSet::new(issued.access_token, now);
    tokens.expires_at = Some(now + Duration::from_secs(3600));
    tokens.refresh_token = Some(issued.refresh_token.into());
    tokens.client = Some(login_at(sandbox));
    tokens
}

/// Logs a user in at the sandbox, and keeps the login.
async fn log_in(store: &RedisTokenStore, sandbox: &Running, user: &str) {
    let tokens = tokens(sandbox, user);
    store
        .save(&key(user), &tokens, &SystemClock::new())
        .await
        .unwrap();
}

/// A client of a user whose login is in the store.
fn client(base_url: &str, store: &RedisTokenStore, user: &str) -> AmazonMusic {
    AmazonMusic::builder()
        .base_url(base_url)
        .security_profile_id("amzn1.application.canary")
        .tokens(Stored::new(store.clone(), key(user)))
        .build()
        .unwrap()
}
