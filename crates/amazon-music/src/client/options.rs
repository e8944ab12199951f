//! Settings of single calls.

use std::{fmt, time::Duration};

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

use crate::{
    error::{Error, ErrorKind},
    retry::RetrySettings,
};

/// Settings that differ from the client's for some calls: see [`AmazonMusic::with_options`].
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
    /// No difference yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long one attempt may take, from its request to the end of its body.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// How long a call may take with all its attempts and waits.
    pub fn overall_timeout(mut self, timeout: Duration) -> Self {
        self.overall_timeout = Some(timeout);
        self
    }

    /// How failed attempts are tried again. The budget stays that of the client.
    pub fn retries(mut self, retries: RetrySettings) -> Self {
        self.retries = Some(retries);
        self
    }

    /// Sends one more header.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Request`] where it is no header, or one that carries credentials.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, Error> {
        let refuse =
            |what: &str| Error::new(ErrorKind::Request, format!("the extra header {what}"));
        let name: HeaderName = name
            .parse()
            .map_err(|_| refuse("has a name that cannot be sent"))?;
        if name == AUTHORIZATION || name.as_str() == "x-api-key" {
            return Err(refuse("must not be a credential: give it to the builder"));
        }
        let mut value =
            HeaderValue::from_str(value).map_err(|_| refuse("has a value that cannot be sent"))?;
        // Nobody can tell what a header of the user's holds.
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(self)
    }

    /// A word that stands in the traces of these calls, to find them again.
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
