//! From what the generated client says to what the user needs to know.

use amazon_music_browse::{
    ResponseValue, Seen, read_body_prefix,
    types::{ErrorCode, ErrorEnvelope},
};
use reqwest::{Response, StatusCode};

use super::{
    Error, ErrorKind,
    snippet::{message, snippet},
};

/// How much is read of a body that is not the documented one.
const MAX_UNEXPECTED_BYTES: usize = 64 * 1024;

/// Makes an error of a failed attempt. `secrets` are cut out of everything a server sent.
pub(crate) async fn classify(
    error: amazon_music_browse::Error<ErrorEnvelope>,
    seen: Seen,
    secrets: &[&str],
) -> Error {
    use amazon_music_browse::Error as Raw;

    let classified = match error {
        Raw::InvalidRequest(reason) => Error::new(ErrorKind::Request, reason),
        Raw::CommunicationError(error) => communication(error),
        Raw::InvalidUpgrade(error) => transport("the connection was upgraded", error),
        Raw::ResponseBodyError(error) if error.is_timeout() => timeout(error),
        Raw::ResponseBodyError(error) => transport("the answer broke off", error),
        Raw::ErrorResponse(answer) => documented(answer, secrets),
        Raw::InvalidResponsePayload(body, error) => {
            // The parser quotes what it did not expect, which may be a credential or a long text.
            let reason = message(&error.to_string(), secrets);
            Error::new(
                ErrorKind::Decode,
                format!("the answer is not what is documented: {reason}"),
            )
            .with_body(snippet(&body, secrets))
        }
        Raw::UnexpectedResponse(response) => unexpected(response, secrets).await,
        Raw::Custom(reason) if seen.oversized => Error::new(ErrorKind::TooLarge, reason),
        Raw::Custom(reason) => Error::new(ErrorKind::Transport, reason),
    };
    let classified = match (classified.status(), seen.status) {
        (None, Some(status)) => classified.with_status(status),
        _ => classified,
    };
    match seen.operation {
        Some(operation) => classified.with_operation(operation),
        None => classified,
    }
}

/// The URL of an error of the HTTP client holds the query, and so the cursor: it is left out.
fn communication(error: reqwest::Error) -> Error {
    if error.is_builder() {
        let text = "the request could not be built: check the base URL and the parameters";
        Error::new(ErrorKind::Request, text).with_source(error.without_url())
    } else if error.is_connect() && !error.is_timeout() {
        let text = "no connection: check the network, the proxy and the base URL";
        Error::new(ErrorKind::Connect, text).with_source(error.without_url())
    } else if error.is_timeout() {
        timeout(error)
    } else {
        transport("the connection broke before an answer came", error)
    }
}

fn timeout(error: reqwest::Error) -> Error {
    Error::new(
        ErrorKind::Timeout,
        "no complete answer within the attempt timeout",
    )
    .with_source(error.without_url())
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

/// An error with the documented body.
fn documented(answer: ResponseValue<ErrorEnvelope>, secrets: &[&str]) -> Error {
    let status = answer.status();
    let detail = answer.into_inner().error.unwrap_or_default();
    let said = detail.message.as_deref().map(|text| message(text, secrets));
    let text = said
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| reason(status).to_owned());
    let reference = detail.reference.map(|text| message(&text, secrets));
    Error::new(kind_of(status), text)
        .with_status(status)
        .with_code(detail.code.map(|code| match code {
            ErrorCode::Unknown(code) => ErrorCode::Unknown(message(&code, secrets)),
            known => known,
        }))
        .with_reference(reference)
}

/// A status that is not documented, or a documented one with some other body.
async fn unexpected(mut response: Response, secrets: &[&str]) -> Error {
    let status = response.status();
    // What there is of a body will do: the status is what counts.
    let (body, _) = read_body_prefix(&mut response, MAX_UNEXPECTED_BYTES).await;
    let body = snippet(&body, secrets);
    if status.is_success() {
        let text = "the answer is not what is documented: another status than 200";
        return Error::new(ErrorKind::Decode, text)
            .with_status(status)
            .with_body(body);
    }
    let mut text = reason(status).to_owned();
    if status.is_redirection() {
        text.push_str(" (redirects are not followed: check the base URL)");
    } else if body.is_empty() {
        text.push_str(" (no body)");
    } else {
        text.push_str(" (the body is not the service's: ");
        text.extend(body.chars().take(80));
        text.push(')');
    }
    Error::new(kind_of(status), text)
        .with_status(status)
        .with_body(body)
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("unknown status")
}
