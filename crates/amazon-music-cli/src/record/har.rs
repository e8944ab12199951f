//! An exchange as HAR 1.2 (<http://www.softwareishard.com/blog/har-12-spec/>), which other tools open.
//!
//! The few members are written by hand: the crate `har` brings the macros of `serde_with`, and has no place for
//! members of one's own, which say here that a body was cut short.

use std::time::{Duration, SystemTime};

use amazon_music::{
    browse::{RawPath, Sent},
    reqwest::{StatusCode, Url, header::HeaderMap},
};
use serde_json::{Value, json};

use super::redaction::Redaction;

/// Stands in the place of the base URL.
const BASE_URL: &str = "https://recorded.invalid/v1";

/// Headers whose values say nothing private, and may be shown if they have no letters but those of dates and media
/// types.
const SHOWN: [&str; 3] = ["cache-control", "content-type", "retry-after"];

/// A request and its response.
pub(super) struct Exchange {
    pub(super) started: SystemTime,
    pub(super) took: Duration,
    /// The URL, below the stand-in of the base URL.
    pub(super) target: String,
    /// The names of the request's headers.
    pub(super) headers: Vec<String>,
    pub(super) response: Option<Response>,
}

impl Default for Exchange {
    fn default() -> Self {
        Self {
            started: SystemTime::UNIX_EPOCH,
            took: Duration::ZERO,
            target: String::new(),
            headers: Vec::new(),
            response: None,
        }
    }
}

/// A response, or the part of it that came.
pub(super) struct Response {
    pub(super) status: StatusCode,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) is_cut: bool,
}

/// The URL of a request, as it is recorded.
pub(super) fn target(sent: &Sent<'_>, redaction: Option<&Redaction>) -> String {
    let base = Url::parse(sent.base_url).ok();
    let base = base
        .as_ref()
        .map_or("", |base| base.path().trim_end_matches('/'));
    let below = sent
        .url
        .path()
        .strip_prefix(base)
        .unwrap_or(sent.url.path());
    let Ok(mut url) = Url::parse(BASE_URL) else {
        return BASE_URL.to_owned();
    };
    if let Ok(mut segments) = url.path_segments_mut() {
        for segment in below.split('/').skip(1).map(RawPath::decoded) {
            segments.push(&match redaction {
                Some(redaction) => redaction.segment(&segment),
                None => segment,
            });
        }
    }
    for (name, value) in sent.url.query_pairs() {
        let (name, value) = match redaction {
            Some(redaction) => redaction.parameter((&name, &value)),
            None => (name.into_owned(), value.into_owned()),
        };
        url.query_pairs_mut().append_pair(&name, &value);
    }
    url.into()
}

/// The headers of a response: of a redacted one those that say nothing private, and never a cookie.
pub(super) fn headers(headers: &HeaderMap, is_redacted: bool) -> Vec<(String, String)> {
    let pair = |(name, value): (&_, &amazon_music::reqwest::header::HeaderValue)| {
        let name: &amazon_music::reqwest::header::HeaderName = name;
        let text = value.to_str().ok()?;
        let is_shown = !is_redacted || (SHOWN.contains(&name.as_str()) && is_plain(text));
        let is_shown = is_shown && name != "set-cookie";
        is_shown.then(|| (name.to_string(), text.to_owned()))
    };
    headers.iter().filter_map(pair).collect()
}

/// Whether a value is made of words that servers send to everybody: media types, dates, directives of caches.
fn is_plain(value: &str) -> bool {
    const WORDS: &str = "application json text html plain xml charset utf problem no store cache private public \
        max age must revalidate mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec gmt";
    let mut words = value.split(|it: char| !it.is_ascii_alphanumeric());
    value.len() <= 64
        && words.all(|word| {
            let is_number = word.len() <= 6 && word.bytes().all(|byte| byte.is_ascii_digit());
            let word = word.to_ascii_lowercase();
            is_number || WORDS.split_whitespace().any(|known| known == word)
        })
}

impl Exchange {
    /// The exchange as the text of a file.
    pub(super) fn text(&self) -> String {
        let millis = u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX);
        let entry = json!({
            "startedDateTime": humantime::format_rfc3339_millis(self.started).to_string(),
            "time": millis,
            "request": self.request(),
            "response": self.response(),
            "cache": {},
            "timings": {"send": 0, "wait": millis, "receive": 0},
        });
        let creator = json!({"name": "amazon-music", "version": env!("CARGO_PKG_VERSION")});
        let log = json!({"version": "1.2", "creator": creator, "entries": [entry]});
        format!("{:#}\n", json!({"log": log}))
    }

    fn request(&self) -> Value {
        let query = Url::parse(&self.target).map(|url| {
            let pairs = url.query_pairs();
            pairs
                .map(|(name, value)| json!({"name": name, "value": value}))
                .collect::<Vec<_>>()
        });
        let headers = self.headers.iter();
        let headers = headers.map(|name| json!({"name": name, "value": ""}));
        json!({
            "method": "GET",
            "url": self.target,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers.collect::<Vec<_>>(),
            "queryString": query.unwrap_or_default(),
            "headersSize": -1,
            "bodySize": 0,
        })
    }

    /// The response. Status 0 says that none came.
    fn response(&self) -> Value {
        let (status, headers, body, is_cut) = match &self.response {
            Some(response) => (
                response.status.as_u16(),
                &*response.headers,
                &*response.body,
                response.is_cut,
            ),
            None => (0, &[][..], &[][..], false),
        };
        let media = headers.iter().find(|(name, _)| name == "content-type");
        let mut content = json!({
            "size": body.len(),
            "mimeType": media.map_or("", |(_, value)| value),
        });
        match std::str::from_utf8(body) {
            Ok(text) => content["text"] = text.into(),
            Err(_) => {
                use base64::{Engine as _, engine::general_purpose::STANDARD};

                content["text"] = STANDARD.encode(body).into();
                content["encoding"] = "base64".into();
            }
        }
        let headers = headers.iter();
        let headers = headers.map(|(name, value)| json!({"name": name, "value": value}));
        json!({
            "status": status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": headers.collect::<Vec<_>>(),
            "content": content,
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": body.len(),
            "_isCut": is_cut,
        })
    }
}
