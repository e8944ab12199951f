//! Browse the Amazon Music catalog from Rust.
//!
//! A client is made once, from the id of a security profile and a user's token, and gives one method
//! per operation of the Browse section of the Amazon Music Web API, V1.0. A list is read as one page,
//! page by page, or item by item.
//!
//! **Unofficial**, and never run against the live service, which is a closed beta. The crate
//! `amazon-music-sandbox` is a stand-in server to develop against.
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
//! // Every item of a list, a page at a time.
//! let mut tracks = music.category_tracks("2iB4IU25").items();
//! while let Some(track) = tracks.try_next().await? {
//!     println!("{}", track.id);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # How to
//!
//! Each page of the [`guide`] does one thing, with an example that the tests run:
//! [see a first page](guide::first_page), [walk everything](guide::walk_everything),
//! [log a user in](guide::log_in), [serve many users](guide::many_users),
//! [live with a rate limit](guide::rate_limits), [stop and resume](guide::resume),
//! [test your code](guide::test_your_code), [call a raw operation](guide::raw_operation),
//! [observe](guide::observe). Whole programs are in the folder `examples/`; each starts the stand-in
//! server itself and needs no account.
//!
//! # What is where
//!
//! - [`AmazonMusic`] and [`Builder`]: the client and its settings.
//! - [`List`]: a request of a list. [`List::send`] gives one [`Page`], [`List::pages`] a stream of
//!   pages, [`List::items`] a stream of items, [`List::take_items`] some of them;
//!   [`List::resume`] goes on from a [`Position`], [`List::read_ahead`] overlaps requests with work.
//!   [`many`] walks many lists at a time.
//! - [`Get`]: a request of a single thing.
//! - [`AmazonMusic::call`]: any operation of the generated client, with this client's credentials,
//!   retries and errors.
//! - [`auth`]: where tokens come from, how they stay fresh and are kept, how users log in;
//!   [`AmazonMusic::for_user`] for many users.
//! - [`RetrySettings`] and [`CallOptions`]: what happens when an attempt fails, for all calls and for
//!   some.
//! - [`Error`]: the one error type, with its [`ErrorKind`].
//! - [`clock`]: the time that waits and timeouts go by; tests bring their own.
//! - [`types`]: what comes back, as the document of the API describes it.
//!
//! # When things go wrong
//!
//! - A failed attempt is tried again where that can help: see [`RetrySettings`]. Every operation is a
//!   GET, so it is always safe.
//! - After a 429 the calls of all clones wait together, then go on gradually. A `Retry-After` is
//!   honoured up to 30 seconds; beyond that the call returns at once, and [`Error::retry_at`] tells
//!   when to come back.
//! - An answer that is not quite as documented is read all the same where it can be: one malformed item
//!   is one error ([`ErrorKind::Item`]), its neighbours survive. Good answers pay nothing for that.
//! - A failed page of a stream leaves the stream where it was: poll it again, and it asks again.
//!
//! To see how a program takes all that, script faults into the stand-in server `amazon-music-sandbox`.
//!
//! # Watching
//!
//! With the feature `tracing`, each call and each attempt is a span with OpenTelemetry's names, and the
//! first answer of each operation that is not as documented is reported once. The names are in
#![cfg_attr(feature = "tracing", doc = "[`trace_names`].")]
#![cfg_attr(not(feature = "tracing"), doc = "`trace_names`.")]
//! No credential, query or body is part of it.
//!
//! # Limits
//!
//! Nothing is sent with a page size out of bounds or an id that could change the path of a request.
//! Redirects are not followed (they would carry the `x-api-key` header along), plain `http` is for
//! loopback addresses only, and a body is read up to 4 MiB after decompression. One attempt may take
//! 30 seconds, a call 2 minutes with all its waits.
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `rustls` (default) | TLS by rustls with aws-lc-rs; needs a C compiler to build |
//! | `rustls-no-provider` | TLS by rustls with a provider that the program installs before it builds a client |
//! | `native-tls` | TLS by the operating system |
//! | `blocking` | the same calls and streams for scripts without a runtime |
//! | `gzip` | compressed answers |
//! | `http2` | HTTP/2 where the server has it |
//! | `file-store` | tokens in files that processes share |
//! | `login` | logging users in: in a browser, from a terminal, on a device |
//! | `tracing` | spans and reports |
//! | `schemars` | `JsonSchema` for the types of [`types`] |
//!
//! All are additive: where several of the first three are on, `rustls` is used before `native-tls`, and
//! that before `rustls-no-provider`. Without any of them [`Builder::build`] refuses an `https` URL, and
//! says what to add.
//!
//! # What this crate may know
//!
//! Tokens, retries, paging and time: everything that stands around a call. It must not know what a
//! particular operation looks like; that is generated from the document.

pub mod auth;
#[cfg(feature = "blocking")]
pub mod blocking;
mod call;
mod client;
pub mod clock;
mod decode;
mod entity;
mod error;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
#[rustfmt::skip]
mod generated;
#[cfg(any(doc, doctest))]
pub mod guide;
mod http;
mod observe;
mod operation;
mod paging;
mod retry;
mod sync;

pub use amazon_music_browse as browse;
pub use amazon_music_browse::types;
pub use reqwest;

pub use auth::secret::Secret;
pub use call::{Meta, WithMeta};
pub use client::{AmazonMusic, Builder, CallOptions};
pub use decode::Page;
pub use entity::Get;
pub use error::{Error, ErrorKind};
pub use generated::operations;
#[cfg(feature = "tracing")]
pub use observe::names as trace_names;
pub use operation::{EntityOperation, ListInfo, ListOperation, Operation, OperationInfo};
pub use paging::{Items, List, Many, Pages, Position, many};
pub use retry::RetrySettings;
