//! Helpers shared by several suites.

use std::{path::PathBuf, time::Duration};

use amazon_music::{AmazonMusic, RetrySettings, auth::LoginWithAmazon};
use wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate, matchers::method};

/// The root of the workspace.
pub fn root() -> PathBuf {
    xtask::workspace_root()
}

/// A builder of a client for this server that retries nothing.
pub fn builder_at(url: impl Into<String>) -> amazon_music::Builder {
    AmazonMusic::builder()
        .retries(
            RetrySettings::new()
                .max_attempts(1)
                .base_delay(Duration::ZERO),
        )
        .base_url(url)
        .security_profile_id("amzn1.application.test")
        .token("Atza|test")
}

/// A client for a mock server that retries nothing.
pub fn client_of(server: &MockServer) -> AmazonMusic {
    builder_at(format!("{}/v1", server.uri())).build().unwrap()
}

/// A client of a sandbox.
pub fn client_of_sandbox(sandbox: &amazon_music_sandbox::Running) -> AmazonMusic {
    AmazonMusic::builder()
        .base_url(sandbox.base_url())
        .security_profile_id(sandbox.security_profile_id())
        .token(sandbox.token())
        .build()
        .unwrap()
}

/// The sandbox's own client of Login with Amazon.
pub fn login_at(sandbox: &amazon_music_sandbox::Running) -> LoginWithAmazon {
    LoginWithAmazon::new(sandbox.client_id())
        .client_secret(sandbox.client_secret())
        .authorize_url(sandbox.authorize_url())
        .token_url(sandbox.token_url())
        .code_pair_url(sandbox.code_pair_url())
}

/// A server that gives every GET the same response.
pub async fn always(response: impl Respond + 'static) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(response)
        .mount(&server)
        .await;
    server
}

/// A server that gives each POST the next response.
pub async fn in_turn(responses: impl IntoIterator<Item = ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    for response in responses {
        Mock::given(method("POST"))
            .respond_with(response)
            .up_to_n_times(1)
            .mount(&server)
            .await;
    }
    server
}

/// A 200 with this body as JSON.
pub fn json(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.to_owned(), "application/json")
}

/// Matches requests with this cursor, or without one.
pub struct Cursor(pub Option<&'static str>);

impl Match for Cursor {
    fn matches(&self, request: &Request) -> bool {
        let cursor = request
            .url
            .query_pairs()
            .find_map(|(name, value)| (name == "cursor").then(|| value.into_owned()));
        cursor.as_deref() == self.0
    }
}

/// A page of tracks with these ids.
pub fn tracks(ids: &[&str], page_info: &str) -> String {
    let edges: Vec<String> = ids
        .iter()
        .map(|id| format!(r#"{{"node":{{"id":"{id}"}}}}"#))
        .collect();
    format!(
        r#"{{"data":{{"topTracks":{{"pageInfo":{page_info},"edges":[{}]}}}}}}"#,
        edges.join(",")
    )
}

/// The status and the body of a sandbox's response to a request with credentials.
pub async fn get(sandbox: &amazon_music_sandbox::Running, path: &str) -> (u16, serde_json::Value) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let response = http
        .get(format!("{}{path}", sandbox.base_url()))
        .header("x-api-key", sandbox.security_profile_id())
        .bearer_auth(sandbox.token())
        .send()
        .await
        .unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}
