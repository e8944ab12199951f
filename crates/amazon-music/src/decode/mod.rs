//! From a response to what the caller gets: strictly when that is possible, leniently when not.

pub(crate) mod connection;
pub(crate) mod context;
#[cfg(feature = "tracing")]
pub(crate) mod drift;
pub(crate) mod lenient;
mod locate;
mod page;
mod reader;
mod salvage;
pub(crate) mod secrets;
#[cfg(not(feature = "tracing"))]
pub(crate) mod silent_drift;
mod tree;

pub use page::Page;
#[cfg(not(feature = "tracing"))]
pub(crate) use silent_drift as drift;

use crate::{
    decode::{
        connection::{Connection, Found},
        context::{Context, Strict},
        lenient::{Read, Unreadable},
        reader::Reader,
    },
    error::Error,
    operation::{EntityOperation, ListOperation},
};

/// Reads one page of a list. `is_later` if it was reached by a cursor: then the service has said that
/// there is more, and a page without a list is not the end of it.
pub(crate) fn page<O: ListOperation>(
    is_later: bool,
) -> impl Fn(Strict<Found<O>>, &Context<'_>) -> Result<Page<O::Item>, Error> {
    move |response, context| {
        let reader = Reader::<O>::new(context);
        let strict = match response {
            Ok(response) => response.into_inner().0,
            Err(error) if reader.body().is_none() => return Err(error),
            Err(_) => None,
        };
        let page = match strict {
            Some(connection) if connection.has_edges => strict_page(&reader, connection)?,
            // Strict decoding failed, or did not find the list where it should be.
            _ => lenient_page(&reader, is_later)?,
        };
        if page.is_missing && is_later {
            let list = O::LIST.connection.join(".");
            return Err(reader.incomplete(&format!("`{list}.edges` is absent"), None));
        }
        if page.is_missing {
            reader.drift("missing list", &O::LIST.connection.join("."));
        }
        for skipped in &page.skipped {
            reader.drift("dropped item", skipped.json_path().unwrap_or_default());
        }
        reader.look_for_drift();
        Ok(page)
    }
}

fn strict_page<O: ListOperation>(
    reader: &Reader<'_, O>,
    connection: Connection<O::Item>,
) -> Result<Page<O::Item>, Error> {
    if connection.missing.len() > lenient::MAX_UNREADABLE {
        return Err(reader.undecodable(lenient::too_many(O::LIST.connection)));
    }
    Ok(Page::from_connection(connection, |index| {
        let path = format!("{}.edges[{index}].node", O::LIST.connection.join("."));
        reader.item(index, missing_node(path))
    }))
}

fn lenient_page<O: ListOperation>(
    reader: &Reader<'_, O>,
    is_later: bool,
) -> Result<Page<O::Item>, Error> {
    let body = reader.body().unwrap_or_default();
    let path = O::LIST.connection;
    let read = lenient::page::<O>(body).map_err(|what| reader.undecodable(what))?;
    let lenient = match read {
        Read::Found(lenient) => lenient,
        Read::Absent(absence) if absence.is_empty && !is_later => {
            return Ok(Page::from_connection(Connection::default(), |index| {
                reader.item(index, missing_node(String::new()))
            }));
        }
        Read::Absent(absence) if is_later => {
            return Err(reader.incomplete(&absence.instead, absence.said.as_deref()));
        }
        Read::Absent(absence) => return Err(reader.absent(absence)),
    };
    reader.report(&lenient.oddities, path);
    // In list order on both sides.
    let mut unreadable = lenient.unreadable.into_iter();
    let mut page = Page::from_connection(lenient.connection, |index| {
        let what = unreadable.next().map(|(_, what)| what);
        reader.item(index, what.unwrap_or_else(|| missing_node(String::new())))
    });
    page.end_unknown = lenient.page_info.map(|what| reader.undecodable(what));
    Ok(page)
}

fn missing_node(path: String) -> Unreadable {
    Unreadable {
        path,
        reason: "the node is missing".to_owned(),
        raw: None,
    }
}

/// Reads the one value of an operation.
pub(crate) fn entity<O: EntityOperation>(
    response: Strict<O::Response>,
    context: &Context<'_>,
) -> Result<O::Output, Error> {
    let reader = Reader::<O>::new(context);
    let strict = match response {
        Ok(response) => O::into_output(response.into_inner()),
        Err(error) if reader.body().is_none() => return Err(error),
        Err(_) => None,
    };
    let found = match strict {
        Some(found) => found,
        None => {
            let body = reader.body().unwrap_or_default();
            let read = lenient::entity::<O>(body).map_err(|what| reader.undecodable(what))?;
            match read {
                Read::Found((found, oddities)) => {
                    reader.report(&oddities, O::ENTITY);
                    found
                }
                Read::Absent(absence) => return Err(reader.absent(absence)),
            }
        }
    };
    reader.look_for_drift();
    Ok(found)
}
