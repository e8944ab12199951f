//! Reads a body again that strict decoding refused.
//!
//! Tried only after a failure, from the same bytes, so that a response as documented pays nothing. A
//! malformed part costs itself: a field its value, an item one error; everything around it survives.
//! Mended in silence: nulls in place of absent values, whole numbers written as floats, a bad
//! `edgeCount`, a cursor written as a number, and a response without its outer `data`.

use std::borrow::Cow;

use amazon_music_browse::types::PageInfo;
use serde::de::DeserializeOwned;
use serde_json::{Value, value::RawValue};

use crate::decode::{
    connection::Connection,
    locate::{Absence, Located, locate},
    salvage::{Lost, Salvaged, salvage, words},
    text::text,
    tree::Members,
};

/// How many items of a page may be unreadable, before the page is. Ten times the largest page; without
/// a bound a body of nothing but commas would make millions of errors.
pub(crate) const MAX_UNREADABLE: usize = 1000;

/// How much is kept of a body that is not JSON; an error shows less.
const MAX_RAW: usize = 16 * 1024;

/// A part that could not be read: its place, and the parser's words.
#[derive(Debug)]
pub(crate) struct Unreadable {
    pub(crate) path: String,
    pub(crate) reason: String,
    /// The text that stood there, as far as it was one value.
    pub(crate) raw: Option<String>,
}

/// A body that is JSON, with the documented value or without it.
#[derive(Debug)]
pub(crate) enum Read<T> {
    Found(T),
    Absent(Absence),
}

/// Deviations of a body that could be read all the same.
#[derive(Debug, Default)]
pub(crate) struct Oddities {
    /// The value stood where the tables of the documentation have it.
    pub(crate) is_table: bool,
    /// Text was not Unicode.
    pub(crate) is_repaired: bool,
    /// Places of another type than documented.
    pub(crate) wrong: Vec<String>,
}

/// A page as far as it could be read.
#[derive(Debug)]
pub(crate) struct LenientPage<T> {
    pub(crate) connection: Connection<T>,
    /// The edges that could not be read, by their place on the page.
    pub(crate) unreadable: Vec<(usize, Unreadable)>,
    /// Whether the list goes on could not be read.
    pub(crate) page_info: Option<Unreadable>,
    pub(crate) oddities: Oddities,
}

/// Reads one page of a list whose connection stands at `path`. `beside` are the documented names of
/// the object that holds it.
pub(crate) fn page<T: DeserializeOwned>(
    body: &[u8],
    path: &[&str],
    beside: &[&str],
) -> Result<Read<LenientPage<T>>, Unreadable> {
    let text = text(body);
    let mut oddities = Oddities {
        is_repaired: matches!(text, Cow::Owned(_)),
        ..Oddities::default()
    };
    let root = whole(&text)?;
    let connection = match locate(root, path, beside) {
        Located::Absent(absence) => return Ok(Read::Absent(absence)),
        Located::Sample(raw) => raw,
        Located::Table(raw) => {
            oddities.is_table = true;
            raw
        }
    };
    connection_of(connection, path, oddities).map(Read::Found)
}

fn connection_of<T: DeserializeOwned>(
    raw: &RawValue,
    path: &[&str],
    oddities: Oddities,
) -> Result<LenientPage<T>, Unreadable> {
    let place = path.join(".");
    let members = members(raw, &place)?;
    let mut page = LenientPage {
        connection: Connection::default(),
        unreadable: Vec::new(),
        page_info: None,
        oddities,
    };
    match members
        .get("pageInfo")
        .map(|raw| read_page_info(raw, &place))
    {
        None => {}
        Some(Ok(info)) => page.connection.page_info = Some(info),
        Some(Err(unreadable)) => page.page_info = Some(unreadable),
    }
    let edge_count = members.get("edgeCount").map(salvage::<i64>);
    page.connection.edge_count = edge_count.and_then(Result::ok).map(|count| count.value);
    let edges: Vec<&RawValue> = match members.get("edges") {
        None => Vec::new(),
        Some(raw) => {
            page.connection.has_edges = true;
            let place = format!("{place}.edges");
            serde_json::from_str(raw.get()).map_err(|error| unreadable(&place, &error, raw))?
        }
    };
    for (index, raw) in edges.into_iter().enumerate() {
        page.add(index, raw, path)?;
    }
    Ok(page)
}

impl<T: DeserializeOwned> LenientPage<T> {
    /// Adds an edge. A bad one may still have a good cursor.
    fn add(&mut self, index: usize, raw: &RawValue, path: &[&str]) -> Result<(), Unreadable> {
        let place = format!("{}.edges[{index}]", path.join("."));
        let (node, cursor) = match members(raw, &place) {
            Ok(members) => (read_node(&members, &place), members.get("cursor")),
            Err(error) => (Err(error), None),
        };
        let cursor = cursor.and_then(text_or_number);
        self.connection.last_cursor =
            cursor.filter(|cursor| !cursor.contains(char::REPLACEMENT_CHARACTER));
        match node {
            Ok(Salvaged { value, wrong }) => {
                self.connection.items.push(value);
                let wrong = wrong.into_iter().map(|at| format!("{place}.node.{at}"));
                self.oddities.wrong.extend(wrong);
            }
            Err(_) if self.unreadable.len() == MAX_UNREADABLE => return Err(too_many(path)),
            Err(error) => {
                self.unreadable.push((index, error));
                self.connection.missing.push(index);
            }
        }
        Ok(())
    }
}

/// A page of which hardly anything can be read.
pub(crate) fn too_many(path: &[&str]) -> Unreadable {
    Unreadable {
        path: format!("{}.edges", path.join(".")),
        reason: format!("more than {MAX_UNREADABLE} items are malformed"),
        raw: None,
    }
}

/// Reads the one value that stands at `path`.
pub(crate) fn entity<T: DeserializeOwned>(
    body: &[u8],
    path: &[&str],
) -> Result<Read<(T, Oddities)>, Unreadable> {
    let text = text(body);
    let root = whole(&text)?;
    let (raw, is_table) = match locate(root, path, &[]) {
        Located::Absent(absence) => return Ok(Read::Absent(absence)),
        Located::Sample(raw) => (raw, false),
        Located::Table(raw) => (raw, true),
    };
    let place = path.join(".");
    let Salvaged { value, wrong } = salvage(raw).map_err(|lost| lost_at(&place, lost, raw))?;
    let wrong = wrong.into_iter().map(|at| format!("{place}.{at}"));
    let oddities = Oddities {
        is_table,
        is_repaired: matches!(text, Cow::Owned(_)),
        wrong: wrong.collect(),
    };
    Ok(Read::Found((value, oddities)))
}

fn read_node<T: DeserializeOwned>(
    edge: &Members<'_>,
    place: &str,
) -> Result<Salvaged<T>, Unreadable> {
    let place = format!("{place}.node");
    match edge.get("node") {
        Some(node) => salvage(node).map_err(|lost| lost_at(&place, lost, node)),
        None => Err(Unreadable {
            path: place,
            reason: "the node is missing".to_owned(),
            raw: None,
        }),
    }
}

fn read_page_info(raw: &RawValue, place: &str) -> Result<PageInfo, Unreadable> {
    let place = format!("{place}.pageInfo");
    let members = members(raw, &place)?;
    let mut info = PageInfo::default();
    if let Some(raw) = members.get("hasNextPage") {
        let read = serde_json::from_str(raw.get());
        let place = format!("{place}.hasNextPage");
        info.has_next_page = Some(read.map_err(|error| unreadable(&place, &error, raw))?);
    }
    if let Some(raw) = members.get("token") {
        let refuse = |reason: &str| Unreadable {
            path: format!("{place}.token"),
            reason: reason.to_owned(),
            raw: Some(raw.get().to_owned()),
        };
        let token = text_or_number(raw).ok_or_else(|| refuse("neither a string nor a number"))?;
        // Repaired, it is another cursor than the service's.
        if token.contains(char::REPLACEMENT_CHARACTER) {
            return Err(refuse("not Unicode"));
        }
        info.token = Some(token);
    }
    Ok(info)
}

/// The body as one JSON value.
fn whole(text: &str) -> Result<&RawValue, Unreadable> {
    serde_json::from_str(text).map_err(|error| not_json(text, &error))
}

fn not_json(text: &str, error: &serde_json::Error) -> Unreadable {
    let mut end = text.len().min(MAX_RAW);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Unreadable {
        path: "the body".to_owned(),
        reason: error.to_string(),
        raw: Some(text[..end].to_owned()),
    }
}

fn members<'a>(raw: &'a RawValue, place: &str) -> Result<Members<'a>, Unreadable> {
    Members::of(raw).map_err(|error| unreadable(place, &error, raw))
}

fn unreadable(place: &str, error: &serde_json::Error, raw: &RawValue) -> Unreadable {
    Unreadable {
        path: place.to_owned(),
        reason: words(error),
        raw: Some(raw.get().to_owned()),
    }
}

fn lost_at(place: &str, lost: Lost, raw: &RawValue) -> Unreadable {
    let path = if lost.path.is_empty() {
        place.to_owned()
    } else {
        format!("{place}.{}", lost.path)
    };
    Unreadable {
        path,
        reason: lost.reason,
        raw: Some(raw.get().to_owned()),
    }
}

fn text_or_number(raw: &RawValue) -> Option<String> {
    match serde_json::from_str(raw.get()).ok()? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
