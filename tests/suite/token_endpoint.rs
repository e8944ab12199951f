//! A token endpoint that is down, slow, or says something odd.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::mpsc,
    time::Duration,
};

use amazon_music::{
    ErrorKind,
    auth::{LoginWithAmazon, RefreshToken, Stored, TokenStore as _},
    clock::{Clock as _, ManualClock},
};
use insta::assert_snapshot;
use wiremock::{MockServer, ResponseTemplate};

use crate::{
    common::json,
    time::drive,
    token_helpers::{
        client, client_at, endpoint, expired_in_memory, fresh, key, login_client, refreshes, sent,
        token_error,
    },
};

fn refresh_token(server: &MockServer) -> RefreshToken {
    login_client(server).refresh_token("Atzr|refresh-1")
}

/// The last of the causes of an error.
fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    match error.source() {
        Some(source) => root_cause(source),
        None => error.to_string(),
    }
}

#[tokio::test]
async fn the_cause_of_an_endpoint_that_cannot_be_reached_is_kept() {
    // Speaks no TLS.
    let no_tls = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = no_tls.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in no_tls.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let clock = ManualClock::new();
    let mut told = Vec::new();
    for (url, proxy) in [
        ("http://127.0.0.1:1/token".to_owned(), None),
        ("https://no-such-host.invalid/token".to_owned(), None),
        (format!("https://127.0.0.1:{port}/token"), None),
        (
            "https://example.com/token".to_owned(),
            Some("http://127.0.0.1:1"),
        ),
    ] {
        let tokens = LoginWithAmazon::new("client")
            .token_url(&url)
            .refresh_token("Atzr|canary");
        let music = amazon_music::AmazonMusic::builder()
            .base_url("http://127.0.0.1:1")
            .security_profile_id("profile")
            .tokens(tokens)
            .clock(clock.clone())
            .configure_http(move |http| match proxy {
                Some(proxy) => http.proxy(reqwest::Proxy::all(proxy).unwrap()),
                None => http.no_proxy(),
            })
            .build()
            .unwrap();
        let error = drive(&clock, music.top_tracks().send()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Token);
        let cause = root_cause(&error);
        assert_ne!(
            cause,
            token_error(&error).to_string(),
            "no cause behind {error}"
        );
        assert!(!format!("{error:?}").contains("canary"));
        told.push(format!("{}", token_error(&error)));
    }
    assert_snapshot!(told.join("\n"), @"
    no connection to login with amazon: check the network, the proxy and the root certificates
    no connection to login with amazon: check the network, the proxy and the root certificates
    no connection to login with amazon: check the network, the proxy and the root certificates
    no connection to login with amazon: check the network, the proxy and the root certificates
    ");
}

#[tokio::test]
async fn an_endpoint_that_is_down_may_pass_and_a_login_that_was_taken_back_does_not() {
    let clock = ManualClock::new();
    let server = endpoint((0..3).map(|_| ResponseTemplate::new(503))).await;
    let music = client_at(&server.uri(), &clock, refresh_token(&server));
    let error = drive(&clock, music.top_tracks().send()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.is_transient()),
        (ErrorKind::Token, true)
    );

    let refused = ResponseTemplate::new(400).set_body_string(r#"{"error":"invalid_grant"}"#);
    let server = endpoint([refused]).await;
    let music = client_at(&server.uri(), &clock, refresh_token(&server));
    let error = drive(&clock, music.top_tracks().send()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.is_transient()),
        (ErrorKind::Token, false)
    );
}

#[tokio::test]
async fn a_long_retry_after_of_the_endpoint_is_honoured_and_told() {
    let clock = ManualClock::new();
    let busy = ResponseTemplate::new(429).insert_header("retry-after", "20");
    let good = json(r#"{"access_token":"Atza|new","expires_in":3600}"#);
    let server = endpoint([busy, good]).await;
    let music = client_at(&server.uri(), &clock, refresh_token(&server));
    let at = clock.now() + Duration::from_secs(20);
    let error = drive(&clock, music.top_tracks().send()).await.unwrap_err();
    assert_eq!(error.retry_at(), Some(at));
    assert_eq!(refreshes(&server).await, 1);
    // Whoever comes before is told the same, and sends nothing.
    clock.advance(Duration::from_secs(19));
    let error = drive(&clock, music.top_tracks().send()).await.unwrap_err();
    assert_eq!(error.retry_at(), Some(at));
    assert_eq!(refreshes(&server).await, 1);
    clock.advance(Duration::from_secs(1));
    music.top_tracks().send().await.unwrap();
    assert_eq!(refreshes(&server).await, 2);
}

#[tokio::test]
async fn a_short_retry_after_of_the_endpoint_is_the_delay_of_the_next_attempt() {
    let clock = ManualClock::new();
    let busy = ResponseTemplate::new(503).insert_header("retry-after", "5");
    let good = json(r#"{"access_token":"Atza|new","expires_in":3600}"#);
    let server = endpoint([busy, good]).await;
    let music = client_at(&server.uri(), &clock, refresh_token(&server));
    drive(&clock, music.top_tracks().send()).await.unwrap();
    assert_eq!(clock.elapsed(), Duration::from_secs(5));
    assert_eq!(refreshes(&server).await, 2);
}

#[tokio::test]
async fn a_retry_after_of_days_does_not_lock_a_user_out_for_days() {
    let clock = ManualClock::new();
    let busy = ResponseTemplate::new(429).insert_header("retry-after", "900000");
    let good = json(r#"{"access_token":"Atza|new","expires_in":3600}"#);
    let server = endpoint([busy, good]).await;
    let music = client_at(&server.uri(), &clock, refresh_token(&server));
    drive(&clock, music.top_tracks().send()).await.unwrap_err();
    clock.advance(Duration::from_secs(600));
    music.top_tracks().send().await.unwrap();
}

/// A token endpoint of one thread, that tells when it has sent its response.
fn silent_endpoint() -> (u16, mpsc::Receiver<()>, mpsc::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (arrived, has_arrived) = mpsc::channel();
    let (go, told_to_go) = mpsc::channel();
    std::thread::spawn(move || {
        let mut streams = Vec::new();
        for (number, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            while !String::from_utf8_lossy(&request).contains("grant_type=") {
                let mut piece = [0; 1024];
                let count = stream.read(&mut piece).unwrap();
                request.extend(&piece[..count]);
            }
            let _ = arrived.send(());
            let _ = told_to_go.recv();
            let body = format!(r#"{{"access_token":"Atza|number-{number}","expires_in":3600}}"#);
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all((head + &body).as_bytes()).unwrap();
            let _ = arrived.send(());
            streams.push(stream);
        }
    });
    (port, has_arrived, go)
}

/// As after SIGSTOP and SIGCONT: the response has arrived and the timers are due, and nobody has run since.
#[tokio::test]
async fn a_response_that_has_arrived_is_read_before_its_timeout_counts() {
    for stopped in [10, 15, 90] {
        let (port, arrived, go) = silent_endpoint();
        let clock = ManualClock::new();
        let tokens = LoginWithAmazon::new("client")
            .token_url(format!("http://127.0.0.1:{port}/token"))
            .refresh_token("Atzr|refresh-1");
        let music = client(&clock, tokens);
        let asked = tokio::spawn({
            let music = music.clone();
            async move {
                music
                    .call(|_| async { Ok(good_response()) })
                    .await
                    .map(drop)
            }
        });
        let mut turns = 0;
        while arrived.try_recv().is_err() {
            turns += 1;
            assert!(turns < 10_000_000);
            tokio::task::yield_now().await;
        }
        // From here on this thread, which runs everything, stands still.
        go.send(()).unwrap();
        arrived.recv().unwrap();
        clock.advance(Duration::from_secs(stopped));
        let mut turns = 0;
        while !asked.is_finished() {
            turns += 1;
            assert!(
                turns < 100_000,
                "after {stopped} s it waits for another response"
            );
            tokio::task::yield_now().await;
        }
        asked.await.unwrap().unwrap();
        assert!(
            arrived.try_recv().is_err(),
            "the token was sent again after {stopped} s"
        );
    }
}

fn good_response() -> amazon_music_browse::ResponseValue<amazon_music::types::TopTracksResponse> {
    amazon_music_browse::ResponseValue::new(
        amazon_music::types::TopTracksResponse::default(),
        reqwest::StatusCode::OK,
        reqwest::header::HeaderMap::new(),
    )
}

#[tokio::test]
async fn an_access_token_that_cannot_be_sent_is_not_kept_and_its_refresh_token_is() {
    let clock = ManualClock::new();
    let odd = json(
        r#"{"access_token":"Atza|a\r\nb","expires_in":3600,"refresh_token":"Atzr|refresh-2"}"#,
    );
    let good = json(r#"{"access_token":"Atza|good","expires_in":3600}"#);
    let server = endpoint([odd, good]).await;
    let store = expired_in_memory(&server, &clock).await;
    let music = client_at(&server.uri(), &clock, Stored::new(store.clone(), key()));
    let error = music.top_tracks().send().await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    assert_snapshot!(token_error(&error), @"login with amazon gave an access token that cannot be sent: it must be printable ASCII without spaces around it");
    let kept = store.load(&key()).await.unwrap().unwrap();
    assert_eq!(kept.refresh_token.unwrap().expose(), "Atzr|refresh-2");
    assert_ne!(kept.access_token.expose(), "Atza|a\r\nb");
    // Another program is not poisoned by what came.
    let another = music.for_user(Stored::new(store, key()));
    another.top_tracks().send().await.unwrap();
    let sent = sent(&server).await;
    assert!(sent[1].contains("refresh-2"), "{sent:?}");
}

#[tokio::test]
async fn a_byte_order_mark_before_a_response_of_the_endpoint_is_skipped() {
    let clock = ManualClock::new();
    let good = json("\u{feff}{\"access_token\":\"Atza|good\",\"expires_in\":3600}");
    let server = endpoint([good]).await;
    let store = expired_in_memory(&server, &clock).await;
    let music = client_at(&server.uri(), &clock, Stored::new(store, key()));
    music.top_tracks().send().await.unwrap();
    assert_eq!(sent(&server).await.last().unwrap(), "Bearer Atza|good");
}

#[tokio::test]
async fn a_refusal_keeps_its_code_whatever_its_text_is() {
    for body in [
        &b"\xef\xbb\xbf{\"error\":\"invalid_grant\",\"error_description\":\"No.\"}"[..],
        br#"{"error":"invalid_grant","error_description":"\ud83d No."}"#,
        b"{\"error\":\"invalid_grant\",\"error_description\":\"\xff No.\"}",
    ] {
        let clock = ManualClock::new();
        let refusal = ResponseTemplate::new(400).set_body_raw(body, "application/json");
        let server = endpoint([refusal]).await;
        let music = client_at(&server.uri(), &clock, refresh_token(&server));
        let error = music.top_tracks().send().await.unwrap_err();
        let error = token_error(&error);
        assert!(error.is_terminal(), "{error}");
        assert_eq!(error.code(), Some("invalid_grant"));
    }
}

#[tokio::test]
async fn a_kept_access_token_that_cannot_be_sent_counts_as_expired() {
    let clock = ManualClock::new();
    let good = json(r#"{"access_token":"Atza|good","expires_in":3600}"#);
    let server = endpoint([good]).await;
    let store = amazon_music::auth::MemoryTokenStore::new();
    let tokens = fresh(&server, "Atza|a\r\nb", clock.now());
    store.save(&key(), &tokens, &clock).await.unwrap();
    let music = client_at(&server.uri(), &clock, Stored::new(store, key()));
    music.top_tracks().send().await.unwrap();
    assert_eq!(sent(&server).await.last().unwrap(), "Bearer Atza|good");
}

#[tokio::test]
async fn a_login_that_brings_an_access_token_that_cannot_be_sent_has_failed() {
    let server = endpoint([json(r#"{"access_token":"Atza|a b"}"#)]).await;
    let client = login_client(&server);
    let http = client.http_client().unwrap();
    let login = client.authorize("https://example.com/").unwrap();
    let query = format!("code=x&state={}", login.state().expose());
    let context = amazon_music::auth::TokenContext::new(&http);
    let error = login.finish(&query, context).await.unwrap_err();
    assert!(error.to_string().contains("cannot be sent"), "{error}");
}
