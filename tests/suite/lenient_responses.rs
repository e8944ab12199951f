//! Responses that strict decoding rejects and lenient decoding reads.

use amazon_music::{ErrorKind, types::ErrorCode};
use futures_util::StreamExt as _;

use crate::common::{always, client_of, json};

/// All elements of a stream of this one page: ids, or the path of an error.
async fn walk(body: &str) -> Vec<String> {
    let server = always(json(body)).await;
    client_of(&server)
        .top_tracks()
        .items()
        .map(|item| match item {
            Ok(track) => track.id,
            Err(error) => error.json_path().unwrap_or_default().to_owned(),
        })
        .collect()
        .await
}

#[tokio::test]
async fn a_page_is_written_with_its_items_and_the_text_of_its_errors() {
    let body = r#"{"data":{"topTracks":{"edges":[{"node":{"id":"a","x":1.0}},{"node":{}}],"edgeCount":2}}}"#;
    let server = always(json(body)).await;
    let page = client_of(&server).top_tracks().send().await.unwrap();
    insta::assert_snapshot!(serde_json::to_string(&page).unwrap(), @r#"{"items":[{"id":"a","x":1.0}],"skipped":["get_top_tracks: data.topTracks.edges[1].node cannot be read: missing field `id`"],"has_next_page":false,"next_cursor":null,"edge_count":2,"end_unknown":null,"is_missing":false}"#);
}

#[tokio::test]
async fn a_malformed_item_is_one_error_in_its_place() {
    let body = r#"{"data":{"topTracks":{"edges":[
        {"node":{"id":"a"}},{"node":{"id":7}},{"node":{"id":"c"}},{"node":null}]}}}"#;
    assert_eq!(
        walk(body).await,
        [
            "a",
            "data.topTracks.edges[1].node.id",
            "c",
            "data.topTracks.edges[3].node"
        ]
    );
}

#[tokio::test]
async fn a_missing_node_on_a_page_that_decodes_is_one_error_in_its_place() {
    let body = r#"{"data":{"topTracks":{"edges":[{},{"node":{"id":"b"}}]}}}"#;
    assert_eq!(walk(body).await, ["data.topTracks.edges[0].node", "b"]);
}

#[tokio::test]
async fn the_error_of_an_item_names_it_within_bounds() {
    let long = "x".repeat(5000);
    let body =
        format!(r#"{{"data":{{"topTracks":{{"edges":[{{"node":{{"id":["{long}"]}}}}]}}}}}}"#);
    let server = always(json(&body)).await;
    let page = client_of(&server).top_tracks().send().await.unwrap();
    let error = &page.skipped[0];
    assert_eq!((error.kind(), error.index()), (ErrorKind::Item, Some(0)));
    assert_eq!(error.operation(), Some("get_top_tracks"));
    assert!(error.body().unwrap().len() <= 512);
    assert!(error.to_string().len() < 700);
}

#[tokio::test]
async fn a_page_of_bad_items_is_not_an_empty_page() {
    let server = wiremock::MockServer::start().await;
    for page in 0..10 {
        let cursor = (page > 0).then(|| &*Box::leak(page.to_string().into_boxed_str()));
        let next = page + 1;
        let body = format!(
            r#"{{"data":{{"topTracks":{{"pageInfo":{{"hasNextPage":{},"token":"{next}"}},"edges":[{{}}]}}}}}}"#,
            page < 9
        );
        wiremock::Mock::given(crate::common::Cursor(cursor))
            .respond_with(json(&body))
            .mount(&server)
            .await;
    }
    let kinds: Vec<_> = client_of(&server)
        .top_tracks()
        .items()
        .map(|item| item.unwrap_err().kind())
        .collect()
        .await;
    assert_eq!(kinds, [ErrorKind::Item; 10]);
}

#[tokio::test]
async fn an_unreadable_page_info_is_one_error_after_the_items() {
    let body = r#"{"data":{"topTracks":{"pageInfo":{"hasNextPage":"maybe"},"edges":[{"node":{"id":"a"}}]}}}"#;
    assert_eq!(
        walk(body).await,
        ["a", "data.topTracks.pageInfo.hasNextPage"]
    );
    let server = always(json(body)).await;
    let page = client_of(&server).top_tracks().send().await.unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.end_unknown.unwrap().kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn nulls_floats_and_numeric_cursors_are_read() {
    let body = r#"{"data":{"topTracks":{"pageInfo":{"hasNextPage":null,"token":null},"edgeCount":1.0,
        "edges":[{"node":{"id":"a","title":null,"url":null},"cursor":null}]}}}"#;
    assert_eq!(walk(body).await, ["a"]);
    let nothing = r#"{"data":{"topTracks":{"pageInfo":null,"edges":null}}}"#;
    assert!(walk(nothing).await.is_empty());
}

#[tokio::test]
async fn a_response_without_its_data_is_read() {
    let body = r#"{"topTracks":{"edges":[{"node":{"id":"a"}}]}}"#;
    assert_eq!(walk(body).await, ["a"]);
    // As the documentation prints it, with braces around.
    let server = always(json(
        r#"{"category":{"id":"2iB4IU25","name":"Heavy Metal"}}"#,
    ))
    .await;
    let category = client_of(&server)
        .category("2iB4IU25")
        .send()
        .await
        .unwrap();
    assert_eq!(category.name.as_deref(), Some("Heavy Metal"));
}

#[tokio::test]
async fn an_error_object_under_a_200_is_an_error() {
    let body = r#"{"error":{"status":"403","code":"ACCESS_DENIED","message":"No."}}"#;
    let server = always(json(body)).await;
    let music = client_of(&server);
    for error in [
        music.top_tracks().send().await.unwrap_err(),
        music.category("a").send().await.unwrap_err(),
    ] {
        assert_eq!(error.api_code(), Some(&ErrorCode::AccessDenied));
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(200)));
    }
}

#[tokio::test]
async fn a_missing_list_is_an_empty_last_page_that_says_so() {
    let server = always(json(r#"{"data":{}}"#)).await;
    let page = client_of(&server).top_tracks().send().await.unwrap();
    assert!(page.is_missing && page.items.is_empty() && !page.has_next_page);
}

#[tokio::test]
async fn a_body_that_cannot_be_read_at_all_is_one_error() {
    for body in ["", "[]", "null", "{\"data\":", "\u{feff}{}", "<html>"] {
        let server = always(json(body)).await;
        let error = client_of(&server).top_tracks().send().await.err();
        match (body, error) {
            ("null", None) => {}
            (_, Some(error)) => assert_eq!(error.kind(), ErrorKind::Decode, "{body}"),
            (_, None) => panic!("{body:?} is not a response"),
        }
    }
}
