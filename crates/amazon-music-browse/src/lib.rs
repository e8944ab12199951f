//! Typed client for the Browse section of the Amazon Music Web API, V1.0.
//!
//! [`types`] and [`builder`] are generated from the OpenAPI spec of the project. The client is a thin one: one
//! call is one request. For tokens, retries and paging use the crate `amazon-music`, which builds on it.
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
//! let response = client.get_top_tracks().limit(20).send().await?.into_inner();
//! let tracks = response.data.and_then(|data| data.top_tracks).unwrap_or_default();
//! for track in tracks.edges.into_iter().filter_map(|edge| edge.node) {
//!     println!("{} {}", track.id, track.title.unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Differences from a plain progenitor client
//!
//! - Every request carries the headers of its [`RequestSettings`], marked sensitive, and no `api-version`.
//! - Bodies are read up to a limit, by default [`RequestSettings::DEFAULT_MAX_BODY_BYTES`].
//! - An error with a body other than the documented object (a gateway's HTML page, an empty body) is
//!   [`Error::UnexpectedResponse`] and keeps its status, headers and body.
//! - Open enums (the type of a category, the code of an error) keep unknown values.
//! - Page sizes and ids are checked types: a request with an invalid one is not sent.
//!
//! Decoding is strict about types: `"trackCount": "25"` is an error, and so is a null array.
//!
//! # Features
//!
//! TLS: `rustls` (default), `rustls-no-provider`, `native-tls`; without one of them only plain `http` works.
//! `gzip` and `http2` enable those of reqwest. `schemars` derives `JsonSchema` for the wire types. All
//! features are additive.
#![warn(missing_docs)]

mod body;
mod error_status;
#[rustfmt::skip]
mod generated;
mod invalid_value;
mod middleware;
mod open_enum;
mod operation_info;
mod path_rewrite;
mod probe;
mod settings;
mod url_cache;

pub use body::{BodyError, read_prefix as read_body_prefix};
pub use error_status::ErrorStatus;
pub use generated::*;
pub use invalid_value::InvalidValue;
#[doc(hidden)]
pub use middleware::read_error;
pub use operation_info::OperationInfo;
pub use path_rewrite::PathRewrite;
pub use probe::{Probe, Seen};
pub use settings::RequestSettings;

/// Base URL of the live service, a closed beta.
pub const BASE_URL: &str = "https://api.music.amazon.dev/v1";
