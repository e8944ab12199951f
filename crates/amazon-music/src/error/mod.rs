//! The one error type.

mod classify;
mod kind;
pub(crate) mod redact;
pub(crate) mod retry_after;
#[cfg(test)]
mod tests;
mod transient;

use std::{borrow::Cow, error::Error as StdError, fmt, sync::Arc, time::SystemTime};

use amazon_music_browse::types::ErrorCode;
use reqwest::StatusCode;

pub(crate) use classify::{WEB_PAGE, classify, is_web_page};
pub use kind::ErrorKind;

/// What went wrong with a call, in one line, with the facts beside it.
///
/// [`kind`](Self::kind) tells the cases apart; the accessors give what is known. One pointer wide, and
/// cheap enough to clone.
///
/// ```no_run
/// use amazon_music::{Error, ErrorKind};
///
/// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), Error> {
/// match music.category("2iB4IU25").send().await {
///     Ok(category) => println!("{}", category.id),
///     Err(error) if error.status() == Some(404) => println!("there is no such category"),
///     Err(error) if error.kind() == ErrorKind::RateLimited => {
///         println!("come back at {:?}", error.retry_at());
///     }
///     Err(error) if error.is_transient() => println!("later, perhaps: {error}"),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    operation: Option<&'static str>,
    status: Option<StatusCode>,
    code: Option<ErrorCode>,
    reference: Option<String>,
    body: Option<String>,
    json_path: Option<String>,
    index: Option<usize>,
    attempts: u32,
    /// Of a token error, which knows.
    may_pass: bool,
    retry_at: Option<SystemTime>,
    transient: Option<bool>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            operation: None,
            status: None,
            code: None,
            reference: None,
            body: None,
            json_path: None,
            index: None,
            attempts: 0,
            may_pass: false,
            retry_at: None,
            transient: None,
            source: None,
        }))
    }

    pub(crate) fn with_operation(mut self, operation: &'static str) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Arc::new(source));
        self
    }

    pub(crate) fn with_body(mut self, body: String) -> Self {
        self.0.body = Some(body).filter(|body| !body.is_empty());
        self
    }

    pub(crate) fn with_code(mut self, code: Option<ErrorCode>) -> Self {
        self.0.code = code;
        self
    }

    pub(crate) fn with_reference(mut self, reference: Option<String>) -> Self {
        self.0.reference = reference;
        self
    }

    pub(crate) fn with_json_path(mut self, path: String) -> Self {
        self.0.json_path = Some(path);
        self
    }

    pub(crate) fn with_index(mut self, index: usize) -> Self {
        self.0.index = Some(index);
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// Says whether an error of the kind [`ErrorKind::Token`] may pass.
    pub(crate) fn with_may_pass(mut self, may_pass: bool) -> Self {
        self.0.may_pass = may_pass;
        self
    }

    pub(crate) fn with_retry_at(mut self, at: Option<SystemTime>) -> Self {
        self.0.retry_at = at;
        self
    }

    /// Says whether the error may pass, whatever its kind says.
    pub(crate) fn with_transient(mut self, is_transient: bool) -> Self {
        self.0.transient = Some(is_transient);
        self
    }

    /// The case.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that was called, as the generated client names it: `get_top_tracks`.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The HTTP status, where an answer came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status.map(|status| status.as_u16())
    }

    /// The service's own code, where it sent one.
    #[must_use]
    pub fn api_code(&self) -> Option<&ErrorCode> {
        self.0.code.as_ref()
    }

    /// What happened, without the operation and the status: the service's own words where it sent
    /// some, in the language asked for.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to quote to Amazon, where the service sent it.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// The beginning of a body that was not understood: at most 512 bytes, on one line, without this
    /// client's credentials.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.0.body.as_deref()
    }

    /// Where in the answer something could not be read: `data.topTracks.edges[3].node.title`.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    /// The place on its page of an item that could not be read, from 0.
    #[must_use]
    pub fn index(&self) -> Option<usize> {
        self.0.index
    }

    /// How many requests were sent for the call; 0 where it was refused before.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// When the service wants to be called again, where it said so.
    #[must_use]
    pub fn retry_at(&self) -> Option<SystemTime> {
        self.0.retry_at
    }

    /// Whether the same call may succeed later, unchanged: the cases that the client itself tries again.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.0
            .transient
            .unwrap_or_else(|| transient::is_transient(self))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        if let Some(operation) = inner.operation {
            write!(f, "{operation}: ")?;
        }
        if let Some(status) = inner.status {
            write!(f, "{}", status.as_u16())?;
            if let Some(code) = &inner.code {
                write!(f, " {code}")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&inner.message)?;
        let attempts = match inner.attempts {
            0 | 1 => None,
            attempts => Some(attempts),
        };
        match (&inner.reference, attempts) {
            (None, None) => Ok(()),
            (Some(reference), None) => write!(f, " (reference {reference})"),
            (None, Some(attempts)) => write!(f, " ({attempts} attempts)"),
            (Some(reference), Some(attempts)) => {
                write!(f, " (reference {reference}, {attempts} attempts)")
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("operation", &inner.operation)
            .field("status", &inner.status)
            .field("code", &inner.code)
            .field("message", &inner.message)
            .field("reference", &inner.reference)
            .field("body", &inner.body)
            .field("json_path", &inner.json_path)
            .field("index", &inner.index)
            .field("attempts", &inner.attempts)
            .field("retry_at", &inner.retry_at)
            .field("source", &inner.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
