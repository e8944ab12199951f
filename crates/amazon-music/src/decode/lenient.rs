//! Reading an answer again that strict decoding refused.
//!
//! Only ever tried after a failure, from the same bytes, so that a good answer pays nothing. One
//! malformed item becomes one error; its neighbours survive. What is put right in silence: nulls where
//! something may be missing, whole numbers written as floats, a bad `edgeCount`, a cursor written as a
//! number, and an answer without its outer `data`.

use std::{borrow::Cow, collections::HashMap};

use amazon_music_browse::types::PageInfo;
use serde::de::DeserializeOwned;
use serde_json::{Value, value::RawValue};

use crate::decode::connection::Connection;

/// How many items of a page may be unreadable, before the page is. Ten times the largest page; without
/// a bound a body of nothing but commas would make millions of errors.
pub(crate) const MAX_UNREADABLE: usize = 1000;

/// How much is kept of a body that is no JSON; an error shows less.
const MAX_RAW: usize = 16 * 1024;

/// Why something could not be read: where, and in the parser's words.
#[derive(Debug)]
pub(crate) struct Unreadable {
    pub(crate) path: String,
    pub(crate) reason: String,
    /// What stood there, as far as it was one thing.
    pub(crate) raw: Option<String>,
}

/// A page of which not everything was good.
#[derive(Debug)]
pub(crate) struct LenientPage<T> {
    pub(crate) connection: Option<Connection<T>>,
    /// The edges that could not be read, by their place on the page.
    pub(crate) unreadable: Vec<(usize, Unreadable)>,
    /// What says how the list goes on could not be read.
    pub(crate) page_info: Option<Unreadable>,
}

/// Reads one page of a list whose connection stands at `path`.
pub(crate) fn page<T: DeserializeOwned>(
    body: &[u8],
    path: &[&str],
) -> Result<LenientPage<T>, Unreadable> {
    let mut page = LenientPage {
        connection: None,
        unreadable: Vec::new(),
        page_info: None,
    };
    let Some(connection) = find(body, path)? else {
        return Ok(page);
    };
    let place = path.join(".");
    let members = members(connection, &place)?;
    let member = |name: &str| members.get(name).filter(|value| !is_null(value));

    let page_info = match member("pageInfo").map(|raw| read_page_info(raw, &place)) {
        None => None,
        Some(Ok(info)) => Some(info),
        Some(Err(unreadable)) => {
            page.page_info = Some(unreadable);
            None
        }
    };
    let edge_count = member("edgeCount").and_then(|raw| read::<i64>(raw).ok());
    let edges: Vec<&RawValue> = match member("edges") {
        None => Vec::new(),
        Some(raw) => serde_json::from_str(raw.get())
            .map_err(|error| unreadable(&format!("{place}.edges"), &error, raw))?,
    };
    let mut connection = Connection {
        page_info,
        edge_count,
        items: Vec::with_capacity(edges.len()),
        ..Connection::default()
    };
    for (index, raw) in edges.into_iter().enumerate() {
        let place = format!("{place}.edges[{index}]");
        connection.last_cursor = match read_edge(raw, &place) {
            Ok((node, cursor)) => {
                connection.items.push(node);
                cursor
            }
            Err((error, cursor)) => {
                if page.unreadable.len() == MAX_UNREADABLE {
                    return Err(too_many(path));
                }
                page.unreadable.push((index, error));
                connection.missing.push(index);
                cursor
            }
        };
    }
    page.connection = Some(connection);
    Ok(page)
}

/// A page of which hardly anything can be read.
pub(crate) fn too_many(path: &[&str]) -> Unreadable {
    Unreadable {
        path: format!("{}.edges", path.join(".")),
        reason: format!("more than {MAX_UNREADABLE} items are malformed"),
        raw: None,
    }
}

/// Reads the one thing that stands at `path`.
pub(crate) fn entity<T: DeserializeOwned>(
    body: &[u8],
    path: &[&str],
) -> Result<Option<T>, Unreadable> {
    let Some(raw) = find(body, path)? else {
        return Ok(None);
    };
    read_at(raw, &path.join(".")).map(Some)
}

type Edge<T> = (T, Option<String>);

/// A bad edge may still have a good cursor.
fn read_edge<T: DeserializeOwned>(
    raw: &RawValue,
    place: &str,
) -> Result<Edge<T>, (Unreadable, Option<String>)> {
    let members = members(raw, place).map_err(|error| (error, None))?;
    let cursor = members.get("cursor").and_then(|raw| text_or_number(raw));
    let place = format!("{place}.node");
    let node = match members.get("node") {
        Some(node) if !is_null(node) => read_at(node, &place),
        found => Err(Unreadable {
            path: place,
            reason: "the node is missing".to_owned(),
            raw: found.map(|raw| raw.get().to_owned()),
        }),
    };
    match node {
        Ok(node) => Ok((node, cursor)),
        Err(error) => Err((error, cursor)),
    }
}

fn read_page_info(raw: &RawValue, place: &str) -> Result<PageInfo, Unreadable> {
    let place = format!("{place}.pageInfo");
    let members = members(raw, &place)?;
    let mut info = PageInfo::default();
    if let Some(raw) = members.get("hasNextPage").filter(|raw| !is_null(raw)) {
        let read = serde_json::from_str(raw.get());
        let place = format!("{place}.hasNextPage");
        info.has_next_page = Some(read.map_err(|error| unreadable(&place, &error, raw))?);
    }
    if let Some(raw) = members.get("token").filter(|raw| !is_null(raw)) {
        let token = text_or_number(raw).ok_or_else(|| Unreadable {
            path: format!("{place}.token"),
            reason: "neither a string nor a number".to_owned(),
            raw: Some(raw.get().to_owned()),
        })?;
        info.token = Some(token);
    }
    Ok(info)
}

/// What stands at a path, or nothing where a part of it is missing or null. The first part may be left
/// out: the documentation prints one answer without its `data`.
fn find<'a>(body: &'a [u8], path: &[&str]) -> Result<Option<&'a RawValue>, Unreadable> {
    let whole = |reason: &dyn std::fmt::Display| Unreadable {
        path: "the body".to_owned(),
        reason: reason.to_string(),
        raw: Some(String::from_utf8_lossy(&body[..body.len().min(MAX_RAW)]).into_owned()),
    };
    let text = std::str::from_utf8(body).map_err(|error| whole(&error))?;
    let mut here: &RawValue = serde_json::from_str(text).map_err(|error| whole(&error))?;
    for (depth, segment) in path.iter().enumerate() {
        let place = match depth {
            0 => "the body".to_owned(),
            _ => path[..depth].join("."),
        };
        let members = members(here, &place)?;
        match members.get(*segment).filter(|value| !is_null(value)) {
            Some(value) => here = value,
            None if depth == 0 && path.len() > 1 && members.contains_key(path[1]) => {}
            None => return Ok(None),
        }
    }
    Ok(Some(here))
}

fn members<'a>(
    raw: &'a RawValue,
    place: &str,
) -> Result<HashMap<Cow<'a, str>, &'a RawValue>, Unreadable> {
    serde_json::from_str(raw.get()).map_err(|error| unreadable(place, &error, raw))
}

fn unreadable(place: &str, error: &serde_json::Error, raw: &RawValue) -> Unreadable {
    Unreadable {
        path: place.to_owned(),
        reason: error.to_string(),
        raw: Some(raw.get().to_owned()),
    }
}

fn is_null(raw: &RawValue) -> bool {
    raw.get() == "null"
}

fn text_or_number(raw: &RawValue) -> Option<String> {
    match serde_json::from_str(raw.get()).ok()? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Strictly, and where that fails with nulls and floats put right.
fn read<T: DeserializeOwned>(
    raw: &RawValue,
) -> Result<T, serde_path_to_error::Error<serde_json::Error>> {
    if let Ok(value) = serde_json::from_str(raw.get()) {
        return Ok(value);
    }
    let mut value: Value = serde_json::from_str(raw.get()).unwrap_or_default();
    put_right(&mut value);
    serde_path_to_error::deserialize(value)
}

fn read_at<T: DeserializeOwned>(raw: &RawValue, place: &str) -> Result<T, Unreadable> {
    read(raw).map_err(|error| {
        let path = match error.path().to_string() {
            path if path == "." => place.to_owned(),
            path => format!("{place}.{path}"),
        };
        Unreadable {
            path,
            reason: error.into_inner().to_string(),
            raw: Some(raw.get().to_owned()),
        }
    })
}

/// Leaves out what is null, and writes whole floats as whole numbers.
fn put_right(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(put_right);
        }
        Value::Array(items) => {
            items.retain(|value| !value.is_null());
            items.iter_mut().for_each(put_right);
        }
        Value::Number(number) if number.is_f64() => {
            // Beyond this, floats are no longer exact and a whole number would be made up.
            const EXACT: f64 = 9_007_199_254_740_992.0;
            if let Some(float) = number.as_f64()
                && float.fract() == 0.0
                && float.abs() < EXACT
            {
                *number = (float as i64).into();
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use amazon_music_browse::types::{Category, Playlist, Track};

    use super::*;

    const PATH: &[&str] = &["data", "topTracks"];

    fn tracks(body: &str) -> LenientPage<Track> {
        page(body.as_bytes(), PATH).unwrap()
    }

    fn ids(page: &LenientPage<Track>) -> Vec<&str> {
        let items = &page.connection.as_ref().unwrap().items;
        items.iter().map(|item| item.id.as_str()).collect()
    }

    #[test]
    fn one_bad_item_leaves_its_neighbours() {
        let page = tracks(
            r#"{"data":{"topTracks":{"edges":[
                {"node":{"id":"a"}},
                {"node":{"id":"b","title":{"text":"t"}},"cursor":7},
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
            (1, "data.topTracks.edges[1].node.title"),
            (2, "data.topTracks.edges[2].node"),
            (3, "data.topTracks.edges[3].node"),
            (4, "data.topTracks.edges[4]"),
            (5, "data.topTracks.edges[5].node"),
        ];
        assert_eq!(places, wanted);
        let connection = page.connection.unwrap();
        assert_eq!(connection.missing, [1, 2, 3, 4, 5]);
        assert_eq!(connection.last_cursor, None);
    }

    #[test]
    fn a_bad_edge_may_have_a_good_cursor() {
        let body = r#"{"data":{"topTracks":{"edges":[{"node":{"id":7},"cursor":7}]}}}"#;
        let connection = tracks(body).connection.unwrap();
        assert_eq!(connection.last_cursor.as_deref(), Some("7"));
    }

    #[test]
    fn numbers_and_nulls_are_put_right() {
        let body = r#"{"data":{"topTracks":{"edges":[{"node":{"id":"p","title":null,"duration":12,
            "trackCount":3.0,"images":[{"height":500.0,"width":null},null]}},
            {"node":{"id":"q","images":null}}]}}}"#;
        let page: LenientPage<Playlist> = page(body.as_bytes(), PATH).unwrap();
        assert!(page.unreadable.is_empty(), "{:?}", page.unreadable);
        let first = &page.connection.unwrap().items[0];
        assert_eq!(first.images[0].height, Some(500));
        assert_eq!(first.images.len(), 1);
    }

    #[test]
    fn a_bad_edge_count_is_dropped_and_a_float_is_a_count() {
        let count = |text: &str| {
            let body = format!(r#"{{"data":{{"topTracks":{{"edgeCount":{text},"edges":null}}}}}}"#);
            tracks(&body).connection.unwrap().edge_count
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
    fn an_answer_without_its_data_is_read() {
        let body = br#"{"category":{"id":"a","name":"n","url":5.5}}"#;
        let error = entity::<Category>(body, &["data", "category"]).unwrap_err();
        assert_eq!(error.path, "data.category.url");
        let body = br#"{"category":{"id":"a"}}"#;
        let category: Category = entity(body, &["data", "category"]).unwrap().unwrap();
        assert_eq!(category.id, "a");
    }

    #[test]
    fn what_is_no_object_or_no_text_is_an_error() {
        for body in [
            &b"[1]"[..],
            b"",
            b"{\"data\":7}",
            b"\xff",
            b"{\"data\":{\"topTracks\":{\"edges\":7}}}",
        ] {
            page::<Track>(body, PATH).unwrap_err();
        }
    }

    #[test]
    fn deep_nesting_is_an_error_and_not_a_crash() {
        let deep = "[".repeat(100_000);
        page::<Track>(deep.as_bytes(), PATH).unwrap_err();
        let body = format!(r#"{{"data":{{"topTracks":{{"edges":[{{"node":{deep}}}]}}}}}}"#);
        page::<Track>(body.as_bytes(), PATH).unwrap_err();
    }
}
