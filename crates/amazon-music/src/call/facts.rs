//! An answer, and what is known beside it while it is read.

use amazon_music_browse::{ResponseValue, Seen};

use reqwest::header::HeaderMap;

use crate::{Error, Meta, WithMeta};

/// An answer as it came: decoded, or why strict decoding refused it.
pub(crate) type Answer<T> = Result<ResponseValue<T>, Error>;

/// What is known beside an answer while it is read.
pub(crate) struct Facts<'a> {
    pub(crate) seen: &'a Seen,
    pub(crate) secrets: Secrets<'a>,
}

/// What must not stand in an error, whoever sent it.
#[derive(Clone, Copy)]
pub(crate) struct Secrets<'a> {
    pub(crate) token: &'a str,
    pub(crate) profile: &'a str,
    /// Headers of the user's: nobody can tell what they hold.
    pub(crate) headers: &'a HeaderMap,
}

impl<'a> Secrets<'a> {
    /// All of them. Made only where something is told.
    pub(crate) fn list(&self) -> Vec<&'a str> {
        let headers = self.headers.values();
        let mut list: Vec<_> = headers.filter_map(|value| value.to_str().ok()).collect();
        list.extend([self.token, self.profile]);
        list
    }
}

impl Facts<'_> {
    /// What is made of an answer, with what it came with.
    pub(crate) fn with_meta<T, U>(
        &self,
        answer: Answer<T>,
        read: impl FnOnce(Answer<T>) -> Result<U, Error>,
    ) -> Result<WithMeta<U>, Error> {
        let headers = match &answer {
            Ok(answer) => answer.headers().clone(),
            Err(_) => self.seen.headers.clone(),
        };
        Ok(WithMeta {
            value: read(answer)?,
            meta: Meta {
                status: self.seen.status.unwrap_or_default().as_u16(),
                headers,
                body_bytes: self.seen.body_bytes,
            },
        })
    }
}
