#![doc = include_str!("../README.md")]
//!
//! # Differences from the generator's default client
//!
//! - Every request carries the headers of its [`RequestSettings`], marked sensitive; nothing else is
//!   added (no `api-version`).
//! - A body is read up to [`RequestSettings::DEFAULT_MAX_BODY_BYTES`]; a longer one is an error.
//! - An error whose body is not the documented object (a gateway's HTML page, an empty body) keeps
//!   its status, headers and body: it is [`Error::UnexpectedResponse`].
//! - Open values (a category's type, an error's code) are open enums that keep an unknown value.
//! - Page sizes and ids are checked types: a request with an invalid one is not sent.
//!
//! Decoding is strict about types: `"trackCount": "25"` is an error, and so is a null array.
//!
//! # Features
//!
//! TLS: `rustls` (default), `rustls-no-provider`, `native-tls`. `gzip`: compressed responses. `http2`:
//! HTTP/2. `schemars`: `JsonSchema` for the types. All are additive; without a TLS feature only plain
//! `http` works.
#![warn(missing_docs)]

mod body;
mod error_status;
#[rustfmt::skip]
mod generated;
mod hook;
mod invalid_value;
mod open_value;
mod settings;
mod target;

#[doc(hidden)]
pub use body::error as read_error;
pub use body::{BodyError, read_prefix as read_body_prefix};
pub use error_status::ErrorStatus;
pub use generated::*;
pub use invalid_value::InvalidValue;
pub use settings::{PathRewrite, Probe, RequestSettings, Seen};

/// The live service, as the documentation names it. A closed beta: few can call it.
pub const BASE_URL: &str = "https://api.music.amazon.dev/v1";
