use super::*;
use crate::generated::operations::CategoryTracks;

fn read(connection: &str) -> serde_json::Result<Option<Connection<crate::types::Track>>> {
    let body = format!(r#"{{"a":[1],"data":{{"category":{{"id":"c","tracks":{connection}}}}}}}"#);
    serde_json::from_str::<Found<CategoryTracks>>(&body).map(|found| found.0)
}

#[test]
fn nodes_are_items_and_edges_without_one_are_missing() {
    let connection = read(
        r#"{"edges":[{"cursor":"1","node":{"id":"a"}},{"node":null},{},
            {"new":[{}],"node":{"id":"b"},"cursor":"4"}],
            "edgeCount":4,"pageInfo":{"hasNextPage":true},"new":{"edges":5}}"#,
    );
    let connection = connection.unwrap().unwrap();
    let ids: Vec<&str> = connection
        .items
        .iter()
        .map(|item| item.id.as_str())
        .collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(connection.missing, [1, 2]);
    assert_eq!(connection.last_cursor.as_deref(), Some("4"));
    assert_eq!(connection.edge_count, Some(4));
    assert_eq!(connection.page_info.unwrap().has_next_page, Some(true));
    let last = read(r#"{"edges":[{"cursor":"1","node":{"id":"a"}},{"node":{"id":"b"}}]}"#);
    assert_eq!(last.unwrap().unwrap().last_cursor, None);
}

#[test]
fn nothing_on_the_way_is_no_connection() {
    assert!(read("null").unwrap().is_none());
    for body in ["{}", r#"{"data":null}"#, r#"{"data":{"category":null}}"#] {
        let found: Found<CategoryTracks> = serde_json::from_str(body).unwrap();
        assert!(found.0.is_none(), "{body}");
    }
}

#[test]
fn what_has_the_wrong_type_or_comes_twice_is_an_error() {
    for connection in [
        "5",
        "[]",
        r#"{"edges":null}"#,
        r#"{"edges":{}}"#,
        r#"{"edges":[5]}"#,
        r#"{"edges":[{"node":{"title":"no id"}}]}"#,
        r#"{"edges":[{"node":{"id":"a"},"cursor":7}]}"#,
        r#"{"edges":[{"node":{"id":"a"},"node":{"id":"a"}}]}"#,
        r#"{"edges":[],"edges":[]}"#,
        r#"{"edgeCount":"many"}"#,
        r#"{"edgeCount":1,"edgeCount":1}"#,
    ] {
        assert!(read(connection).is_err(), "{connection}");
    }
    let twice = r#"{"data":{},"data":{}}"#;
    assert!(serde_json::from_str::<Found<CategoryTracks>>(twice).is_err());
}

#[test]
fn a_body_that_is_no_text_is_an_error() {
    let body = b"{\"data\":{\"category\":{\"name\":\"\xff\",\"tracks\":{\"edges\":[]}}}}";
    assert!(serde_json::from_slice::<Found<CategoryTracks>>(body).is_err());
}
