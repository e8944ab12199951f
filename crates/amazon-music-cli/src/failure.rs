//! What ends the program, and the exit code that tells it.

use std::{fmt, io};

use amazon_music::{Error, ErrorKind, auth::TokenError};

/// Why the program did not do what it was asked.
#[derive(Debug)]
pub enum Failure {
    /// A call failed, or was refused before it was sent.
    Call(Error),
    /// Something about the environment or the arguments.
    Usage(String),
    /// A credential is missing.
    Credentials(String),
    /// A login failed, or what is kept of one could not be read.
    Login(TokenError),
    /// Whoever read the output has had enough. Not a failure to speak of.
    ClosedPipe,
    /// The output could not be written, or the sandbox not be started.
    Io(io::Error),
    /// This many lists of an export could not be read to their end.
    CutShort(u64),
    /// An export stopped before its end, for this reason. The same command goes on.
    Interrupted(Box<Failure>),
}

impl Failure {
    /// As listed in `amazon-music --help`.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::ClosedPipe => 0,
            Self::Usage(_) => 2,
            Self::Credentials(_) => 3,
            Self::Login(error) if error.is_terminal() => 3,
            Self::Login(_) | Self::Io(_) => 1,
            Self::CutShort(_) => 5,
            Self::Interrupted(reason) => reason.exit_code(),
            Self::Call(error) => match (error.kind(), error.status()) {
                (ErrorKind::Setup | ErrorKind::Request, _) => 2,
                (ErrorKind::Token, _) | (ErrorKind::Api, Some(401 | 403)) => 3,
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
            Self::Call(error) => {
                write!(f, "{error}")?;
                // Each link of the chain says something new: the HTTP client's own words are short.
                let mut source = std::error::Error::source(error);
                while let Some(cause) = source {
                    let text = cause.to_string();
                    if !error.to_string().contains(&text) {
                        write!(f, ": {text}")?;
                    }
                    source = cause.source();
                }
                let source = std::error::Error::source(error);
                let token = source.and_then(|source| source.downcast_ref::<TokenError>());
                match token.is_some_and(TokenError::is_terminal) {
                    true => f.write_str(
                        "; `amazon-music login`, with the same --user and --sandbox, logs in again",
                    ),
                    false => Ok(()),
                }
            }
            Self::Usage(text) | Self::Credentials(text) => f.write_str(text),
            Self::Login(error) => write!(f, "{error}"),
            Self::ClosedPipe => f.write_str("the output was closed"),
            Self::Io(error) => write!(f, "{error}"),
            Self::CutShort(count) => {
                write!(
                    f,
                    "{count} list(s) could not be read to their end; what came is written"
                )
            }
            Self::Interrupted(reason) => {
                write!(f, "{reason}; run the same command again to go on")
            }
        }
    }
}

impl std::error::Error for Failure {}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        Self::Login(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Self::Io(error),
        }
    }
}
