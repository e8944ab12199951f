//! Maps the errors of the generated client to [`Error`].

use amazon_music_browse::{
    ResponseValue, Seen, operations, read_body_prefix,
    types::{ErrorCode, ErrorDetail, ErrorEnvelope, ErrorPayload},
};
use std::time::SystemTime;

use reqwest::{Response, StatusCode, header::LOCATION};

use crate::{
    error::{
        Error, ErrorKind,
        obstacle::Obstacle,
        redact::{message, snippet, url, whole},
        retry_after::retry_at,
    },
    text,
};

/// Bytes read of a body that is not the documented one.
const MAX_UNEXPECTED_BYTES: usize = 64 * 1024;

/// The category paths, as this crate sends them unless told otherwise.
const CATEGORIES: &str = "/browse/categories";

/// The hint of an error that a path in the other form may have caused.
const TWO_PATHS: &str = "Amazon's documentation prints this path with `/browse/categories` and with \
    `/browse/browse/categories`: to send the second, call `rewrite_path` with both, or set \
    AMAZON_MUSIC_REWRITE_PATH=/browse/categories=/browse/browse/categories";

/// Maps the error of a failed attempt. `secrets` are redacted from everything the server sent.
pub(crate) async fn classify(
    error: amazon_music_browse::Error<ErrorEnvelope>,
    seen: Seen,
    secrets: &[&str],
    now: SystemTime,
) -> Error {
    use amazon_music_browse::Error as Raw;

    let is_documented = matches!(error, Raw::ErrorResponse(_));
    let classified = match error {
        Raw::InvalidRequest(reason) => Error::new(ErrorKind::Request, reason),
        Raw::CommunicationError(error) => communication(error),
        Raw::InvalidUpgrade(error) => transport(
            "the server upgraded the connection: check the base URL",
            error,
        ),
        Raw::ResponseBodyError(error) => transport(
            "the connection broke before the response was complete",
            error,
        ),
        Raw::ErrorResponse(response) => {
            let at = retry_at(response.headers(), now);
            documented(response, secrets).with_retry_at(at)
        }
        Raw::InvalidResponsePayload(body, error) => {
            // The parser quotes unexpected input, which may be a credential or a long text.
            let reason = message(&error.to_string(), secrets);
            let text = if is_web_page(&body) {
                WEB_PAGE.to_owned()
            } else {
                format!("the response is not the documented JSON: {reason}")
            };
            Error::new(ErrorKind::Decode, text).with_body(snippet(&body, secrets))
        }
        Raw::UnexpectedResponse(response) => {
            let at = retry_at(response.headers(), now);
            unexpected(response, secrets).await.with_retry_at(at)
        }
        Raw::Custom(reason) if seen.oversized => Error::new(ErrorKind::TooLarge, reason),
        Raw::Custom(reason) => Error::new(ErrorKind::Transport, reason),
    };
    let classified = classified.with_seen(&seen);
    if is_wrong_path(&classified, is_documented) {
        return classified.with_hint(TWO_PATHS);
    }
    classified
}

/// Whether the service may have refused the path: a gateway says so of one that it does not know with a
/// 404, or with a 403 of its own.
fn is_wrong_path(error: &Error, is_documented: bool) -> bool {
    let is_refused = match error.status() {
        Some(404) => true,
        Some(403) => !is_documented,
        _ => false,
    };
    let is_category = |name| {
        let mut all = operations::ALL.iter();
        all.any(|info| info.name == name && info.path.starts_with(CATEGORIES))
    };
    is_refused && error.operation().is_some_and(is_category)
}

/// Maps an error of the HTTP client, without its URL: the query holds the cursor.
fn communication(error: reqwest::Error) -> Error {
    if error.is_builder() {
        let text = "the request could not be built: check the base URL and the parameters";
        Error::new(ErrorKind::Request, text).with_source(error.without_url())
    } else if let Some(obstacle) = Obstacle::of(&error) {
        let text = match obstacle {
            Obstacle::Certificate => {
                "the server's certificate is not trusted: check the base URL and the system's time, or add the \
                 root certificate with `configure_http`"
            }
            Obstacle::ProxyLogin => {
                "the proxy wants a login: give it with `configure_http`, or in the proxy's URL"
            }
        };
        let refused = Error::new(ErrorKind::Connect, text).with_transient(false);
        refused.with_source(error.without_url())
    } else if error.is_connect() && !error.is_timeout() {
        let text = "could not connect: check the network, the proxy and the base URL";
        Error::new(ErrorKind::Connect, text).with_source(error.without_url())
    } else if error.is_timeout() {
        let (kind, text) = match error.is_connect() {
            true => (
                ErrorKind::Connect,
                "could not connect within the connect timeout: check the network, or raise `connect_timeout`",
            ),
            false => (
                ErrorKind::Timeout,
                "no complete response within a timeout that was set with `configure_http`",
            ),
        };
        Error::new(kind, text).with_source(error.without_url())
    } else {
        transport("the connection broke before a response arrived", error)
    }
}

fn transport(what: &'static str, error: reqwest::Error) -> Error {
    Error::new(ErrorKind::Transport, what).with_source(error.without_url())
}

fn kind_of(status: StatusCode) -> ErrorKind {
    match status {
        StatusCode::TOO_MANY_REQUESTS => ErrorKind::RateLimited,
        _ => ErrorKind::Api,
    }
}

/// Maps an error response with the documented body.
fn documented(response: ResponseValue<ErrorEnvelope>, secrets: &[&str]) -> Error {
    let status = response.status();
    with_status(
        response.into_inner().error.unwrap_or_default(),
        status,
        secrets,
    )
}

/// Maps the documented error object, sent with any error status.
fn with_status(mut detail: ErrorDetail, status: StatusCode, secrets: &[&str]) -> Error {
    let text = detail.message.take().filter(|text| !text.trim().is_empty());
    detail.message = Some(text.unwrap_or_else(|| reason(status).to_owned()));
    Error::of_detail(kind_of(status), detail, secrets).with_status(status)
}

impl Error {
    /// Adds the operation that was observed on the wire, and the status unless it is already known.
    pub(crate) fn with_seen(mut self, seen: &Seen) -> Self {
        self.0.status = self.0.status.or(seen.status);
        self.0.operation = seen.operation.or(self.0.operation);
        self
    }

    /// The error for a status whose body did not arrive in time.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let text = format!("{} (the body did not arrive in time)", reason(status));
        Self::new(kind_of(status), text).with_status(status)
    }

    /// Maps the documented error object.
    pub(crate) fn of_detail(kind: ErrorKind, detail: ErrorDetail, secrets: &[&str]) -> Self {
        let said = detail.message.unwrap_or_default();
        let reference = detail.reference.map(|text| message(&text, secrets));
        let error = Self::new(kind, message(&said, secrets));
        error
            .with_reference(reference)
            .with_url(detail.url.and_then(|text| url(&text, secrets)))
            .with_payload(detail.payload.map(|payload| shown(payload, secrets)))
            .with_code(detail.code.map(|code| match code {
                ErrorCode::Unknown(code) => ErrorCode::Unknown(message(&code, secrets)),
                known => known,
            }))
    }
}

/// A payload without what no error may show.
fn shown(payload: ErrorPayload, secrets: &[&str]) -> ErrorPayload {
    let text = serde_json::to_string(&payload).unwrap_or_default();
    if whole(&text, secrets).is_some() {
        return payload;
    }
    let mut shown = ErrorPayload::default();
    shown.internal_code = payload.internal_code.map(|code| message(&code, secrets));
    shown
}

/// Maps an undocumented status, or a documented one with another body.
async fn unexpected(mut response: Response, secrets: &[&str]) -> Error {
    let status = response.status();
    let target = redirect_target(&response);
    // A partial body is enough: the status matters most.
    let (body, _) = read_body_prefix(&mut response, MAX_UNEXPECTED_BYTES).await;
    if !status.is_success()
        && let Ok(ErrorEnvelope {
            error: Some(detail),
            ..
        }) = text::parse(&body)
    {
        return with_status(detail, status, secrets);
    }
    let body = snippet(&body, secrets);
    if status.is_success() {
        let text = "the response is not the documented one: expected status 200";
        return Error::new(ErrorKind::Decode, text)
            .with_status(status)
            .with_body(body);
    }
    let mut text = reason(status).to_owned();
    if status.is_redirection() {
        let to = target.map(|host| format!(" to {host}")).unwrap_or_default();
        text.push_str(&format!(
            " (redirects{to} are not followed: check the base URL)"
        ));
    } else if status == StatusCode::NETWORK_AUTHENTICATION_REQUIRED {
        text.push_str(" (this network wants a login first: open a page in a browser)");
    } else if body.is_empty() {
        text.push_str(" (no body)");
    } else {
        text.push_str(" (undocumented body: ");
        text.extend(body.chars().take(80));
        text.push(')');
    }
    Error::new(kind_of(status), text)
        .with_status(status)
        .with_body(body)
}

/// The message of an error about a body that is HTML.
pub(crate) const WEB_PAGE: &str = "a web page came instead of JSON: a captive portal or a proxy responds in \
                                   place of the service";

/// Whether a body is HTML or XML: JSON cannot begin with a bracket of theirs.
pub(crate) fn is_web_page(body: &[u8]) -> bool {
    text::without_mark(body)
        .trim_ascii_start()
        .starts_with(b"<")
}

/// The host that a redirect leads to; nothing else of its URL, which may hold anything.
fn redirect_target(response: &Response) -> Option<String> {
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    let target = response.url().join(location).ok()?;
    target.host_str().map(str::to_owned)
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("unknown status")
}
