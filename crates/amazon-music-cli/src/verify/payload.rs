//! Where the list or entity of a body is, and what its page says.

use amazon_music::{OperationInfo, Shape};
use serde_json::Value;

use super::{
    allowed::{Allowed, say},
    schema::table_name,
};

/// A payload, with the names that lead to it.
#[derive(Debug)]
pub(super) struct Payload<'a> {
    pub(super) value: &'a Value,
    /// The names, if they are not those of the spec.
    pub(super) elsewhere: Option<Vec<&'static str>>,
}

/// Finds the payload: where the spec has it, or else in one of the places where the documentation shows it.
pub(super) fn locate<'a>(body: &'a Value, info: &'static OperationInfo) -> Option<Payload<'a>> {
    let at = |names: &[&'static str]| {
        let value = names.iter().try_fold(body, |value, name| value.get(name))?;
        (value.is_object() || value.is_array()).then_some(value)
    };
    if let Some(value) = at(info.payload) {
        return Some(Payload {
            value,
            elsewhere: None,
        });
    }
    others(info).into_iter().find_map(|names| {
        let value = at(&names)?;
        Some(Payload {
            value,
            elsewhere: Some(names),
        })
    })
}

/// The other places: without what is around the payload, and with the name of the table.
fn others(info: &'static OperationInfo) -> Vec<Vec<&'static str>> {
    let [around @ .., last] = info.payload else {
        return Vec::new();
    };
    let names = [Some(*last), table_name(info)];
    let mut found = Vec::new();
    for name in names.into_iter().flatten() {
        for skipped in 0..=around.len() {
            found.push([&around[skipped..], &[name]].concat());
            if let Some(first) = around.first().filter(|_| skipped > 0) {
                found.push(vec![*first, name]);
            }
        }
    }
    found.retain(|names| names != info.payload);
    found
}

/// Names with dots between.
pub(super) fn dotted(names: &[&'static str]) -> Allowed {
    Allowed::joined(names.iter().map(|name| say!(*name)), ".")
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    /// Number of edges; none if there is no array of them.
    pub(super) edges: Option<u64>,
    pub(super) edge_count: Option<u64>,
    pub(super) has_next: Option<bool>,
    pub(super) token: Option<String>,
    /// The cursor of the last edge.
    pub(super) last_cursor: Option<String>,
    pub(super) ids: Vec<String>,
}

impl Page {
    pub(super) fn read(connection: &Value) -> Self {
        let edges = connection["edges"].as_array();
        let edge = |edge: &Value| edge["node"]["id"].as_str().map(str::to_owned);
        let text = |value: &Value| {
            value
                .as_str()
                .filter(|it| !it.is_empty())
                .map(str::to_owned)
        };
        Self {
            edges: edges.and_then(|edges| u64::try_from(edges.len()).ok()),
            edge_count: connection["edgeCount"].as_u64(),
            has_next: connection["pageInfo"]["hasNextPage"].as_bool(),
            token: text(&connection["pageInfo"]["token"]),
            last_cursor: edges.and_then(|edges| text(&edges.last()?["cursor"])),
            ids: edges.into_iter().flatten().filter_map(edge).collect(),
        }
    }

    /// The cursor of the next page.
    pub(super) fn next(&self) -> Option<&str> {
        let has_next = self.has_next == Some(true);
        let cursor = self.token.as_ref().or(self.last_cursor.as_ref())?;
        has_next.then_some(cursor)
    }
}

/// The page of a payload, if it is one of a list.
pub(super) fn page(payload: &Payload<'_>, info: &OperationInfo) -> Option<Page> {
    (info.shape == Shape::List).then(|| Page::read(payload.value))
}

#[cfg(test)]
mod tests {
    use amazon_music::operations;
    use serde_json::json;

    use super::*;

    fn found(id: &str, body: &Value) -> Option<String> {
        let info = operations::ALL.iter().find(|info| info.id == id).unwrap();
        let payload = locate(body, info)?;
        let elsewhere = payload.elsewhere.map(|names| dotted(&names).to_string());
        Some(elsewhere.unwrap_or_else(|| "as documented".to_owned()))
    }

    #[test]
    fn a_payload_is_found_in_each_documented_place() {
        let list = json!({"edges": []});
        for (id, body, expected) in [
            (
                "getTopTracks",
                json!({"data": {"topTracks": list}}),
                Some("as documented"),
            ),
            (
                "getTopTracks",
                json!({"topTracks": list}),
                Some("topTracks"),
            ),
            ("getTopTracks", json!({"data": {}}), None),
            ("getTopTracks", json!({"data": {"topTracks": null}}), None),
            ("getCategory", json!({"category": {}}), Some("category")),
            (
                "getCategoryAlbums",
                json!({"data": {"albums": list}}),
                Some("data.albums"),
            ),
            (
                "getCategoryAlbums",
                json!({"category": {"albums": list}}),
                Some("category.albums"),
            ),
            (
                "getCategoryTracks",
                json!({"data": {"playlists": list}}),
                Some("data.playlists"),
            ),
            (
                "getCategoryTracks",
                json!({"data": {"category": {"tracks": list}}}),
                Some("as documented"),
            ),
        ] {
            assert_eq!(found(id, &body).as_deref(), expected, "{id} {body}");
        }
    }

    #[test]
    fn a_page_has_a_cursor_only_if_there_is_more() {
        let page = |more: bool, token: Value| {
            Page::read(&json!({
                "pageInfo": {"hasNextPage": more, "token": token},
                "edges": [{"node": {"id": "a"}}, {"node": {"id": "b"}, "cursor": "2:b"}],
                "edgeCount": 2,
            }))
        };
        assert_eq!(page(true, json!("t")).next(), Some("t"));
        assert_eq!(page(true, json!("")).next(), Some("2:b"));
        assert_eq!(page(true, Value::Null).next(), Some("2:b"));
        assert_eq!(page(false, json!("t")).next(), None);
        assert_eq!(page(true, json!("t")).ids, ["a", "b"]);
        assert_eq!(Page::read(&json!([])), Page::default());
    }
}
