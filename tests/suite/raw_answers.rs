//! Answers that no document describes: each ends in one typed error, or does no harm.

use amazon_music::{ErrorKind, types::ErrorCode};
use futures_util::StreamExt as _;
use insta::assert_snapshot;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::common::{Cursor, always, builder_at, client_of, json, tracks};

/// The error of a top-tracks call that is answered like this.
async fn error_of(answer: ResponseTemplate) -> amazon_music::Error {
    let server = always(answer).await;
    client_of(&server).top_tracks().send().await.unwrap_err()
}

fn html(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body.to_owned(), "text/html")
}

#[tokio::test]
async fn a_gateway_page_keeps_its_status() {
    let error = error_of(html(502, "<html>\n<h1>Bad Gateway</h1></html>")).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(502)));
    assert_eq!(error.body(), Some("<html> <h1>Bad Gateway</h1></html>"));
    assert_snapshot!(error, @"get_top_tracks: 502: Bad Gateway (undocumented body: <html> <h1>Bad Gateway</h1></html>)");
}

#[tokio::test]
async fn a_gateway_page_under_a_documented_status_keeps_it_too() {
    let error = error_of(html(500, "<html>oops</html>")).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(500)));
    assert_snapshot!(error, @"get_top_tracks: 500: Internal Server Error (undocumented body: <html>oops</html>)");
}

#[tokio::test]
async fn an_empty_403_keeps_its_status() {
    let error = error_of(ResponseTemplate::new(403)).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(403)));
    assert_snapshot!(error, @"get_top_tracks: 403: Forbidden (no body)");
}

#[tokio::test]
async fn the_body_of_a_gateway_in_front_is_kept() {
    let answer =
        ResponseTemplate::new(403).set_body_raw(r#"{"message":"Forbidden"}"#, "application/json");
    let error = error_of(answer).await;
    assert_eq!(error.body(), Some(r#"{"message":"Forbidden"}"#));
}

#[tokio::test]
async fn a_documented_error_gives_code_message_and_reference() {
    let body = r#"{"error":{"status":"403","code":"AUTH_NO_MUSIC_ACCOUNT_FOUND","message":"No account.","reference":"ebd91b"}}"#;
    let error = error_of(ResponseTemplate::new(403).set_body_raw(body, "application/json")).await;
    assert_eq!(error.api_code(), Some(&ErrorCode::AuthNoMusicAccountFound));
    assert_eq!(error.reference(), Some("ebd91b"));
    assert_snapshot!(error, @"get_top_tracks: 403 AUTH_NO_MUSIC_ACCOUNT_FOUND: No account. (reference ebd91b)");
}

#[tokio::test]
async fn a_429_is_a_kind_of_its_own() {
    let body = r#"{"error":{"status":429,"code":"THROTTLED","message":"Too Many Requests."}}"#;
    let error = error_of(ResponseTemplate::new(429).set_body_raw(body, "application/json")).await;
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_snapshot!(error, @"get_top_tracks: 429 THROTTLED: Too Many Requests.");
}

#[tokio::test]
async fn a_code_that_is_not_known_cannot_break_the_line() {
    let body = r#"{"error":{"code":"NEW\nCODE \u001b[31m"}}"#;
    let error = error_of(ResponseTemplate::new(400).set_body_raw(body, "application/json")).await;
    assert_snapshot!(error, @"get_top_tracks: 400 NEW CODE [31m: Bad Request");
}

#[tokio::test]
async fn a_long_gateway_page_keeps_its_status_and_its_beginning() {
    let error = error_of(html(502, &format!("<html>{}", "x".repeat(100_000)))).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(502)));
    assert!(error.body().unwrap().starts_with("<html>xxx"));
}

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
    let (server, mut answered) = stalling("502 Bad Gateway", "<html>").await;
    let music = builder_at(server).clock(clock.clone()).build().unwrap();
    let call = tokio::spawn(async move { music.top_tracks().send().await });
    answered.recv().await.unwrap();
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

/// A server that sends the beginning of an answer and keeps the connection open; tells when it has.
async fn stalling(
    status: &'static str,
    body: &'static str,
) -> (String, tokio::sync::mpsc::Receiver<()>) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (sent, told) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = socket.read(&mut request).await.unwrap();
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: 1000\r\n\r\n{body}");
        socket.write_all(head.as_bytes()).await.unwrap();
        sent.send(()).await.unwrap();
        // Until the other side has enough.
        let _ = socket.read(&mut request).await;
    });
    (format!("http://{address}"), told)
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
async fn a_redirect_is_not_followed() {
    let target = always(json(&tracks(&["a"], "{}"))).await;
    let answer = ResponseTemplate::new(302).insert_header("location", target.uri());
    let error = error_of(answer).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(302)));
    assert_snapshot!(error, @"get_top_tracks: 302: Found (redirects are not followed: check the base URL)");
    assert!(target.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_truncated_answer_is_an_error_that_shows_it() {
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
    ];
    for status in [200, 400, 418, 429, 502] {
        for body in &bodies {
            let server = always(html(status, body)).await;
            let Err(error) = client_of(&server).category("a").send().await else {
                panic!("{status} {body} is no category");
            };
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("Atza"), "{shown}");
            assert!(!shown.contains("application.test"), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_body_beyond_the_bound_is_refused() {
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
async fn an_entity_that_is_not_there_is_an_error() {
    let server = always(json(r#"{"data":{}}"#)).await;
    let error = client_of(&server).category("a").send().await.unwrap_err();
    assert_snapshot!(error, @"get_category: 200: the answer holds no `data.category`");
}

#[tokio::test]
async fn nothing_listens() {
    let music = builder_at("http://127.0.0.1:1").build().unwrap();
    let error = music.top_tracks().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_snapshot!(error, @"get_top_tracks: could not connect: check the network, the proxy and the base URL");
}

/// Everything a stream of top tracks gives: ids, and the kind of each error.
async fn walk(server: &MockServer) -> Vec<String> {
    client_of(server)
        .top_tracks()
        .items()
        .map(|item| match item {
            Ok(track) => track.id,
            Err(error) => format!("{:?}", error.kind()),
        })
        .collect()
        .await
}

async fn page(server: &MockServer, cursor: Option<&'static str>, body: String) {
    Mock::given(Cursor(cursor))
        .respond_with(json(&body))
        .mount(server)
        .await;
}

#[tokio::test]
async fn a_next_page_without_a_token_ends_in_an_error_after_its_items() {
    let server = always(json(&tracks(&["a", "b"], r#"{"hasNextPage":true}"#))).await;
    assert_eq!(walk(&server).await, ["a", "b", "Incomplete"]);
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_next_page_without_a_token_falls_back_to_the_last_edge() {
    let server = MockServer::start().await;
    let first = r#"{"data":{"topTracks":{"pageInfo":{"hasNextPage":true,"token":""},
        "edges":[{"node":{"id":"a"},"cursor":"1"},{"node":{"id":"b"},"cursor":"2"}]}}}"#;
    page(&server, None, first.to_owned()).await;
    page(
        &server,
        Some("2"),
        tracks(&["c"], r#"{"hasNextPage":false}"#),
    )
    .await;
    assert_eq!(walk(&server).await, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_repeated_cursor_ends_in_an_error() {
    let server = MockServer::start().await;
    page(
        &server,
        None,
        tracks(&["a"], r#"{"hasNextPage":true,"token":"x"}"#),
    )
    .await;
    page(
        &server,
        Some("x"),
        tracks(&["b"], r#"{"hasNextPage":true,"token":"y"}"#),
    )
    .await;
    page(
        &server,
        Some("y"),
        tracks(&["c"], r#"{"hasNextPage":true,"token":"x"}"#),
    )
    .await;
    assert_eq!(walk(&server).await, ["a", "b", "c", "CursorLoop"]);
}

#[tokio::test]
async fn empty_pages_without_end_end_in_an_error() {
    let server = MockServer::start().await;
    let cursors = [
        None,
        Some("1"),
        Some("2"),
        Some("3"),
        Some("4"),
        Some("5"),
        Some("6"),
    ];
    for (index, cursor) in cursors.into_iter().enumerate() {
        let info = format!(r#"{{"hasNextPage":true,"token":"{}"}}"#, index + 1);
        page(&server, cursor, tracks(&[], &info)).await;
    }
    assert_eq!(walk(&server).await, ["Incomplete"]);
    assert_eq!(server.received_requests().await.unwrap().len(), 6);
}

#[tokio::test]
async fn a_missing_collection_or_page_info_is_a_last_page() {
    for body in [
        r#"{}"#,
        r#"{"data":null}"#,
        r#"{"data":{"topTracks":null}}"#,
    ] {
        let server = always(json(body)).await;
        assert!(walk(&server).await.is_empty(), "{body}");
    }
    let server = always(json(
        r#"{"data":{"topTracks":{"edges":[{"node":{"id":"a"}}]}}}"#,
    ))
    .await;
    assert_eq!(walk(&server).await, ["a"]);
}

#[tokio::test]
async fn has_next_page_false_wins_over_a_token_and_a_missing_one_follows_it() {
    let server = MockServer::start().await;
    page(&server, None, tracks(&["a"], r#"{"token":"x"}"#)).await;
    page(
        &server,
        Some("x"),
        tracks(&["b"], r#"{"hasNextPage":false,"token":"y"}"#),
    )
    .await;
    assert_eq!(walk(&server).await, ["a", "b"]);
}

#[tokio::test]
async fn a_failed_page_is_asked_for_again() {
    let server = MockServer::start().await;
    page(
        &server,
        None,
        tracks(&["a"], r#"{"hasNextPage":true,"token":"x"}"#),
    )
    .await;
    Mock::given(Cursor(Some("x")))
        .respond_with(ResponseTemplate::new(404))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    page(
        &server,
        Some("x"),
        tracks(&["b"], r#"{"hasNextPage":false}"#),
    )
    .await;
    assert_eq!(walk(&server).await, ["a", "Api", "b"]);
}

#[tokio::test]
async fn a_walk_sends_the_same_limit_on_every_page() {
    let server = MockServer::start().await;
    page(
        &server,
        None,
        tracks(&["a"], r#"{"hasNextPage":true,"token":"x"}"#),
    )
    .await;
    page(
        &server,
        Some("x"),
        tracks(&["b"], r#"{"hasNextPage":false}"#),
    )
    .await;
    let items: Vec<_> = client_of(&server)
        .top_tracks()
        .limit(3)
        .items()
        .collect()
        .await;
    assert_eq!(items.len(), 2);
    for request in server.received_requests().await.unwrap() {
        assert!(request.url.query().unwrap().contains("limit=3"));
    }
}

#[tokio::test]
async fn a_refused_list_is_one_error_and_an_end() {
    let server = MockServer::start().await;
    let items: Vec<_> = client_of(&server)
        .top_tracks()
        .limit(0)
        .items()
        .collect()
        .await;
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].as_ref().unwrap_err().kind(), ErrorKind::Request);
}
