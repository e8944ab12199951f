//! Users who log in at the sandbox, in all ways there are.

use std::{net::TcpListener, sync::mpsc, time::Duration};

use amazon_music::{
    auth::{LoginWithAmazon, TokenContext, TokenError},
    clock::{Clock as _, ManualClock},
};
use amazon_music_sandbox::{Running, Sandbox};
use insta::assert_snapshot;
use reqwest::{Client, Url, header::LOCATION};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use wiremock::ResponseTemplate;

use crate::{
    common::{in_turn, json, login_at},
    time::{drive, on_manual_clock},
};

/// A form, as a browser posts it.
async fn post(http: &Client, url: &str, fields: &[(&str, &str)]) -> reqwest::Response {
    let mut body = Url::parse("http://localhost").unwrap();
    body.query_pairs_mut().extend_pairs(fields);
    let request = http
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.query().unwrap_or_default().to_owned());
    request.send().await.unwrap()
}

/// Opens the page and decides, as a browser does. Gives the query that the user is sent back with.
pub async fn allow(http: &Client, url: &str, decision: &str) -> String {
    let back = decide(http, url, decision).await;
    back.query().unwrap_or_default().to_owned()
}

async fn decide(http: &Client, url: &str, decision: &str) -> Url {
    let page = http.get(url).send().await.unwrap();
    assert_eq!(page.status(), 200, "{}", page.text().await.unwrap());
    let asked = Url::parse(url).unwrap();
    let mut fields: Vec<_> = asked.query_pairs().into_owned().collect();
    fields.push(("user".to_owned(), "anna".to_owned()));
    fields.push(("decision".to_owned(), decision.to_owned()));
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let action = url.split('?').next().unwrap();
    let answer = post(http, action, &fields).await;
    assert_eq!(answer.status(), 303);
    let location = answer.headers()[LOCATION].to_str().unwrap();
    Url::parse(location).unwrap()
}

/// A port that is free now.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

async fn sandbox() -> (Running, LoginWithAmazon, Client) {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let client = login_at(&sandbox);
    let http = client.http_client().unwrap();
    (sandbox, client, http)
}

#[tokio::test]
async fn a_code_brings_tokens_that_the_api_takes_and_that_are_renewed() {
    let (sandbox, client, http) = sandbox().await;
    let context = TokenContext::new(&http);
    let login = client
        .authorize("https://example.com/callback?a=b")
        .unwrap();
    let query = allow(&http, login.url(), "allow").await;
    assert!(query.starts_with("a=b&code="));
    let tokens = login.finish(&query, context).await.unwrap();
    let life = tokens.expires_at.unwrap().duration_since(tokens.issued_at);
    assert_eq!(life.unwrap(), Duration::from_secs(3600));
    assert_eq!(tokens.scope, "music::catalog");

    let music = amazon_music::AmazonMusic::builder()
        .base_url(sandbox.base_url())
        .security_profile_id(sandbox.security_profile_id())
        .token(tokens.access_token)
        .build()
        .unwrap();
    music.top_tracks().send().await.unwrap();
    let renewing = music.for_user(client.refresh_token(tokens.refresh_token.unwrap()));
    renewing.top_tracks().send().await.unwrap();

    let error = login.finish(&query, context).await.unwrap_err();
    assert_snapshot!(error, @"invalid_grant: The request has an invalid grant parameter : code (request sandbox-request)");
}

#[tokio::test]
async fn a_code_is_worth_nothing_to_whoever_did_not_begin_the_login() {
    let (_sandbox, client, http) = sandbox().await;
    let context = TokenContext::new(&http);
    let (victim, thief) = (
        "https://example.com/callback",
        "https://example.com/callback",
    );
    let (victim, thief) = (
        client.authorize(victim).unwrap(),
        client.authorize(thief).unwrap(),
    );
    let stolen = allow(&http, victim.url(), "allow").await;
    let error = thief.finish(&stolen, context).await.unwrap_err();
    assert_snapshot!(error, @"what came back is not the answer to this login (another `state`): begin again");
    // With the state put right there is still the verifier.
    let state = |login: &amazon_music::auth::Authorization| login.state().expose().to_owned();
    let forged = stolen.replace(&state(&victim), &state(&thief));
    let error = thief.finish(&forged, context).await.unwrap_err();
    assert_eq!(
        (error.code(), error.is_terminal()),
        (Some("invalid_grant"), true)
    );
}

#[tokio::test]
async fn a_client_without_a_secret_gets_no_refresh_token_and_one_with_a_wrong_one_nothing() {
    let (sandbox, _, http) = sandbox().await;
    let context = TokenContext::new(&http);
    let bare = LoginWithAmazon::new(sandbox.client_id())
        .authorize_url(sandbox.authorize_url())
        .token_url(sandbox.token_url());
    let login = bare.authorize("https://example.com/").unwrap();
    let query = allow(&http, login.url(), "allow").await;
    let tokens = login.finish(&query, context).await.unwrap();
    assert!(tokens.refresh_token.is_none());

    let login = bare
        .client_secret("wrong")
        .authorize("https://example.com/")
        .unwrap();
    let query = allow(&http, login.url(), "allow").await;
    let error = login.finish(&query, context).await.unwrap_err();
    assert_snapshot!(error, @"invalid_client: Client authentication failed (request sandbox-request)");
    assert!(error.is_terminal());
}

#[tokio::test]
async fn what_is_not_registered_stays_on_a_page() {
    let (_sandbox, client, http) = sandbox().await;
    let page = async |client: &LoginWithAmazon, redirect_uri: &str| {
        let login = client.authorize(redirect_uri).unwrap();
        let answer = http.get(login.url()).send().await.unwrap();
        let text = answer.text().await.unwrap();
        let begin = text.find("</h1><p>").unwrap() + "</h1><p>".len();
        text[begin..].split("</p>").next().unwrap().to_owned()
    };
    let good = "http://127.0.0.1:9090/callback";
    let pages = [
        page(&client, "http://example.com/callback").await,
        page(&client, "http://127.0.0.1.example.com/").await,
        page(&client.clone().scope("music::everything"), good).await,
        page(
            &LoginWithAmazon::new("other").authorize_url(client_url(&client)),
            good,
        )
        .await,
    ];
    assert_snapshot!(pages.join("\n"), @"
    The redirect URI you provided has not been whitelisted for your application.
    The redirect URI you provided has not been whitelisted for your application.
    An unknown scope was requested (lwa-invalid-parameter-bad-scope).
    An unknown client was given (lwa-invalid-parameter-bad-client-id).
    ");
}

fn client_url(client: &LoginWithAmazon) -> String {
    let login = client.authorize("https://example.com/").unwrap();
    login.url().split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_browser_comes_back_to_this_machine_and_is_told_that_it_worked() {
    let (_sandbox, client, http) = sandbox().await;
    let login = client.loopback().port(free_port());
    let redirect_uri = login.redirect_uri();
    let (send, receive) = mpsc::channel();
    let running = login.run(TokenContext::new(&http), |url| {
        send.send(url.to_owned()).unwrap()
    });
    let browser = async {
        tokio::task::yield_now().await;
        let url = receive.try_recv().unwrap();
        // As browsers do: a connection that is not used, and a request for an icon.
        let address = redirect_uri
            .trim_start_matches("http://")
            .trim_end_matches("/callback");
        let idle = TcpStream::connect(address).await.unwrap();
        drop(TcpStream::connect(address).await.unwrap());
        let icon = http
            .get(format!("http://{address}/favicon.ico"))
            .send()
            .await
            .unwrap();
        assert_eq!(icon.status(), 404);
        let back = decide(&http, &url, "allow").await;
        assert!(back.as_str().starts_with(&redirect_uri));
        let page = http.get(back.clone()).send().await.unwrap();
        assert_eq!(page.status(), 200);
        let page = page.text().await.unwrap();
        drop(idle);
        // One answer only: nobody listens any more.
        assert!(http.get(back).send().await.unwrap_err().is_connect());
        page
    };
    let (tokens, page) = futures_util::future::join(running, browser).await;
    assert!(tokens.unwrap().refresh_token.is_some());
    assert!(
        page.contains("Logged in") && !page.contains("http"),
        "{page}"
    );
}

#[tokio::test]
async fn a_connection_that_asks_for_nothing_does_not_stop_the_one_that_does() {
    let (_sandbox, client, http) = sandbox().await;
    let login = client.loopback().port(free_port());
    let redirect_uri = login.redirect_uri();
    let address = redirect_uri
        .trim_start_matches("http://")
        .trim_end_matches("/callback");
    let running = login.run(TokenContext::new(&http), |_| {});
    let browser = async {
        tokio::task::yield_now().await;
        let mut asks = TcpStream::connect(address).await.unwrap();
        asks.write_all(b"GET /callback?error=access_denied HTTP/1.1\r\n")
            .await
            .unwrap();
        let mut silent = TcpStream::connect(address).await.unwrap();
        silent.write_all(b"POST / HTTP/1.1\r\n\r\n").await.unwrap();
        // Its end says that it was read.
        assert_eq!(silent.read(&mut [0]).await.unwrap_or(0), 0);
        asks.write_all(b"\r\n").await.unwrap();
        let mut page = String::new();
        asks.read_to_string(&mut page).await.unwrap();
        page
    };
    let (tokens, page) = futures_util::future::join(running, browser).await;
    assert!(tokens.unwrap_err().to_string().contains("another `state`"));
    assert!(page.starts_with("HTTP/1.1 400"), "{page}");
}

/// Runs a loopback login whose browser comes back with this query; gives the error and the page.
async fn come_back(query: &str) -> (TokenError, String) {
    let (_sandbox, client, http) = sandbox().await;
    let login = client.loopback().port(free_port());
    let back = format!("{}?{query}", login.redirect_uri());
    let running = login.run(TokenContext::new(&http), |_| {});
    let browser = async {
        tokio::task::yield_now().await;
        let page = http.get(back).send().await.unwrap();
        assert_eq!(page.status(), 400);
        page.text().await.unwrap()
    };
    let (tokens, page) = futures_util::future::join(running, browser).await;
    (tokens.unwrap_err(), page)
}

#[tokio::test]
async fn an_answer_to_another_login_ends_this_one_and_the_page_repeats_nothing_of_it() {
    let (error, page) = come_back("code=canary&state=<script>canary").await;
    assert!(error.to_string().contains("another `state`"), "{error}");
    assert!(
        page.contains("Not logged in") && !page.contains("canary"),
        "{page}"
    );
    assert!(!format!("{error:?}").contains("canary"));
}

#[tokio::test]
async fn a_user_who_refuses_is_a_terminal_error() {
    let (_sandbox, client, http) = sandbox().await;
    let login = client.authorize("https://example.com/").unwrap();
    let query = allow(&http, login.url(), "deny").await;
    let error = login
        .finish(&query, TokenContext::new(&http))
        .await
        .unwrap_err();
    assert_snapshot!(error, @"access_denied: The user refused.");
    assert!(error.is_terminal());
}

#[tokio::test]
async fn a_login_that_nobody_finishes_says_what_may_be_wrong() {
    let clock = ManualClock::new();
    let client = LoginWithAmazon::new("client");
    let http = client.http_client().unwrap();
    let port = free_port();
    let login = client.loopback().port(port);
    let waiting = login.run(TokenContext::new(&http).clock(&clock), |_| {});
    let later = async {
        while clock.sleepers().is_empty() {
            tokio::task::yield_now().await;
        }
        clock.advance_to_next();
    };
    let (outcome, ()) = futures_util::future::join(waiting, later).await;
    let text = outcome
        .unwrap_err()
        .to_string()
        .replace(&port.to_string(), "PORT");
    assert_snapshot!(text, @"nobody came back within 300 seconds: if the browser showed a page of Amazon with an error (400, or `unknown scope`), then the client id is wrong, http://127.0.0.1:PORT/callback is not among its allowed return URLs, or Amazon has not enabled its security profile for music::catalog");
    assert_eq!(clock.elapsed(), Duration::from_secs(300));
}

#[tokio::test]
async fn a_port_that_is_taken_is_a_clear_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let client = LoginWithAmazon::new("client");
    let http = client.http_client().unwrap();
    let login = client.loopback().port(port);
    let error = login
        .run(TokenContext::new(&http), |_| {})
        .await
        .unwrap_err();
    let wanted = format!("cannot listen on port {port} of 127.0.0.1");
    assert!(error.to_string().starts_with(&wanted), "{error}");
}

/// A device login on a manual clock, and the URL and code that its user is shown.
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
async fn a_device_waits_until_its_code_is_entered() {
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
    // Asked twice, for nothing.
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
async fn a_device_that_is_told_to_slow_down_waits_twice_as_long_up_to_a_minute() {
    let answer = |error: &str| {
        let body = format!(r#"{{"error":"{error}"}}"#);
        ResponseTemplate::new(400).set_body_raw(body, "application/json")
    };
    let pair = r#"{"device_code":"d","user_code":"u","verification_uri":"x","expires_in":"600","interval":1}"#;
    let tokens = r#"{"access_token":"Atza|x","expires_in":"3600"}"#;
    let answers = [
        json(pair),
        answer("authorization_pending"),
        answer("slow_down"),
        answer("SLOW_DOWN"),
        // What may pass changes nothing.
        ResponseTemplate::new(503),
        answer("slow_down"),
        answer("slow_down"),
        json(tokens),
    ];
    let server = in_turn(answers).await;
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
    // Never shorter than 5 seconds, whatever the service allows.
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
async fn a_code_that_nobody_enters_is_over() {
    let (clock, _sandbox, client, http) = on_device().await;
    let context = TokenContext::new(&http).clock(&clock);
    let login = client.device(context).await.unwrap();
    let error = drive(&clock, login.finish(context)).await.unwrap_err();
    assert_snapshot!(error, @"the code is over and was not entered in time: begin again");
    assert!((590..=600).contains(&clock.elapsed().as_secs()));
}

#[tokio::test]
async fn a_service_that_cannot_be_reached_is_sat_out_and_told_of_in_the_end() {
    let (clock, _sandbox, client, http) = on_device().await;
    let context = TokenContext::new(&http).clock(&clock);
    let login = client
        .token_url("http://127.0.0.1:1")
        .device(context)
        .await
        .unwrap();
    let error = drive(&clock, login.finish(context)).await.unwrap_err();
    assert_snapshot!(error, @"the code is over and was not entered in time: begin again (last: login with amazon could not be reached: check the network)");
}

#[tokio::test]
async fn a_client_that_may_not_have_codes_is_told_so() {
    let (clock, sandbox, ..) = on_device().await;
    let client = LoginWithAmazon::new("other").code_pair_url(sandbox.code_pair_url());
    let http = login_at(&sandbox).http_client().unwrap();
    let context = TokenContext::new(&http).clock(&clock);
    let error = client.device(context).await.unwrap_err();
    assert_snapshot!(error, @"unauthorized_client: The client may not ask for codes (request sandbox-request)");
}
