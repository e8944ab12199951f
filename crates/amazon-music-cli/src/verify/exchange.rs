//! A call with its outcome.

use std::time::{Duration, SystemTime};

use amazon_music::{
    Error, ErrorKind,
    browse::RawResponse,
    reqwest::header::{CONTENT_TYPE, HeaderMap},
};
use serde_json::Value;

use super::call::Call;

/// A call with what came of it.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) call: Call,
    /// Requests that were sent.
    pub(super) sent: u32,
    /// Responses that came before the last one: refused by a limit, or for a token that was refreshed then.
    pub(super) earlier: Vec<Response>,
    /// How long the last one took.
    pub(super) took: Duration,
    /// When the response came.
    pub(super) at: SystemTime,
    pub(super) outcome: Outcome,
}

/// The end of a call.
#[derive(Debug)]
pub(super) enum Outcome {
    Response(Response),
    /// No response came, or not a whole one.
    Nothing(&'static str),
}

/// A response, with its body read.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) bytes: usize,
    pub(super) body: Body,
}

/// A body.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Body {
    Json(Value),
    Empty,
    Html,
    Xml,
    /// It begins as JSON does, and is none.
    BrokenJson,
    Text,
    /// It is not UTF-8.
    Binary,
}

impl Body {
    fn read(bytes: &[u8]) -> Self {
        // As the library does.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if let Ok(value) = serde_json::from_slice(bytes) {
            return Self::Json(value);
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Self::Binary;
        };
        let text = text.trim_start().to_ascii_lowercase();
        match text.as_bytes() {
            [] => Self::Empty,
            _ if text.starts_with("<?xml") => Self::Xml,
            [b'<', ..] => Self::Html,
            [b'{' | b'[', ..] => Self::BrokenJson,
            _ => Self::Text,
        }
    }

    /// The kind of a body that is no JSON.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Json(_) => "JSON",
            Self::Empty => "an empty body",
            Self::Html => "a page in HTML",
            Self::Xml => "XML",
            Self::BrokenJson => "JSON that is cut short or malformed",
            Self::Text => "plain text",
            Self::Binary => "bytes that are no text",
        }
    }
}

impl Response {
    pub(super) fn read(response: RawResponse) -> Self {
        Self {
            status: response.status.as_u16(),
            bytes: response.body.len(),
            body: Body::read(&response.body),
            headers: response.headers,
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether its headers say that it is JSON.
    pub(super) fn says_json(&self) -> bool {
        let media = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        let media = media.split(';').next().unwrap_or_default().trim();
        media.eq_ignore_ascii_case("application/json") || media.ends_with("+json")
    }
}

/// Why no whole response came.
pub(super) fn reason(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::Connect => "no connection",
        ErrorKind::Timeout => "no response in time",
        ErrorKind::RateLimited => "a pause that is longer than the timeout",
        ErrorKind::TooLarge => "a body that is longer than 4 MiB",
        ErrorKind::Decode => "a body that cannot be read",
        _ => "a connection that broke off",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_told_by_its_beginning() {
        for (bytes, kind) in [
            (&b"\xef\xbb\xbf{}"[..], "JSON"),
            (b"null", "JSON"),
            (b"", "an empty body"),
            (b" \n", "an empty body"),
            (b"<!doctype html>", "a page in HTML"),
            (b"<?xml version='1.0'?>", "XML"),
            (b"{\"data\":", "JSON that is cut short or malformed"),
            (b"Service Unavailable", "plain text"),
            (b"\xff\xfe", "bytes that are no text"),
        ] {
            assert_eq!(Body::read(bytes).kind(), kind, "{bytes:?}");
        }
    }
}
