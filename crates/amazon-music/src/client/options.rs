//! Options of single calls.

use std::{fmt, time::Duration};

use reqwest::header::HeaderMap;

use crate::{
    client::header,
    error::{Error, ErrorKind},
    retry::RetrySettings,
};

/// Options that override the settings of the client for single calls.
///
/// Set them on one request (`options`), or on a clone of the client with [`AmazonMusic::with_options`].
///
/// ```no_run
/// use std::time::Duration;
///
/// use amazon_music::CallOptions;
///
/// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
/// let options = CallOptions::new()
///     .overall_timeout(Duration::from_secs(5))
///     .header("x-request-id", "8f14e45f")?
///     .tag("front page");
/// let page = music.top_tracks().options(options).send().await?;
/// # drop(page);
/// # Ok(())
/// # }
/// ```
///
/// [`AmazonMusic::with_options`]: crate::AmazonMusic::with_options
#[derive(Clone, Default)]
#[must_use = "options do nothing until they are given to a client"]
pub struct CallOptions {
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) overall_timeout: Option<Duration>,
    pub(crate) retries: Option<RetrySettings>,
    pub(crate) headers: HeaderMap,
    pub(crate) tag: Option<String>,
}

impl CallOptions {
    /// Returns options that override nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the timeout of one attempt, from sending the request to the end of the body.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Sets the timeout of a call with all its attempts and delays.
    pub fn overall_timeout(mut self, timeout: Duration) -> Self {
        self.overall_timeout = Some(timeout);
        self
    }

    /// Sets how failed attempts are retried. The retry budget of the client still applies.
    pub fn retries(mut self, retries: RetrySettings) -> Self {
        self.retries = Some(retries);
        self
    }

    /// Adds a header to the requests.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Request`] if the name or the value is not valid, or if the header carries the
    /// credentials of the client (`Authorization`, `x-api-key`), or belongs to the connection (`Host`,
    /// `Content-Length`, `Transfer-Encoding` and their like).
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, Error> {
        let (name, value) =
            header::check(name, value).map_err(|reason| Error::new(ErrorKind::Request, reason))?;
        self.headers.insert(name, value);
        Ok(self)
    }

    /// Sets a tag that is recorded in the spans of the calls (`amazon_music.tag`, feature `tracing`).
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tag = Some(tag.into());
        self
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("attempt_timeout", &self.attempt_timeout)
            .field("overall_timeout", &self.overall_timeout)
            .field("retries", &self.retries)
            .field("headers", &Vec::from_iter(self.headers.keys()))
            .field("tag", &self.tag)
            .finish()
    }
}
