//! What an answer came with, beside its value.

use amazon_music_browse::{ResponseValue, Seen};
use reqwest::header::HeaderMap;

/// The status, headers and size of an answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Meta {
    /// The HTTP status.
    pub status: u16,
    /// The headers as they came.
    pub headers: HeaderMap,
    /// The length of the body in bytes, after decompression.
    pub body_bytes: usize,
}

/// A value with what it came with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WithMeta<T> {
    /// The value.
    pub value: T,
    /// What it came with.
    pub meta: Meta,
}

impl WithMeta<()> {
    /// For an answer that strict decoding refused, and that is to be read in another way.
    pub(crate) fn of_undecoded(seen: &Seen) -> Self {
        let meta = Meta {
            status: seen.status.unwrap_or_default().as_u16(),
            headers: seen.headers.clone(),
            body_bytes: seen.body_bytes,
        };
        Self { value: (), meta }
    }
}

impl<T> WithMeta<T> {
    pub(crate) fn new(answer: ResponseValue<T>, seen: &Seen) -> Self {
        let meta = Meta {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body_bytes: seen.body_bytes,
        };
        Self {
            value: answer.into_inner(),
            meta,
        }
    }

    pub(crate) fn try_map<U, E>(
        self,
        change: impl FnOnce(T, &Meta) -> Result<U, E>,
    ) -> Result<WithMeta<U>, E> {
        Ok(WithMeta {
            value: change(self.value, &self.meta)?,
            meta: self.meta,
        })
    }
}
