#![doc = include_str!("../README.md")]
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
mod entities;
mod error_status;
mod extra;
#[rustfmt::skip]
mod generated;
mod invalid_value;
mod middleware;
mod object;
mod open_enum;
mod operation_info;
mod path_id;
mod path_rewrite;
mod probe;
mod raw;
mod recorded;
mod recorder;
mod request;
mod settings;

pub use body::{BodyError, read_prefix as read_body_prefix};
pub use error_status::ErrorStatus;
pub use extra::Extra;
#[doc(hidden)]
pub use extra::{WRONG_TYPE, documented_only};
pub use generated::*;
pub use invalid_value::InvalidValue;
#[doc(hidden)]
pub use middleware::read_error;
pub use operation_info::{
    OperationInfo, ParameterInfo, ParameterPlace, PropertyInfo, Shape, ValueKind,
};
pub use path_rewrite::PathRewrite;
pub use probe::{Probe, Seen};
pub use raw::{RawPath, RawResponse};
pub use recorder::{Received, Recorder, Recording, Sent};
pub use settings::RequestSettings;

/// Base URL of the live service, a closed beta.
pub const BASE_URL: &str = "https://api.music.amazon.dev/v1";
