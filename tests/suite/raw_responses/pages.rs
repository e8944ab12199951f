//! Pages that contradict themselves or each other.

use amazon_music::ErrorKind;
use futures_util::StreamExt as _;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::common::{Cursor, always, client_of, json, tracks};

/// All elements of a stream of top tracks: ids, and the kind of each error.
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
    for body in [r#"{"data":{}}"#, r#"{"data":{"topTracks":null}}"#] {
        let server = always(json(body)).await;
        assert!(walk(&server).await.is_empty(), "{body}");
    }
    for body in [r#"{}"#, r#"{"data":null}"#] {
        let server = always(json(body)).await;
        assert_eq!(walk(&server).await, ["Decode"], "{body}");
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
async fn a_failed_page_is_requested_again() {
    let server = MockServer::start().await;
    page(
        &server,
        None,
        tracks(&["a"], r#"{"hasNextPage":true,"token":"x"}"#),
    )
    .await;
    Mock::given(Cursor(Some("x")))
        .respond_with(ResponseTemplate::new(503))
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
async fn a_rejected_list_is_one_error_and_an_end() {
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
