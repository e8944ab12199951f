//! Credentials of the CLI: from the environment, a saved login, or the sandbox.

use std::{
    env::{self, VarError},
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

use amazon_music::{
    AmazonMusic, Builder, Secret,
    auth::{
        FileTokenStore, LoginWithAmazon, Stored, TokenContext, TokenError, TokenFuture, TokenKey,
        TokenProvider, TokenStore as _,
    },
};
use amazon_music_sandbox::{Running, SECURITY_PROFILE_ID as SANDBOX_PROFILE};

use crate::{
    arguments::Requests,
    failure::Failure,
    notice::notice,
    pace::{self, RunPace},
    requests::with_connection,
};

/// The name of a login if `--user` names none.
const USER: &str = "default";

/// An environment variable. An empty one counts as not set; one that is no text is an error, as another
/// credential would be used in its place.
pub(crate) fn variable(name: &str) -> Result<Option<String>, Failure> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Failure::Usage(format!("{name} must be UTF-8"))),
    }
}

/// The name that a login is saved under.
pub(crate) fn user_name(given: Option<&str>) -> &str {
    given.unwrap_or(USER)
}

/// The store of the saved logins.
pub(crate) fn store() -> Result<FileTokenStore, Failure> {
    // A path is used as it is, whatever its encoding.
    let folder = env::var_os("AMAZON_MUSIC_TOKEN_DIR").filter(|folder| !folder.is_empty());
    let folder = match folder {
        Some(folder) => PathBuf::from(folder),
        None => dirs::config_dir()
            .ok_or_else(|| {
                let text = "no configuration folder for saved logins: set AMAZON_MUSIC_TOKEN_DIR";
                Failure::Usage(text.to_owned())
            })?
            .join("amazon-music")
            .join("tokens"),
    };
    Ok(FileTokenStore::new(folder))
}

/// Whether a login belongs to the sandbox. Those have a key of their own, and never replace others.
pub(crate) fn is_sandbox(key: &TokenKey) -> bool {
    key.security_profile_id().expose() == SANDBOX_PROFILE
}

/// The key of a login at the sandbox.
pub(crate) fn sandbox_key(user: Option<&str>) -> TokenKey {
    TokenKey::new(SANDBOX_PROFILE, user_name(user))
}

/// The registered client of the sandbox, at the sandbox's address.
pub(crate) fn sandbox_client(sandbox: &Running) -> LoginWithAmazon {
    LoginWithAmazon::new(sandbox.client_id())
        .client_secret(sandbox.client_secret())
        .authorize_url(sandbox.authorize_url())
        .token_url(sandbox.token_url())
        .code_pair_url(sandbox.code_pair_url())
        .profile_url(sandbox.profile_url())
}

/// The tokens of a saved login, which are refreshed when needed. Warns if they cannot be saved, and if
/// others can read them.
pub(crate) async fn tokens(store: FileTokenStore, key: TokenKey) -> Stored {
    warn_if_exposed(&store, &key).await;
    Stored::new(store, key).on_unsaved(|error| {
        notice!(
            "warning: the login was refreshed but not saved, and may have to be repeated: {error}"
        );
    })
}

/// Warns if other users of this machine can read or replace the tokens of a login.
pub(crate) async fn warn_if_exposed(store: &FileTokenStore, key: &TokenKey) {
    if let Some(warning) = store.exposed(key).await {
        notice!("warning: {warning}");
    }
}

/// A client of the sandbox, with its saved login or else the sandbox's own token.
pub(crate) async fn of_sandbox(sandbox: &Running, user: Option<&str>) -> Result<Builder, Failure> {
    let music = AmazonMusic::builder()
        .base_url(sandbox.base_url())
        .security_profile_id(sandbox.security_profile_id());
    let (store, key) = (store()?, sandbox_key(user));
    match store.load(&key).await? {
        Some(_) => Ok(music.tokens(tokens(store, key).await.client(sandbox_client(sandbox)))),
        None if user.is_none() => Ok(music.token(sandbox.token())),
        None => Err(not_logged_in(user, true)),
    }
}

/// A client of the live service, with the credentials of the environment or a saved login, and the pace
/// of its requests.
pub(crate) async fn of_service(
    user: Option<&str>,
    requests: &Requests,
) -> Result<(Builder, RunPace), Failure> {
    let profile = variable("AMAZON_MUSIC_SECURITY_PROFILE_ID")?;
    let token = variable("AMAZON_MUSIC_TOKEN")?.filter(|_| user.is_none());
    let (music, store, profile) = match (token, profile) {
        (Some(token), Some(profile)) => {
            let profile = Secret::from(profile);
            let music = AmazonMusic::builder().security_profile_id(profile.clone());
            (music.token(token), store().ok(), profile)
        }
        (Some(_), None) => {
            let text = "no security profile: set AMAZON_MUSIC_SECURITY_PROFILE_ID, or add --sandbox to run \
                        without credentials";
            return Err(Failure::Credentials(text.to_owned()));
        }
        (None, profile) => {
            let store = store()?;
            let key = saved(&store, user, profile.as_deref()).await?;
            let profile = key.security_profile_id().clone();
            let music = AmazonMusic::builder().security_profile_id(profile.clone());
            let tokens = tokens(store.clone(), key).await;
            let music = match requests.most_tokens {
                Some(most) => music.tokens(Bounded::new(tokens, most)),
                None => music.tokens(tokens),
            };
            (music, Some(store), profile)
        }
    };
    let base_url = requests.base_url.as_deref().unwrap_or_default();
    let file = store.map(|store| pace::file(&store, base_url, profile.expose()));
    Ok((with_urls(music, requests)?, RunPace::new(requests, file)))
}

/// Tokens of a login, up to a number of them.
#[derive(Debug)]
struct Bounded {
    tokens: Stored,
    left: AtomicU32,
}

impl Bounded {
    fn new(tokens: Stored, most: u32) -> Self {
        Self {
            tokens,
            left: AtomicU32::new(most),
        }
    }
}

impl TokenProvider for Bounded {
    fn token<'a>(&'a self, context: TokenContext<'a>) -> TokenFuture<'a> {
        let take = |left: u32| left.checked_sub(1);
        let taken = self.left.fetch_update(Relaxed, Relaxed, take);
        match taken {
            Ok(_) => self.tokens.token(context),
            Err(_) => Box::pin(async {
                let text = "the access token was refreshed as often as is allowed here, and is refused again";
                Err(TokenError::terminal(text))
            }),
        }
    }
}

/// A client with a saved login.
pub(crate) async fn with_login(store: FileTokenStore, key: TokenKey) -> Builder {
    AmazonMusic::builder()
        .security_profile_id(key.security_profile_id().clone())
        .tokens(tokens(store, key).await)
}

/// The key of this user's saved login, with this security profile if one is given.
pub(crate) async fn saved(
    store: &FileTokenStore,
    user: Option<&str>,
    profile: Option<&str>,
) -> Result<TokenKey, Failure> {
    if let Some(profile) = profile {
        let key = TokenKey::new(profile, user_name(user));
        let is_saved = store.load(&key).await?.is_some();
        return is_saved.then_some(key).ok_or_else(|| missing(user));
    }
    let (mut keys, mut unreadable, mut has_sandbox) = (Vec::new(), None, false);
    for found in store.keys().await? {
        match found {
            Ok(key) if !is_sandbox(&key) && key.user() == user_name(user) => keys.push(key),
            Ok(key) => has_sandbox |= is_sandbox(&key) && key.user() == user_name(user),
            Err(error) => unreadable = Some(error),
        }
    }
    match (keys.pop(), keys.is_empty(), unreadable) {
        (Some(key), true, _) => Ok(key),
        (Some(_), false, _) => {
            let text = "there are saved logins of several security profiles: set \
                        AMAZON_MUSIC_SECURITY_PROFILE_ID to one of them";
            Err(Failure::Credentials(text.to_owned()))
        }
        // The unreadable one may be the login to use.
        (None, _, Some(error)) => Err(error.into()),
        (None, _, None) if has_sandbox => {
            let text = "no credentials of the live service; a login at the sandbox is saved: add --sandbox to use \
                        it, or run `amazon-music login`";
            Err(Failure::Credentials(text.to_owned()))
        }
        (None, _, None) => Err(missing(user)),
    }
}

fn missing(user: Option<&str>) -> Failure {
    match user {
        Some(_) => not_logged_in(user, false),
        None => no_credentials(),
    }
}

/// No login of this user is saved.
pub(crate) fn not_logged_in(user: Option<&str>, sandbox: bool) -> Failure {
    let who = user.map_or_else(String::new, |user| format!(" as {user:?}"));
    let sandbox = if sandbox { " --sandbox" } else { "" };
    let user = user.map_or_else(String::new, |user| format!(" --user {user}"));
    Failure::Credentials(format!(
        "not logged in{who}: run `amazon-music login{sandbox}{user}`"
    ))
}

fn no_credentials() -> Failure {
    let text = "no credentials: run `amazon-music login`, or set AMAZON_MUSIC_SECURITY_PROFILE_ID and \
                AMAZON_MUSIC_TOKEN (see `amazon-music --help`), or add --sandbox to run without credentials";
    Failure::Credentials(text.to_owned())
}

/// Applies the connection of the flags and the path rewrite of the environment.
pub(crate) fn with_urls(music: Builder, requests: &Requests) -> Result<Builder, Failure> {
    let mut music = with_connection(music, requests)?;
    if let Some(rewrite) = variable("AMAZON_MUSIC_REWRITE_PATH")? {
        let (from, to) = rewrite.split_once('=').ok_or_else(|| {
            Failure::Usage(format!(
                "AMAZON_MUSIC_REWRITE_PATH must be FROM=TO, not {rewrite:?}"
            ))
        })?;
        music = music.rewrite_path(from, to);
    }
    Ok(music)
}
