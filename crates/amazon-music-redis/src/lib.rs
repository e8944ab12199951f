//! Logins and the request pace of a service on many machines, shared over Redis: a
//! [`TokenStore`](amazon_music::auth::TokenStore) and a [`Pace`](amazon_music::pace::Pace) for the SDK
//! [`amazon_music`].
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use amazon_music::{AmazonMusic, auth::{LoginWithAmazon, TokenKey}};
//! use amazon_music_redis::{EncryptionKey, Redis, RedisPace, RedisTokenStore};
//!
//! # async fn example(key_bytes: [u8; 32]) -> Result<(), Box<dyn std::error::Error>> {
//! let profile = "amzn1.application.0123456789abcdef";
//! let redis = Redis::builder("rediss://:password@redis.example.com").build()?;
//! let store = RedisTokenStore::new(redis.clone())
//!     .encryption_keys([EncryptionKey::new(key_bytes)]);
//! let login = LoginWithAmazon::new("amzn1.application-oa2-client.0123456789abcdef")
//!     .client_secret("…");
//!
//! // On each machine: one client, and one of it for each user.
//! let music = AmazonMusic::builder()
//!     .security_profile_id(profile)
//!     .pace(Arc::new(RedisPace::new(redis.clone(), profile)))
//!     .tokens(login.stored(store.clone(), TokenKey::new(profile, "anna")))
//!     .build()?;
//! let ben = music.for_user(login.stored(store, TokenKey::new(profile, "ben")));
//! # drop(ben);
//!
//! // When the service starts: settings of Redis that endanger logins.
//! for warning in redis.check().await? {
//!     eprintln!("{warning}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - [`RedisTokenStore`]: whichever machine needs a token, it is refreshed once. Records can be encrypted, and
//!   users be named by hashes.
//! - [`RedisPace`]: one limit, set or learned, for all machines.
//! - [`Redis`]: the connection, with bounded waits, and a pause when it fails.
//! - [`Failure`]: what went wrong, by name; the source of each error.
//!
//! The guide page "Run on several machines" of `amazon_music` has the sizes to expect, and what can
//! be lost. The example `many_machines` is a service on two machines.
//!
//! Tested with Redis 7.0 and 6.2, alone and as a cluster; nothing newer than 6.2 is used. Not run: Valkey, and
//! anything but Linux.
//!
//! # Features
//!
//! | feature | adds |
//! |---|---|
//! | `cluster` | Redis Cluster: `Redis::cluster` |
//! | `rustls` | TLS (`rediss://`) by rustls: with the provider of the process, or with aws-lc-rs, which becomes it |
//! | `ring` | TLS by rustls with ring, which the program chooses with `amazon_music::use_ring` |
//! | `rustls-no-provider` | TLS by rustls with a provider that the program installs |
//! | `tracing` | warnings as events |
//!
//! None is on unless chosen. They are those of the SDK, whose features of the same names they switch on: one TLS
//! stack. Without a provider in the process a `rediss://` URL is an error before anything is sent.

mod crypt;
mod failure;
mod keys;
mod pace;
mod server;
mod store;
mod sync;

pub use crypt::EncryptionKey;
pub use failure::{Failure, FailureKind};
pub use pace::RedisPace;
pub use server::{Redis, RedisBuilder, Warning};
pub use store::{Asked, RedisTokenStore};
