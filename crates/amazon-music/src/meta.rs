//! What an answer came with, beside its value.

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
