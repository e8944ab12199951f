//! A response beside its value: status, headers, size.

use reqwest::header::HeaderMap;

use crate::{
    decode::context::{Context, Strict},
    error::Error,
};

/// The status, headers and size of a response.
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

/// A value with the [`Meta`] of its response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WithMeta<T> {
    /// The value.
    pub value: T,
    /// The response beside it.
    pub meta: Meta,
}

/// Reads a response as `read` does, and keeps its [`Meta`].
pub(crate) fn with_meta<T, U>(
    read: impl Fn(Strict<T>, &Context<'_>) -> Result<U, Error>,
) -> impl Fn(Strict<T>, &Context<'_>) -> Result<WithMeta<U>, Error> {
    move |response, context| {
        let headers = match &response {
            Ok(response) => response.headers().clone(),
            Err(_) => context.seen.headers.clone(),
        };
        Ok(WithMeta {
            value: read(response, context)?,
            meta: Meta {
                status: context.seen.status.unwrap_or_default().as_u16(),
                headers,
                body_bytes: context.seen.body_bytes,
            },
        })
    }
}
