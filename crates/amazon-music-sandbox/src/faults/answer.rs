//! From a fault and a good answer to the bad one.

use std::{io, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{ConnectInfo, Request, State},
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde_json::{Value, json};

use super::Fault;
use crate::{clock::Clock, listener::Connection, server::State as Server};

/// How much of an oversized body is sent at a time.
const PIECE: usize = 64 * 1024;

/// Bodies of the sandbox are pages; none comes near this.
const LARGEST_GOOD_BODY: usize = 16 * 1024 * 1024;

/// Stands before every route: lets the script decide what becomes of the request.
pub(crate) async fn inject(
    State(server): State<Arc<Server>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
    next: Next,
) -> Response {
    server.count();
    server.latency().await;
    let Some(fault) = server.next_fault() else {
        return next.run(request).await;
    };
    match fault {
        Fault::Error {
            status,
            code,
            retry_after,
        } => with_retry_after(documented(status, &code), retry_after),
        Fault::BadGateway => page(StatusCode::BAD_GATEWAY),
        Fault::Unavailable { retry_after } => {
            with_retry_after(page(StatusCode::SERVICE_UNAVAILABLE), retry_after)
        }
        Fault::Latency(wait) => {
            server.clock().sleep(wait).await;
            next.run(request).await
        }
        Fault::Reset => {
            connection.kill();
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        other => {
            let cursor = request.uri().query().and_then(cursor_of);
            let answer = next.run(request).await;
            spoil(other, answer, cursor, server.clock()).await
        }
    }
}

fn documented(status: u16, code: &str) -> Response {
    let body = json!({"error": {
        "status": status.to_string(),
        "code": code,
        "message": format!("Injected fault {status}."),
    }});
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(body)).into_response()
}

fn page(status: StatusCode) -> Response {
    let body = format!("<html><head><title>{status}</title></head><body>{status}</body></html>");
    (status, [(CONTENT_TYPE, "text/html")], body).into_response()
}

fn with_retry_after(mut response: Response, value: Option<String>) -> Response {
    if let Some(Ok(value)) = value.map(HeaderValue::try_from) {
        response.headers_mut().insert(RETRY_AFTER, value);
    }
    response
}

fn cursor_of(query: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find_map(|(name, value)| (name == "cursor").then(|| value.into_owned()))
}

/// Changes a good answer. One that is an error already stays as it is.
async fn spoil(
    fault: Fault,
    answer: Response,
    cursor: Option<String>,
    clock: Arc<dyn Clock>,
) -> Response {
    if answer.status() != StatusCode::OK {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST_GOOD_BODY).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let body = match fault {
        // The length stays that of the whole, so that it can be seen that something is missing.
        Fault::CutBody => cut(&body),
        Fault::SlowBody(wait) => slow(&body, wait, clock),
        Fault::Oversized(extra) => {
            parts.headers.remove(CONTENT_LENGTH);
            oversized(body, extra)
        }
        other => {
            parts.headers.remove(CONTENT_LENGTH);
            match other {
                Fault::WrongContentType => {
                    let text = HeaderValue::from_static("text/plain");
                    parts.headers.insert(CONTENT_TYPE, text);
                    body.into()
                }
                Fault::InvalidUtf8 => invalid_utf8(&body).into(),
                other => change(&other, &body, cursor.as_deref()).into(),
            }
        }
    };
    Response::from_parts(parts, body)
}

fn cut(body: &Bytes) -> Body {
    let half = body.slice(..body.len() / 2);
    Body::from_stream(stream::unfold(Some(half), |half| async {
        match half {
            Some(half) => Some((Ok(half), None)),
            None => {
                // Lets the first half out before the connection ends.
                tokio::task::yield_now().await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None))
            }
        }
    }))
}

fn slow(body: &Bytes, wait: Duration, clock: Arc<dyn Clock>) -> Body {
    let (first, rest) = (body.slice(..body.len() / 2), body.slice(body.len() / 2..));
    Body::from_stream(stream::unfold(0, move |step| {
        let (first, rest, clock) = (first.clone(), rest.clone(), clock.clone());
        async move {
            match step {
                0 => Some((Ok::<_, io::Error>(first), 1)),
                1 => {
                    clock.sleep(wait).await;
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

/// Replaces the first character of the last string.
fn invalid_utf8(body: &[u8]) -> Vec<u8> {
    let mut body = body.to_vec();
    let mut quotes = (0..body.len()).rev().filter(|index| body[*index] == b'"');
    let second_to_last = quotes.nth(1);
    if let Some(index) = second_to_last {
        body[index + 1] = 0xff;
    }
    body
}

fn change(fault: &Fault, body: &[u8], cursor: Option<&str>) -> Vec<u8> {
    let Ok(mut tree) = serde_json::from_slice::<Value>(body) else {
        return body.to_vec();
    };
    if let Some(connection) = connection(&mut tree) {
        match (fault, cursor) {
            (Fault::DuplicateCursor, Some(cursor)) => {
                connection["pageInfo"] = json!({"hasNextPage": true, "token": cursor});
            }
            (Fault::MissingToken, _) => {
                if let Some(info) = connection["pageInfo"].as_object_mut() {
                    info.remove("token");
                }
                for edge in connection["edges"].as_array_mut().into_iter().flatten() {
                    if let Some(edge) = edge.as_object_mut() {
                        edge.remove("cursor");
                    }
                }
            }
            (Fault::MalformedItem, _) => {
                if let Some(node) = connection.pointer_mut("/edges/1/node") {
                    let field = if node["name"].is_null() {
                        "title"
                    } else {
                        "name"
                    };
                    node[field] = json!({"text": "not a string"});
                }
            }
            _ => {}
        }
    }
    tree.to_string().into_bytes()
}

/// The first object that has edges.
fn connection(tree: &mut Value) -> Option<&mut Value> {
    if tree.get("edges").is_some() {
        return Some(tree);
    }
    tree.as_object_mut()?.values_mut().find_map(connection)
}
