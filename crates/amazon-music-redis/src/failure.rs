//! Why Redis did not do what it was asked.

use std::{error, fmt, sync::Arc, time::Duration};

use amazon_music::auth::TokenError;
use redis::{ErrorKind, RedisError, ServerErrorKind};

/// The failure of a command, by name. The source of each [`TokenError`] of this crate.
///
/// ```
/// use std::error::Error as _;
///
/// use amazon_music::auth::TokenError;
/// use amazon_music_redis::{Failure, FailureKind};
///
/// /// Whether a failover is under way.
/// fn is_failover(error: &TokenError) -> bool {
///     let failure = error.source().and_then(|source| source.downcast_ref::<Failure>());
///     failure.is_some_and(|failure| *failure.kind() == FailureKind::ReadOnly)
/// }
/// ```
#[derive(Clone)]
pub struct Failure {
    kind: FailureKind,
    address: Arc<str>,
}

/// The kind of a [`Failure`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureKind {
    /// No connection, or one that was dropped, with the reason of the system.
    Unreachable(String),
    /// No response within [`command_timeout`](crate::RedisBuilder::command_timeout) or
    /// [`connect_timeout`](crate::RedisBuilder::connect_timeout).
    TimedOut,
    /// Not asked, because it failed several times in a row: asked again after this time.
    CircuitOpen(Duration),
    /// `LOADING`: it reads its file after a start.
    Loading,
    /// `MISCONF`: it cannot save to its disk, and refuses writes for that.
    CannotPersist,
    /// `READONLY`: it is a replica, perhaps since a failover.
    ReadOnly,
    /// `OOM`: its memory is full.
    OutOfMemory,
    /// `CLUSTERDOWN`, `MASTERDOWN`, `TRYAGAIN` and the like: a failover or a move is under way.
    Failover,
    /// `WRONGPASS` or `NOAUTH`: the URL has a wrong password, or none.
    Unauthorized,
    /// `NOSCRIPT`: it does not know a script any more, and lost it again right after it was sent in full.
    NoScript,
    /// `NOPERM`: this user of Redis may not run the commands of this crate.
    NoPermission,
    /// The URL is `rediss://` and the process has no TLS provider, or this build has no TLS.
    NoTlsProvider(&'static str),
    /// A setting that cannot be right, as a URL that is none.
    InvalidSetting(String),
    /// Any other error, by its code.
    Other(String),
}

impl Failure {
    pub(crate) fn new(kind: FailureKind, address: &Arc<str>) -> Self {
        Self {
            kind,
            address: Arc::clone(address),
        }
    }

    /// Sorts an error of the client. Details are left out: they may quote what was sent.
    pub(crate) fn of(error: &RedisError, address: &Arc<str>) -> Self {
        Self::new(kind(error), address)
    }

    /// The kind of the failure.
    #[must_use]
    pub fn kind(&self) -> &FailureKind {
        &self.kind
    }

    /// Whether the same may succeed later, unchanged.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        !matches!(
            self.kind,
            FailureKind::Unauthorized
                | FailureKind::NoPermission
                | FailureKind::NoTlsProvider(_)
                | FailureKind::InvalidSetting(_)
        )
    }

    /// Whether the server serves nobody, so that it is left alone for a while.
    pub(crate) fn opens_circuit(&self) -> bool {
        matches!(
            self.kind,
            FailureKind::Unreachable(_)
                | FailureKind::TimedOut
                | FailureKind::Loading
                | FailureKind::Failover
                | FailureKind::Unauthorized
        )
    }

    /// Whether another connection may lead to a server that can: this one is gone, or leads to a replica.
    pub(crate) fn wants_reconnect(&self) -> bool {
        matches!(
            self.kind,
            FailureKind::Unreachable(_)
                | FailureKind::TimedOut
                | FailureKind::ReadOnly
                | FailureKind::Failover
                | FailureKind::Unauthorized
        )
    }
}

/// The kind of an error of the client.
fn kind(error: &RedisError) -> FailureKind {
    if error.is_timeout() {
        return FailureKind::TimedOut;
    }
    match error.code() {
        Some("MISCONF") => return FailureKind::CannotPersist,
        Some("OOM") => return FailureKind::OutOfMemory,
        Some("NOAUTH" | "WRONGPASS") => return FailureKind::Unauthorized,
        Some("NOREPLICAS" | "UNBLOCKED") => return FailureKind::Failover,
        _ => {}
    }
    match error.kind() {
        ErrorKind::AuthenticationFailed => FailureKind::Unauthorized,
        // The words of the system, which quote nothing that was sent.
        ErrorKind::Io => FailureKind::Unreachable(error.to_string()),
        ErrorKind::ClusterConnectionNotFound => FailureKind::Failover,
        ErrorKind::InvalidClientConfig => FailureKind::InvalidSetting(error.category().to_owned()),
        ErrorKind::Server(server) => match server {
            ServerErrorKind::BusyLoading => FailureKind::Loading,
            ServerErrorKind::ReadOnly => FailureKind::ReadOnly,
            ServerErrorKind::NoScript => FailureKind::NoScript,
            ServerErrorKind::NoPerm => FailureKind::NoPermission,
            ServerErrorKind::Moved
            | ServerErrorKind::Ask
            | ServerErrorKind::TryAgain
            | ServerErrorKind::ClusterDown
            | ServerErrorKind::MasterDown => FailureKind::Failover,
            _ => in_script(error).unwrap_or_else(|| other(error)),
        },
        _ => other(error),
    }
}

/// The kind of an error that a script ran into: 6.2 reports it as its own, with the code inside.
fn in_script(error: &RedisError) -> Option<FailureKind> {
    let detail = error.detail()?;
    let has = |code: &str| detail.contains(code);
    if has("-READONLY") || has("READONLY You can't write") {
        Some(FailureKind::ReadOnly)
    } else if has("-OOM") || has("OOM command not allowed") {
        Some(FailureKind::OutOfMemory)
    } else if has("-MISCONF") || has("MISCONF Redis is configured") {
        Some(FailureKind::CannotPersist)
    } else if has("-NOPERM") || has("NOPERM this user") || has("can't run this command") {
        Some(FailureKind::NoPermission)
    } else {
        None
    }
}

fn other(error: &RedisError) -> FailureKind {
    FailureKind::Other(error.code().unwrap_or(error.category()).to_owned())
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = &self.address;
        match &self.kind {
            FailureKind::Unreachable(reason) => {
                write!(f, "redis at {address} cannot be reached: {reason}")
            }
            FailureKind::TimedOut => write!(f, "redis at {address} did not respond in time"),
            FailureKind::CircuitOpen(left) => write!(
                f,
                "redis at {address} failed several times in a row: asked again in {} ms",
                left.as_millis()
            ),
            FailureKind::Loading => write!(f, "redis at {address} is loading its file (LOADING)"),
            FailureKind::CannotPersist => write!(
                f,
                "redis at {address} cannot save to its disk (MISCONF): see its log"
            ),
            FailureKind::ReadOnly => write!(
                f,
                "redis at {address} is a replica (READONLY): connect to its master"
            ),
            FailureKind::OutOfMemory => write!(
                f,
                "redis at {address} has no memory left (OOM): raise its `maxmemory`"
            ),
            FailureKind::Failover => write!(f, "redis at {address} has a failover under way"),
            FailureKind::Unauthorized => write!(
                f,
                "redis at {address} refuses the user or password of the URL"
            ),
            FailureKind::NoScript => {
                write!(f, "redis at {address} does not know a script (NOSCRIPT)")
            }
            FailureKind::NoPermission => write!(
                f,
                "redis at {address} does not permit its user the commands of scripts (NOPERM): change the \
                 user's ACL"
            ),
            FailureKind::NoTlsProvider(remedy) => write!(f, "redis at {address}: {remedy}"),
            FailureKind::InvalidSetting(reason) => write!(f, "the settings of redis: {reason}"),
            FailureKind::Other(code) => write!(f, "redis at {address} refused a command ({code})"),
        }
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl error::Error for Failure {}

impl From<Failure> for TokenError {
    fn from(failure: Failure) -> Self {
        let text = format!("the token store failed: {failure}");
        let error = if failure.is_transient() {
            Self::passing(text)
        } else {
            Self::lasting(text)
        };
        error.with_source(failure)
    }
}
