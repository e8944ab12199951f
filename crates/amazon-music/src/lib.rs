//! A Rust SDK for the Browse section of the Amazon Music Web API, V1.0.
//!
//! An [`AmazonMusic`] client has one method per operation. A list can be read as one page, as a stream of
//! pages, or as a stream of items.
//!
//! **Unofficial, and never run against the live service**, which is a closed beta. The mock server in the
//! crate `amazon-music-sandbox` needs no account.
//!
//! # Quick start
//!
//! ```no_run
//! use amazon_music::AmazonMusic;
//! use futures_util::TryStreamExt as _;
//!
//! # async fn example() -> Result<(), amazon_music::Error> {
//! let music = AmazonMusic::builder()
//!     .security_profile_id("amzn1.application.0123456789abcdef")
//!     .token("Atza|the-access-token")
//!     .build()?;
//!
//! // One page.
//! let page = music.top_tracks().limit(20).send().await?;
//! for track in &page.items {
//!     println!("{} {}", track.id, track.title.as_deref().unwrap_or("-"));
//! }
//!
//! // All items of a list, requested page by page.
//! let mut tracks = music.category_tracks("2iB4IU25").items();
//! while let Some(track) = tracks.try_next().await? {
//!     println!("{}", track.id);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Guide
//!
//! The pages of the [`guide`] cover one task each, with an example that is run as a test:
//! [read a first page](guide::first_page), [read whole lists](guide::walk_everything),
//! [log a user in](guide::log_in), [serve many users](guide::many_users),
//! [run on several machines](guide::many_machines),
//! [handle rate limits](guide::rate_limits), [stop and resume](guide::resume),
//! [test your code](guide::test_your_code), [call a raw operation](guide::raw_operation),
//! [trace calls](guide::observe). The folder `examples/` holds complete programs that start the mock
//! server themselves and need no account.
//!
//! # Usage
//!
//! - [`AmazonMusic`] and [`Builder`]: the client and its settings.
//! - [`List`]: the request builder of a list. [`List::send`] returns one [`Page`], [`List::pages`] a
//!   stream of pages, [`List::items`] a stream of items, [`List::take_items`] the first few;
//!   [`List::resume`] continues from a persisted [`Position`], and [`List::read_ahead`] prefetches.
//!   [`many`] reads many lists concurrently.
//! - [`Get`]: the request builder of a single entity.
//! - [`List::served`] and [`List::served_as`] read the same list with each item's JSON as it came
//!   ([`Served`]), or into a type of your own; [`Get`] has both too.
//! - [`AmazonMusic::call`]: runs any operation of the generated client with the credentials, retries and
//!   errors of this client.
//! - [`auth`]: token providers, token refresh, token stores and logins; [`AmazonMusic::for_user`] for
//!   services with many users.
//! - [`RetrySettings`] and [`CallOptions`]: retries and timeouts, for all calls and for single ones.
//! - [`Error`]: the error type, with its [`ErrorKind`].
//! - [`clock`]: the source of time for delays and timeouts, replaceable in tests.
//! - `files` (feature `file-store`): files that a crash leaves whole, for positions.
//! - [`types`]: the types of responses.
//!
//! # Errors
//!
//! - Transient failures are retried with backoff: see [`RetrySettings`]. Every operation is a `GET`, so a
//!   retry is always safe.
//! - From the first 429 on, the requests of all clones leave at a learned rate, first come, first served:
//!   see [`pace`]. A `Retry-After` of up to 30 seconds is honoured; if it is longer, the call fails at once
//!   and [`Error::retry_at`] tells when to come back.
//! - A response that does not quite match the documentation is decoded leniently: a field of the wrong type
//!   costs itself, an item without an id is one error ([`ErrorKind::Item`]), and its neighbours survive.
//!   Responses that match pay nothing for it. A response without its list is an error, never an empty list,
//!   unless everything around the list is there.
//! - A page whose error may pass does not end its stream: the next poll requests it again, after a backoff.
//!
//! To test how a program handles failures, script faults into the mock server `amazon-music-sandbox`.
//!
//! # Tracing
//!
//! With the feature `tracing`, each call and each attempt is a span with OpenTelemetry's attribute names,
//! and each kind of deviation from the documentation is logged once per operation. The names are in
#![cfg_attr(feature = "tracing", doc = "[`trace_names`].")]
#![cfg_attr(not(feature = "tracing"), doc = "`trace_names`.")]
//! Traces never hold a credential, a query or a body.
//!
//! # Limits
//!
//! A page size out of bounds, or an id that could change the path of a request, is rejected before
//! anything is sent. Redirects are not followed, because they would carry the `x-api-key` header along.
//! Plain `http` is accepted for loopback addresses only. A body is read up to 4 MiB after decompression.
//! An attempt may take 30 seconds, and a call 120 seconds including its delays.
//!
//! # Features
//!
//! | feature | adds |
//! |---|---|
//! | `rustls` (default) | TLS by rustls with aws-lc-rs; needs a C compiler to build |
//! | `ring` | TLS by rustls with ring, which the program chooses with `use_ring`; needs `default-features = false` to leave out aws-lc |
//! | `rustls-no-provider` | TLS by rustls with a crypto provider that the program installs before it builds a client |
//! | `native-tls` | TLS by the operating system |
//! | `blocking` | blocking calls and iterators, for programs without a runtime |
//! | `gzip` | compressed responses |
//! | `http2` | HTTP/2, if the server supports it |
//! | `file-store` | a token store in files that processes share, and files that a crash leaves whole |
//! | `login` | logins: in a browser, from a terminal, on a device |
//! | `tracing` | spans and events |
//! | `schemars` | `JsonSchema` for the types in [`types`] |
//!
//! All features are additive. If several TLS features are enabled, `rustls` takes precedence over
//! `native-tls`, and `native-tls` over `rustls-no-provider`. Without any of them [`Builder::build`]
//! rejects `https` URLs with an error that names the features.
//!
//! Which TLS to choose:
//!
//! - For a command, `ring`: its first connection takes a sixth of the CPU time (8 ms, not 48) and it builds faster.
//! - For a service, the default, which is reqwest's own: the first connection is one of many.
//! - For a lambda, `ring`: each cold start pays for the first connection.
//! - For FIPS, `rustls-no-provider`: install `rustls::crypto::default_fips_provider()` (rustls's feature `fips`).
//! - For a platform's own TLS and its policies, `native-tls`. A library leaves the choice to its programs.

// First, because rustdoc lists `impl` blocks in the order of modules: the page of `AmazonMusic` opens with
// the operations, then come the settings of the client.
#[rustfmt::skip]
mod generated;

mod client;

pub mod auth;
#[cfg(feature = "blocking")]
pub mod blocking;
mod by_id;
mod call;
pub mod clock;
mod decode;
mod entity;
mod error;
#[cfg(feature = "file-store")]
pub mod files;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(any(doc, doctest))]
pub mod guide;
mod http;
pub mod json;
mod observe;
mod operation;
mod paging;
mod retry;
mod served;
mod sync;
mod text;
mod tls;
pub mod types;

pub use amazon_music_browse as browse;
pub use reqwest;

pub use auth::secret::Secret;
pub use by_id::{RequestError, RequestVisitor};
pub use call::{Meta, WithMeta};
pub use client::{AmazonMusic, Builder, CallOptions};
pub use decode::Page;
pub use entity::Get;
pub use error::{Error, ErrorKind, FakeError};
pub use generated::operations;
#[cfg(feature = "tracing")]
pub use observe::names as trace_names;
pub use operation::{
    EntityOperation, ListInfo, ListOperation, Operation, OperationInfo, ParameterInfo,
    ParameterPlace, PropertyInfo, Shape, ValueKind,
};
pub use paging::{Items, List, Many, Pages, Position, many};
pub use retry::{RetrySettings, pace};
pub use served::{Served, ServedAs};
#[cfg(feature = "ring")]
pub use tls::use_ring;
