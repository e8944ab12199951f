//! Failures of a call, as structured data. Messages and remedies are ours; what the service said is a field.

use std::time::SystemTime;

use amazon_music::{Error, ErrorKind, OperationInfo, RequestError};
use serde::Serialize;

use crate::{catalog, failure::Failure};

/// The longest text of the service that is repeated, in characters.
const MAX_TEXT: usize = 1000;

const LOGIN: &str = "the user has to run `amazon-music login` in a terminal, with the --user and --sandbox of this \
                     server; then call the tool again";

const LATER: &str = "call the tool again later";

/// Reason why a call failed.
#[derive(Debug, Serialize)]
pub(super) struct ToolError {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
    is_transient: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<Box<Service>>,
}

/// The error of the service, in its own words.
#[derive(Debug, Serialize)]
struct Service {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// Whether the login or its store is the reason, which a person can mend while the server runs.
pub(super) fn is_of_login(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Credentials(_) | Failure::Login(_) | Failure::Unwritable(_)
    )
}

impl ToolError {
    fn new(code: &'static str, message: impl Into<String>, remedy: Option<&str>) -> Self {
        Self {
            code,
            message: message.into(),
            remedy: remedy.map(str::to_owned),
            is_transient: false,
            status: None,
            retry_after_seconds: None,
            service: None,
        }
    }

    /// An argument is wrong.
    pub(super) fn argument(message: String) -> Self {
        Self::new("invalid_argument", message, None)
    }

    /// A cursor is none of this tool.
    pub(super) fn cursor() -> Self {
        let remedy = "pass the next_cursor of an earlier result of this tool with the same other arguments, or leave \
                      cursor out to begin again";
        let message = "`cursor` does not belong to this list";
        Self::new("invalid_argument", message, Some(remedy))
    }

    /// An entity is beyond the bound of bytes.
    pub(super) fn too_large() -> Self {
        Self::new("too_large", "the item is too large to be returned", None)
    }

    /// A response is no JSON that can be passed on.
    pub(super) fn unreadable() -> Self {
        Self::new("unreadable", "the response cannot be read", None)
    }

    /// Whether a new login may be saved by the next call.
    pub(super) fn ends_login(&self) -> bool {
        ["not_logged_in", "unauthorized"].contains(&self.code)
    }

    /// Names the tool that has the ids, if the id is not known.
    pub(super) fn of(mut self, operation: &OperationInfo) -> Self {
        if self.status == Some(404)
            && let Some((source, parameter)) = catalog::source_of(operation)
        {
            let name = source.name;
            self.remedy = Some(format!("pass as `{parameter}` the id of an item of {name}"));
        }
        self
    }
}

impl From<Failure> for ToolError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Call(error) => error.into(),
            // Its text names the command to run, or the variable to set.
            Failure::Credentials(text) => {
                let message = "the server has no credentials";
                Self::new("not_logged_in", message, Some(&text))
            }
            failure if failure.exit_code() == 3 => {
                Self::new("not_logged_in", "the login has ended", Some(LOGIN))
            }
            _ => {
                let remedy =
                    "the user has to look at the standard error of `amazon-music status --check`";
                let message = "the credentials of the server cannot be used";
                Self::new("setup", message, Some(remedy))
            }
        }
    }
}

impl From<RequestError> for ToolError {
    fn from(error: RequestError) -> Self {
        Self::argument(match error {
            RequestError::InvalidValue {
                parameter, reason, ..
            } => format!("`{parameter}` {reason}"),
            RequestError::MissingParameter { parameter, .. } => format!("`{parameter}` is missing"),
            _ => "an argument is not known".to_owned(),
        })
    }
}

impl From<Error> for ToolError {
    fn from(error: Error) -> Self {
        let (code, message, remedy) = explained(&error);
        let left = error
            .retry_at()
            .map(|at| at.duration_since(SystemTime::now()).unwrap_or_default());
        Self {
            is_transient: error.is_transient(),
            status: error.status(),
            retry_after_seconds: left.map(|left| left.as_secs().saturating_add(1)),
            service: error.status().map(|_| Box::new(Service::of(&error))),
            ..Self::new(code, message, remedy)
        }
    }
}

/// A code, a message and a remedy.
type Explained = (&'static str, &'static str, Option<&'static str>);

/// Explains a failed request.
fn explained(error: &Error) -> Explained {
    let later = Some(LATER);
    match (error.kind(), error.status()) {
        (ErrorKind::Token, _) if has_ended(error) => {
            ("not_logged_in", "the login has ended", Some(LOGIN))
        }
        (ErrorKind::Token, _) => (
            "login_unavailable",
            "the login cannot be refreshed now",
            later,
        ),
        (ErrorKind::Api, status) => refused(status.unwrap_or_default()),
        (ErrorKind::RateLimited, _) => (
            "rate_limited",
            "too many requests: the limit is the application's, for all its users",
            Some(
                "call no tool before retry_after_seconds have passed, or for some minutes if it is absent",
            ),
        ),
        (ErrorKind::Connect | ErrorKind::Transport, _) => {
            ("unreachable", "the service cannot be reached", later)
        }
        (ErrorKind::Timeout, _) => ("timeout", "the service did not respond in time", later),
        (ErrorKind::Position | ErrorKind::Request, _) => (
            "invalid_argument",
            "`cursor` does not belong to this list, or an argument is not valid",
            Some("leave cursor out to begin again"),
        ),
        (ErrorKind::TooLarge, _) => (
            "too_large",
            "the response is too large",
            Some("call the tool with a smaller limit, without cursor"),
        ),
        (ErrorKind::Incomplete | ErrorKind::CursorLoop, _) => (
            "incomplete",
            "the service has more items, but no way to them",
            Some("use the items that were returned, and say that the list is not complete"),
        ),
        _ => ("unreadable", "the response cannot be read", None),
    }
}

/// Explains an error response.
fn refused(status: u16) -> Explained {
    match status {
        401 => (
            "unauthorized",
            "the service did not accept the login",
            Some(LOGIN),
        ),
        403 => (
            "forbidden",
            "the service does not permit it to this login",
            Some(
                "the user has to see whether the account and the security profile are enabled for Amazon Music",
            ),
        ),
        404 => ("not_found", "the service knows no such item", None),
        500.. => ("service_error", "the service failed", Some(LATER)),
        _ => (
            "refused",
            "the service refused the call",
            Some(
                "error.service has the reason; a cursor may be too old: leave it out to begin again",
            ),
        ),
    }
}

/// Whether the login has ended, rather than its refresh failed for now.
fn has_ended(error: &Error) -> bool {
    let source = std::error::Error::source(error);
    let token = source.and_then(|source| source.downcast_ref::<amazon_music::auth::TokenError>());
    token.is_some_and(amazon_music::auth::TokenError::is_terminal)
}

impl Service {
    fn of(error: &Error) -> Self {
        let cut = |text: &str| text.chars().take(MAX_TEXT).collect::<String>();
        Self {
            code: error.api_code().map(|code| cut(code.as_str())),
            message: cut(error.message()),
            reference: error.reference().map(cut),
            url: error.url().map(cut),
        }
    }
}
