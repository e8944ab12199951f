//! What a program may watch: spans for calls and attempts, and reports of unexpected answers.
//!
//! All of it behind the feature `tracing`, and free where nobody listens. No credential, no query and no
//! body is ever part of it.
//!
//! | span | attributes |
//! |---|---|
//! | `amazon_music.call` | operation, tag, method, template, server, attempts, error type and code |
//! | `amazon_music.attempt` | method, template, server, resend count, status, error type |
//!
//! An event `trying again` at `DEBUG` tells of each retry. Events of the target `amazon_music::drift` at
//! `WARN` tell of answers that are not as documented, once per operation and kind; those of the target
//! `amazon_music::auth` tell of tokens that a store did not keep, and of token files that others can read.

#[cfg(not(feature = "tracing"))]
mod silent;
#[cfg(feature = "tracing")]
mod traced;

#[cfg(feature = "tracing")]
pub mod names;

#[cfg(all(not(feature = "tracing"), feature = "file-store"))]
pub(crate) use silent::tokens_exposed;
#[cfg(not(feature = "tracing"))]
pub(crate) use silent::{Call, login_not_kept};
#[cfg(all(feature = "tracing", feature = "file-store"))]
pub(crate) use traced::tokens_exposed;
#[cfg(feature = "tracing")]
pub(crate) use traced::{Call, login_not_kept};
