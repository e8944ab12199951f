//! A record of what a call received.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use reqwest::{Request, StatusCode, Url, header::HeaderMap};

/// Records the latest response of a client, for callers that report more about a failure than the generated
/// error contains. Clones share the record.
#[derive(Clone, Debug, Default)]
pub struct Probe {
    seen: Arc<Mutex<Seen>>,
    keeps_url: bool,
}

impl Probe {
    /// A record that has the URL of the request too, at the cost of a copy of it.
    #[must_use]
    pub fn with_url() -> Self {
        Self {
            seen: Arc::default(),
            keeps_url: true,
        }
    }

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
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a request that is about to be sent.
    pub(crate) fn starts(&self, request: &Request, operation: Option<&'static str>) {
        let mut seen = self.lock();
        seen.operation = operation;
        seen.url = self.keeps_url.then(|| request.url().clone());
    }
}

/// The record of a [`Probe`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Seen {
    /// Operation of the request, in snake case.
    pub operation: Option<&'static str>,
    /// URL of the request, only of a [`Probe::with_url`]. Its query may hold a cursor.
    pub url: Option<Url>,
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
