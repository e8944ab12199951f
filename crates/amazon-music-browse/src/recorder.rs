//! The traits of recorders: who records each request with its response, or the part of it that came.

use std::fmt;

use bytes::Bytes;
use reqwest::{
    Request, StatusCode, Url,
    header::{HeaderMap, HeaderName},
};

/// Records the exchanges of a client. It is never given a credential, nor the value of any header of a request.
pub trait Recorder: fmt::Debug + Send + Sync {
    /// Begins an exchange: its request is about to be sent.
    fn begin(&self, request: Sent<'_>) -> Box<dyn Recording>;
}

/// An exchange that is being recorded. Dropped without an end, it was interrupted.
pub trait Recording: Send {
    /// Records the response; none if the connection failed before one came.
    fn end(self: Box<Self>, response: Option<Received<'_>>);
}

/// A request that is about to be sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Sent<'a> {
    /// The operation, in snake case.
    pub operation: Option<&'static str>,
    /// The base URL.
    pub base_url: &'a str,
    /// The URL.
    pub url: &'a Url,
    /// The names of the headers.
    pub headers: Vec<&'a HeaderName>,
}

/// A response.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Received<'a> {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body, after decompression, up to the limit of bodies.
    pub body: &'a Bytes,
    /// Whether the connection failed before the end of the body.
    pub is_cut: bool,
}

/// Begins an exchange.
pub(crate) fn begin(
    recorder: &dyn Recorder,
    request: &Request,
    base_url: &str,
    operation: Option<&'static str>,
) -> Box<dyn Recording> {
    recorder.begin(Sent {
        operation,
        base_url,
        url: request.url(),
        headers: request.headers().keys().collect(),
    })
}
