//! The settings of a client: headers for every request and a limit for every body.

use std::{fmt, sync::Arc};

use reqwest::{
    Request,
    header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue},
};

use crate::{
    invalid_value::InvalidValue,
    path_rewrite::PathRewrite,
    probe::{Probe, Seen},
    recorder::{Recorder, Recording, begin},
    request::Urls,
};

/// Header of the security profile id.
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Settings of a [`Client`](crate::Client): headers for every request, a limit for every body.
///
/// Cheap to clone, so that a caller can create a client per attempt. `Debug` shows no header values.
#[derive(Clone)]
pub struct RequestSettings {
    headers: Arc<HeaderMap>,
    authorization: Option<HeaderValue>,
    extra: Option<Arc<HeaderMap>>,
    max_body_bytes: usize,
    rewrite: Option<Arc<PathRewrite>>,
    probe: Option<Probe>,
    recorder: Option<Arc<dyn Recorder>>,
    urls: Arc<Urls>,
}

impl RequestSettings {
    /// Default limit of a body: 4 MiB. The largest documented page (100 playlists) is about 35 KB; the limit
    /// leaves room for a hundred times as much and bounds the memory that a hostile body can take.
    pub const DEFAULT_MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

    /// Creates settings with both credentials that every call needs: the id of a security profile and a
    /// bearer token (without the word `Bearer`).
    ///
    /// # Errors
    ///
    /// Fails if a credential is empty or not printable ASCII.
    pub fn new(security_profile_id: &str, token: &str) -> Result<Self, InvalidValue> {
        Self::for_profile(security_profile_id)?.bearer(token)
    }

    /// Creates settings with the id of a security profile and without a token.
    ///
    /// # Errors
    ///
    /// Fails if the id is empty or not printable ASCII.
    pub fn for_profile(security_profile_id: &str) -> Result<Self, InvalidValue> {
        let headers = HeaderMap::from_iter([(API_KEY, credential(security_profile_id)?)]);
        Ok(Self {
            headers: Arc::new(headers),
            authorization: None,
            extra: None,
            max_body_bytes: Self::DEFAULT_MAX_BODY_BYTES,
            rewrite: None,
            probe: None,
            recorder: None,
            urls: Arc::default(),
        })
    }

    /// Sets the bearer token.
    ///
    /// # Errors
    ///
    /// Fails if the token is empty, not printable ASCII, has spaces in it, or begins with `Bearer`.
    pub fn bearer(mut self, token: &str) -> Result<Self, InvalidValue> {
        credential(token)?;
        let scheme = token.split(' ').next().unwrap_or_default();
        if scheme.eq_ignore_ascii_case("bearer") {
            let text = "must be the token alone, without the word `Bearer`";
            return Err(InvalidValue::fixed(text));
        }
        if scheme != token {
            return Err(InvalidValue::fixed("must not have spaces in it"));
        }
        self.authorization = Some(credential(&format!("Bearer {token}"))?);
        Ok(self)
    }

    /// Takes out the bearer token.
    pub(crate) fn without_token(mut self) -> Self {
        self.authorization = None;
        self
    }

    /// Takes out the id of the security profile.
    pub(crate) fn without_security_profile(mut self) -> Self {
        Arc::make_mut(&mut self.headers).remove(API_KEY);
        self
    }

    /// Adds a header to every request.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        Arc::make_mut(&mut self.headers).insert(name, value);
        self
    }

    /// Adds headers that replace those of the request, except for the credentials.
    #[must_use]
    pub fn extra_headers(mut self, headers: HeaderMap) -> Self {
        self.extra = (!headers.is_empty()).then(|| Arc::new(headers));
        self
    }

    /// Limits the bytes read of a body, after decompression; a longer body is an error.
    #[must_use]
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// Rewrites the paths of requests.
    #[must_use]
    pub fn rewrite_path(mut self, rewrite: PathRewrite) -> Self {
        self.rewrite = Some(Arc::new(rewrite));
        self
    }

    /// Records responses in `probe`.
    #[must_use]
    pub fn probe(mut self, probe: Probe) -> Self {
        self.probe = Some(probe);
        self
    }

    /// Records each exchange.
    #[must_use]
    pub fn recorder(mut self, recorder: Arc<dyn Recorder>) -> Self {
        self.recorder = Some(recorder);
        self
    }

    /// Begins to record an exchange, if exchanges are recorded.
    pub(crate) fn begin(
        &self,
        request: &Request,
        base_url: &str,
        operation: Option<&'static str>,
    ) -> Option<Box<dyn Recording>> {
        let recorder = self.recorder.as_ref()?;
        Some(begin(&**recorder, request, base_url, operation))
    }

    pub(crate) fn urls(&self) -> &Urls {
        &self.urls
    }

    pub(crate) fn body_limit(&self) -> usize {
        self.max_body_bytes
    }

    /// Records a request that is about to be sent.
    pub(crate) fn starts(&self, request: &Request, operation: Option<&'static str>) {
        if let Some(probe) = &self.probe {
            probe.starts(request, operation);
        }
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
        for (name, value) in self.headers.iter() {
            // A request may override the language of its client. Its `Accept` is the same for all.
            if name == ACCEPT || !headers.contains_key(name) {
                headers.insert(name, value.clone());
            }
        }
        for (name, value) in self.extra.iter().flat_map(|extra| extra.iter()) {
            headers.insert(name, value.clone());
        }
        if let Some(profile) = self.headers.get(API_KEY) {
            headers.insert(API_KEY, profile.clone());
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

/// Checks a credential and marks it sensitive.
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
