//! The saved logins: which there are, and what can be told of them.

use std::time::SystemTime;

use amazon_music::auth::{FileTokenStore, TokenKey, TokenSet, TokenStore as _};
use serde::Serialize;

use crate::{
    arguments::Output,
    credentials::{is_sandbox, not_logged_in, warn_if_exposed},
    failure::Failure,
    notice::notice,
    output::{Printer, end::End, row::OwnRow},
    printable::printable,
};

/// Prints logins as a list.
pub(super) async fn print<T: OwnRow>(logins: &[T], output: Output) -> Result<(), Failure> {
    let mut printer = Printer::new(output, T::layout());
    printer.page(logins).await?;
    printer.end(&End::whole())
}

/// The saved logins that are selected.
///
/// # Errors
///
/// Returns an error if there are none.
pub(super) async fn logins(
    store: &FileTokenStore,
    user: Option<&str>,
    sandbox: bool,
) -> Result<Vec<(TokenKey, TokenSet)>, Failure> {
    let mut logins = Vec::new();
    for found in store.keys().await? {
        let key = match found {
            Ok(key) => key,
            Err(error) => {
                notice!("warning: {error}");
                continue;
            }
        };
        let is_selected = user.is_none_or(|user| user == key.user());
        if !is_selected || (sandbox && !is_sandbox(&key)) {
            continue;
        }
        // Absent if it was deleted in the meantime.
        if let Some(tokens) = store.load(&key).await? {
            warn_if_exposed(store, &key).await;
            logins.push((key, tokens));
        }
    }
    if logins.is_empty() {
        return Err(not_logged_in(user, sandbox));
    }
    Ok(logins)
}

/// A saved login, without its tokens.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Saved {
    user: String,
    service: &'static str,
    scope: String,
    /// Time left of the access token.
    seconds_left: Option<u64>,
    refreshable: bool,
}

impl Saved {
    pub(super) fn new(key: &TokenKey, tokens: &TokenSet) -> Self {
        let left = |end: SystemTime| end.duration_since(SystemTime::now()).unwrap_or_default();
        Self {
            user: key.user().to_owned(),
            service: if is_sandbox(key) { "sandbox" } else { "amazon" },
            scope: tokens.scope.clone(),
            seconds_left: tokens.expires_at.map(|end| left(end).as_secs()),
            refreshable: tokens.refresh_token.is_some(),
        }
    }
}

impl OwnRow for Saved {
    const COLUMNS: &'static [&'static str] =
        &["USER", "SERVICE", "SCOPE", "ACCESS TOKEN", "REFRESH"];
    const FIELDS: &'static [&'static str] =
        &["user", "service", "scope", "secondsLeft", "refreshable"];

    fn cells(&self) -> Vec<String> {
        let left = match self.seconds_left {
            None => "until refused".to_owned(),
            Some(0) => "expired".to_owned(),
            Some(seconds @ 1..120) => format!("{seconds} seconds left"),
            Some(seconds) => format!("{} minutes left", seconds / 60),
        };
        let refresh = if self.refreshable {
            "automatic"
        } else {
            "log in again"
        };
        let texts = [&self.user, self.service, &self.scope, &left, refresh];
        texts.map(printable).to_vec()
    }
}
