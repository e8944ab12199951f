//! Reads a body again that strict decoding refused.
//!
//! Tried only after a failure, from the same bytes, so that a response as documented pays nothing. A
//! malformed part costs itself: a field its value, an item one error; everything around it survives.
//! Mended in silence: nulls in place of absent values, whole numbers written as floats, a bad
//! `edgeCount`, a cursor written as a number, and a response without its outer `data`.

use amazon_music_browse::types::PageInfo;
use serde_json::{Value, value::RawValue};

use crate::{
    decode::{
        connection::Connection,
        locate::{Absence, Located, Places, locate, without_edges},
        salvage::{Lost, Salvager, Wrong, salvage, words},
        tree::Members,
    },
    operation::{EntityOperation, ListOperation},
    text::Text,
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

/// Reads one page of a list.
pub(crate) fn page<O: ListOperation>(
    body: &[u8],
) -> Result<Read<LenientPage<O::Item>>, Unreadable> {
    let text = Text::new(body);
    let mut oddities = Oddities {
        is_repaired: text.is_repaired(),
        ..Oddities::default()
    };
    let root = whole(text.as_str())?;
    let places = Places {
        path: O::LIST.connection,
        beside: O::LIST.beside,
        table: O::LIST.table,
    };
    let connection = match locate(root, &places) {
        Located::Absent(absence) => return Ok(Read::Absent(absence)),
        Located::Sample(raw) => raw,
        Located::Table(raw) => {
            oddities.is_table = true;
            raw
        }
    };
    let members = members(connection, &O::LIST.connection.join("."))?;
    if members.get("edges").is_none() {
        let absence = without_edges(root, &members, O::LIST.connection);
        if !absence.is_empty {
            return Ok(Read::Absent(absence));
        }
    }
    connection_of::<O>(&members, &text, oddities).map(Read::Found)
}

fn connection_of<O: ListOperation>(
    members: &Members<'_>,
    text: &Text<'_>,
    oddities: Oddities,
) -> Result<LenientPage<O::Item>, Unreadable> {
    let place = O::LIST.connection.join(".");
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
    let edge_count = members.get("edgeCount");
    let edge_count = edge_count.map(|raw| salvage::<i64>(raw, Wrong::LeftOut));
    page.connection.edge_count = edge_count.and_then(Result::ok).map(|count| count.value);
    let edges: Vec<&RawValue> = match members.get("edges") {
        None => Vec::new(),
        Some(raw) => {
            page.connection.has_edges = true;
            let place = format!("{place}.edges");
            serde_json::from_str(raw.get()).map_err(|error| unreadable(&place, &error, raw))?
        }
    };
    let mut salvager = Salvager::new(text);
    for (index, raw) in edges.into_iter().enumerate() {
        page.add::<O>(index, raw, &mut salvager)?;
    }
    Ok(page)
}

impl<T> LenientPage<T> {
    /// Adds an edge. A bad one may still have a good cursor.
    fn add<O: ListOperation<Item = T>>(
        &mut self,
        index: usize,
        raw: &RawValue,
        salvager: &mut Salvager<'_>,
    ) -> Result<(), Unreadable> {
        let path = O::LIST.connection;
        let place = format!("{}.edges[{index}]", path.join("."));
        let (node, cursor) = match members(raw, &place) {
            Ok(members) => (
                read_node::<O>(&members, &place, salvager),
                members.get("cursor"),
            ),
            Err(error) => (Err(error), None),
        };
        let cursor = cursor.and_then(text_or_number);
        self.connection.last_cursor =
            cursor.filter(|cursor| !cursor.contains(char::REPLACEMENT_CHARACTER));
        match node {
            Ok(item) => {
                self.connection.items.push(item);
                let wrong = salvager.take_wrong().into_iter();
                let wrong = wrong.map(|at| format!("{place}.node.{at}"));
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

/// Reads the one value of an operation.
pub(crate) fn entity<O: EntityOperation>(
    body: &[u8],
) -> Result<Read<(O::Output, Oddities)>, Unreadable> {
    let text = Text::new(body);
    let root = whole(text.as_str())?;
    let places = Places {
        path: O::ENTITY,
        beside: &[],
        table: "",
    };
    let (raw, is_table) = match locate(root, &places) {
        Located::Absent(absence) => return Ok(Read::Absent(absence)),
        Located::Sample(raw) => (raw, false),
        Located::Table(raw) => (raw, true),
    };
    let place = O::ENTITY.join(".");
    let mut salvager = Salvager::new(&text);
    let output = O::read_output(raw, &mut salvager).map_err(|lost| lost_at(&place, lost, raw))?;
    let wrong = salvager.take_wrong().into_iter();
    let oddities = Oddities {
        is_table,
        is_repaired: text.is_repaired(),
        wrong: wrong.map(|at| format!("{place}.{at}")).collect(),
    };
    Ok(Read::Found((output, oddities)))
}

fn read_node<O: ListOperation>(
    edge: &Members<'_>,
    place: &str,
    salvager: &mut Salvager<'_>,
) -> Result<O::Item, Unreadable> {
    let place = format!("{place}.node");
    match edge.get("node") {
        Some(node) => {
            // Of the items that were lost.
            drop(salvager.take_wrong());
            O::read_item(node, salvager).map_err(|lost| lost_at(&place, lost, node))
        }
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
