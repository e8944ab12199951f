//! The OpenAPI spec, and a page that shows it and sends requests.
//!
//! Both are outside of the API: they need no credentials, and are neither subject to faults nor counted.

use axum::{
    Router,
    http::{HeaderMap, header::CONTENT_TYPE, header::HOST, uri::Authority},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::spec::JSON;

const YAML: &str = include_str!("openapi.yaml");

/// URL of the live service in the spec, which the URL of this server replaces.
const LIVE: &str = "https://api.music.amazon.dev/v1";

/// Description of the live service in the spec.
const LIVE_DESCRIPTION: &str = "The live service (closed beta).";

/// The sandbox on its default port, the second server of the spec, in YAML and in JSON.
const SECOND: [&str; 2] = [
    "\n  - url: http://127.0.0.1:4010/v1
    description: The sandbox, a mock server on your own machine. README.md says how to start it.",
    r#",
    {
      "url": "http://127.0.0.1:4010/v1",
      "description": "The sandbox, a mock server on your own machine. README.md says how to start it."
    }"#,
];

pub(crate) fn router() -> Router {
    let router = Router::new()
        .route("/openapi.yaml", get(yaml))
        .route("/openapi.json", get(json));
    #[cfg(feature = "reference-page")]
    let router = router.merge(page::router());
    router
}

async fn yaml(headers: HeaderMap) -> Response {
    ([(CONTENT_TYPE, "application/yaml")], here(YAML, &headers)).into_response()
}

async fn json(headers: HeaderMap) -> Response {
    ([(CONTENT_TYPE, "application/json")], here(JSON, &headers)).into_response()
}

/// The spec with this server as its only one, under the host name of the request: a browser lets the page
/// send requests to no other.
fn here(spec: &str, headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = host.and_then(|host| host.parse::<Authority>().ok());
    let server = host.map_or_else(|| "/v1".to_owned(), |host| format!("http://{host}/v1"));
    let spec = SECOND
        .iter()
        .fold(spec.to_owned(), |spec, second| spec.replace(second, ""));
    spec.replace(LIVE, &server)
        .replace(LIVE_DESCRIPTION, "This mock server (the sandbox).")
}

#[cfg(feature = "reference-page")]
mod page {
    use axum::{
        Router,
        http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName},
        response::Html,
        routing::get,
    };

    use crate::{
        credentials::{SECURITY_PROFILE_ID, TOKEN},
        parameter::effects,
        spec::Spec,
    };

    const PAGE: &str = include_str!("reference.html");
    const SCRIPT: &[u8] = include_bytes!("swagger-ui/swagger-ui-bundle.js.gz");
    const STYLE: &[u8] = include_bytes!("swagger-ui/swagger-ui.css.gz");

    /// A file for browsers, all of which decompress.
    type File = ([(HeaderName, &'static str); 2], &'static [u8]);

    /// The page, and its script and style under `/swagger-ui`.
    pub(super) fn router() -> Router {
        let script = async || compressed("text/javascript", SCRIPT);
        let style = async || compressed("text/css", STYLE);
        Router::new()
            .route("/", get(page))
            .route("/swagger-ui/swagger-ui-bundle.js", get(script))
            .route("/swagger-ui/swagger-ui.css", get(style))
    }

    fn compressed(content_type: &'static str, file: &'static [u8]) -> File {
        let headers = [(CONTENT_TYPE, content_type), (CONTENT_ENCODING, "gzip")];
        (headers, file)
    }

    /// The page with both credentials filled in, so that it can send requests at once.
    async fn page() -> Html<String> {
        Html(
            PAGE.replace("{{profile}}", SECURITY_PROFILE_ID)
                .replace("{{token}}", TOKEN)
                .replace("{{parameters}}", &effects(Spec::get())),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spec_names_and_describes_one_server() {
        for spec in [YAML, JSON] {
            assert_eq!(spec.matches(LIVE).count(), 1);
            assert_eq!(spec.matches(LIVE_DESCRIPTION).count(), 1);
            let here = here(spec, &HeaderMap::new());
            assert!(!here.contains("127.0.0.1"), "the second server is served");
        }
    }

    #[test]
    fn the_spec_names_the_host_of_the_request() {
        let mut headers = HeaderMap::new();
        assert!(here(JSON, &headers).contains(r#""url": "/v1""#));
        headers.insert(HOST, "localhost:4010".parse().unwrap());
        assert!(here(JSON, &headers).contains(r#""url": "http://localhost:4010/v1""#));
        headers.insert(HOST, "x\"y".parse().unwrap());
        assert!(here(JSON, &headers).contains(r#""url": "/v1""#));
    }
}
