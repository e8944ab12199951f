//! The client.

mod builder;
mod options;

use std::{fmt, sync::Arc, time::Duration};

use amazon_music_browse::RequestSettings;

use crate::{
    auth::{
        TokenProvider,
        cache::{Cache, Tokens},
        secret::Secret,
    },
    clock::Clock,
    decode::drift::Drift,
    retry::{RetrySettings, budget::Budget, cooldown::Cooldown},
};

pub use builder::Builder;
pub use options::CallOptions;

/// A client of the Browse API: cheap to clone, and made to be shared.
///
/// Made by [`AmazonMusic::builder`]. Clones share one pool of connections, one retry budget, and what
/// was learnt of the service's limits.
#[derive(Clone)]
pub struct AmazonMusic {
    pub(crate) shared: Arc<Shared>,
    pub(crate) tokens: Tokens,
    pub(crate) options: Arc<CallOptions>,
}

/// What all clones share.
pub(crate) struct Shared {
    pub(crate) base_url: String,
    /// The host of the base URL, for traces.
    pub(crate) host: String,
    pub(crate) http: reqwest::Client,
    /// The settings of requests, without a token.
    pub(crate) settings: RequestSettings,
    /// Cut out of what servers send back.
    pub(crate) security_profile_id: Secret,
    pub(crate) attempt_timeout: Duration,
    pub(crate) overall_timeout: Duration,
    pub(crate) retries: RetrySettings,
    pub(crate) budget: Budget,
    pub(crate) cooldown: Cooldown,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) drift: Drift,
}

impl AmazonMusic {
    /// The same client with other settings for the calls that are made through it. Everything else is
    /// shared.
    ///
    /// ```no_run
    /// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
    /// use std::time::Duration;
    ///
    /// use amazon_music::CallOptions;
    ///
    /// let hurried = music.with_options(CallOptions::new().overall_timeout(Duration::from_secs(2)));
    /// let page = hurried.top_tracks().send().await?;
    /// # let _ = page;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self {
            shared: self.shared.clone(),
            tokens: self.tokens.clone(),
            options: Arc::new(options),
        }
    }

    /// A client for another user: with tokens of its own, and everything else shared, the connections,
    /// the retry budget and what was learnt of the service's limits, which are per application.
    ///
    /// ```no_run
    /// # use amazon_music::auth::LoginWithAmazon;
    /// # fn example(
    /// #     music: amazon_music::AmazonMusic,
    /// #     client: LoginWithAmazon,
    /// #     refresh_token_of_another_user: String,
    /// # ) {
    /// let another = music.for_user(client.refresh_token(refresh_token_of_another_user));
    /// # drop(another);
    /// # }
    /// ```
    #[must_use]
    pub fn for_user(&self, tokens: impl TokenProvider) -> Self {
        let shared = &self.shared;
        Self {
            shared: shared.clone(),
            tokens: Tokens::Refreshed(Cache::new(
                Box::new(tokens),
                shared.http.clone(),
                shared.clock.clone(),
                shared.settings.clone(),
            )),
            options: self.options.clone(),
        }
    }

    /// Waits for a renewal of the token that is under way in the background. A program that ends in the
    /// middle of one may lose a refresh token that only the answer holds: call this before, where tokens
    /// come from a provider.
    ///
    /// ```no_run
    /// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
    /// let page = music.top_tracks().send().await?;
    /// music.settle().await;
    /// # drop(page);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn settle(&self) {
        self.tokens.settle().await;
    }

    /// Where the requests go, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.shared.base_url
    }
}

impl fmt::Debug for AmazonMusic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AmazonMusic")
            .field("base_url", &self.shared.base_url)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
