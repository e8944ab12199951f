//! Requests of any path below the base URL.

use bytes::Bytes;
use progenitor_client::{Error, ResponseValue};
use reqwest::{
    Method, Request, StatusCode, Url,
    header::{ACCEPT, HeaderMap, HeaderValue},
};

use crate::{
    body,
    generated::{Client, operations, types::ErrorEnvelope},
    invalid_value::InvalidValue,
    operation_info::{OperationInfo, ParameterPlace},
    recorded::recorded,
    settings::RequestSettings,
};

/// A path below the base URL, and its query: for what the spec does not have.
///
/// ```
/// use amazon_music_browse::RawPath;
///
/// let path = RawPath::new("/browse/tracks/top?limit=2")?;
/// assert_eq!(path.operation().unwrap().id, "getTopTracks");
/// assert!(RawPath::new("https://elsewhere.example/").is_err());
/// assert!(RawPath::new("/browse/../../admin").is_err());
/// # Ok::<(), amazon_music_browse::InvalidValue>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawPath {
    /// With a slash before it.
    path: String,
    query: Vec<(String, String)>,
}

impl RawPath {
    /// Checks a path, with or without a slash before it, that may end with a query.
    ///
    /// # Errors
    ///
    /// Fails if a request of it could leave the base URL: if it is a URL of its own, begins with `//`, has a
    /// segment `.` or `..`, or holds `@`, `\`, `#`, an encoded dot, slash, backslash, percent sign or control
    /// character, white space or a control character.
    pub fn new(text: &str) -> Result<Self, InvalidValue> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let end_of_scheme = path.find(':').filter(|end| !path[..*end].contains('/'));
        if end_of_scheme.is_some() {
            return Err(InvalidValue::fixed(NO_URL));
        }
        let path = path.strip_prefix('/').unwrap_or(path);
        if let Some(reason) = fault(path).or(text.contains('#').then_some("must not hold `#`")) {
            return Err(InvalidValue::fixed(reason));
        }
        if query
            .chars()
            .any(|it| it.is_control() || it.is_whitespace())
        {
            return Err(InvalidValue::fixed(CHARACTERS));
        }
        // Decoded, and encoded again when it is sent.
        let pairs = Url::parse(&format!("http://a.example/?{query}"));
        let pairs = pairs.map_err(|_| InvalidValue::fixed("must end with a query that is one"))?;
        let path = format!("/{path}");
        let query = pairs.query_pairs().into_owned().collect();
        Ok(Self { path, query })
    }

    /// Adds a parameter to the query.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// The path below the base URL, with a slash before it and without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The operation of the spec that has this path.
    #[must_use]
    pub fn operation(&self) -> Option<&'static OperationInfo> {
        let mut all = operations::ALL.iter().copied();
        all.find(|info| self.fits(info))
    }

    /// The values of an operation's parameters in the path, and the query, by their names; decoded.
    #[must_use]
    pub fn values(&self, operation: &'static OperationInfo) -> Vec<(&str, String)> {
        let ids = operation.parameters.iter();
        let ids = ids.filter(|info| info.place == ParameterPlace::Path);
        let templates = operation.path.split('/');
        let held = templates.zip(self.path.split('/'));
        let held = held.filter(|(template, _)| template.starts_with('{'));
        let values = ids.zip(held);
        let values = values.map(|(info, (_, segment))| (info.name, decoded(segment)));
        let query = self.query.iter();
        values
            .chain(query.map(|(name, value)| (name.as_str(), value.clone())))
            .collect()
    }

    /// A segment of a path without its percent forms.
    #[must_use]
    pub fn decoded(segment: &str) -> String {
        decoded(segment)
    }

    fn fits(&self, operation: &OperationInfo) -> bool {
        let (own, template) = (self.path.split('/'), operation.path.split('/'));
        own.clone().count() == template.clone().count()
            && own
                .zip(template)
                .all(|(own, template)| template.starts_with('{') || own == template)
    }

    /// The URL below a base URL, which no path can leave.
    fn url(&self, base: &str) -> Option<Url> {
        let below = Url::parse(base).ok()?;
        let mut url = Url::parse(&format!("{base}{}", self.path)).ok()?;
        let is_below = url.origin() == below.origin()
            && url.username() == below.username()
            && url.path().starts_with(below.path().trim_end_matches('/'));
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        is_below.then_some(url)
    }
}

const NO_URL: &str = "must be a path below the base URL, not a URL";
const CHARACTERS: &str = "must not hold white space or control characters: encode them, as %20";

/// Finds the fault of a path, given without its leading slash.
fn fault(path: &str) -> Option<&'static str> {
    let lower = path.to_ascii_lowercase();
    if path.starts_with('/') || path.contains("://") {
        Some(NO_URL)
    } else if path.is_empty() {
        Some("must not be empty")
    } else if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        Some("must not have a segment `.` or `..`")
    } else if path.contains(['@', '\\']) {
        Some("must not hold `@` or a backslash")
    } else if ["%2e", "%2f", "%5c", "%25", "%7f", "%0", "%1"]
        .iter()
        .any(|encoded| lower.contains(encoded))
    {
        Some("must not hold an encoded dot, slash, backslash, percent sign or control character")
    } else if path.chars().any(|it| it.is_control() || it.is_whitespace()) {
        Some(CHARACTERS)
    } else {
        None
    }
}

/// A segment without its percent forms.
fn decoded(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((&first, others)) = rest.split_first() {
        let digits = others.get(..2).filter(|_| first == b'%');
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &others[2..];
            }
            None => {
                bytes.push(first);
                rest = others;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A response as served, whatever its status.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RawResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, after decompression.
    pub body: Bytes,
    url: Url,
}

impl RawResponse {
    /// The response if it is a success, and otherwise the error that an operation of the spec would give.
    ///
    /// # Errors
    ///
    /// Fails if the status is no success.
    #[expect(
        clippy::result_large_err,
        reason = "the error of all methods of the generated client"
    )]
    pub fn checked(self) -> Result<ResponseValue<Bytes>, Error<ErrorEnvelope>> {
        if self.status.is_success() {
            return Ok(ResponseValue::new(self.body, self.status, self.headers));
        }
        Err(body::error_of(
            self.status,
            self.url,
            self.headers,
            self.body,
        ))
    }
}

impl Client {
    /// Requests any path below the base URL, with the headers, the path rewriting and the body limit of the
    /// settings.
    ///
    /// # Errors
    ///
    /// Fails if no complete response arrives. An error status is none: see [`RawResponse::checked`].
    pub async fn get_raw(&self, path: &RawPath) -> Result<RawResponse, Error<ErrorEnvelope>> {
        let url = path.url(&self.baseurl).ok_or_else(|| {
            Error::InvalidRequest("the path does not lead below the base URL".to_owned())
        })?;
        let mut request = Request::new(Method::GET, url);
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(ACCEPT, json);
        self.inner.apply(&mut request, &self.baseurl);
        let operation = path.operation().map(|info| info.name);
        self.inner.starts(&request, operation);
        let recording = self.inner.begin(&request, &self.baseurl, operation);
        let sent = self.client.execute(request);
        let mut response = match recording {
            None => sent.await?,
            Some(recording) => recorded(recording, sent, self.inner.body_limit()).await?,
        };
        self.note(&response);
        let body = if response.status().is_success() {
            body::read_recorded(&self.inner, &mut response).await?
        } else {
            // The status matters more than the end of the body.
            body::read_prefix(&mut response, self.inner.body_limit())
                .await
                .0
        };
        Ok(RawResponse {
            status: response.status(),
            url: response.url().clone(),
            headers: std::mem::take(response.headers_mut()),
            body,
        })
    }

    /// The same client without a token, to see how a service refuses that.
    #[must_use]
    pub fn without_token(&self) -> Self {
        self.with_settings(self.inner.clone().without_token())
    }

    /// The same client without the id of a security profile, to see how a service refuses that.
    #[must_use]
    pub fn without_security_profile(&self) -> Self {
        self.with_settings(self.inner.clone().without_security_profile())
    }

    fn with_settings(&self, settings: RequestSettings) -> Self {
        Self::new_with_client(&self.baseurl, self.client.clone(), settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_leave_the_base_url() {
        for text in [
            "",
            "/",
            "//evil.example/x",
            "///x",
            "https://evil.example/x",
            "http:evil",
            "file:///x",
            "javascript:x",
            "@evil.example/x",
            "/a@b",
            "..",
            "../x",
            "/browse/../../admin",
            "/browse/./x",
            "/browse/%2e%2e/x",
            "/browse/%2E./x",
            "/browse/.%2e/x",
            "/browse/..%2fx",
            "/browse/%5c..",
            "/browse/%252e",
            "\\\\evil.example",
            "/a\\b",
            "/a\nb",
            "/a%0d%0ab",
            "/a\tb",
            "/a b",
            "/a\u{85}b",
            "/a#b",
            "/a?b=c#d",
            "/a?b=c\r\nd: e",
        ] {
            assert!(RawPath::new(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_path_is_sent_as_it_is_and_its_query_encoded() {
        let url = |text: &str| {
            let path = RawPath::new(text).unwrap().query("cursor", "3:a&b");
            path.url("http://a.example/v1").unwrap().to_string()
        };
        let end = "cursor=3%3Aa%26b";
        assert_eq!(
            url("/browse/x"),
            format!("http://a.example/v1/browse/x?{end}")
        );
        assert_eq!(
            url("/b:c/é%20"),
            format!("http://a.example/v1/b:c/%C3%A9%20?{end}")
        );
        assert_eq!(
            url("/b?limit=2"),
            format!("http://a.example/v1/b?limit=2&{end}")
        );
    }

    #[test]
    fn the_operation_of_a_path_is_found_with_its_values() {
        let path = RawPath::new("/browse/categories/a%20b/tracks?limit=3").unwrap();
        let operation = path.operation().unwrap();
        assert_eq!(operation.id, "getCategoryTracks");
        let values = [("id", "a b".to_owned()), ("limit", "3".to_owned())];
        assert_eq!(path.values(operation), values);
        assert!(
            RawPath::new("/browse/nothing")
                .unwrap()
                .operation()
                .is_none()
        );
    }
}
