//! Errors made by hand, for tests of code that handles them.

use std::{borrow::Cow, time::SystemTime};

use amazon_music_browse::types::{ErrorCode, ErrorPayload};
use reqwest::StatusCode;

use crate::error::{Error, ErrorKind};

impl Error {
    /// Begins an error for a test of your own code. This crate makes its own from responses.
    ///
    /// ```
    /// use amazon_music::{Error, ErrorKind};
    ///
    /// fn is_gone(error: &Error) -> bool {
    ///     error.status() == Some(404)
    /// }
    ///
    /// let error = Error::fake(ErrorKind::Api, "no such category").status(404).build();
    /// assert!(is_gone(&error));
    /// assert_eq!(error.to_string(), "404: no such category");
    /// assert!(!is_gone(&Error::fake(ErrorKind::Timeout, "too slow").build()));
    /// ```
    pub fn fake(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> FakeError {
        FakeError(Self::new(kind, message))
    }
}

/// An [`Error`] under construction, for tests of your own code: begun by [`Error::fake`].
///
/// ```
/// use amazon_music::{Error, ErrorKind};
///
/// let error = Error::fake(ErrorKind::Api, "No Amazon Music account found.")
///     .operation("get_top_tracks")
///     .status(403)
///     .code("NO_MUSIC_ACCOUNT_FOUND")
///     .url("https://music.amazon.com")
///     .build();
/// assert_eq!(error.url(), Some("https://music.amazon.com"));
/// assert!(!error.is_transient());
/// ```
#[derive(Clone, Debug)]
#[must_use = "an error is made by `build`"]
pub struct FakeError(Error);

impl FakeError {
    /// Sets [`Error::operation`].
    pub fn operation(self, operation: &'static str) -> Self {
        Self(self.0.with_operation(operation))
    }

    /// Sets [`Error::status`]. A number below 100 or above 999 is no status and sets none.
    pub fn status(mut self, status: u16) -> Self {
        self.0.0.status = StatusCode::from_u16(status).ok();
        self
    }

    /// Sets [`Error::api_code`], documented or not.
    pub fn code(self, code: impl Into<String>) -> Self {
        Self(self.0.with_code(Some(ErrorCode::from(code.into()))))
    }

    /// Sets [`Error::reference`].
    pub fn reference(self, reference: impl Into<String>) -> Self {
        Self(self.0.with_reference(Some(reference.into())))
    }

    /// Sets [`Error::url`].
    pub fn url(self, url: impl Into<String>) -> Self {
        Self(self.0.with_url(Some(url.into())))
    }

    /// Sets [`Error::payload`].
    pub fn payload(self, payload: ErrorPayload) -> Self {
        Self(self.0.with_payload(Some(payload)))
    }

    /// Sets [`Error::body`].
    pub fn body(self, body: impl Into<String>) -> Self {
        Self(self.0.with_body(body.into()))
    }

    /// Sets [`Error::json_path`].
    pub fn json_path(self, path: impl Into<String>) -> Self {
        Self(self.0.with_json_path(path.into()))
    }

    /// Sets [`Error::index`].
    pub fn index(self, index: usize) -> Self {
        Self(self.0.with_index(index))
    }

    /// Sets [`Error::attempts`].
    pub fn attempts(self, attempts: u32) -> Self {
        Self(self.0.with_attempts(attempts))
    }

    /// Sets [`Error::retry_at`].
    pub fn retry_at(self, at: SystemTime) -> Self {
        Self(self.0.with_retry_at(Some(at)))
    }

    /// Sets [`Error::is_transient`], which follows from the kind and the status otherwise.
    pub fn transient(self, is_transient: bool) -> Self {
        Self(self.0.with_transient(is_transient))
    }

    /// The error.
    #[must_use]
    pub fn build(self) -> Error {
        self.0
    }
}
