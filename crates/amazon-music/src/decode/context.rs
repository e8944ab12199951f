//! A response, and what is known beside it while it is decoded.

use amazon_music_browse::{ResponseValue, Seen};
use reqwest::header::HeaderMap;

use crate::{decode::drift::Drift, error::Error};

/// A response as strict decoding left it: the value, or why it was refused.
pub(crate) type Strict<T> = Result<ResponseValue<T>, Error>;

/// Everything beside the value that decoding and its errors need.
pub(crate) struct Context<'a> {
    pub(crate) seen: &'a Seen,
    pub(crate) secrets: Secrets<'a>,
    pub(crate) drift: &'a Drift,
}

/// Credentials of a call, which no error may show, whoever sent them.
#[derive(Clone, Copy)]
pub(crate) struct Secrets<'a> {
    pub(crate) token: &'a str,
    pub(crate) profile: &'a str,
    /// Extra headers of the user's: nobody can tell what they hold.
    pub(crate) headers: &'a HeaderMap,
}

impl<'a> Secrets<'a> {
    /// All of them. Made only when something is reported.
    pub(crate) fn list(&self) -> Vec<&'a str> {
        let headers = self.headers.values();
        let mut list: Vec<_> = headers.filter_map(|value| value.to_str().ok()).collect();
        list.extend([self.token, self.profile]);
        list
    }
}
