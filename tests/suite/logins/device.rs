//! The device flow, whose user enters a code in another browser.

use std::time::Duration;

use amazon_music::{
    auth::{LoginWithAmazon, TokenContext},
    clock::{Clock as _, ManualClock},
};
use amazon_music_sandbox::{Running, Sandbox};
use insta::assert_snapshot;
use reqwest::Client;
use wiremock::ResponseTemplate;

use super::post;
use crate::{
    common::{in_turn, json, login_at},
    time::{drive, on_manual_clock},
};

/// A sandbox and a client for device logins, on a manual clock.
async fn on_device() -> (ManualClock, Running, LoginWithAmazon, Client) {
    let (clock, sandbox, _) = on_manual_clock(Sandbox::new()).await;
    let client = login_at(&sandbox);
    let http = client.http_client().unwrap();
    (clock, sandbox, client, http)
}

async fn enter(http: &Client, url: &str, code: &str, decision: &str) -> u16 {
    let fields = [
        ("user_code", code),
        ("user", "anna"),
        ("decision", decision),
    ];
    post(http, url, &fields).await.status().as_u16()
}

#[tokio::test]
async fn a_device_polls_until_its_code_is_entered() {
    let (clock, _sandbox, client, http) = on_device().await;
    let context = TokenContext::new(&http).clock(&clock);
    let login = client.device(context).await.unwrap();
    let (url, code) = (
        login.verification_uri().to_owned(),
        login.user_code().to_owned(),
    );
    assert_eq!(enter(&http, &url, "WRONG1", "allow").await, 404);
    let waiting = tokio::spawn({
        let (clock, http) = (clock.clone(), http.clone());
        async move { login.finish(TokenContext::new(&http).clock(&clock)).await }
    });
    // Two polls while the code is pending.
    for _ in 0..2 {
        assert_eq!(clock.next_sleeper().await, Duration::from_secs(5));
        clock.advance_to_next();
    }
    assert_eq!(clock.next_sleeper().await, Duration::from_secs(5));
    assert_eq!(enter(&http, &url, &code.to_lowercase(), "allow").await, 200);
    clock.advance_to_next();
    let tokens = waiting.await.unwrap().unwrap();
    assert!(
        tokens.refresh_token.is_some(),
        "a device gets one without a secret"
    );
}

#[tokio::test]
async fn slow_down_doubles_the_polling_interval_up_to_a_minute() {
    let response = |error: &str| {
        let body = format!(r#"{{"error":"{error}"}}"#);
        ResponseTemplate::new(400).set_body_raw(body, "application/json")
    };
    let pair = r#"{"device_code":"d","user_code":"u","verification_uri":"x","expires_in":"600","interval":1}"#;
    let tokens = r#"{"access_token":"Atza|x","expires_in":"3600"}"#;
    let responses = [
        json(pair),
        response("authorization_pending"),
        response("slow_down"),
        response("SLOW_DOWN"),
        // A transient error changes nothing.
        ResponseTemplate::new(503),
        response("slow_down"),
        response("slow_down"),
        json(tokens),
    ];
    let server = in_turn(responses).await;
    let client = LoginWithAmazon::new("client")
        .token_url(server.uri())
        .code_pair_url(server.uri());
    let http = client.http_client().unwrap();
    let clock = ManualClock::new();
    let context = TokenContext::new(&http).clock(&clock);
    let login = client.device(context).await.unwrap();
    let waiting = tokio::spawn({
        let (clock, http) = (clock.clone(), http.clone());
        async move { login.finish(TokenContext::new(&http).clock(&clock)).await }
    });
    // At least 5 seconds, whatever the service allows.
    for wait in [5, 5, 10, 20, 20, 40, 60] {
        assert_eq!(clock.next_sleeper().await.as_secs(), wait);
        clock.advance(Duration::from_secs(wait));
    }
    waiting.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_user_who_refuses_a_device_is_a_terminal_error() {
    let (clock, _sandbox, client, http) = on_device().await;
    let context = TokenContext::new(&http).clock(&clock);
    let login = client.device(context).await.unwrap();
    let code = login.user_code();
    assert_eq!(
        enter(&http, login.verification_uri(), code, "deny").await,
        200
    );
    let error = drive(&clock, login.finish(context)).await.unwrap_err();
    assert_snapshot!(error, @"access_denied: The user refused (request sandbox-request)");
    assert!(error.is_terminal());
}

#[tokio::test]
async fn a_code_that_nobody_enters_expires() {
    let (clock, _sandbox, client, http) = on_device().await;
    let context = TokenContext::new(&http).clock(&clock);
    let login = client.device(context).await.unwrap();
    let error = drive(&clock, login.finish(context)).await.unwrap_err();
    assert_snapshot!(error, @"the code has expired and was not entered in time: begin again");
    assert!((590..=600).contains(&clock.elapsed().as_secs()));
}

#[tokio::test]
async fn a_device_keeps_polling_an_unreachable_service_and_reports_it_in_the_end() {
    let (clock, _sandbox, client, http) = on_device().await;
    let context = TokenContext::new(&http).clock(&clock);
    let login = client
        .token_url("http://127.0.0.1:1")
        .device(context)
        .await
        .unwrap();
    let error = drive(&clock, login.finish(context)).await.unwrap_err();
    assert_snapshot!(error, @"the code has expired and was not entered in time: begin again (last: no connection to login with amazon: check the network, the proxy and the root certificates)");
}

#[tokio::test]
async fn a_client_that_is_not_allowed_codes_gets_an_error_that_says_so() {
    let (clock, sandbox, ..) = on_device().await;
    let client = LoginWithAmazon::new("other").code_pair_url(sandbox.code_pair_url());
    let http = login_at(&sandbox).http_client().unwrap();
    let context = TokenContext::new(&http).clock(&clock);
    let error = client.device(context).await.unwrap_err();
    assert_snapshot!(error, @"unauthorized_client: The client may not ask for codes (request sandbox-request)");
}
