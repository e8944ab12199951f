//! Cross-origin requests of browsers (CORS), which are off by default.

use axum::{
    Router,
    http::{
        HeaderValue, Method, Uri,
        header::{DATE, RETRY_AFTER},
    },
};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use crate::setting::SettingError;

/// The origins whose pages may call the sandbox.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins {
    any: bool,
    named: Vec<HeaderValue>,
}

impl Origins {
    /// Adds an origin, or all with `*`.
    pub(crate) fn add(&mut self, origin: &str) -> Result<(), SettingError> {
        if origin == "*" {
            self.any = true;
            return Ok(());
        }
        let value = normalized(origin).and_then(|origin| HeaderValue::from_str(&origin).ok());
        let value = value.ok_or_else(|| {
            SettingError::new(format!(
                "origin {origin:?}: write scheme://host or scheme://host:port and nothing after it, such as \
                 http://localhost:5173, or * for all"
            ))
        })?;
        self.named.push(value);
        Ok(())
    }

    /// Responds to preflight requests before everything else: they are not counted and meet no faults.
    /// Credentials of the browser (cookies) are never allowed: the API has none.
    pub(crate) fn layer(self, router: Router) -> Router {
        let allowed = match self {
            Self { any: true, .. } => AllowOrigin::any(),
            Self { named, .. } if named.is_empty() => return router,
            Self { named, .. } => AllowOrigin::list(named),
        };
        let cors = CorsLayer::new()
            .allow_origin(allowed)
            .allow_methods([Method::GET, Method::HEAD, Method::POST])
            .allow_headers(AllowHeaders::mirror_request())
            .expose_headers([DATE, RETRY_AFTER]);
        router.layer(cors)
    }
}

/// An origin as browsers write it: in lower case, without the default port.
fn normalized(origin: &str) -> Option<String> {
    let origin = origin.to_ascii_lowercase();
    let uri: Uri = origin.parse().ok()?;
    let (scheme, host) = (uri.scheme_str()?, uri.host()?);
    let port = uri.port_u16();
    let whole = match port {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    };
    // Nothing else is in it: no path, no user, no wildcard.
    if whole != origin || host.is_empty() || host.contains('*') {
        return None;
    }
    match (scheme, port) {
        ("http", Some(80)) | ("https", Some(443)) => Some(format!("{scheme}://{host}")),
        _ => Some(whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_written_as_browsers_do() {
        for (text, origin) in [
            ("http://localhost:5173", Some("http://localhost:5173")),
            ("HTTPS://App.Example", Some("https://app.example")),
            ("http://localhost:80", Some("http://localhost")),
            ("https://[::1]:443", Some("https://[::1]")),
            ("http://localhost:5173/", None),
            ("http://localhost/app", None),
            ("http://*.example", None),
            ("http://localhost:*", None),
            ("http://user@localhost", None),
            ("localhost:5173", None),
            ("localhost", None),
            ("null", None),
            ("", None),
        ] {
            assert_eq!(normalized(text).as_deref(), origin, "{text}");
        }
        let error = Origins::default().add("localhost").unwrap_err();
        assert!(error.to_string().contains("http://localhost:5173"));
    }
}
