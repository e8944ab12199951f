//! The error type of all calls.

mod classify;
mod fake;
mod kind;
pub(crate) mod obstacle;
pub(crate) mod redact;
pub(crate) mod retry_after;
#[cfg(test)]
mod tests;
mod transient;

use std::{borrow::Cow, error::Error as StdError, fmt, sync::Arc, time::SystemTime};

use amazon_music_browse::types::{ErrorCode, ErrorPayload};
use reqwest::StatusCode;

pub(crate) use classify::{WEB_PAGE, classify, is_web_page};
pub use fake::FakeError;
pub use kind::ErrorKind;

/// The error of a call: a one-line message with the facts as accessors.
///
/// [`kind`](Self::kind) tells the cases apart. `Display` prints the operation, the status, the error code,
/// the message, the reference, the number of attempts and the hint; never a credential. The type is one pointer wide
/// and cheap to clone.
///
/// ```no_run
/// use amazon_music::{Error, ErrorKind};
///
/// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), Error> {
/// match music.category("2iB4IU25").send().await {
///     Ok(category) => println!("{}", category.id),
///     Err(error) if error.status() == Some(404) => println!("no such category"),
///     Err(error) if error.kind() == ErrorKind::RateLimited => {
///         println!("rate limited until {:?}", error.retry_at());
///     }
///     Err(error) if error.is_transient() => println!("retry later: {error}"),
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
    url: Option<String>,
    payload: Option<ErrorPayload>,
    body: Option<String>,
    json_path: Option<String>,
    index: Option<usize>,
    attempts: u32,
    retry_at: Option<SystemTime>,
    transient: Option<bool>,
    hint: Option<&'static str>,
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
            url: None,
            payload: None,
            body: None,
            json_path: None,
            index: None,
            attempts: 0,
            retry_at: None,
            transient: None,
            hint: None,
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

    pub(crate) fn with_url(mut self, url: Option<String>) -> Self {
        self.0.url = url;
        self
    }

    pub(crate) fn with_payload(mut self, payload: Option<ErrorPayload>) -> Self {
        self.0.payload = payload;
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

    pub(crate) fn with_retry_at(mut self, at: Option<SystemTime>) -> Self {
        self.0.retry_at = at;
        self
    }

    /// Adds the rate at which requests are admitted.
    pub(crate) fn with_rate(mut self, rate: Option<f64>) -> Self {
        if let Some(rate) = rate {
            let digits = usize::from(rate < 10.0);
            let message = &self.0.message;
            let text = format!("{message} (about {rate:.digits$} requests a second are admitted)");
            self.0.message = text.into();
        }
        self
    }

    pub(crate) fn with_hint(mut self, hint: &'static str) -> Self {
        self.0.hint = Some(hint);
        self
    }

    /// Says whether the error may pass, whatever its kind says.
    pub(crate) fn with_transient(mut self, is_transient: bool) -> Self {
        self.0.transient = Some(is_transient);
        self
    }

    /// The kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation, named after the method of the generated client: `get_top_tracks`.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The HTTP status, if a response arrived.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status.map(|status| status.as_u16())
    }

    /// The error code of the service, if it sent one.
    #[must_use]
    pub fn api_code(&self) -> Option<&ErrorCode> {
        self.0.code.as_ref()
    }

    /// The message without operation and status: the service's own message if it sent one, in the
    /// language of [`Builder::locale`](crate::Builder::locale).
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The reference to quote to Amazon, if the service sent one.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// The URL of a page on which the user can resolve the error, if the service sent one; meant for a QR
    /// code too. As text, because nothing says that it is a valid URL.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.0.url.as_deref()
    }

    /// Further details, if the service sent some; their shape depends on the code. Without its undocumented
    /// fields if they are longer than 16 KiB or show a credential of this client.
    #[must_use]
    pub fn payload(&self) -> Option<&ErrorPayload> {
        self.0.payload.as_ref()
    }

    /// The beginning of a body that could not be decoded: at most 512 bytes, on one line, with the
    /// credentials of this client redacted.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.0.body.as_deref()
    }

    /// The JSON path of the value that could not be decoded: `data.topTracks.edges[3].node.title`.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    /// The index on its page of the item that could not be decoded, from 0.
    #[must_use]
    pub fn index(&self) -> Option<usize> {
        self.0.index
    }

    /// The number of requests sent for the call; 0 if it was rejected before the first.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// A remedy that this client knows of beside the message, as `Display` prints it: for a 404 of a
    /// category, that the documentation prints its path in two forms, and how to send the other.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.0.hint
    }

    /// The earliest time to retry, if the service named one or the client is backing off after a 429.
    #[must_use]
    pub fn retry_at(&self) -> Option<SystemTime> {
        self.0.retry_at
    }

    /// Whether the same call may succeed later: the errors that [`RetrySettings`](crate::RetrySettings)
    /// retries by default.
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
            (None, None) => {}
            (Some(reference), None) => write!(f, " (reference {reference})")?,
            (None, Some(attempts)) => write!(f, " ({attempts} attempts)")?,
            (Some(reference), Some(attempts)) => {
                write!(f, " (reference {reference}, {attempts} attempts)")?;
            }
        }
        match inner.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
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
            .field("url", &inner.url)
            .field("payload", &inner.payload)
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
