//! What goes with every request, and what can be learnt of its answer.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use reqwest::{
    Request, StatusCode,
    header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue},
};

use crate::{InvalidValue, target::LastTarget};

/// The header that carries the security profile.
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The settings of a [`Client`](crate::Client): headers for every request, a bound for every body.
///
/// Cheap to clone, so that a caller may make one client for each attempt. `Debug` shows no value of
/// a header.
#[derive(Clone)]
pub struct RequestSettings {
    headers: Arc<HeaderMap>,
    authorization: Option<HeaderValue>,
    extra: Option<Arc<HeaderMap>>,
    max_body_bytes: usize,
    rewrite: Option<Arc<PathRewrite>>,
    probe: Option<Probe>,
    last_target: Arc<LastTarget>,
}

impl RequestSettings {
    /// The default bound of a body. The largest documented page (100 playlists) is about 35 KB; this
    /// leaves room for a hundred times as much, and bounds what a hostile body can make of memory.
    pub const DEFAULT_MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

    /// Settings with both credentials that every call needs: the id of a security profile and a
    /// bearer token (without the word `Bearer`).
    pub fn new(security_profile_id: &str, token: &str) -> Result<Self, InvalidValue> {
        Self::for_profile(security_profile_id)?.bearer(token)
    }

    /// Settings with the id of a security profile and no token yet.
    pub fn for_profile(security_profile_id: &str) -> Result<Self, InvalidValue> {
        let headers = HeaderMap::from_iter([(API_KEY, credential(security_profile_id)?)]);
        Ok(Self {
            headers: Arc::new(headers),
            authorization: None,
            extra: None,
            max_body_bytes: Self::DEFAULT_MAX_BODY_BYTES,
            rewrite: None,
            probe: None,
            last_target: Arc::default(),
        })
    }

    /// Sends this token.
    pub fn bearer(mut self, token: &str) -> Result<Self, InvalidValue> {
        if token.is_empty() {
            return Err(InvalidValue::fixed("must not be empty"));
        }
        self.authorization = Some(credential(&format!("Bearer {token}"))?);
        Ok(self)
    }

    /// Sends one more header with every request.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        Arc::make_mut(&mut self.headers).insert(name, value);
        self
    }

    /// Sends these headers too, in place of those that the request has; credentials excepted.
    #[must_use]
    pub fn extra_headers(mut self, headers: HeaderMap) -> Self {
        self.extra = (!headers.is_empty()).then(|| Arc::new(headers));
        self
    }

    /// Reads at most this many bytes of a body (after decompression); a longer one is an error.
    #[must_use]
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// Sends some paths elsewhere.
    #[must_use]
    pub fn rewrite_path(mut self, rewrite: PathRewrite) -> Self {
        self.rewrite = Some(Arc::new(rewrite));
        self
    }

    /// Records what comes back in `probe`.
    #[must_use]
    pub fn probe(mut self, probe: Probe) -> Self {
        self.probe = Some(probe);
        self
    }

    pub(crate) fn last_target(&self) -> &LastTarget {
        &self.last_target
    }

    pub(crate) fn body_bound(&self) -> usize {
        self.max_body_bytes
    }

    pub(crate) fn record(&self, change: impl FnOnce(&mut Seen)) {
        if let Some(probe) = &self.probe {
            change(&mut probe.lock());
        }
    }

    pub(crate) fn apply(&self, request: &mut Request, base_url: &str) {
        if let Some(rewrite) = &self.rewrite {
            rewrite.apply(request, base_url);
        }
        let headers = request.headers_mut();
        for (name, value) in self.extra.iter().flat_map(|extra| extra.iter()) {
            headers.insert(name, value.clone());
        }
        for (name, value) in self.headers.iter() {
            // A request may ask for another language than its client, and for no other profile.
            if name == API_KEY || !headers.contains_key(name) {
                headers.insert(name, value.clone());
            }
        }
        if let Some(value) = &self.authorization {
            headers.insert(AUTHORIZATION, value.clone());
        }
    }
}

impl fmt::Debug for RequestSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestSettings")
            .field("headers", &Vec::from_iter(self.headers.keys()))
            .field("authorized", &self.authorization.is_some())
            .field("max_body_bytes", &self.max_body_bytes)
            .field("rewrite", &self.rewrite)
            .finish_non_exhaustive()
    }
}

/// A header value that is never shown.
fn credential(value: &str) -> Result<HeaderValue, InvalidValue> {
    if value.is_empty() {
        return Err(InvalidValue::fixed("must not be empty"));
    }
    if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) || value.trim() != value {
        return Err(InvalidValue::fixed(
            "must be printable ASCII without spaces around it",
        ));
    }
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| InvalidValue::fixed("must be printable ASCII without spaces around it"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Replaces the beginning of a path, below the base URL.
///
/// The documentation prints the category paths in two forms, `/browse/categories` in its headings and
/// `/browse/browse/categories` in its `curl` lines, and nobody outside the beta can tell which one is
/// served. The document takes the first; this takes the other without a release:
///
/// ```
/// let rewrite = amazon_music_browse::PathRewrite::new(
///     "/browse/categories",
///     "/browse/browse/categories",
/// )?;
/// # Ok::<(), amazon_music_browse::InvalidValue>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathRewrite {
    from: String,
    to: String,
}

impl PathRewrite {
    /// Both are whole segments that begin with `/`, end without one and hold neither `?` nor `#`.
    pub fn new(from: impl Into<String>, to: impl Into<String>) -> Result<Self, InvalidValue> {
        let (from, to) = (from.into(), to.into());
        let plain = |path: &str| {
            path.starts_with('/') && !path.ends_with('/') && !path.contains(['?', '#', '\\'])
        };
        if !plain(&from) || !plain(&to) {
            return Err(InvalidValue::fixed(
                "must be a path that begins with `/` and ends without one",
            ));
        }
        Ok(Self { from, to })
    }

    fn apply(&self, request: &mut Request, base_url: &str) {
        let base_path = base_url
            .split_once("://")
            .and_then(|(_, rest)| rest.find('/').map(|start| &rest[start..]))
            .unwrap_or_default();
        let path = request.url().path();
        let rest = path
            .strip_prefix(base_path)
            .and_then(|path| path.strip_prefix(self.from.as_str()))
            .filter(|rest| rest.is_empty() || rest.starts_with('/'));
        if let Some(rest) = rest {
            let path = format!("{base_path}{}{rest}", self.to);
            request.url_mut().set_path(&path);
        }
    }
}

/// Remembers what one call saw on the wire, for a caller that wants to say more of a failure than
/// the generated error can. Clones share one memory.
#[derive(Clone, Debug, Default)]
pub struct Probe(Arc<Mutex<Seen>>);

impl Probe {
    /// What was seen so far.
    #[must_use]
    pub fn seen(&self) -> Seen {
        self.lock().clone()
    }

    /// What was seen so far, which is then forgotten.
    #[must_use]
    pub fn take(&self) -> Seen {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a [`Probe`] saw of the latest answer.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Seen {
    /// The operation, in snake case, once a request was made.
    pub operation: Option<&'static str>,
    /// The status, once the head of the answer came.
    pub status: Option<StatusCode>,
    /// The headers of an answer that could not be decoded.
    pub headers: HeaderMap,
    /// The length of the body, after decompression, as far as it was read.
    pub body_bytes: usize,
    /// The body of an answer that was read whole.
    pub body: Option<Bytes>,
    /// Whether reading stopped because the body was too long.
    pub oversized: bool,
}
