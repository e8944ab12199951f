//! From an answer to what the caller gets: strictly where that was possible, leniently where not.

use amazon_music_browse::types::ErrorEnvelope;

use crate::{
    AmazonMusic, EntityOperation, Error, ErrorKind, ListOperation, Operation, Page,
    call::{Answer, Facts},
    connection::Found,
    error::unreadable,
    lenient::{self, Unreadable},
};

/// One page of a list.
pub(crate) fn page<O: ListOperation>(
    music: &AmazonMusic,
    answer: Answer<Found<O>>,
    facts: &Facts<'_>,
) -> Result<Page<O::Item>, Error> {
    let reader = Reader::<O>::new(music, facts);
    let strict = match answer {
        Ok(answer) => answer.into_inner().0,
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
    music: &AmazonMusic,
    answer: Answer<O::Answer>,
    facts: &Facts<'_>,
) -> Result<O::Output, Error> {
    let reader = Reader::<O>::new(music, facts);
    let mut found = match answer {
        Ok(answer) => O::into_output(answer.into_inner()),
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
    music: &'a AmazonMusic,
    facts: &'a Facts<'a>,
    operation: std::marker::PhantomData<O>,
}

impl<'a, O: Operation> Reader<'a, O> {
    fn new(music: &'a AmazonMusic, facts: &'a Facts<'a>) -> Self {
        Self {
            music,
            facts,
            operation: std::marker::PhantomData,
        }
    }

    fn body(&self) -> Option<&'a [u8]> {
        self.facts.seen.body.as_deref()
    }

    fn with_facts(&self, error: Error) -> Error {
        let error = error.with_operation(O::INFO.name);
        match self.facts.seen.status {
            Some(status) => error.with_status(status),
            None => error,
        }
    }

    fn undecodable(&self, what: Unreadable) -> Error {
        self.with_facts(unreadable(
            ErrorKind::Decode,
            what,
            &self.facts.secrets.list(),
        ))
    }

    fn item(&self, index: usize, what: Unreadable) -> Error {
        let error = unreadable(ErrorKind::Item, what, &self.facts.secrets.list());
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
                &self.facts.secrets.list(),
            ))),
            _ => Ok(()),
        }
    }

    fn drift(&self, what: &'static str, path: &str) {
        self.music.shared.drift.report(&O::INFO, what, path);
    }

    fn look_for_drift(&self) {
        if let Some(body) = self.body() {
            self.music.shared.drift.look::<O>(body, &self.facts.secrets);
        }
    }
}
