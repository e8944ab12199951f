//! A stand-in for the Browse section of the Amazon Music Web API, V1.0.
//!
//! The live service is a closed beta. This server answers the same eight operations on a loopback
//! address, from a catalog that is the same on every run: the items that the documentation shows,
//! among several thousand made-up ones. It keeps the documented defaults and bounds, and answers with
//! the documented error object where a request is wrong.
//!
//! It is written from the documentation alone and knows neither client crate, so that a client tested
//! against it is tested against a second reading of the same text. It is not Amazon's service and says
//! nothing about it.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let sandbox = amazon_music_sandbox::start().await?;
//! println!(
//!     "curl -H 'x-api-key: {}' -H 'Authorization: Bearer {}' '{}/browse/tracks/top?limit=2'",
//!     sandbox.security_profile_id(),
//!     sandbox.token(),
//!     sandbox.base_url(),
//! );
//! sandbox.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! A client can be tested against trouble, too: see [`Faults`].
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
//! - A cursor belongs to its list. An empty one, a made-up one, or that of another list is a 400.
//! - A limit that is not a whole number within the bounds is a 400; it is not clamped.
//! - A list is never larger on the second reading: nothing changes while the server runs.
//!
//! # What this crate may know
//!
//! The pages of the documentation, and how networks and services fail. It must not know the client crates,
//! nor take its answers from what is generated for them.

mod auth;
mod browse;
mod catalog;
mod clock;
mod cursor;
mod error;
mod faults;
mod listener;
mod lwa;
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
