//! The loopback flow, which redirects the browser to a port of this machine.

use std::{net::TcpListener, sync::mpsc, time::Duration};

use amazon_music::{
    auth::{LoginWithAmazon, TokenContext},
    clock::{Clock as _, ManualClock},
};
use insta::assert_snapshot;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{decide, sandbox};

/// A free port.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[tokio::test]
async fn a_browser_is_redirected_to_this_machine_and_shown_that_the_login_succeeded() {
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
        // As browsers do: an unused connection, and a request for an icon.
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
        // One response only: the listener is closed.
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
async fn a_connection_without_the_callback_does_not_block_the_one_that_has_it() {
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
        // Closed by the server, so it was read.
        assert_eq!(silent.read(&mut [0]).await.unwrap_or(0), 0);
        asks.write_all(b"\r\n").await.unwrap();
        let mut page = String::new();
        asks.read_to_string(&mut page).await.unwrap();
        page
    };
    let page = tokio::select! {
        outcome = running => panic!("a request of another login has ended this one: {outcome:?}"),
        page = browser => page,
    };
    assert!(page.starts_with("HTTP/1.1 400"), "{page}");
}

#[tokio::test]
async fn a_redirect_of_another_login_is_refused_and_the_page_repeats_nothing_of_it() {
    let (_sandbox, client, http) = sandbox().await;
    let login = client.loopback().port(free_port());
    let back = format!("{}?code=canary&state=<script>canary", login.redirect_uri());
    let running = login.run(TokenContext::new(&http), |_| {});
    let browser = async {
        tokio::task::yield_now().await;
        let page = http.get(back).send().await.unwrap();
        assert_eq!(page.status(), 400);
        page.text().await.unwrap()
    };
    let page = tokio::select! {
        outcome = running => panic!("another login has ended this one: {outcome:?}"),
        page = browser => page,
    };
    assert!(
        page.contains("Not logged in") && !page.contains("canary"),
        "{page}"
    );
}

#[tokio::test]
async fn a_login_that_nobody_finishes_times_out_with_the_likely_causes() {
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
