//! Reading of bodies: bounded, and without losing what an error came with.

use std::fmt;

use bytes::{Bytes, BytesMut};
use reqwest::{Response, ResponseBuilderExt as _};
use serde::de::DeserializeOwned;

use crate::{Client, Error, ResponseValue, types::ErrorEnvelope};

/// Why a body could not be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum BodyError {
    /// The connection failed before the end.
    Transport(reqwest::Error),
    /// The body is longer than the bound, which is given in bytes.
    TooLong(usize),
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(_) => f.write_str("the body broke off"),
            Self::TooLong(bound) => write!(f, "the body is longer than {bound} bytes"),
        }
    }
}

impl std::error::Error for BodyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(error) => Some(error),
            Self::TooLong(_) => None,
        }
    }
}

/// Reads a body of at most `bound` bytes. A declared length above it is refused unread.
pub(crate) async fn read(response: &mut Response, bound: usize) -> Result<Bytes, BodyError> {
    let declared = response.content_length().unwrap_or(0);
    if usize::try_from(declared).map_or(true, |declared| declared > bound) {
        return Err(BodyError::TooLong(bound));
    }
    match read_prefix(response, bound).await {
        (body, None) => Ok(body),
        (_, Some(error)) => Err(error),
    }
}

/// Reads what there is of a body, up to `bound` bytes, and says why it stopped early. For an error,
/// whose status counts for more than its body.
pub async fn read_prefix(response: &mut Response, bound: usize) -> (Bytes, Option<BodyError>) {
    let mut body = Pieces::default();
    loop {
        match response.chunk().await {
            Ok(None) => return (body.join(), None),
            Err(error) => return (body.join(), Some(BodyError::Transport(error))),
            Ok(Some(mut piece)) => {
                let room = bound - body.len();
                let fits = piece.len() <= room;
                piece.truncate(room);
                body.push(piece);
                if !fits {
                    return (body.join(), Some(BodyError::TooLong(bound)));
                }
            }
        }
    }
}

/// A body as it arrives. Most arrive in one piece, which is then not copied.
#[derive(Default)]
struct Pieces {
    first: Bytes,
    joined: BytesMut,
}

impl Pieces {
    fn len(&self) -> usize {
        self.first.len() + self.joined.len()
    }

    fn push(&mut self, piece: Bytes) {
        if self.len() == 0 {
            self.first = piece;
            return;
        }
        if self.joined.is_empty() {
            let first = std::mem::take(&mut self.first);
            self.joined.reserve(2 * (first.len() + piece.len()));
            self.joined.extend_from_slice(&first);
        }
        self.joined.extend_from_slice(&piece);
    }

    fn join(self) -> Bytes {
        if self.joined.is_empty() {
            self.first
        } else {
            self.joined.freeze()
        }
    }
}

/// The body of an answer, decoded strictly.
pub(crate) async fn value<T: DeserializeOwned, E>(
    client: &Client,
    mut response: Response,
) -> Result<ResponseValue<T>, Error<E>> {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let body = match read_recorded(client, &mut response).await {
        Ok(body) => body,
        Err(error) => {
            client.inner.record(|seen| seen.headers = headers);
            return Err(error);
        }
    };
    match parse(&body) {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(error) => {
            client.inner.record(|seen| seen.headers = headers);
            Err(Error::InvalidResponsePayload(body, error))
        }
    }
}

/// The error that a documented error status stands for. A body that is not the documented object
/// makes it an unexpected response with status, headers and body.
pub async fn error(client: &Client, mut response: Response) -> Error<ErrorEnvelope> {
    let status = response.status();
    let url = response.url().clone();
    let headers = std::mem::take(response.headers_mut());
    // A body that broke off or is too long must not hide the status: what there is of it will do.
    let (body, _) = read_prefix(&mut response, client.inner.body_bound()).await;
    client.inner.record(|seen| seen.body_bytes = body.len());
    match parse::<ErrorEnvelope>(&body) {
        Ok(envelope) if envelope.error.is_some() => {
            Error::ErrorResponse(ResponseValue::new(envelope, status, headers))
        }
        _ => {
            let mut parts = http::Response::builder().status(status).url(url);
            if let Some(map) = parts.headers_mut() {
                *map = headers;
            }
            match parts.body(body) {
                Ok(response) => Error::UnexpectedResponse(response.into()),
                Err(error) => Error::Custom(error.to_string()),
            }
        }
    }
}

async fn read_recorded<E>(client: &Client, response: &mut Response) -> Result<Bytes, Error<E>> {
    match read(response, client.inner.body_bound()).await {
        Ok(body) => {
            client.inner.record(|seen| {
                seen.body_bytes = body.len();
                seen.body = Some(body.clone());
            });
            Ok(body)
        }
        Err(BodyError::Transport(error)) => Err(Error::ResponseBodyError(error)),
        Err(error @ BodyError::TooLong(_)) => {
            client.inner.record(|seen| seen.oversized = true);
            Err(Error::Custom(error.to_string()))
        }
    }
}

/// Checks the whole body for UTF-8 once: parsing a string is a sixth faster than parsing bytes,
/// which checks every string by itself. A byte order mark is skipped.
fn parse<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    match std::str::from_utf8(body) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(body),
    }
}
