//! From a response to what the caller gets: strictly when that is possible, leniently when not.

pub(crate) mod connection;
pub(crate) mod context;
#[cfg(feature = "tracing")]
pub(crate) mod drift;
#[cfg(not(feature = "tracing"))]
#[path = "silent_drift.rs"]
pub(crate) mod drift;
pub(crate) mod lenient;
mod page;

use amazon_music_browse::types::ErrorEnvelope;

pub use page::Page;

use crate::{
    decode::{
        connection::Found,
        context::{Context, Strict},
        lenient::Unreadable,
    },
    error::{
        Error, ErrorKind,
        redact::{message, snippet},
    },
    operation::{EntityOperation, ListOperation, Operation},
};

/// One page of a list.
pub(crate) fn page<O: ListOperation>(
    response: Strict<Found<O>>,
    context: &Context<'_>,
) -> Result<Page<O::Item>, Error> {
    let reader = Reader::<O>::new(context);
    let strict = match response {
        Ok(response) => response.into_inner().0,
        Err(error) if reader.body().is_none() => return Err(error),
        Err(_) => None,
    };
    let page = match strict {
        Some(connection) if connection.missing.len() > lenient::MAX_UNREADABLE => {
            return Err(reader.undecodable(lenient::too_many(O::LIST.connection)));
        }
        Some(connection) => Page::new(Some(connection), |index| {
            let path = format!("{}.edges[{index}].node", O::LIST.connection.join("."));
            reader.item(index, missing_node(path))
        }),
        // Strict decoding failed, or read an answer without its outer `data` as one that holds nothing.
        None => reader.lenient_page()?,
    };
    if page.is_missing {
        reader.refuse_error_body()?;
        reader.drift("missing list", &O::LIST.connection.join("."));
    }
    for skipped in &page.skipped {
        reader.drift("dropped item", skipped.json_path().unwrap_or_default());
    }
    reader.look_for_drift();
    Ok(page)
}

/// The one thing of an operation.
pub(crate) fn entity<O: EntityOperation>(
    response: Strict<O::Response>,
    context: &Context<'_>,
) -> Result<O::Output, Error> {
    let reader = Reader::<O>::new(context);
    let mut found = match response {
        Ok(response) => O::into_output(response.into_inner()),
        Err(error) => {
            let body = reader.body().ok_or(error)?;
            lenient::entity(body, O::ENTITY).map_err(|what| reader.undecodable(what))?
        }
    };
    if found.is_none()
        && let Some(body) = reader.body()
    {
        // Strict decoding reads an answer without its outer `data` as one that holds nothing.
        found = lenient::entity(body, O::ENTITY).map_err(|what| reader.undecodable(what))?;
    }
    let Some(found) = found else {
        reader.refuse_error_body()?;
        let path = O::ENTITY.join(".");
        let error = Error::new(ErrorKind::Decode, format!("the answer holds no `{path}`"));
        return Err(reader.with_facts(error).with_json_path(path));
    };
    reader.look_for_drift();
    Ok(found)
}

impl<O: ListOperation> Reader<'_, O> {
    fn lenient_page(&self) -> Result<Page<O::Item>, Error> {
        let body = self.body().unwrap_or_default();
        let lenient =
            lenient::page(body, O::LIST.connection).map_err(|what| self.undecodable(what))?;
        // In list order on both sides.
        let mut unreadable = lenient.unreadable.into_iter();
        let mut page = Page::new(lenient.connection, |index| {
            let what = unreadable.next().map(|(_, what)| what);
            self.item(index, what.unwrap_or_else(|| missing_node(String::new())))
        });
        page.end_unknown = lenient.page_info.map(|what| self.undecodable(what));
        Ok(page)
    }
}

fn missing_node(path: String) -> Unreadable {
    Unreadable {
        path,
        reason: "the node is missing".to_owned(),
        raw: None,
    }
}

/// What is known beside the answer while it is read.
struct Reader<'a, O> {
    context: &'a Context<'a>,
    operation: std::marker::PhantomData<O>,
}

impl<'a, O: Operation> Reader<'a, O> {
    fn new(context: &'a Context<'a>) -> Self {
        Self {
            context,
            operation: std::marker::PhantomData,
        }
    }

    fn body(&self) -> Option<&'a [u8]> {
        self.context.seen.body.as_deref()
    }

    fn with_facts(&self, error: Error) -> Error {
        error
            .with_operation(O::INFO.name)
            .with_seen(self.context.seen)
    }

    fn undecodable(&self, what: Unreadable) -> Error {
        self.with_facts(unreadable(
            ErrorKind::Decode,
            what,
            &self.context.secrets.list(),
        ))
    }

    fn item(&self, index: usize, what: Unreadable) -> Error {
        let error = unreadable(ErrorKind::Item, what, &self.context.secrets.list());
        error.with_operation(O::INFO.name).with_index(index)
    }

    /// A 200 that holds the documented error and nothing else is that error.
    fn refuse_error_body(&self) -> Result<(), Error> {
        let body = self.body().unwrap_or_default();
        match serde_json::from_slice::<ErrorEnvelope>(body) {
            Ok(ErrorEnvelope {
                error: Some(detail),
                ..
            }) => Err(self.with_facts(Error::of_detail(
                ErrorKind::Api,
                detail,
                &self.context.secrets.list(),
            ))),
            _ => Ok(()),
        }
    }

    fn drift(&self, what: &'static str, path: &str) {
        self.context.drift.report(&O::INFO, what, path);
    }

    fn look_for_drift(&self) {
        if let Some(body) = self.body() {
            self.context.drift.look::<O>(body, &self.context.secrets);
        }
    }
}

/// Makes an error of a part of an answer that could not be read.
fn unreadable(kind: ErrorKind, what: Unreadable, secrets: &[&str]) -> Error {
    let reason = message(&what.reason, secrets);
    let body = snippet(what.raw.unwrap_or_default().as_bytes(), secrets);
    let path = message(&what.path, secrets);
    Error::new(kind, format!("{path} cannot be read: {reason}"))
        .with_json_path(path)
        .with_body(body)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    #[test]
    fn an_unreadable_part_says_where_and_why() {
        let what = || Unreadable {
            path: "data.topTracks.edges[3].node.title".to_owned(),
            reason: "invalid type: map, expected a string".to_owned(),
            raw: Some(r#"{"id":"a","title":{}}"#.to_owned()),
        };
        let error = unreadable(ErrorKind::Item, what(), &[]).with_index(3);
        let error = error.with_operation("get_top_tracks");
        assert_snapshot!(error, @"get_top_tracks: data.topTracks.edges[3].node.title cannot be read: invalid type: map, expected a string");
        assert_eq!(
            error.json_path(),
            Some("data.topTracks.edges[3].node.title")
        );
        assert_eq!(error.body(), Some(r#"{"id":"a","title":{}}"#));
        assert_eq!(error.index(), Some(3));
        let error = unreadable(ErrorKind::Decode, what(), &["invalid type"]);
        assert_snapshot!(error, @"data.topTracks.edges[3].node.title cannot be read: [redacted]: map, expected a string");
    }
}
