//! Refresh tokens at the token endpoint of Login with Amazon.

use amazon_music::{
    auth::{LoginWithAmazon, RefreshToken, TokenError},
    clock::ManualClock,
};
use insta::assert_snapshot;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method},
};

use super::{HOUR, call};
use crate::token_helpers::{client, client_at};
use crate::{
    common::{in_turn, json, tracks},
    time::drive,
};

/// A token endpoint that gives each request the next response.
async fn endpoint(responses: Vec<ResponseTemplate>) -> MockServer {
    let server = in_turn(responses).await;
    Mock::given(method("GET"))
        .and(header("authorization", "Bearer Atza|canary"))
        .respond_with(json(&tracks(&["a"], "{}")))
        .mount(&server)
        .await;
    server
}

fn login(server: &MockServer) -> RefreshToken {
    LoginWithAmazon::new("client id")
        .client_secret("canary&secret")
        .token_url(format!("{}/auth/o2/token", server.uri()))
        .refresh_token("Atzr|canary/1")
}

/// The forms that were posted.
async fn forms(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    let posts = requests.iter().filter(|request| request.method == "POST");
    posts
        .map(|request| String::from_utf8(request.body.clone()).unwrap())
        .collect()
}

#[tokio::test]
async fn login_with_amazon_keeps_the_refresh_token_until_a_new_one_is_issued() {
    let server = endpoint(vec![
        json(r#"{"access_token":"Atza|canary","token_type":"bearer","expires_in":"3600"}"#),
        json(r#"{"access_token":"Atza|canary","expires_in":3600,"refresh_token":"Atzr|canary/2"}"#),
        json(r#"{"access_token":"Atza|canary","expires_in":3600}"#),
    ])
    .await;
    let clock = ManualClock::new();
    let music = client_at(&server.uri(), &clock, login(&server));
    for _ in 0..3 {
        music.top_tracks().send().await.unwrap();
        clock.advance(HOUR);
    }
    assert_snapshot!(forms(&server).await.join("\n"), @"
    grant_type=refresh_token&refresh_token=Atzr%7Ccanary%2F1&client_id=client+id&client_secret=canary%26secret
    grant_type=refresh_token&refresh_token=Atzr%7Ccanary%2F1&client_id=client+id&client_secret=canary%26secret
    grant_type=refresh_token&refresh_token=Atzr%7Ccanary%2F2&client_id=client+id&client_secret=canary%26secret
    ");
}

#[tokio::test]
async fn login_with_amazon_retries_transient_errors_only() {
    let clock = ManualClock::new();
    let unavailable = || ResponseTemplate::new(503);
    let good = json(r#"{"access_token":"Atza|canary"}"#);
    let server = endpoint(vec![unavailable(), unavailable(), good]).await;
    let music = client_at(&server.uri(), &clock, login(&server));
    drive(&clock, music.top_tracks().send()).await.unwrap();
    assert_eq!(forms(&server).await.len(), 3);

    let body = r#"{"error":"invalid_grant","error_description":"User revoked Atzr|canary/1.","request_id":"r"}"#;
    let server = endpoint(vec![
        ResponseTemplate::new(400).set_body_raw(body, "application/json"),
    ])
    .await;
    let music = client_at(&server.uri(), &clock, login(&server));
    let error = drive(&clock, music.top_tracks().send()).await.unwrap_err();
    assert_snapshot!(error, @"get_top_tracks: no access token: invalid_grant: User revoked [redacted]. (request r)");
    assert_eq!(forms(&server).await.len(), 1);
    let source = std::error::Error::source(&error).unwrap();
    let source = source.downcast_ref::<TokenError>().unwrap();
    assert!(source.is_terminal());
    assert_eq!(
        (source.code(), source.request_id()),
        (Some("invalid_grant"), Some("r"))
    );
}

#[tokio::test]
async fn login_with_amazon_sends_secrets_to_safe_places_only_and_shows_none() {
    let clock = ManualClock::new();
    let login = LoginWithAmazon::new("id").token_url("http://example.com/token");
    let provider = login.refresh_token("Atzr|canary");
    assert!(!format!("{provider:?}").contains("canary"));
    let music = client(&clock, provider);
    assert!(!format!("{music:?}").contains("canary"));
    let error = call(&music).await.unwrap_err();
    assert_snapshot!(error, @"no access token: the token URL is plain http, which would show the token to the network: use https (http is for loopback addresses only)");
    assert!(!format!("{error:?}").contains("canary"));
}
