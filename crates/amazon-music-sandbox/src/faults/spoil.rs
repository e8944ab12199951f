//! Faults that change a normal response.

use std::{io, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde_json::{Value, json};

use crate::{clock::Clock, faults::fault::Fault};

/// Chunk size of an oversized body.
const PIECE: usize = 64 * 1024;

/// Size limit for the bodies of the sandbox: single pages, which are far smaller.
const LARGEST_GOOD_BODY: usize = 16 * 1024 * 1024;

/// A response in which the fault had nothing to change.
#[derive(Debug)]
pub(crate) struct Unchanged(pub(crate) Response);

/// Changes a normal response, if the fault has something to change in it. An error response has not.
pub(crate) async fn spoil(
    fault: Fault,
    response: Response,
    cursor: Option<String>,
    clock: Arc<dyn Clock>,
) -> Result<Response, Unchanged> {
    if response.status() != StatusCode::OK {
        return Err(Unchanged(response));
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST_GOOD_BODY).await else {
        let failed = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        return Err(Unchanged(failed));
    };
    let body = match fault {
        // `Content-Length` stays that of the whole body, so that a client can detect the cut.
        Fault::CutBody => cut(&body),
        Fault::SlowBody(delay) => slow(&body, delay, clock),
        Fault::Oversized(extra) => {
            parts.headers.remove(CONTENT_LENGTH);
            oversized(body, extra)
        }
        Fault::WrongContentType => {
            let text = HeaderValue::from_static("text/plain");
            parts.headers.insert(CONTENT_TYPE, text);
            body.into()
        }
        other => {
            let changed = match other {
                Fault::InvalidUtf8 => invalid_utf8(&body),
                other => change(&other, &body, cursor.as_deref()),
            };
            let Some(changed) = changed else {
                return Err(Unchanged(Response::from_parts(parts, body.into())));
            };
            parts.headers.remove(CONTENT_LENGTH);
            changed.into()
        }
    };
    Ok(Response::from_parts(parts, body))
}

fn cut(body: &Bytes) -> Body {
    broken_off(body.slice(..body.len() / 2))
}

/// A body that is broken off behind this part.
pub(crate) fn broken_off(part: Bytes) -> Body {
    Body::from_stream(stream::unfold(Some(part), |part| async {
        match part {
            Some(part) => Some((Ok(part), None)),
            None => {
                // Sends the part before the connection ends.
                tokio::task::yield_now().await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None))
            }
        }
    }))
}

fn slow(body: &Bytes, delay: Duration, clock: Arc<dyn Clock>) -> Body {
    let (first, rest) = (body.slice(..body.len() / 2), body.slice(body.len() / 2..));
    Body::from_stream(stream::unfold(0, move |step| {
        let (first, rest, clock) = (first.clone(), rest.clone(), clock.clone());
        async move {
            match step {
                0 => Some((Ok::<_, io::Error>(first), 1)),
                1 => {
                    clock.sleep(delay).await;
                    Some((Ok(rest), 2))
                }
                _ => None,
            }
        }
    }))
}

fn oversized(body: Bytes, extra: u64) -> Body {
    let blanks = Bytes::from_static(&[b' '; PIECE]);
    let pieces = extra.div_ceil(PIECE as u64);
    let blanks = (0..pieces).map(move |_| blanks.clone());
    let pieces = std::iter::once(body).chain(blanks);
    Body::from_stream(stream::iter(pieces.map(Ok::<_, io::Error>)))
}

/// Replaces the first character of the first title or name, or else of the first URL.
fn invalid_utf8(body: &[u8]) -> Option<Vec<u8>> {
    let text = |field: &&[u8]| {
        let found = body.windows(field.len()).position(|found| found == *field);
        found.map(|start| start + field.len())
    };
    let fields: [&[u8]; 2] = [br#""title":""#, br#""name":""#];
    let named = fields.iter().filter_map(text).min();
    let start = named.or_else(|| text(&&br#""url":""#[..]))?;
    let mut body = body.to_vec();
    *body.get_mut(start)? = 0xff;
    Some(body)
}

fn change(fault: &Fault, body: &[u8], cursor: Option<&str>) -> Option<Vec<u8>> {
    let mut tree = serde_json::from_slice::<Value>(body).ok()?;
    let connection = connection(&mut tree)?;
    match fault {
        Fault::DuplicateCursor => {
            connection["pageInfo"] = json!({"hasNextPage": true, "token": cursor?});
        }
        Fault::MissingToken => {
            connection["pageInfo"].as_object_mut()?.remove("token")?;
            for edge in connection["edges"].as_array_mut().into_iter().flatten() {
                if let Some(edge) = edge.as_object_mut() {
                    edge.remove("cursor");
                }
            }
        }
        Fault::MalformedItem => {
            let node = connection.pointer_mut("/edges/1/node")?;
            node["id"] = json!({"text": "not a string"});
        }
        _ => return None,
    }
    Some(tree.to_string().into_bytes())
}

/// The first object with `edges`.
fn connection(tree: &mut Value) -> Option<&mut Value> {
    if tree.get("edges").is_some() {
        return Some(tree);
    }
    tree.as_object_mut()?.values_mut().find_map(connection)
}
