//! Credentials that responses may echo.

use reqwest::header::HeaderMap;

/// Credentials of a call, which no error may show, whoever sent them.
#[derive(Clone, Copy)]
pub(crate) struct Secrets<'a> {
    pub(crate) token: &'a str,
    pub(crate) profile: &'a str,
    /// Headers of the user's, of the client and of the call: nobody can tell what they hold.
    pub(crate) headers: [&'a HeaderMap; 2],
}

impl<'a> Secrets<'a> {
    /// All of them. Made only when something is reported.
    pub(crate) fn list(&self) -> Vec<&'a str> {
        let headers = self.headers.into_iter().flat_map(HeaderMap::values);
        let mut list: Vec<_> = headers.filter_map(|value| value.to_str().ok()).collect();
        list.extend([self.token, self.profile]);
        list
    }
}
