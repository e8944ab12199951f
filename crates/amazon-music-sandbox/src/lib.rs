#![doc = include_str!("../README.md")]
//!
//! # In the tests of your own program
//!
//! Add it under `[dev-dependencies]`. Each test starts a sandbox of its own, on a port of its own, and gives
//! its address to the code under test. A script of [`Faults`] says what goes wrong and when:
//!
//! ```
//! use amazon_music_sandbox::{Fault, Faults, Running, Sandbox};
//!
//! /// The code under test: the titles of the first top tracks, with one more try after a 429.
//! async fn titles(base_url: &str, profile: &str, token: &str) -> reqwest::Result<Vec<String>> {
//!     let http = reqwest::Client::builder().no_proxy().build()?;
//!     let request = || {
//!         let request = http.get(format!("{base_url}/browse/tracks/top?limit=2"));
//!         request.header("x-api-key", profile).bearer_auth(token).send()
//!     };
//!     let mut answer = request().await?;
//!     if answer.status() == 429 {
//!         answer = request().await?;
//!     }
//!     let body: serde_json::Value = answer.error_for_status()?.json().await?;
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
//! // All is well: the documented tracks come first, in every run.
//! assert_eq!(call(&sandbox).await.unwrap(), ["Beggin' [Explicit]", "Heat Waves"]);
//!
//! // Throttled once: the second try succeeds.
//! sandbox.set_faults(Faults::in_order([Some(Fault::throttled("1"))]));
//! let before = sandbox.requests();
//! assert_eq!(call(&sandbox).await.unwrap().len(), 2);
//! assert_eq!(sandbox.requests() - before, 2);
//!
//! // Cut off in the middle of the answer: an error, and no half of a list.
//! sandbox.set_faults(Faults::in_order([Some(Fault::CutBody)]));
//! assert!(call(&sandbox).await.is_err());
//!
//! // One request in two fails, in a way that is the same on every run.
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
//! # The document and its page
//!
//! The OpenAPI document that all of this is about is served at `/openapi.yaml` and `/openapi.json`, naming this
//! server as its own. With the feature `reference-page`, `/` shows it, and requests can be sent from there.
//! None of these is part of the API: they ask for no credentials, meet no faults and are not counted.
//!
//! # Logging in
//!
//! It stands in for Login with Amazon, too, on the same port: the page where a user logs in
//! ([`Running::authorize_url`]), the token endpoint ([`Running::token_url`]), and the codes of devices
//! ([`Running::code_pair_url`]), with the documented answers and errors. The client is [`CLIENT_ID`] with
//! [`CLIENT_SECRET`]; every loopback or `https` return URL is registered with it. Tokens say themselves
//! what they are good for and are signed with a published key, so any sandbox accepts and renews those
//! of any other. They can be short-lived ([`Sandbox::token_lifetime`]), rotate
//! ([`Sandbox::rotating_refresh_tokens`]), be ended ([`Running::expire_access_tokens`]) and revoked
//! ([`Running::revoke`]). [`Running::issue_tokens`] gives some without a login.
//!
//! # What it decides where the documentation is silent
//!
//! - Any non-empty `x-api-key` is a known security profile.
//! - A token without the scope `music::catalog` is a 403 `ACCESS_DENIED`.
//! - What is revoked, used up or ended is remembered by one sandbox, while it runs.
//! - A cursor belongs to its list. An empty one, a made-up one, or that of another list is a 400. This is the
//!   one departure from the document, which can only say that a cursor is a string: a made-up one that were
//!   let through would hide a mistake of the client behind a page of the wrong items.
//! - A limit that is not a whole number within the bounds is a 400; it is not clamped.
//! - A list is never larger on the second reading: nothing changes while the server runs.

mod auth;
mod browse;
mod catalog;
mod clock;
mod cursor;
mod error;
mod faults;
mod listener;
mod lwa;
mod reference;
mod server;

pub use browse::ROUTES;
pub use clock::Clock;
pub use faults::{Fault, Faults};
pub use lwa::{CLIENT_ID, CLIENT_SECRET, DEVELOPMENT_KEY};
pub use server::{IssuedTokens, Running, Sandbox, start};

/// A token that every sandbox accepts, and that never ends. A published constant: it opens nothing else.
pub const TOKEN: &str = "sandbox-access-token";

/// A security profile id in the documented shape. Published, and good for a sandbox only.
pub const SECURITY_PROFILE_ID: &str = "amzn1.application.sandbox";
