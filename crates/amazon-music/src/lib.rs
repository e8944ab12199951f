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
//! # What is where
//!
//! - [`AmazonMusic`] and [`Builder`]: the client and its settings.
//! - [`List`]: a request of a list. [`List::send`] gives one [`Page`], [`List::pages`] a stream of
//!   pages, [`List::items`] a stream of items.
//! - [`Get`]: a request of a single thing.
//! - [`AmazonMusic::call`]: any operation of the generated client, with this client's credentials and
//!   errors.
//! - [`Error`]: the one error type, with its [`ErrorKind`].
//! - [`types`]: what comes back, as the document of the API describes it.
//!
//! # Limits
//!
//! Nothing is sent with a page size out of bounds or an id that could change the path of a request.
//! Redirects are not followed (they would carry the `x-api-key` header along), plain `http` is for
//! loopback addresses only, and a body is read up to 16 MiB.

mod builder;
mod call;
mod client;
pub mod clock;
mod error;
#[rustfmt::skip]
mod generated;
mod get;
mod lenient;
mod list;
mod meta;
mod observe;
mod operation;
mod options;
mod page;
mod reading;
mod retry;
mod secret;
mod stream;
mod walk;

pub use amazon_music_browse as browse;
pub use amazon_music_browse::types;
pub use reqwest;

pub use builder::Builder;
pub use client::AmazonMusic;
pub use error::{Error, ErrorKind};
pub use generated::operations;
pub use get::Get;
pub use list::List;
pub use meta::{Meta, WithMeta};
#[cfg(feature = "tracing")]
pub use observe::names as trace_names;
pub use operation::{EntityOperation, ListInfo, ListOperation, Operation, OperationInfo};
pub use options::CallOptions;
pub use page::Page;
pub use retry::RetrySettings;
pub use secret::Secret;
pub use stream::{Items, Pages};
