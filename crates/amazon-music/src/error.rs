//! The one error type.

mod classify;
mod snippet;

use std::{borrow::Cow, error::Error as StdError, fmt};

use amazon_music_browse::types::ErrorCode;
use reqwest::StatusCode;

pub(crate) use classify::classify;

/// What went wrong with a call, in one line, with the facts beside it.
///
/// [`kind`](Self::kind) tells the cases apart; the accessors give what is known. One pointer wide.
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    operation: Option<&'static str>,
    status: Option<StatusCode>,
    code: Option<ErrorCode>,
    reference: Option<String>,
    body: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The cases of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A client could not be made.
    ///
    /// *When:* [`Builder::build`](crate::Builder::build) found a setting missing or wrong.
    /// *What to do:* correct the setting that the message names.
    Setup,
    /// A request was refused before it was sent.
    ///
    /// *When:* a limit is out of bounds, or an id could change the path of the request.
    /// *What to do:* correct the parameter that the message names.
    Request,
    /// No connection could be made.
    ///
    /// *When:* the name does not resolve, nothing listens, or TLS fails.
    /// *What to do:* check network, proxy and base URL; then try again.
    Connect,
    /// An attempt took too long.
    ///
    /// *When:* no complete answer came within the attempt timeout.
    /// *What to do:* try again, or allow more time.
    Timeout,
    /// A connection broke.
    ///
    /// *When:* it was closed or reset before the answer was complete.
    /// *What to do:* try again.
    Transport,
    /// The application calls too often.
    ///
    /// *When:* the service answered 429.
    /// *What to do:* wait, and call less often. The limits are per application and not published.
    RateLimited,
    /// The service refused or failed.
    ///
    /// *When:* it answered with a status other than 200 and 429.
    /// *What to do:* depends on [`Error::status`] and [`Error::api_code`]: 401 asks for a new token, 403
    /// for a permission or an account, 404 for another id, 500 and above for patience.
    Api,
    /// An answer could not be understood.
    ///
    /// *When:* a 200 came with something else than the documented JSON.
    /// *What to do:* report it, with [`Error::body`]: either the service has changed or something
    /// between here and there answers in its place.
    Decode,
    /// An answer was too long to read.
    ///
    /// *When:* a body went beyond [`Builder::max_body_bytes`](crate::Builder::max_body_bytes).
    /// *What to do:* ask for smaller pages, or allow more.
    TooLarge,
    /// A list goes on, and cannot be continued.
    ///
    /// *When:* the service said that there is a next page and gave neither token nor cursor, or it
    /// kept giving empty pages.
    /// *What to do:* use what came; or begin again later.
    Incomplete,
    /// A list leads back to itself.
    ///
    /// *When:* the service gave a cursor that this walk has been at.
    /// *What to do:* use what came; report it.
    CursorLoop,
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
        self.0.source = Some(Box::new(source));
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
        if let Some(reference) = &inner.reference {
            write!(f, " (reference {reference})")?;
        }
        Ok(())
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
            .field("source", &inner.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
