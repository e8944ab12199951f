//! The client and its settings.

mod build;
mod builder;
mod header;
mod options;
mod proxy;

use std::{fmt, sync::Arc, time::Duration};

use amazon_music_browse::RequestSettings;
use reqwest::header::HeaderMap;
use tokio::sync::Semaphore;

use crate::{
    auth::{
        TokenProvider,
        cache::{Cache, Tokens},
        secret::Secret,
    },
    clock::Clock,
    decode::drift::Drift,
    retry::{
        RetrySettings,
        budget::Budget,
        pace::{Pace, Status},
    },
};

pub use builder::Builder;
pub use options::CallOptions;

/// A client of the Browse section of the Amazon Music Web API.
///
/// Build it once with [`AmazonMusic::builder`] and share it: it is cheap to clone, and clones share the
/// connection pool, the retry budget and the pace after a 429.
///
/// Each operation is a method that returns a request builder: [`List`](crate::List) for a list,
/// [`Get`](crate::Get) for a single entity. Nothing is sent before the request is sent or its stream is
/// polled.
///
/// ```no_run
/// use amazon_music::AmazonMusic;
///
/// # async fn example() -> Result<(), amazon_music::Error> {
/// let music = AmazonMusic::builder()
///     .security_profile_id("amzn1.application.0123456789abcdef")
///     .token("Atza|the-access-token")
///     .build()?;
///
/// // A page of a list.
/// let page = music.top_playlists().limit(10).send().await?;
/// println!("{} playlists", page.items.len());
///
/// // All items of a list.
/// for category in music.categories().items().collect_all().await? {
///     println!("{} {}", category.id, category.name.as_deref().unwrap_or("-"));
/// }
///
/// // A single entity.
/// let category = music.category("2iB4IU25").send().await?;
/// println!("{}", category.name.as_deref().unwrap_or("-"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct AmazonMusic {
    pub(crate) shared: Arc<Shared>,
    pub(crate) tokens: Tokens,
    pub(crate) options: Arc<CallOptions>,
}

/// The state that all clones share.
pub(crate) struct Shared {
    pub(crate) base_url: String,
    /// The host of the base URL, for traces.
    pub(crate) host: String,
    pub(crate) http: reqwest::Client,
    /// Request settings without a token.
    pub(crate) settings: RequestSettings,
    /// Redacted from everything that servers send back.
    pub(crate) security_profile_id: Secret,
    /// The headers that the user adds to every request, redacted too.
    pub(crate) headers: HeaderMap,
    pub(crate) attempt_timeout: Duration,
    pub(crate) overall_timeout: Duration,
    pub(crate) retries: RetrySettings,
    pub(crate) budget: Budget,
    pub(crate) pace: Arc<dyn Pace>,
    /// The requests that may be in flight at a time.
    pub(crate) in_flight: Semaphore,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) drift: Drift,
}

impl AmazonMusic {
    /// Returns a clone of the client that uses other options for its calls.
    ///
    /// The options replace earlier ones. Everything else is shared.
    ///
    /// ```no_run
    /// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
    /// use std::time::Duration;
    ///
    /// use amazon_music::CallOptions;
    ///
    /// let options = CallOptions::new().overall_timeout(Duration::from_secs(2));
    /// let impatient = music.with_options(options);
    /// let page = impatient.top_tracks().send().await?;
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

    /// Returns a client for another user, which shares everything but the tokens.
    ///
    /// Connections, the retry budget and the pace after a 429 belong to the application, because the
    /// limits of the service are per application.
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

    /// Returns the pace of the requests: the rate that is set or learned, how many requests wait for
    /// their turn, and until when. For health endpoints; free and empty before a first 429.
    ///
    /// ```no_run
    /// # fn example(music: amazon_music::AmazonMusic) {
    /// let pace = music.pace();
    /// if let Some(rate) = pace.per_second {
    ///     println!("{rate:.0} requests a second, {} waiting", pace.waiting);
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn pace(&self) -> Status {
        self.shared.pace.status(&*self.shared.clock)
    }

    /// Waits for a token refresh that is in flight in the background, if there is one.
    ///
    /// Call it before the program exits if the tokens come from a provider: a program that exits during a
    /// refresh may lose a rotated refresh token, which only the response holds.
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

    /// Returns the base URL, without a trailing slash.
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
