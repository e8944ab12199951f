//! Faults.

use std::{fmt, time::Duration};

/// A fault: one way in which a request fails.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// The documented error object with this status and code, and optionally a `Retry-After`.
    Error {
        /// HTTP status.
        status: u16,
        /// Error code in the body.
        code: String,
        /// Value of the `Retry-After` header, sent as it is.
        retry_after: Option<String>,
    },
    /// A gateway's 502 with an HTML page.
    BadGateway,
    /// A gateway's 503 with an HTML page, and optionally a `Retry-After`.
    Unavailable {
        /// Value of the `Retry-After` header, sent as it is.
        retry_after: Option<String>,
    },
    /// The normal response, delayed by this duration.
    Latency(Duration),
    /// Half of the normal body, then the end of the connection.
    CutBody,
    /// Half of the normal body, and the rest after this delay.
    SlowBody(Duration),
    /// The normal body with the content type `text/plain`.
    WrongContentType,
    /// The normal body with a byte in a string that is not UTF-8.
    InvalidUtf8,
    /// The normal body followed by this many bytes of whitespace, rounded up to 64 KiB.
    Oversized(u64),
    /// A reset of the connection, without a response.
    Reset,
    /// A page whose next cursor is the cursor of its own request. A first page is not changed.
    DuplicateCursor,
    /// A page without any cursor to the next one. A last page has none anyway.
    MissingToken,
    /// A page whose second item has an id of the wrong type. Other responses are not changed.
    MalformedItem,
}

impl Fault {
    /// A 429 with the code `THROTTLED` and this `Retry-After`: seconds, a date, or an invalid value.
    pub fn throttled(retry_after: impl Into<String>) -> Self {
        Self::Error {
            status: 429,
            code: "THROTTLED".to_owned(),
            retry_after: Some(retry_after.into()),
        }
    }

    /// The documented error object with this status and code.
    pub fn error(status: u16, code: impl Into<String>) -> Self {
        Self::Error {
            status,
            code: code.into(),
            retry_after: None,
        }
    }
}

/// Writes the name of the fault, as in the scripts of `amazon-music sandbox serve`; an error with its status and
/// code.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Error { status, code, .. } => return write!(f, "error {status} {code}"),
            Self::BadGateway => "badGateway",
            Self::Unavailable { .. } => "unavailable",
            Self::Latency(_) => "latency",
            Self::CutBody => "cutBody",
            Self::SlowBody(_) => "slowBody",
            Self::WrongContentType => "wrongContentType",
            Self::InvalidUtf8 => "invalidUtf8",
            Self::Oversized(_) => "oversized",
            Self::Reset => "reset",
            Self::DuplicateCursor => "duplicateCursor",
            Self::MissingToken => "missingToken",
            Self::MalformedItem => "malformedItem",
        };
        f.write_str(name)
    }
}
