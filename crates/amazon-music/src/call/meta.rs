//! A response beside its value: status, headers, body.

use std::fmt;

use bytes::Bytes;
use reqwest::header::HeaderMap;

use crate::{
    decode::context::{Context, Strict},
    error::Error,
};

/// The status, headers and body of a response.
///
/// ```no_run
/// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
/// let response = music.top_tracks().send_with_meta().await?;
/// println!("{} {}", response.meta.status, String::from_utf8_lossy(&response.meta.body));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Meta {
    /// The HTTP status.
    pub status: u16,
    /// The headers as they came.
    pub headers: HeaderMap,
    /// The length of the body in bytes, after decompression.
    pub body_bytes: usize,
    /// The body as it came, after decompression. Shared, not copied, and not shown by `Debug`; it stays in
    /// memory as long as a clone of it. Pages and items do not hold it.
    pub body: Bytes,
}

impl Meta {
    /// The status and body of a response, without headers, for a test of your own code. This crate makes
    /// its own from responses.
    ///
    /// ```
    /// use amazon_music::{Meta, Page, WithMeta, types::Track};
    ///
    /// let meta = Meta::fake(200, "{}");
    /// let response = WithMeta::fake(Page::fake([Track::new("a")]), meta);
    /// assert_eq!((response.meta.status, response.meta.body_bytes), (200, 2));
    /// ```
    pub fn fake(status: u16, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        Self {
            status,
            headers: HeaderMap::new(),
            body_bytes: body.len(),
            body,
        }
    }
}

impl fmt::Debug for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meta")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body_bytes", &self.body_bytes)
            .finish_non_exhaustive()
    }
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

impl<T> WithMeta<T> {
    /// A value with a [`Meta`], for a test of your own code: see [`Meta::fake`].
    pub fn fake(value: T, meta: Meta) -> Self {
        Self { value, meta }
    }
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
                body: context.seen.body.clone().unwrap_or_default(),
            },
        })
    }
}
