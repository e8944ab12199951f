//! A response, and what is known beside it while it is decoded.

use amazon_music_browse::{ResponseValue, Seen};

use crate::{
    decode::{drift::Drift, secrets::Secrets},
    error::Error,
};

/// A response as strict decoding left it: the value, or why it was refused.
pub(crate) type Strict<T> = Result<ResponseValue<T>, Error>;

/// Everything beside the value that decoding and its errors need.
pub(crate) struct Context<'a> {
    pub(crate) seen: &'a Seen,
    pub(crate) secrets: Secrets<'a>,
    pub(crate) drift: &'a Drift,
}
