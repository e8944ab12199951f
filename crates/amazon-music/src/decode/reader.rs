//! Errors and reports of a response that is not as documented.

use std::marker::PhantomData;

use amazon_music_browse::types::ErrorEnvelope;

use crate::{
    decode::{
        context::Context,
        lenient::{Oddities, Unreadable},
        locate::Absence,
    },
    error::{
        Error, ErrorKind, WEB_PAGE, is_web_page,
        redact::{message, snippet},
    },
    operation::Operation,
    text,
};

/// A response of an operation, with everything that its errors and reports name.
pub(crate) struct Reader<'a, O> {
    context: &'a Context<'a>,
    operation: PhantomData<O>,
}

impl<'a, O: Operation> Reader<'a, O> {
    pub(crate) fn new(context: &'a Context<'a>) -> Self {
        Self {
            context,
            operation: PhantomData,
        }
    }

    pub(crate) fn body(&self) -> Option<&'a [u8]> {
        self.context.seen.body.as_deref()
    }

    fn seen(&self, error: Error) -> Error {
        error
            .with_operation(O::INFO.name)
            .with_seen(self.context.seen)
    }

    /// A body, or the essence of it, that could not be read.
    pub(crate) fn undecodable(&self, what: Unreadable) -> Error {
        let secrets = self.context.secrets.list();
        let body = self.body().unwrap_or_default();
        if is_web_page(body) {
            let error = Error::new(ErrorKind::Decode, WEB_PAGE).with_body(snippet(body, &secrets));
            return self.seen(error);
        }
        self.seen(unreadable(ErrorKind::Decode, what, &secrets))
    }

    /// An item of a page that could not be read.
    pub(crate) fn item(&self, index: usize, what: Unreadable) -> Error {
        let error = unreadable(ErrorKind::Item, what, &self.context.secrets.list());
        error.with_operation(O::INFO.name).with_index(index)
    }

    /// A response without the documented value: the error in it, or what it holds instead.
    pub(crate) fn absent(&self, absence: Absence) -> Error {
        let secrets = self.context.secrets.list();
        let body = self.body().unwrap_or_default();
        if let Ok(ErrorEnvelope {
            error: Some(detail),
            ..
        }) = text::parse(body)
        {
            return self.seen(Error::of_detail(ErrorKind::Api, detail, &secrets));
        }
        let error = match absence.said {
            Some(said) => {
                let is_passing = is_time_out(&said);
                Error::new(ErrorKind::Api, message(&said, &secrets)).with_transient(is_passing)
            }
            None => {
                let Absence { path, instead, .. } = absence;
                let text = format!("the response holds no `{path}`; {instead}");
                Error::new(ErrorKind::Decode, message(&text, &secrets)).with_json_path(path)
            }
        };
        self.seen(error.with_body(snippet(body, &secrets)))
    }

    /// A page that should go on a list and holds none.
    pub(crate) fn incomplete(&self, instead: &str, said: Option<&str>) -> Error {
        let secrets = self.context.secrets.list();
        let holds = match said {
            Some(said) => format!("the service says {said:?}"),
            None => instead.to_owned(),
        };
        let text = format!("the list goes on, and its next page holds no list: {holds}");
        let error = Error::new(ErrorKind::Incomplete, message(&text, &secrets))
            .with_transient(said.is_some_and(is_time_out))
            .with_body(snippet(self.body().unwrap_or_default(), &secrets));
        self.seen(error)
    }

    /// Reports what was read all the same.
    pub(crate) fn report(&self, oddities: &Oddities, path: &[&str]) {
        if oddities.is_table {
            self.drift("flat response", &path.join("."));
        }
        if oddities.is_repaired {
            self.drift("text that is not Unicode", "");
        }
        for place in &oddities.wrong {
            let secrets = self.context.secrets.list();
            self.drift("wrong type", &message(place, &secrets));
        }
    }

    pub(crate) fn drift(&self, what: &'static str, path: &str) {
        self.context.drift.report(&O::INFO, what, path);
    }

    pub(crate) fn look_for_drift(&self) {
        if let Some(body) = self.body() {
            self.context.drift.look::<O>(body, &self.context.secrets);
        }
    }
}

/// Whether a gateway says that the service took too long, which may pass.
fn is_time_out(said: &str) -> bool {
    let said = said.to_ascii_lowercase();
    said.contains("timed out") || said.contains("timeout")
}

/// An error about a part of a response that could not be read.
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
