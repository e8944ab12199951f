//! Reading of bodies up to a limit. An error keeps its status, headers and body.

use std::fmt;

use bytes::{Bytes, BytesMut};
use progenitor_client::{Error, ResponseValue};
use reqwest::{Response, ResponseBuilderExt as _, StatusCode, Url, header::HeaderMap};
use serde::de::DeserializeOwned;

use crate::settings::RequestSettings;

/// A failure to read a body.
#[derive(Debug)]
#[non_exhaustive]
pub enum BodyError {
    /// The connection failed before the end.
    Transport(reqwest::Error),
    /// The body is longer than the limit, given in bytes.
    TooLong(usize),
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(_) => f.write_str("the connection failed before the end of the body"),
            Self::TooLong(limit) => write!(f, "the body is longer than {limit} bytes"),
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

/// A decoded error body.
pub(crate) trait ErrorBody: DeserializeOwned {
    /// Whether it has the documented content.
    fn is_documented(&self) -> bool;
}

/// Reads a body of at most `limit` bytes. A longer declared length is rejected without reading.
async fn read(response: &mut Response, limit: usize) -> Result<Bytes, BodyError> {
    let declared = response.content_length().unwrap_or(0);
    if usize::try_from(declared).map_or(true, |declared| declared > limit) {
        return Err(BodyError::TooLong(limit));
    }
    match read_prefix(response, limit).await {
        (body, None) => Ok(body),
        (_, Some(error)) => Err(error),
    }
}

/// Reads up to `limit` bytes of a body and returns them with the reason for stopping early, if any. Meant for
/// error responses, whose status matters more than their body.
pub async fn read_prefix(response: &mut Response, limit: usize) -> (Bytes, Option<BodyError>) {
    let mut body = Pieces::default();
    loop {
        match response.chunk().await {
            Ok(None) => return (body.join(), None),
            Err(error) => return (body.join(), Some(BodyError::Transport(error))),
            Ok(Some(mut piece)) => {
                let room = limit - body.len();
                let fits = piece.len() <= room;
                piece.truncate(room);
                body.push(piece);
                if !fits {
                    return (body.join(), Some(BodyError::TooLong(limit)));
                }
            }
        }
    }
}

/// The chunks of a body. A body of one chunk, like most, is not copied.
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

/// Reads and decodes the body of a response.
pub(crate) async fn value<T: DeserializeOwned, E>(
    settings: &RequestSettings,
    response: &mut Response,
) -> Result<ResponseValue<T>, Error<E>> {
    let status = response.status();
    let body = read_recorded(settings, response).await;
    let headers = std::mem::take(response.headers_mut());
    let body = match body {
        Ok(body) => body,
        Err(error) => {
            settings.record(|seen| seen.headers = headers);
            return Err(error);
        }
    };
    match parse(&body) {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(error) => {
            settings.record(|seen| seen.headers = headers);
            Err(Error::InvalidResponsePayload(body, error))
        }
    }
}

/// Reads the error of a response with a documented error status. A body other than the documented object
/// makes it an unexpected response with status, headers and body.
pub(crate) async fn error<E: ErrorBody>(
    settings: &RequestSettings,
    mut response: Response,
) -> Error<E> {
    let status = response.status();
    let url = response.url().clone();
    let headers = std::mem::take(response.headers_mut());
    // A truncated or oversized body must not hide the status: its beginning will do.
    let (body, _) = read_prefix(&mut response, settings.body_limit()).await;
    settings.record(|seen| seen.body_bytes = body.len());
    error_of(status, url, headers, body)
}

/// The error of a response whose body is read.
pub(crate) fn error_of<E: ErrorBody>(
    status: StatusCode,
    url: Url,
    headers: HeaderMap,
    body: Bytes,
) -> Error<E> {
    match parse::<E>(&body) {
        Ok(error) if error.is_documented() => {
            Error::ErrorResponse(ResponseValue::new(error, status, headers))
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

pub(crate) async fn read_recorded<E>(
    settings: &RequestSettings,
    response: &mut Response,
) -> Result<Bytes, Error<E>> {
    match read(response, settings.body_limit()).await {
        Ok(body) => {
            settings.record(|seen| {
                seen.body_bytes = body.len();
                seen.body = Some(body.clone());
            });
            Ok(body)
        }
        Err(BodyError::Transport(error)) => Err(Error::ResponseBodyError(error)),
        Err(error @ BodyError::TooLong(_)) => {
            settings.record(|seen| seen.oversized = true);
            Err(Error::Custom(error.to_string()))
        }
    }
}

/// Parses a body as one checked string, which is a sixth faster than parsing bytes: those are checked for
/// UTF-8 string by string. A byte order mark is skipped.
fn parse<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    match std::str::from_utf8(body) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(body),
    }
}
