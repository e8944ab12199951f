//! Failures of a command, and their exit codes.

use std::{error, fmt, io, time::SystemTime};

use amazon_music::{Error, ErrorKind, RequestError, auth::TokenError};

use crate::signal::Signal;
use crate::words::time_in_words;

/// Reason why a command failed.
#[derive(Debug)]
pub enum Failure {
    /// A request failed, or was rejected before it was sent.
    Call(Error),
    /// The arguments, the environment or a file they name are wrong.
    Usage(String),
    /// An argument that no request can carry.
    Id(String),
    /// A credential is missing.
    Credentials(String),
    /// A login failed, or a saved login could not be read or written.
    Login(TokenError),
    /// The folder of the saved logins cannot be written.
    Unwritable(TokenError),
    /// Broken pipe: the reader of standard output has closed it. Not reported as an error.
    ClosedPipe,
    /// Standard output could not be written.
    Output(io::Error),
    /// Any other I/O failed.
    Io {
        /// The action that failed, with the path or port: `cannot read FILE`.
        action: String,
        /// The error of the system.
        source: io::Error,
    },
    /// The filter of `--jq` failed. What it gave before is printed.
    Filter(String),
    /// A signal ended the command.
    Stopped(Signal),
    /// Lists of an export could not be read, or not to their end. The others are written.
    Incomplete {
        /// How many.
        lists: usize,
        /// How many of them the same command may still get.
        later: u64,
    },
    /// A list could not be read to its end, for this reason; what was read is printed.
    CutShort(String),
    /// The service differs, in so many points.
    Differs {
        /// How many.
        count: usize,
        /// The other side: the spec, or an earlier report.
        from: &'static str,
    },
    /// A comparison ended early, for this reason, which tells nothing private; what was learned is reported.
    EndedEarly {
        /// Why.
        reason: &'static str,
        /// The exit code of the failure behind it.
        exit_code: u8,
    },
    /// An export stopped early, for this reason. The same command resumes it.
    Interrupted(Box<Failure>),
    /// A command that reads the catalog failed.
    Command {
        /// Words of the command: `category 2iB4IU25 tracks`.
        command: String,
        /// Remedy, if one is known.
        hint: Option<String>,
        /// The failure.
        failure: Box<Failure>,
    },
}

impl Failure {
    /// Any I/O but standard output.
    pub(crate) fn io(action: impl Into<String>, source: io::Error) -> Self {
        Self::Io {
            action: action.into(),
            source,
        }
    }

    /// The reason of a failed request, for lines that name the list themselves.
    pub(crate) fn reason(error: &Error) -> String {
        of_command_line(&error.to_string(), error.operation())
    }

    /// The text without the method of the library.
    pub(crate) fn without_method(&self) -> String {
        let method = self.error().and_then(Error::operation);
        of_command_line(&self.to_string(), method)
    }

    /// The failed request, if it is one.
    pub(crate) fn error(&self) -> Option<&Error> {
        match self {
            Self::Call(error) => Some(error),
            Self::Interrupted(failure) | Self::Command { failure, .. } => failure.error(),
            _ => None,
        }
    }

    /// Exit code, as listed in `amazon-music --help`.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::ClosedPipe => 0,
            Self::Usage(_) | Self::Id(_) => 2,
            Self::Credentials(_) => 3,
            Self::Login(error) if error.is_terminal() => 3,
            Self::Login(_) | Self::Unwritable(_) | Self::Output(_) | Self::Io { .. } => 1,
            Self::Filter(_) => 1,
            Self::Stopped(signal) => signal.exit_code(),
            Self::Incomplete { .. } | Self::CutShort(_) => 5,
            Self::Differs { .. } => 6,
            Self::EndedEarly { exit_code, .. } => *exit_code,
            Self::Interrupted(failure) | Self::Command { failure, .. } => failure.exit_code(),
            Self::Call(error) => match (error.kind(), error.status()) {
                (ErrorKind::Setup | ErrorKind::Request, _) => 2,
                // Not the network, a certificate, or a token endpoint that is down: they are no reason to log
                // in again.
                (ErrorKind::Token, _)
                    if token_error(error).is_some_and(TokenError::is_terminal) =>
                {
                    3
                }
                (ErrorKind::Api, Some(401 | 403)) => 3,
                (ErrorKind::RateLimited, _) => 4,
                (ErrorKind::Incomplete | ErrorKind::CursorLoop, _) => 5,
                _ => 1,
            },
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => call(error, f),
            Self::Usage(text)
            | Self::Id(text)
            | Self::Credentials(text)
            | Self::CutShort(text)
            | Self::Filter(text) => f.write_str(text),
            Self::Login(error) | Self::Unwritable(error) => with_causes(error, f),
            Self::ClosedPipe => f.write_str("broken pipe"),
            Self::Output(error) => write!(f, "cannot write to standard output: {error}"),
            Self::Io { action, source } => write!(f, "{action}: {source}"),
            Self::Stopped(signal) => signal.fmt(f),
            Self::Incomplete { lists, later } => {
                let (lists, their) = match lists {
                    1 => ("1 list".to_owned(), "its"),
                    lists => (format!("{lists} lists"), "their"),
                };
                write!(
                    f,
                    "{lists} could not be read to {their} end; the others are written"
                )?;
                match later {
                    0 => Ok(()),
                    later => write!(f, "; {later} may work later: run the same command again"),
                }
            }
            Self::EndedEarly { reason, .. } => write!(f, "ended early: {reason}"),
            Self::Differs { count, from } => {
                write!(f, "the service differs from {from} in {count} point(s)")
            }
            Self::Interrupted(reason) => {
                write!(f, "{reason}; run the same command again to resume")
            }
            Self::Command {
                command,
                hint,
                failure,
            } => {
                // The command takes the place of the method of the library.
                let reason = failure.without_method();
                match hint {
                    Some(hint) => write!(f, "{command}: {}; {hint}", reason.trim_end_matches('.')),
                    None => write!(f, "{command}: {reason}"),
                }
            }
        }
    }
}

/// A reason without the method of the library and what only a program can do, and without a full stop in the middle of a line.
fn of_command_line(text: &str, method: Option<&str>) -> String {
    let reason = method.and_then(|method| text.strip_prefix(method)?.strip_prefix(": "));
    reason
        .unwrap_or(text)
        .replace("call `rewrite_path` with both, or set", "set")
        .replace(".; ", "; ")
}

/// Writes a failed request with its causes, and how to log in again if that is the remedy.
fn call(failed: &Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    with_causes(failed, f)?;
    if matches!(failed.kind(), ErrorKind::Token | ErrorKind::RateLimited) {
        match failed.retry_at() {
            Some(at) => {
                let left = at.duration_since(SystemTime::now()).unwrap_or_default();
                write!(f, "; retry in {}", time_in_words(left))?;
            }
            None if failed.kind() == ErrorKind::RateLimited => {
                f.write_str("; retry later, the service does not say when")?;
            }
            None => {}
        }
    }
    if token_error(failed).is_some_and(TokenError::is_terminal) {
        f.write_str("; log in again with `amazon-music login`, and the same --user and --sandbox")?;
    }
    Ok(())
}

/// The failure of a token provider behind a failed request.
fn token_error(failed: &Error) -> Option<&TokenError> {
    error::Error::source(failed).and_then(|source| source.downcast_ref())
}

/// Writes an error with its causes. The messages of the HTTP client are short: each cause adds to the one
/// before.
fn with_causes(failed: &dyn error::Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{failed}")?;
    let text = failed.to_string();
    let mut source = failed.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            write!(f, ": {cause_text}")?;
        }
        source = cause.source();
    }
    Ok(())
}

impl error::Error for Failure {}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

/// A value that the service would refuse, in the words of the command line.
impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        match &error {
            RequestError::InvalidValue {
                parameter,
                value,
                reason,
                ..
            } => Self::Id(format!(
                "{} {reason} (given: {value:?})",
                parameter.to_uppercase()
            )),
            _ => Self::Usage(error.to_string()),
        }
    }
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        Self::Login(error)
    }
}

/// Standard output is the one stream whose errors are converted; `Failure::io` names all others.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Self::Output(error),
        }
    }
}
