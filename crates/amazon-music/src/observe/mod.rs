//! Tracing: spans for calls and attempts, and events for undocumented responses.
//!
//! Only with the feature `tracing`, and free without a subscriber. Traces never hold a credential, a query
//! or a body; of a cursor they hold a short hash, to tell pages apart.
//!
//! | span | attributes |
//! |---|---|
//! | `amazon_music.call` | operation, tag, method, template, server, attempts, error type and code |
//! | `amazon_music.attempt` | method, path, template, server, resend count, hash of the cursor, rate, status, error type |
//!
//! Both have the target `amazon_music::call`. Each retry is an event `retrying` at `DEBUG`, with the target
//! `amazon_music::retry`; so are each refresh of a token (`amazon_music::auth`) and each request that waits for
//! its turn (`amazon_music::pace`). Responses that deviate from the documentation are events
//! at `WARN` with the target `amazon_music::drift`, once per operation and kind; refreshed tokens that a
//! store failed to save, and token files that other users can read, are events at `WARN` with the target
//! `amazon_music::auth`.

#[cfg(not(feature = "tracing"))]
mod silent;
#[cfg(feature = "tracing")]
mod traced;

#[cfg(feature = "tracing")]
pub mod names;

#[cfg(all(not(feature = "tracing"), feature = "file-store"))]
pub(crate) use silent::tokens_exposed;
#[cfg(not(feature = "tracing"))]
pub(crate) use silent::{Call, login_not_kept, paused, refreshed, refreshing};
#[cfg(all(feature = "tracing", feature = "file-store"))]
pub(crate) use traced::tokens_exposed;
#[cfg(feature = "tracing")]
pub(crate) use traced::{Call, login_not_kept, paused, refreshed, refreshing};
