use amazon_music_browse::types::Track;

use super::*;
use crate::generated::operations::{Category, TopPlaylists, TopTracks};

fn tracks(body: &str) -> LenientPage<Track> {
    found(page::<TopTracks>(body.as_bytes()))
}

fn found<T>(read: Result<Read<T>, Unreadable>) -> T {
    match read.unwrap() {
        Read::Found(found) => found,
        Read::Absent(absence) => panic!("{absence:?}"),
    }
}

fn ids(page: &LenientPage<Track>) -> Vec<&str> {
    let items = &page.connection.items;
    items.iter().map(|item| item.id.as_str()).collect()
}

#[test]
fn one_bad_item_leaves_its_neighbours() {
    let page = tracks(
        r#"{"data":{"topTracks":{"edges":[
            {"node":{"id":"a"}},
            {"node":{"id":{"text":"b"}},"cursor":7},
            {"node":null},
            {},
            5,
            {"node":{"title":"no id"}},
            {"node":{"id":"c"}}]}}}"#,
    );
    assert_eq!(ids(&page), ["a", "c"]);
    let places: Vec<_> = page
        .unreadable
        .iter()
        .map(|(index, error)| (*index, error.path.as_str()))
        .collect();
    let wanted = [
        (1, "data.topTracks.edges[1].node.id"),
        (2, "data.topTracks.edges[2].node"),
        (3, "data.topTracks.edges[3].node"),
        (4, "data.topTracks.edges[4]"),
        (5, "data.topTracks.edges[5].node"),
    ];
    assert_eq!(places, wanted);
    let connection = page.connection;
    assert_eq!(connection.missing, [1, 2, 3, 4, 5]);
    assert_eq!(connection.last_cursor, None);
}

#[test]
fn a_bad_edge_may_have_a_good_cursor() {
    let body = r#"{"data":{"topTracks":{"edges":[{"node":{"id":7},"cursor":7}]}}}"#;
    let connection = tracks(body).connection;
    assert_eq!(connection.last_cursor.as_deref(), Some("7"));
}

#[test]
fn numbers_and_nulls_are_put_right() {
    let body = r#"{"data":{"topPlaylists":{"edges":[{"node":{"id":"p","title":null,"duration":12,
        "trackCount":3.0,"images":[{"height":500.0,"width":null},null]}},
        {"node":{"id":"q","images":null}}]}}}"#;
    let page = found(page::<TopPlaylists>(body.as_bytes()));
    assert!(page.unreadable.is_empty(), "{:?}", page.unreadable);
    let first = &page.connection.items[0];
    assert_eq!(first.images[0].height, Some(500));
    assert_eq!(first.images.len(), 1);
}

#[test]
fn a_bad_edge_count_is_dropped_and_a_float_is_a_count() {
    let count = |text: &str| {
        let body = format!(r#"{{"data":{{"topTracks":{{"edgeCount":{text},"edges":null}}}}}}"#);
        tracks(&body).connection.edge_count
    };
    assert_eq!(count("2.0"), Some(2));
    assert_eq!(count("\"many\""), None);
    assert_eq!(count("1.5"), None);
}

#[test]
fn an_unreadable_page_info_keeps_the_items() {
    for info in [
        "5",
        "{\"hasNextPage\":\"yes\"}",
        "{\"hasNextPage\":true,\"token\":[]}",
    ] {
        let body = format!(
            r#"{{"data":{{"topTracks":{{"pageInfo":{info},"edges":[{{"node":{{"id":"a"}}}}]}}}}}}"#
        );
        let page = tracks(&body);
        assert_eq!(ids(&page), ["a"]);
        assert!(
            page.page_info
                .unwrap()
                .path
                .starts_with("data.topTracks.pageInfo")
        );
    }
}

#[test]
fn a_response_without_its_data_is_read() {
    let body = br#"{"category":{"id":"a","name":"n","url":5.5}}"#;
    let (category, oddities) = found(entity::<Category>(body));
    assert_eq!((category.id.as_str(), category.url), ("a", None));
    assert_eq!(oddities.wrong, ["data.category.url"]);
    let body = br#"{"category":{"id":5}}"#;
    let error = entity::<Category>(body).unwrap_err();
    assert_eq!(error.path, "data.category.id");
}

#[test]
fn what_is_no_object_or_no_text_is_an_error() {
    for body in [
        &b""[..],
        b"\xff",
        b"{\"data\":{\"topTracks\":{\"edges\":7}}}",
    ] {
        page::<TopTracks>(body).unwrap_err();
    }
}

#[test]
fn deep_nesting_is_an_error_and_not_a_crash() {
    let deep = "[".repeat(100_000);
    page::<TopTracks>(deep.as_bytes()).unwrap_err();
    let body = format!(r#"{{"data":{{"topTracks":{{"edges":[{{"node":{deep}}}]}}}}}}"#);
    page::<TopTracks>(body.as_bytes()).unwrap_err();
}
