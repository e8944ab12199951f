//! Responses of a recording, in place of made-up ones.

use std::{
    collections::HashMap,
    fmt, fs, io,
    path::Path,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{ConnectInfo, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header::CONTENT_LENGTH},
    response::{IntoResponse as _, Response},
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{faults::spoil::broken_off, listener::Connection, lock::lock, setting::SettingError};

/// Exchanges by their path and query.
#[derive(Clone, Default)]
pub(crate) struct Recorded(Arc<HashMap<String, Mutex<Turns>>>);

/// The exchanges of one request, in their order.
#[derive(Default)]
struct Turns {
    all: Vec<Exchange>,
    next: usize,
}

/// A recorded response.
#[derive(Clone, Debug)]
struct Exchange {
    /// None if the connection failed before a response came.
    status: Option<StatusCode>,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Vec<u8>,
    is_cut: bool,
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded")
            .field("requests", &self.0.len())
            .finish()
    }
}

impl Recorded {
    /// Reads the HAR files of a folder, in the order of their names.
    pub(crate) fn read(folder: &Path) -> Result<Self, SettingError> {
        let unreadable = |path: &Path, error: &dyn fmt::Display| {
            SettingError::new(format!("cannot read {}: {error}", path.display()))
        };
        let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
        let paths: io::Result<Vec<_>> = entries.map(|entry| Ok(entry?.path())).collect();
        let mut paths = paths.map_err(|error| unreadable(folder, &error))?;
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "har"));
        paths.sort();
        let mut all: HashMap<String, Mutex<Turns>> = HashMap::new();
        for path in &paths {
            let text = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
            let har: Value =
                serde_json::from_str(&text).map_err(|error| unreadable(path, &error))?;
            for entry in har["log"]["entries"].as_array().into_iter().flatten() {
                let (key, exchange) = of_entry(entry)
                    .ok_or_else(|| unreadable(path, &"an entry is not as in HAR 1.2"))?;
                lock(all.entry(key).or_default()).all.push(exchange);
            }
        }
        if all.is_empty() {
            let text = format!("{} holds no recorded exchange (*.har)", folder.display());
            return Err(SettingError::new(text));
        }
        Ok(Self(Arc::new(all)))
    }

    /// The next response to a request. After the last one the first comes again.
    fn next(&self, key: &str) -> Option<Exchange> {
        let mut turns = lock(self.0.get(key)?);
        let index = turns.next % turns.all.len().max(1);
        turns.next = index + 1;
        turns.all.get(index).cloned()
    }
}

/// The path and the query, whose order and encoding do not matter.
fn key(path: &str, query: &str) -> String {
    let mut pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    pairs.sort();
    let path = path.replace('+', "%2B");
    let path: String = form_urlencoded::parse(path.as_bytes())
        .map(|(path, _)| path.into_owned())
        .collect();
    format!("{path}?{pairs:?}")
}

fn of_entry(entry: &Value) -> Option<(String, Exchange)> {
    let url = entry["request"]["url"].as_str()?;
    let (_, rest) = url.split_once("://")?;
    let below = &rest[rest.find('/')?..];
    let (path, query) = below.split_once('?').unwrap_or((below, ""));
    let response = &entry["response"];
    let status = u16::try_from(response["status"].as_u64()?).ok()?;
    let headers = response["headers"].as_array()?.iter().filter_map(|header| {
        let name = HeaderName::try_from(header["name"].as_str()?).ok()?;
        Some((name, HeaderValue::try_from(header["value"].as_str()?).ok()?))
    });
    let content = &response["content"];
    let text = content["text"].as_str().unwrap_or_default();
    let body = match content["encoding"].as_str() {
        Some("base64") => STANDARD.decode(text).ok()?,
        _ => text.as_bytes().to_vec(),
    };
    let exchange = Exchange {
        status: StatusCode::from_u16(status).ok(),
        headers: headers.filter(|(name, _)| !is_of_transfer(name)).collect(),
        body,
        is_cut: response["_isCut"].as_bool().unwrap_or(false),
    };
    Some((key(path, query), exchange))
}

/// Whether a header says how the body came, which is not as it is sent again.
fn is_of_transfer(name: &HeaderName) -> bool {
    let names = [
        "connection",
        "content-encoding",
        "content-length",
        "keep-alive",
        "transfer-encoding",
    ];
    names.contains(&name.as_str())
}

/// The API as recorded.
pub(crate) fn router(recorded: Recorded) -> Router {
    Router::new()
        .route("/v1/{*path}", get(serve))
        .with_state(recorded)
}

/// Responds to a request as recorded.
async fn serve(
    State(recorded): State<Recorded>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
) -> Response {
    let uri = request.uri();
    let Some(exchange) = recorded.next(&key(uri.path(), uri.query().unwrap_or_default())) else {
        return not_recorded(uri.path());
    };
    let Some(status) = exchange.status else {
        connection.kill();
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let length = exchange.body.len();
    let mut response = if exchange.is_cut {
        let mut cut = Response::new(broken_off(exchange.body.into()));
        cut.headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from(length + 1));
        cut
    } else {
        Response::new(exchange.body.into())
    };
    *response.status_mut() = status;
    response.headers_mut().extend(exchange.headers);
    response
}

fn not_recorded(path: &str) -> Response {
    let message = format!("This request is not in the recording: GET {path} with this query.");
    let body = json!({"error": {"status": "404", "code": "NOT_RECORDED", "message": message}});
    (StatusCode::NOT_FOUND, Json(body)).into_response()
}
