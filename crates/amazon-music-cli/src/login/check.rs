//! `status --check`: what the service and Login with Amazon say of the saved logins.

use amazon_music::{
    Builder,
    auth::{FileTokenStore, Profile, TokenContext, TokenKey, TokenSet, TokenStore as _},
};
use amazon_music_sandbox::Running;
use serde::Serialize;

use crate::{
    arguments::{Output, Requests},
    credentials::{is_sandbox, sandbox_client, store, tokens, with_login, with_urls},
    failure::Failure,
    login::saved::{Saved, logins, print},
    notice::notice,
    output::row::OwnRow,
    printable::printable,
    record::recorded,
    requests::{Connection, with_settings},
    signals::Signals,
};

/// Calls the service with each saved login, asks whose it is, and prints it. Access tokens are refreshed if
/// needed, and never part of a URL.
pub(crate) async fn check(
    user: Option<&str>,
    sandbox: Option<&Running>,
    requests: &Requests,
    output: Output,
) -> Result<(), Failure> {
    let signals = Signals::listen()?;
    let store = store()?;
    let (mut checked, mut failure) = (Vec::new(), None);
    for (key, tokens) in logins(&store, user, sandbox.is_some()).await? {
        let outcome = ask(&store, &key, sandbox, requests, &signals).await;
        if let Err(Failure::Stopped(_)) = outcome {
            return outcome;
        }
        let tokens = store.load(&key).await?.unwrap_or(tokens);
        let profile = match &outcome {
            Ok(()) => profile(&key, &tokens, sandbox, requests).await,
            Err(_) => None,
        };
        checked.push(Checked::new(&key, &tokens, profile, &outcome));
        failure = failure.or(outcome.err());
    }
    print(&checked, output).await?;
    notice!(
        "note: the scopes are those that were requested; Login with Amazon tells the granted ones only to \
         whoever puts the token into a URL"
    );
    failure.map_or(Ok(()), Err)
}

/// Sends the cheapest request of the API.
async fn ask(
    store: &FileTokenStore,
    key: &TokenKey,
    sandbox: Option<&Running>,
    requests: &Requests,
    signals: &Signals,
) -> Result<(), Failure> {
    let music = client(store, key, sandbox, requests).await?;
    let music = recorded(with_settings(music, requests)?, &requests.record)?.build()?;
    let response = async { Ok(music.top_tracks().limit(1).send().await?) };
    let outcome = signals.interrupt(response).await;
    signals.settle(&music).await;
    outcome.map(drop)
}

async fn client(
    store: &FileTokenStore,
    key: &TokenKey,
    sandbox: Option<&Running>,
    requests: &Requests,
) -> Result<Builder, Failure> {
    let (store, key) = (store.clone(), key.clone());
    match sandbox {
        Some(sandbox) => Ok(amazon_music::AmazonMusic::builder()
            .base_url(sandbox.base_url())
            .security_profile_id(sandbox.security_profile_id())
            .tokens(tokens(store, key).await.client(sandbox_client(sandbox)))),
        None if is_sandbox(&key) => Err(Failure::Usage(
            "a login at the sandbox is checked with --sandbox".to_owned(),
        )),
        None => with_urls(with_login(store, key).await, requests),
    }
}

/// The profile of the user, or a note of why it is not known.
async fn profile(
    key: &TokenKey,
    tokens: &TokenSet,
    sandbox: Option<&Running>,
    requests: &Requests,
) -> Option<Profile> {
    let client = sandbox.map(sandbox_client).or(tokens.client.clone())?;
    let connection = match sandbox {
        Some(_) => Connection::default(),
        None => Connection::new(requests).ok()?,
    };
    let outcome = async {
        let http = client.http_client_with(|http| connection.configure(http))?;
        let context = TokenContext::new(&http);
        client.profile(context, &tokens.access_token).await
    };
    outcome
        .await
        .map_err(|error| {
            notice!(
                "note: the account of {:?} is not known: {error}; `login --scope \"{} profile\"` would tell",
                key.user(),
                tokens.scope
            );
        })
        .ok()
}

/// A saved login that was checked.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Checked {
    #[serde(flatten)]
    saved: Saved,
    account: Option<String>,
    account_id: Option<String>,
    works: bool,
    error: Option<String>,
}

impl Checked {
    fn new(
        key: &TokenKey,
        tokens: &TokenSet,
        profile: Option<Profile>,
        outcome: &Result<(), Failure>,
    ) -> Self {
        let (account_id, account) = profile.map_or((None, None), |profile| {
            (Some(profile.user_id), profile.name.or(profile.email))
        });
        Self {
            saved: Saved::new(key, tokens),
            account,
            account_id,
            works: outcome.is_ok(),
            error: outcome.as_ref().err().map(ToString::to_string),
        }
    }
}

impl OwnRow for Checked {
    const COLUMNS: &'static [&'static str] = &[
        "USER",
        "SERVICE",
        "SCOPE",
        "ACCESS TOKEN",
        "REFRESH",
        "ACCOUNT",
        "WORKS",
    ];
    const FIELDS: &'static [&'static str] = &[
        "user",
        "service",
        "scope",
        "secondsLeft",
        "refreshable",
        "account",
        "accountId",
        "works",
        "error",
    ];

    fn cells(&self) -> Vec<String> {
        let account = self.account.as_ref().or(self.account_id.as_ref());
        let mut cells = self.saved.cells();
        cells.push(account.map_or_else(|| "not known".to_owned(), printable));
        cells.push(if self.works { "yes" } else { "no" }.to_owned());
        cells
    }
}
