//! Finding the documented value in a body, or naming the content in its place.

use serde_json::{Value, value::RawValue};

use crate::decode::tree::{Members, is_null};

/// How many names an error lists of what stands in place of the documented value.
const MAX_NAMES: usize = 5;

/// The content of a body at a path.
#[derive(Debug)]
pub(crate) enum Located<'a> {
    /// The value, where the samples of the documentation have it.
    Sample(&'a RawValue),
    /// The value one level up, below `data`, where the tables of the documentation have it.
    Table(&'a RawValue),
    Absent(Absence),
}

/// How a value is absent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Absence {
    /// The path of the value.
    pub(crate) path: String,
    /// The content in its place, for an error: "it holds `data.songs`".
    pub(crate) instead: String,
    /// The service's own words about a failure.
    pub(crate) said: Option<String>,
    /// Everything around the value is there, and nothing else that could be it: an empty list.
    pub(crate) is_empty: bool,
}

/// The documented places of a value.
pub(crate) struct Places<'p> {
    /// Its path in the samples.
    pub(crate) path: &'p [&'p str],
    /// The names beside it there, in the object that holds it.
    pub(crate) beside: &'p [&'p str],
    /// Its name below `data` in the tables.
    pub(crate) table: &'p str,
}

/// Finds a value.
pub(crate) fn locate<'a>(root: &'a RawValue, places: &Places<'_>) -> Located<'a> {
    let &Places {
        path,
        beside,
        table,
    } = places;
    let name = path.join(".");
    let Ok(members) = Members::of(root) else {
        return Located::Absent(Absence {
            path: name,
            instead: format!("it is {}", kind(root)),
            said: None,
            is_empty: false,
        });
    };
    let (first, below) = path
        .split_first()
        .map_or(("", path), |(first, below)| (*first, below));
    let data = members.get(first);
    // The documentation prints one sample without its outer `data`.
    let is_bare = data.is_none()
        && below
            .first()
            .is_some_and(|name| members.get(name).is_some());
    let walked = match data {
        _ if is_bare => walk(root, below, beside, String::new()),
        Some(data) => walk(data, below, beside, format!("{first}.")),
        None => Walked::Stopped(holds(&members, "", first)),
    };
    let (instead, is_complete) = match walked {
        Walked::Found(raw) => return Located::Sample(raw),
        Walked::Stopped(instead) => (instead, false),
        Walked::Empty => ("it is absent".to_owned(), true),
    };
    let data = data.and_then(|data| Members::of(data).ok());
    let flat = data.and_then(|data| data.get(path.last()?).or_else(|| data.get(table)));
    match flat {
        Some(raw) if path.len() > 2 && raw.get().starts_with('{') => Located::Table(raw),
        _ => {
            let said = said(&members);
            Located::Absent(Absence {
                path: name,
                instead,
                is_empty: is_complete && said.is_none(),
                said,
            })
        }
    }
}

/// Tells how the edges are absent from a connection, which stands at `path`.
pub(crate) fn without_edges(root: &RawValue, connection: &Members<'_>, path: &[&str]) -> Absence {
    const BESIDE: [&str; 2] = ["pageInfo", "edgeCount"];
    let place = format!("{}.", path.join("."));
    let said = Members::of(root).ok().and_then(|members| said(&members));
    Absence {
        path: format!("{place}edges"),
        instead: holds(connection, &place, "edges"),
        is_empty: may_be_empty(connection, "edges", &BESIDE) && said.is_none(),
        said,
    }
}

/// Whether a list that an object does not hold may be an empty one: it is null, or absent with nothing
/// unknown beside it.
fn may_be_empty(members: &Members<'_>, list: &str, beside: &[&str]) -> bool {
    let mut all = members.0.iter();
    let is_null_itself = all.any(|(name, _)| name == list);
    let mut all = members.0.iter();
    is_null_itself || all.all(|(name, raw)| beside.contains(&&**name) || is_null(raw))
}

enum Walked<'a> {
    Found(&'a RawValue),
    /// All around it is there, and it is null, or nothing unknown stands beside it.
    Empty,
    /// The content in its place.
    Stopped(String),
}

/// Follows a path from `here`, whose own path is `place`, with a dot at its end.
fn walk<'a>(here: &'a RawValue, path: &[&str], beside: &[&str], mut place: String) -> Walked<'a> {
    let mut here = here;
    for (index, segment) in path.iter().enumerate() {
        let Ok(members) = Members::of(here) else {
            let name = place.trim_end_matches('.');
            return Walked::Stopped(format!("`{name}` is {}", kind(here)));
        };
        let is_last = index + 1 == path.len();
        match members.get(segment) {
            Some(value) => here = value,
            None => {
                return if is_last && may_be_empty(&members, segment, beside) {
                    Walked::Empty
                } else {
                    Walked::Stopped(holds(&members, &place, segment))
                };
            }
        }
        place.push_str(segment);
        place.push('.');
    }
    Walked::Found(here)
}

/// Names the members of an object, for an error.
fn holds(members: &Members<'_>, place: &str, wanted: &str) -> String {
    if members.0.iter().any(|(name, _)| name == wanted) {
        return format!("`{place}{wanted}` is null");
    }
    let names = members.0.iter().take(MAX_NAMES);
    let mut names: Vec<String> = names.map(|(name, _)| format!("`{place}{name}`")).collect();
    if members.0.len() > MAX_NAMES {
        names.push("more".to_owned());
    }
    match (names.pop(), names.is_empty()) {
        (None, _) if place.is_empty() => "it is an empty object".to_owned(),
        (None, _) => format!("`{}` is an empty object", place.trim_end_matches('.')),
        (Some(last), true) => format!("it holds {last}"),
        (Some(last), false) => format!("it holds {} and {last}", names.join(", ")),
    }
}

/// The service's words about a failure: an error of a gateway or of GraphQL.
fn said(members: &Members<'_>) -> Option<String> {
    for name in ["message", "Message", "errorMessage", "error", "errors"] {
        let value = members.get(name).map(|raw| serde_json::from_str(raw.get()));
        if let Some(words) = value.and_then(Result::ok).and_then(words) {
            return Some(words);
        }
    }
    None
}

fn words(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text).filter(|text| !text.trim().is_empty()),
        Value::Array(items) => items.into_iter().find_map(words),
        Value::Object(mut members) => ["message", "code"]
            .into_iter()
            .find_map(|name| words(members.remove(name)?)),
        _ => None,
    }
}

/// Names the kind of a JSON value, with its article.
fn kind(raw: &RawValue) -> &'static str {
    match raw.get().as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOP: &[&str] = &["data", "topTracks"];
    const ALBUMS: &[&str] = &["data", "category", "albums"];

    fn seen(body: &str, path: &[&str]) -> String {
        let root = serde_json::from_str(body).unwrap();
        let places = Places {
            path,
            beside: &["id", "name"],
            table: "records",
        };
        match locate(root, &places) {
            Located::Sample(raw) => format!("sample {raw}"),
            Located::Table(raw) => format!("table {raw}"),
            Located::Absent(absence) => match (absence.said, absence.is_empty) {
                (Some(said), _) => format!("said {said}"),
                (None, true) => "empty".to_owned(),
                (None, false) => absence.instead,
            },
        }
    }

    #[test]
    fn the_value_is_found_in_each_form_that_is_documented() {
        for (body, path, wanted) in [
            (
                r#"{"data":{"topTracks":{"a":1}}}"#,
                TOP,
                r#"sample {"a":1}"#,
            ),
            (r#"{"topTracks":{"a":1}}"#, TOP, r#"sample {"a":1}"#),
            (
                r#"{"data":{"category":{"albums":{"a":1}}}}"#,
                ALBUMS,
                r#"sample {"a":1}"#,
            ),
            (
                r#"{"category":{"albums":{"a":1}}}"#,
                ALBUMS,
                r#"sample {"a":1}"#,
            ),
            (r#"{"data":{"albums":{"a":1}}}"#, ALBUMS, r#"table {"a":1}"#),
            (
                r#"{"data":{"category":null,"albums":{"a":1}}}"#,
                ALBUMS,
                r#"table {"a":1}"#,
            ),
            (
                r#"{"data":{"records":{"a":1}}}"#,
                ALBUMS,
                r#"table {"a":1}"#,
            ),
            (
                r#"{"data":{"category":{"albums":{"a":1}},"albums":{"b":1}}}"#,
                ALBUMS,
                r#"sample {"a":1}"#,
            ),
        ] {
            assert_eq!(seen(body, path), wanted, "{body}");
        }
    }

    #[test]
    fn a_list_is_empty_only_if_nothing_else_stands_there() {
        for (body, path, wanted) in [
            (r#"{"data":{}}"#, TOP, "empty"),
            (r#"{"data":{"topTracks":null}}"#, TOP, "empty"),
            (r#"{"data":{"topTracks":null,"x":1}}"#, TOP, "empty"),
            (
                r#"{"data":{"category":{"id":"c","name":"n"}}}"#,
                ALBUMS,
                "empty",
            ),
            (
                r#"{"data":{"category":{"albums":null,"x":null}}}"#,
                ALBUMS,
                "empty",
            ),
            ("{}", TOP, "it is an empty object"),
            ("[]", TOP, "it is an array"),
            (r#"{"data":null}"#, TOP, "`data` is null"),
            (r#"{"data":[]}"#, TOP, "`data` is an array"),
            (r#"{"data":{"songs":{}}}"#, TOP, "it holds `data.songs`"),
            (
                r#"{"data":{"category":null}}"#,
                ALBUMS,
                "`data.category` is null",
            ),
            (
                r#"{"data":{"category":[1]}}"#,
                ALBUMS,
                "`data.category` is an array",
            ),
            (r#"{"data":{}}"#, ALBUMS, "`data` is an empty object"),
            (
                r#"{"data":{"category":{"id":"c","records":[]}}}"#,
                ALBUMS,
                "it holds `data.category.id` and `data.category.records`",
            ),
            (
                r#"{"Output":{"__type":"x"},"Version":"1.0"}"#,
                TOP,
                "it holds `Output` and `Version`",
            ),
            (
                r#"{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}"#,
                TOP,
                "it holds `a`, `b`, `c`, `d`, `e` and more",
            ),
        ] {
            assert_eq!(seen(body, path), wanted, "{body}");
        }
    }

    #[test]
    fn the_words_of_the_service_are_kept() {
        for (body, wanted) in [
            (
                r#"{"message":"Endpoint request timed out"}"#,
                "Endpoint request timed out",
            ),
            (r#"{"data":null,"errors":[{"message":"boom"}]}"#, "boom"),
            (r#"{"data":{"topTracks":null},"errors":["boom"]}"#, "boom"),
            (r#"{"error":{"code":"INTERNAL"}}"#, "INTERNAL"),
            (r#"{"error":"down"}"#, "down"),
        ] {
            assert_eq!(seen(body, TOP), format!("said {wanted}"), "{body}");
        }
    }
}
