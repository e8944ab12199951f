//! What the suites of tokens share.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use amazon_music::{
    AmazonMusic, Error,
    auth::{
        AccessToken, LoginWithAmazon, MemoryTokenStore, TokenError, TokenKey, TokenProvider,
        TokenSet, TokenStore as _, token_from,
    },
    clock::{Clock as _, ManualClock},
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};

use crate::common::{in_turn, json, tracks};

pub const HOUR: Duration = Duration::from_secs(3600);

pub fn key() -> TokenKey {
    TokenKey::new("amzn1.application.canary", "anna")
}

/// A client on this clock, of a server that nobody asks.
pub fn client(clock: &ManualClock, tokens: impl TokenProvider) -> AmazonMusic {
    client_at("http://127.0.0.1:1", clock, tokens)
}

/// A client of this server, on this clock.
pub fn client_at(url: &str, clock: &ManualClock, tokens: impl TokenProvider) -> AmazonMusic {
    AmazonMusic::builder()
        .base_url(url)
        .security_profile_id("profile")
        .tokens(tokens)
        .clock(clock.clone())
        .build()
        .unwrap()
}

/// A server that answers POSTs in turn, and every GET with a page of tracks.
pub async fn endpoint(responses: impl IntoIterator<Item = ResponseTemplate>) -> MockServer {
    let server = in_turn(responses).await;
    Mock::given(method("GET"))
        .respond_with(json(&tracks(&["a"], "{}")))
        .mount(&server)
        .await;
    server
}

/// The login client of this server.
pub fn login_client(server: &MockServer) -> LoginWithAmazon {
    LoginWithAmazon::new("client").token_url(format!("{}/token", server.uri()))
}

/// Tokens that were issued now, good for an hour.
pub fn fresh(server: &MockServer, access: &str, now: SystemTime) -> TokenSet {
    let mut tokens = TokenSet::new(access, now);
    tokens.expires_at = Some(now + HOUR);
    tokens.refresh_token = Some("Atzr|refresh-1".into());
    tokens.client = Some(login_client(server));
    tokens
}

/// A store in memory with tokens that have expired.
pub async fn expired_in_memory(server: &MockServer, clock: &ManualClock) -> MemoryTokenStore {
    let store = MemoryTokenStore::new();
    let tokens = fresh(server, "Atza|old", clock.now());
    store.save(&key(), &tokens, clock).await.unwrap();
    clock.advance(HOUR);
    store
}

/// The requests that a server received: the body of a POST, the token of a GET.
pub async fn sent(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    let line = |request: &wiremock::Request| match request.method.as_str() {
        "POST" => String::from_utf8(request.body.clone()).unwrap(),
        _ => request.headers["authorization"]
            .to_str()
            .unwrap()
            .to_owned(),
    };
    requests.iter().map(line).collect()
}

/// The number of refreshes that a server received.
pub async fn refreshes(server: &MockServer) -> usize {
    let sent = sent(server).await;
    sent.iter()
        .filter(|line| line.contains("grant_type"))
        .count()
}

/// The token error behind the error of a call.
pub fn token_error(error: &Error) -> &TokenError {
    let source = std::error::Error::source(error).unwrap();
    source.downcast_ref().unwrap()
}

/// A provider that counts how often it is asked and fails as it is told to.
pub fn counted(
    respond: impl Fn(usize) -> Result<AccessToken, TokenError> + Send + Sync + 'static,
) -> (Arc<AtomicUsize>, impl TokenProvider) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let provider = token_from(move || {
        let response = respond(count.fetch_add(1, Ordering::SeqCst) + 1);
        async {
            // As any provider does: let others run.
            tokio::task::yield_now().await;
            response
        }
    });
    (asked, provider)
}
