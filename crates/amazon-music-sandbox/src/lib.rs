#![doc = include_str!("../README.md")]
//!
//! # Usage in tests
//!
//! Add the crate under `[dev-dependencies]`. Each test starts its own sandbox on its own port and passes the
//! base URL to the code under test. A script of [`Faults`] decides which request fails, and how:
//!
//! ```
//! use amazon_music_sandbox::{Fault, Faults, Running, Sandbox};
//!
//! /// The code under test: the titles of the first top tracks, with one retry after a 429.
//! async fn titles(base_url: &str, profile: &str, token: &str) -> reqwest::Result<Vec<String>> {
//!     let http = reqwest::Client::builder().no_proxy().build()?;
//!     let request = || {
//!         let request = http.get(format!("{base_url}/browse/tracks/top?limit=2"));
//!         request.header("x-api-key", profile).bearer_auth(token).send()
//!     };
//!     let mut response = request().await?;
//!     if response.status() == 429 {
//!         response = request().await?;
//!     }
//!     let body: serde_json::Value = response.error_for_status()?.json().await?;
//!     let edges = body.pointer("/data/topTracks/edges").and_then(|edges| edges.as_array());
//!     let titles = edges.into_iter().flatten().map(|edge| edge["node"]["title"].as_str());
//!     Ok(titles.flatten().map(str::to_owned).collect())
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let sandbox = Sandbox::new().start().await?;
//! let call = |sandbox: &Running| {
//!     let (url, profile, token) = (
//!         sandbox.base_url(),
//!         sandbox.security_profile_id().to_owned(),
//!         sandbox.token().to_owned(),
//!     );
//!     async move { titles(&url, &profile, &token).await }
//! };
//!
//! // No fault: the documented tracks come first on every run.
//! assert_eq!(call(&sandbox).await.unwrap(), ["Beggin' [Explicit]", "Heat Waves"]);
//!
//! // Throttled once: the retry succeeds.
//! sandbox.set_faults(Faults::in_order([Some(Fault::throttled("1"))]));
//! let before = sandbox.requests();
//! assert_eq!(call(&sandbox).await.unwrap().len(), 2);
//! assert_eq!(sandbox.requests() - before, 2);
//!
//! // The connection closes in the middle of the response: an error, and not half of a list.
//! sandbox.set_faults(Faults::in_order([Some(Fault::CutBody)]));
//! assert!(call(&sandbox).await.is_err());
//!
//! // One request in two fails, and the same ones on every run.
//! let kinds = [Fault::BadGateway, Fault::Reset, Fault::error(500, "INTERNAL")];
//! sandbox.set_faults(Faults::random(42, 0.5, kinds));
//! let mut failed = 0;
//! for _ in 0..20 {
//!     failed += usize::from(call(&sandbox).await.is_err());
//! }
//! assert!((5..=15).contains(&failed), "{failed}");
//! # sandbox.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! From other languages, start it with `amazon-music sandbox serve`.
//!
//! # The OpenAPI spec
//!
//! The spec of the API is served at `/openapi.yaml` and `/openapi.json`, with this server as its only one. With
//! the feature `reference-page`, a page at `/` shows the spec and sends requests; `/health` tells that the server is
//! up. None of these paths is part of the API: they need no credentials, and are neither subject to faults nor counted.
//!
//! # Login with Amazon
//!
//! The same port serves Login with Amazon: the page where a user logs in ([`Running::authorize_url`]), the token
//! endpoint ([`Running::token_url`]) and the codes of devices ([`Running::code_pair_url`]), with the documented
//! responses and errors. The registered client is [`CLIENT_ID`] with [`CLIENT_SECRET`]; every loopback or
//! `https` return URL is allowed.
//!
//! Tokens carry their own claims and are signed with a published key, so every sandbox accepts and refreshes
//! the tokens of every other. They can be short-lived ([`Sandbox::token_lifetime`]), rotate
//! ([`Sandbox::rotating_refresh_tokens`]), expire early ([`Running::expire_access_tokens`]) and be revoked
//! ([`Running::revoke`]). [`Running::issue_tokens`] issues tokens without a login.
//!
//! # Your own items
//!
//! [`Sandbox::items`] serves your own items in place of the catalog's, with the same paging and faults.
//!
//! # Dialects
//!
//! The documentation shows some things in two forms, and which one the live service has is unknown.
//! [`Sandbox::dialect`] makes the sandbox serve the other form: see [`Dialect`].
//!
//! # Recordings
//!
//! [`Sandbox::replay`] serves HAR files, such as those of `amazon-music --record`, in place of the made-up catalog.
//!
//! # Choices beyond the documentation
//!
//! - Any non-empty `x-api-key` is a known security profile.
//! - A token without the scope `music::catalog` gets a 403 `ACCESS_DENIED`.
//! - A sandbox remembers revoked, used and expired tokens only while it runs, and shares them with no other.
//! - A cursor belongs to its list. An empty, invented or foreign cursor gets a 400. This is the one departure
//!   from the spec, in which a cursor is any string: if an invented cursor were accepted, the client's mistake
//!   would be hidden behind a page of the wrong items. The exception is the spec's example of the parameter,
//!   `3:vx0YEGc1`, which tools send: on every list it is the place behind the second item.
//! - Cursors have the documented shapes, with `:`, `.`, `-` and `_` in them. Where no sample shows one, that of
//!   another list is taken.
//! - A limit that is not a whole number within the bounds gets a 400; it is not clamped.
//! - A query parameter selects items if its schema is that of a property of the items, or if it is a boolean with the
//!   name of one. Any other is checked and has no effect. The page at `/` tells which does what.
//! - Operations, entities and fields that only the spec has are served too: their items are made from their schema,
//!   the same on every run, and an entity is found by the ids of its lists and by the example of its parameter.
//! - A list never grows between two reads: nothing changes while the server runs.
//!
//! # Dependencies of this crate
//!
//! The crate knows the pages of the documentation, its own copy of the spec, and how networks and services fail. It
//! must not know the client crates, nor take its responses from code generated for them.

mod auth;
mod browse;
mod catalog;
mod clock;
mod cors;
mod credentials;
mod cursor;
mod dialect;
mod error;
mod faults;
mod health;
mod items;
mod listener;
mod lock;
mod lwa;
mod middleware;
mod parameter;
mod random;
mod reference;
mod replay;
mod routes;
mod running;
mod server;
mod setting;
mod source;
mod spec;
mod state;

pub use clock::Clock;
pub use credentials::{SECURITY_PROFILE_ID, TOKEN};
pub use dialect::Dialect;
pub use faults::{fault::Fault, script::Faults};
pub use lwa::{
    client::{CLIENT_ID, CLIENT_SECRET},
    issued::IssuedTokens,
    token::DEVELOPMENT_KEY,
};
pub use routes::routes;
pub use running::Running;
pub use server::{Sandbox, start};
pub use setting::SettingError;
pub use spec::openapi_json;
