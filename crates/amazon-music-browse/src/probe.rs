//! A record of what a call received.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};

/// Records the latest response of a client, for callers that report more about a failure than the generated
/// error contains. Clones share the record.
#[derive(Clone, Debug, Default)]
pub struct Probe(Arc<Mutex<Seen>>);

impl Probe {
    /// Returns the record.
    #[must_use]
    pub fn seen(&self) -> Seen {
        self.lock().clone()
    }

    /// Returns the record and clears it.
    #[must_use]
    pub fn take(&self) -> Seen {
        std::mem::take(&mut *self.lock())
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The record of a [`Probe`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Seen {
    /// Operation of the request, in snake case.
    pub operation: Option<&'static str>,
    /// Status of the response.
    pub status: Option<StatusCode>,
    /// Headers of a response that could not be decoded.
    pub headers: HeaderMap,
    /// Number of bytes read of the body, after decompression.
    pub body_bytes: usize,
    /// Body of a response that was read completely.
    pub body: Option<Bytes>,
    /// Whether reading stopped because the body exceeded its limit.
    pub oversized: bool,
}
