//! Middleware that injects the faults of the script.

use std::sync::Arc;

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, DATE, RETRY_AFTER},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    faults::{
        fault::Fault,
        spoil::{Unchanged, spoil},
    },
    listener::Connection,
    state::State as Server,
};

/// Dates each response by the clock of the sandbox.
pub(crate) async fn date(
    State(server): State<Arc<Server>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let now = httpdate::fmt_http_date(server.clock().now());
    if let Ok(now) = HeaderValue::from_str(&now) {
        response.headers_mut().insert(DATE, now);
    }
    response
}

/// Counts and delays each request of the API, and replaces or changes its response if the script says so.
pub(crate) async fn inject(
    State(server): State<Arc<Server>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
    next: Next,
) -> Response {
    server.count();
    server.latency().await;
    let Some(drawn) = server.next_fault() else {
        return next.run(request).await;
    };
    match drawn.fault.clone() {
        Fault::Error {
            status,
            code,
            retry_after,
        } => with_retry_after(documented(status, &code), retry_after),
        Fault::BadGateway => page(StatusCode::BAD_GATEWAY),
        Fault::Unavailable { retry_after } => {
            with_retry_after(page(StatusCode::SERVICE_UNAVAILABLE), retry_after)
        }
        Fault::Latency(delay) => {
            server.clock().sleep(delay).await;
            next.run(request).await
        }
        Fault::Reset => {
            connection.kill();
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        other => {
            let cursor = request.uri().query().and_then(cursor_of);
            let response = next.run(request).await;
            let spoiled = spoil(other, response, cursor, server.clock()).await;
            spoiled.unwrap_or_else(|Unchanged(response)| {
                drawn.had_no_effect();
                response
            })
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
