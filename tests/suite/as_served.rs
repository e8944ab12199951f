//! Items, entities and bodies as the service sent them.

use amazon_music::{ErrorKind, Served, blocking::Blocking, types::Track};
use futures_util::StreamExt as _;
use serde::Deserialize;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::common::{Cursor, always, client_of, json, tracks};

/// A track in an order of its own, with nulls, numbers in several spellings, documented fields that lists
/// have not been seen with, and undocumented ones.
const RICH: &str = r#"{"title":"One \u0026 \"More\"","mood":{"b":1,"a":[1.50,2e3,null]},"duration":25,
  "id":"B0064UPUDC", "isrc":null,"album":{"title":"Discovery","id":"B0064UPU4G"},"weight":25.0,
  "artists":[{"name":"Daft Punk","id":"B000S9ULT8","rank":1}],"big":123456789012345678901234567890}"#;

/// A page of these nodes.
fn page_of(nodes: &[&str]) -> String {
    let edges: Vec<String> = nodes
        .iter()
        .map(|node| format!(r#"{{"node": {node} }}"#))
        .collect();
    let edges = edges.join(",");
    format!(
        r#"{{"data":{{"topTracks":{{"edges":[{edges}],"pageInfo":{{"hasNextPage":false}}}}}}}}"#
    )
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Own {
    title: String,
    weight: Option<f64>,
    mood: Option<serde_json::Value>,
}

#[tokio::test]
async fn items_come_with_their_text_and_the_value_of_the_typed_reading() {
    let server = always(json(&page_of(&[RICH, r#"{"id":"b"}"#]))).await;
    let music = client_of(&server);
    let typed = music.top_tracks().send().await.unwrap();
    let page = music.top_tracks().served().send().await.unwrap();
    let streamed = music.top_tracks().served().read_ahead().items();
    for items in [page.items, streamed.collect_all().await.unwrap()] {
        let texts: Vec<&str> = items.iter().map(Served::json).collect();
        assert_eq!(texts, [RICH, r#"{"id":"b"}"#]);
        let values: Vec<&Track> = items.iter().map(|item| &item.value).collect();
        assert_eq!(values, Vec::from_iter(&typed.items));
        assert_eq!(serde_json::to_string(&items[0]).unwrap(), RICH);
        assert_eq!(items[0].get_raw("duration"), Some("25"));
        assert_eq!(items[0].get_raw("weight"), Some("25.0"));
        assert!(!items[0].json_line().contains('\n'));
    }
}

#[tokio::test]
async fn items_are_read_into_a_type_of_the_callers_own() {
    let nodes = [
        RICH,
        r#"{"id":"b","title":"t","weight":"heavy"}"#,
        r#"{"id":"c"}"#,
        r#"{"title":"no id"}"#,
        r#"{"id":"e","title":"t","mood":1e400}"#,
    ];
    let server = always(json(&page_of(&nodes))).await;
    let list = client_of(&server).top_tracks().served_as::<Own>();
    let page = list.send().await.unwrap();
    assert_eq!(page.items[0].value.weight, Some(25.0));
    assert_eq!(page.items[0].parse::<Own>().unwrap(), page.items[0].value);
    // What does not match is left out of the value, and stays in the text.
    assert_eq!(page.items[1].value.weight, None);
    assert_eq!(page.items[1].json(), nodes[1]);
    assert_eq!((page.items[2].id(), page.items[2].json()), ("e", nodes[4]));
    assert_eq!(page.items[2].value.mood, None);
    let skipped: Vec<_> = page.skipped.iter().map(|error| error.index()).collect();
    assert_eq!(skipped, [Some(2), Some(3)]);
    assert_eq!(page.skipped[0].kind(), ErrorKind::Item);
    assert!(
        page.skipped[0]
            .to_string()
            .contains("missing field `title`")
    );
}

#[tokio::test]
async fn malformed_items_are_lost_or_kept_as_in_the_typed_reading() {
    let nodes = [
        r#"{"id":"a","title":7,"duration":1e400}"#,
        r#"{"id":"b","title":"\ud83d"}"#,
        r#"{"id":7}"#,
        "null",
        r#"{"title":"x","id":"c","images":null}"#,
        r#"{"id":"d","id":"e"}"#,
    ];
    let server = always(json(&page_of(&nodes))).await;
    let music = client_of(&server);
    let typed = music.top_tracks().send().await.unwrap();
    let page = music.top_tracks().served().send().await.unwrap();
    let texts: Vec<&str> = page.items.iter().map(Served::json).collect();
    assert_eq!(texts, [nodes[0], nodes[1], nodes[4], nodes[5]]);
    let values: Vec<&Track> = page.items.iter().map(|item| &item.value).collect();
    assert_eq!(values, Vec::from_iter(&typed.items));
    assert_eq!(page.items[1].value.title.as_deref(), Some("\u{fffd}"));
    let told =
        |errors: &[amazon_music::Error]| Vec::from_iter(errors.iter().map(|e| e.to_string()));
    assert_eq!(told(&page.skipped), told(&typed.skipped));
    assert_eq!(page.skipped.len(), 2);
}

#[tokio::test]
async fn bytes_that_are_no_text_are_replaced_and_the_rest_of_the_text_stays() {
    let body = "\u{feff}".to_owned() + &page_of(&[r#"{"id": "a", "title": "x#y\ude00"}"#]);
    let body: Vec<u8> = body
        .into_bytes()
        .into_iter()
        .map(|byte| if byte == b'#' { 0xff } else { byte })
        .collect();
    let response = ResponseTemplate::new(200).set_body_raw(body, "application/json");
    let server = always(response).await;
    let list = client_of(&server).top_tracks().served();
    let page = list.send().await.unwrap();
    assert_eq!(
        page.items[0].json(),
        "{\"id\": \"a\", \"title\": \"x\u{fffd}y\\ude00\"}"
    );
}

/// A server with two pages of three items.
async fn two_pages() -> MockServer {
    let server = MockServer::start().await;
    for (cursor, page) in [
        (
            None,
            tracks(&["a", "b", "c"], r#"{"hasNextPage":true,"token":"next"}"#),
        ),
        (
            Some("next"),
            tracks(&["d", "e", "f"], r#"{"hasNextPage":false}"#),
        ),
    ] {
        Mock::given(Cursor(cursor))
            .respond_with(json(&page))
            .mount(&server)
            .await;
    }
    server
}

#[tokio::test]
async fn a_position_of_one_reading_is_resumed_by_the_other() {
    #[derive(Clone, Debug, Deserialize)]
    struct Nothing {}

    let server = two_pages().await;
    let music = client_of(&server);
    for passed in 0..=6 {
        let mut typed = music.top_tracks().items();
        let mut served = music.top_tracks().served().items();
        for _ in 0..passed {
            typed.next_item().await.unwrap().unwrap();
            served.next_item().await.unwrap().unwrap();
        }
        assert_eq!(typed.position(), served.position());
        let wanted: Vec<&str> = ["a", "b", "c", "d", "e", "f"][passed..].to_vec();

        let rest = music.top_tracks().served_as::<Nothing>();
        let rest = rest.resume(typed.position()).unwrap();
        let rest = rest.collect_all().await.unwrap();
        assert_eq!(Vec::from_iter(rest.iter().map(Served::id)), wanted);

        let rest = music.top_tracks().resume(served.position()).unwrap();
        let rest = rest.collect_all().await.unwrap();
        assert_eq!(Vec::from_iter(rest.iter().map(|item| &*item.id)), wanted);
    }
}

#[tokio::test]
async fn many_lists_are_read_as_served_too() {
    let server = two_pages().await;
    let music = client_of(&server);
    let lists = [music.top_tracks().served(), music.top_tracks().served()];
    let all: Vec<_> = amazon_music::many(lists, 2).collect().await;
    assert_eq!(all.len(), 12);
    assert!(all.iter().all(|(_, item)| item.is_ok()));
}

#[test]
fn the_blocking_client_reads_as_served_too() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(two_pages());
    let blocking = Blocking::new().unwrap();
    let items = blocking.iter(client_of(&server).top_tracks().served().items());
    let ids: Vec<String> = items.map(|item| item.unwrap().id().to_owned()).collect();
    assert_eq!(ids, ["a", "b", "c", "d", "e", "f"]);
}

#[tokio::test]
async fn an_entity_comes_with_its_text() {
    for (body, text) in [
        (
            r#"{"data":{"category":{"name":"n","id":"c","x":1.0}}}"#,
            r#"{"name":"n","id":"c","x":1.0}"#,
        ),
        (
            r#"{"category":{"name":7,"id":"c"}}"#,
            r#"{"name":7,"id":"c"}"#,
        ),
    ] {
        let server = always(json(body)).await;
        let music = client_of(&server);
        let typed = music.category("c").send().await.unwrap();
        let served = music.category("c").served().send().await.unwrap();
        assert_eq!((served.json(), served.id()), (text, "c"));
        assert_eq!(served.value, typed);
        let own = music.category("c").served_as::<serde_json::Value>();
        let own = own.send_with_meta().await.unwrap();
        assert_eq!(own.value.value["id"], "c");
        assert_eq!(own.meta.body, body);
    }
}

#[tokio::test]
async fn the_body_comes_with_the_meta_and_not_with_its_debug() {
    let body = "\u{feff}".to_owned() + &page_of(&[RICH]);
    let server = always(json(&body)).await;
    let music = client_of(&server);
    let page = music.top_tracks().send_with_meta().await.unwrap();
    let call = music.call(|client| async move { client.get_top_tracks().send().await });
    for meta in [page.meta, call.await.unwrap().meta] {
        assert_eq!(meta.body, body);
        assert_eq!(meta.body_bytes, body.len());
        assert!(!format!("{meta:?}").contains("Daft"), "{meta:?}");
    }
}
