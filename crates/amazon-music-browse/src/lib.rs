//! The wire types and calls of the Browse section of the Amazon Music Web API, V1.0.
//!
//! Everything in [`types`] and [`builder`] is generated from the OpenAPI document of the project and
//! does what the document says, no more: one call is one request. For tokens, retries and paging,
//! use the crate `amazon-music`, which is built on this one.
//!
//! Unofficial, and never run against the live service, which is a closed beta.
//!
//! ```no_run
//! use amazon_music_browse::{BASE_URL, Client, RequestSettings};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let settings = RequestSettings::new("amzn1.application.…", "Atza|…");
//! # let settings = RequestSettings::new("profile", "token");
//! let client = Client::new_with_client(BASE_URL, reqwest::Client::new(), settings?);
//! let answer = client.get_top_tracks().limit(20).send().await?.into_inner();
//! let tracks = answer.data.and_then(|data| data.top_tracks).unwrap_or_default();
//! for track in tracks.edges.into_iter().filter_map(|edge| edge.node) {
//!     println!("{} {}", track.id, track.title.unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What differs from the generator's own client
//!
//! - Every request carries the headers of its [`RequestSettings`], marked sensitive; nothing else is
//!   added (no `api-version`).
//! - A body is read up to [`RequestSettings::DEFAULT_MAX_BODY_BYTES`], not without end.
//! - An error whose body is not the documented object (a gateway's HTML page, an empty body) keeps
//!   its status, headers and body: it is [`Error::UnexpectedResponse`].
//! - Open values (a category's type, an error's code) are open enums: an unknown one is kept.
//! - Page sizes and ids are checked types: a request with a bad one is not sent.
//!
//! Decoding is strict about types: `"trackCount": "25"` is an error, and so is a null array.
//!
//! # Features
//!
//! TLS: `rustls` (default), `rustls-no-provider`, `native-tls`. `schemars` derives `JsonSchema` for
//! the wire types. All are additive; without a TLS feature only plain `http` works.
//!
//! # What this crate may know
//!
//! HTTP, JSON, and the headers of one request. It must not know that tokens end, that requests fail and
//! are tried again, that lists have pages, or what time it is: all of that is the companion's.
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
