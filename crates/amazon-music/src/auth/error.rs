//! Why there is no token.

use std::fmt;

/// Why a token could not be had. Found as the source of an [`Error`](crate::Error) of the kind
/// [`Token`](crate::ErrorKind::Token).
///
/// ```
/// use std::error::Error as _;
///
/// use amazon_music::{Error, auth::TokenError};
///
/// /// Whether the user has to log in again.
/// fn must_log_in(error: &Error) -> bool {
///     let source = error.source().and_then(|source| source.downcast_ref::<TokenError>());
///     source.is_some_and(TokenError::is_terminal)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenError {
    pub(super) message: String,
    pub(super) code: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) is_terminal: bool,
}

impl TokenError {
    /// A failure that may pass: the network, or a service that is down. It is tried again.
    pub fn passing(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            code: None,
            request_id: None,
            is_terminal: false,
        }
    }

    /// A failure that stays until somebody acts, such as a user who took the permission back.
    pub fn terminal(message: impl Into<String>) -> Self {
        Self {
            is_terminal: true,
            ..Self::passing(message)
        }
    }

    /// The code of the token service, as it sent it: `invalid_grant`. Unknown ones are kept.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Whether this is the code, in whatever case it came.
    #[cfg(feature = "login")]
    pub(super) fn has_code(&self, code: &str) -> bool {
        self.code()
            .is_some_and(|own| own.eq_ignore_ascii_case(code))
    }

    /// What to quote to the token service.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Whether trying again is useless until somebody acts.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.is_terminal
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(code) = &self.code {
            write!(f, "{code}: ")?;
        }
        f.write_str(&self.message)?;
        match &self.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for TokenError {}
