//! The document, and a page to read it and try it on.
//!
//! Both stand outside of the API: they need no credentials, meet no faults and are not counted.

use axum::{
    Router,
    http::{HeaderMap, header::CONTENT_TYPE, header::HOST, uri::Authority},
    response::{IntoResponse, Response},
    routing::get,
};

const YAML: &str = include_str!("openapi.yaml");
const JSON: &str = include_str!("openapi.json");

/// The server that the document names. Here it is this one.
const LIVE: &str = "https://api.music.amazon.dev/v1";

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

/// The document with this server as its own, under the name that it was asked by: a browser lets a page
/// call no other.
fn here(document: &str, headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = host.and_then(|host| host.parse::<Authority>().ok());
    let server = host.map_or_else(|| "/v1".to_owned(), |host| format!("http://{host}/v1"));
    document
        .replace(LIVE, &server)
        .replace("The live service (closed beta).", "This stand-in server.")
}

#[cfg(feature = "reference-page")]
mod page {
    use axum::{Router, response::Html, routing::get};
    use swagger_ui_dist::{ApiDefinition, OpenApiSource, generate_routes};

    use crate::{SECURITY_PROFILE_ID, TOKEN};

    const PAGE: &str = include_str!("reference.html");

    /// The page, and below `/swagger-ui` the script and the style it needs.
    pub(super) fn router() -> Router {
        generate_routes(ApiDefinition {
            uri_prefix: "/swagger-ui",
            api_definition: OpenApiSource::Uri("/openapi.json"),
            title: Some("Amazon Music Browse"),
        })
        .route("/", get(page))
    }

    /// Both credentials are filled in, so that a request from the page is answered at once.
    async fn page() -> Html<String> {
        Html(
            PAGE.replace("{{profile}}", SECURITY_PROFILE_ID)
                .replace("{{token}}", TOKEN),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_names_its_server_once() {
        for document in [YAML, JSON] {
            assert_eq!(document.matches(LIVE).count(), 1);
        }
    }

    #[test]
    fn the_document_names_the_server_that_was_asked() {
        let mut headers = HeaderMap::new();
        assert!(here(JSON, &headers).contains(r#""url": "/v1""#));
        headers.insert(HOST, "localhost:4010".parse().unwrap());
        assert!(here(JSON, &headers).contains(r#""url": "http://localhost:4010/v1""#));
        headers.insert(HOST, "x\"y".parse().unwrap());
        assert!(here(JSON, &headers).contains(r#""url": "/v1""#));
    }
}
