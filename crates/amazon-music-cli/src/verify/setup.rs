//! How a run reaches the service: kinds, and never a name, a host or an id.

use std::env;

use amazon_music::auth::{Region, TokenStore as _};
use serde::Serialize;

use crate::{
    arguments::Requests,
    credentials::{is_sandbox, sandbox_key, saved, store, variable},
    failure::Failure,
};

/// The credentials and the connection of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Setup {
    pub(super) credential: &'static str,
    pub(super) can_refresh: bool,
    /// The region of Login with Amazon that the login is of.
    pub(super) region: &'static str,
    pub(super) base_url: &'static str,
    pub(super) encryption: &'static str,
    pub(super) proxy: &'static str,
    /// Whether paths are rewritten already.
    pub(super) is_rewritten: bool,
}

/// The base URL of the documentation.
const DOCUMENTED: &str = "https://api.music.amazon.dev/v1";

impl Setup {
    /// Looks at the flags, the environment and the saved logins. Sends nothing.
    pub(super) async fn look(
        user: Option<&str>,
        sandbox: bool,
        requests: &Requests,
    ) -> Result<Self, Failure> {
        let mut setup = if sandbox {
            Self::of_sandbox(user).await?
        } else {
            Self::of_service(user).await?
        };
        let url = requests.base_url.as_deref().unwrap_or(DOCUMENTED);
        setup.base_url = match url.trim_end_matches('/') {
            _ if sandbox => "the sandbox",
            DOCUMENTED => "the documented one",
            _ => "another than the documented one",
        };
        setup.encryption = match url.starts_with("https:") {
            _ if sandbox => "none, on loopback",
            false => "none",
            true if requests.cacert.is_some() => "TLS, with roots of the user beside the system's",
            true => "TLS, with the system's roots",
        };
        let has_proxy = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        setup.proxy = match requests.proxy {
            _ if sandbox => "none",
            Some(_) => "set with --proxy",
            None if ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
                .iter()
                .any(|name| has_proxy(name)) =>
            {
                "set in the environment"
            }
            None => "none",
        };
        setup.is_rewritten = !sandbox && variable("AMAZON_MUSIC_REWRITE_PATH")?.is_some();
        Ok(setup)
    }

    async fn of_sandbox(user: Option<&str>) -> Result<Self, Failure> {
        let is_saved = store()?.load(&sandbox_key(user)).await?;
        Ok(Self {
            credential: match is_saved {
                Some(_) => "a saved login at the sandbox",
                None => "the sandbox's own token",
            },
            can_refresh: is_saved.is_some_and(|tokens| tokens.refresh_token.is_some()),
            region: "none",
            ..Self::default()
        })
    }

    async fn of_service(user: Option<&str>) -> Result<Self, Failure> {
        let profile = variable("AMAZON_MUSIC_SECURITY_PROFILE_ID")?;
        let token = variable("AMAZON_MUSIC_TOKEN")?.filter(|_| user.is_none());
        if token.is_some() {
            return Ok(Self {
                credential: "an access token of the environment",
                region: "unknown: the token does not tell",
                ..Self::default()
            });
        }
        let store = store()?;
        let Ok(key) = saved(&store, user, profile.as_deref()).await else {
            return Ok(Self {
                credential: "none yet: run `amazon-music login`",
                region: "none",
                ..Self::default()
            });
        };
        let tokens = store.load(&key).await?;
        let client = tokens.as_ref().and_then(|tokens| tokens.client.as_ref());
        Ok(Self {
            credential: match is_sandbox(&key) {
                true => "a saved login at the sandbox",
                false => "a saved login",
            },
            can_refresh: tokens
                .as_ref()
                .is_some_and(|tokens| tokens.refresh_token.is_some()),
            region: match client.and_then(|client| client.known_region()) {
                Some(Region::NorthAmerica) => "North America",
                Some(Region::Europe) => "Europe",
                Some(Region::FarEast) => "Far East",
                _ => "another token endpoint",
            },
            ..Self::default()
        })
    }
}
