//! Bodies that are truncated, never end, are too long, or hold something else.

use amazon_music::ErrorKind;
use insta::assert_snapshot;

use super::{error_of, html};
use crate::common::{always, builder_at, client_of, json};

#[tokio::test]
async fn an_error_whose_body_breaks_off_keeps_its_status() {
    let server = broken_off("429 Too Many Requests", r#"{"error":{"#).await;
    let music = builder_at(server).build().unwrap();
    let error = music.top_tracks().send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::RateLimited, Some(429))
    );
}

#[tokio::test]
async fn an_error_whose_body_never_ends_keeps_its_status_and_ends_in_the_timeout() {
    let clock = amazon_music::clock::ManualClock::new();
    let (server, mut started) = stalling("502 Bad Gateway", "<html>").await;
    let music = builder_at(server).clock(clock.clone()).build().unwrap();
    let call = tokio::spawn(async move { music.top_tracks().send().await });
    started.recv().await.unwrap();
    while clock.sleepers().is_empty() {
        tokio::task::yield_now().await;
    }
    clock.advance_to_next();
    let error = call.await.unwrap().unwrap_err();
    assert!(
        matches!(
            (error.kind(), error.status()),
            (ErrorKind::Api, Some(502)) | (ErrorKind::Timeout, None)
        ),
        "{error:?}"
    );
}

/// A server that sends the beginning of a response, keeps the connection open, and reports when.
async fn stalling(
    status: &'static str,
    body: &'static str,
) -> (String, tokio::sync::mpsc::Receiver<()>) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (sent, reported) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = socket.read(&mut request).await.unwrap();
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: 1000\r\n\r\n{body}");
        socket.write_all(head.as_bytes()).await.unwrap();
        sent.send(()).await.unwrap();
        // Until the client closes the connection.
        let _ = socket.read(&mut request).await;
    });
    (format!("http://{address}"), reported)
}

/// A server that promises a longer body than it sends, once.
async fn broken_off(status: &'static str, body: &'static str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = socket.read(&mut request).await.unwrap();
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: 1000\r\n\r\n{body}");
        socket.write_all(head.as_bytes()).await.unwrap();
    });
    format!("http://{address}")
}

#[tokio::test]
async fn a_truncated_response_is_an_error_that_shows_it() {
    let error = error_of(json(r#"{"data":{"topTracks":{"edges":[{"no"#)).await;
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Decode, Some(200))
    );
    assert_snapshot!(error, @"get_top_tracks: 200: the body cannot be read: EOF while parsing a string at line 1 column 35");
    assert!(error.body().unwrap().ends_with(r#"{"no"#));
}

#[tokio::test]
async fn credentials_are_cut_out_of_what_a_server_sends_back() {
    let sent = "you sent Atza|test for amzn1.application.test";
    let bodies = [
        sent.to_owned(),
        format!("{sent:?}"),
        format!(r#"{{"data":{sent:?}}}"#),
        format!(r#"{{"error":{{"code":{sent:?},"message":{sent:?},"reference":{sent:?}}}}}"#),
        format!(r#"{{"error":{{"url":{sent:?},"payload":{{"internalCode":{sent:?}}}}}}}"#),
        format!(r#"{{"error":{{"payload":{{"seen":[{sent:?}]}}}}}}"#),
    ];
    for status in [200, 400, 418, 429, 502] {
        for body in &bodies {
            let server = always(html(status, body)).await;
            let Err(error) = client_of(&server).category("a").send().await else {
                panic!("{status} {body} is not a category");
            };
            let shown = format!("{error} {error:?} {:?} {:?}", error.url(), error.payload());
            assert!(!shown.contains("Atza"), "{shown}");
            assert!(!shown.contains("application.test"), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_rejected() {
    let server = always(json(&" ".repeat(2000))).await;
    let music = builder_at(server.uri())
        .max_body_bytes(1999)
        .build()
        .unwrap();
    let error = music.top_tracks().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_snapshot!(error, @"get_top_tracks: 200: the body is longer than 1999 bytes");
}

#[tokio::test]
async fn a_missing_entity_is_an_error() {
    let server = always(json(r#"{"data":{}}"#)).await;
    let error = client_of(&server).category("a").send().await.unwrap_err();
    assert_snapshot!(error, @"get_category: 200: the response holds no `data.category`; it is absent");
}
