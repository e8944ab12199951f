//! Why there is no token.

use std::{error::Error as StdError, fmt, sync::Arc, time::SystemTime};

/// The failure of a login, a refresh, or a token store. Found as the source of an
/// [`Error`](crate::Error) of the kind [`Token`](crate::ErrorKind::Token).
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
///
/// Two errors are equal if they say the same: the source is not compared.
#[derive(Clone, Debug)]
pub struct TokenError {
    pub(super) message: String,
    pub(super) code: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) is_terminal: bool,
    pub(super) is_transient: bool,
    retry_at: Option<SystemTime>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl TokenError {
    /// A failure that may pass: the network, or a service that is down. It is retried.
    pub fn passing(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            code: None,
            request_id: None,
            is_terminal: false,
            is_transient: true,
            retry_at: None,
            source: None,
        }
    }

    /// A failure that stays until somebody acts, such as a user who took the permission back.
    pub fn terminal(message: impl Into<String>) -> Self {
        Self {
            is_terminal: true,
            is_transient: false,
            ..Self::passing(message)
        }
    }

    /// A failure that stays until somebody changes the set-up, such as a certificate that is not trusted. A
    /// new login would not help, and a retry fails again.
    pub fn lasting(message: impl Into<String>) -> Self {
        Self {
            is_transient: false,
            ..Self::passing(message)
        }
    }

    /// Adds the cause, which becomes the [`source`](StdError::source). It must not show a credential.
    ///
    /// ```
    /// use std::{error::Error as _, io};
    ///
    /// use amazon_music::auth::TokenError;
    ///
    /// let cause = io::Error::from(io::ErrorKind::ConnectionRefused);
    /// let error = TokenError::passing("the vault cannot be reached").with_source(cause);
    /// assert_eq!(error.source().unwrap().to_string(), "connection refused");
    /// ```
    #[must_use]
    pub fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// Adds the moment from which a retry is welcome. Until then, and for at most five minutes, the
    /// client does not ask the provider again.
    #[must_use]
    pub fn with_retry_at(mut self, at: SystemTime) -> Self {
        self.retry_at = Some(at);
        self
    }

    /// The code of the token service, as it sent it: `invalid_grant`. Unknown ones are kept.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Whether this is the code, in any case.
    #[cfg(feature = "login")]
    pub(super) fn has_code(&self, code: &str) -> bool {
        self.code()
            .is_some_and(|own| own.eq_ignore_ascii_case(code))
    }

    /// The id to quote to the token service.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Whether the login is over: a retry is useless until the user logs in again, or the client is corrected.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Whether the same may succeed later, unchanged. A failure that is neither this nor
    /// [terminal](Self::is_terminal) stays until the set-up changes: a certificate that is not trusted, or a
    /// proxy that wants a login.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.is_transient
    }

    /// The moment to retry, if the token service named one.
    #[must_use]
    pub fn retry_at(&self) -> Option<SystemTime> {
        self.retry_at
    }

    fn said(&self) -> (&str, Option<&str>, Option<&str>, bool, Option<SystemTime>) {
        (
            &self.message,
            self.code(),
            self.request_id(),
            self.is_terminal,
            self.retry_at,
        )
    }
}

impl PartialEq for TokenError {
    fn eq(&self, other: &Self) -> bool {
        self.said() == other.said()
    }
}

impl Eq for TokenError {}

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

impl StdError for TokenError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
