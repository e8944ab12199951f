//! The builder of the client.

use std::{fmt, sync::Arc, time::Duration};

use amazon_music_browse::{BASE_URL, Recorder, RequestSettings, types::ImageStyle};
use reqwest::ClientBuilder;

use crate::{
    auth::{TokenProvider, secret::Secret},
    client::AmazonMusic,
    clock::{Clock, SystemClock},
    http::{CONNECT_TIMEOUT, Configure},
    retry::{
        RetrySettings,
        pace::{Pace, Pacer},
    },
};

/// Default timeout of one attempt, from sending the request to the end of the body.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// Default timeout of a call with all its attempts and delays: long enough to outlast a limit per minute.
const OVERALL_TIMEOUT: Duration = Duration::from_secs(120);

/// Default limit of requests in flight. Enough to hide the latency of any rate that is plausible, and
/// well below the 256 descriptors that some systems give a process.
const MAX_IN_FLIGHT: usize = 100;

/// The builder of an [`AmazonMusic`] client.
///
/// [`build`](Self::build) validates all settings.
///
/// ```no_run
/// use std::time::Duration;
///
/// use amazon_music::{AmazonMusic, RetrySettings};
///
/// # fn main() -> Result<(), amazon_music::Error> {
/// let music = AmazonMusic::builder()
///     .security_profile_id("amzn1.application.0123456789abcdef")
///     .token("Atza|the-access-token")
///     .locale("de-DE")
///     .user_agent_suffix("my-program/1.2")
///     .overall_timeout(Duration::from_secs(60))
///     .retries(RetrySettings::new().max_attempts(5))
///     .build()?;
/// # drop(music);
/// # Ok(())
/// # }
/// ```
///
/// | setting | default |
/// |---|---|
/// | [`security_profile_id`](Self::security_profile_id) | none, required |
/// | [`token`](Self::token) or [`tokens`](Self::tokens) | none, required |
/// | [`base_url`](Self::base_url) | `https://api.music.amazon.dev/v1` |
/// | [`locale`](Self::locale) | not sent |
/// | [`image_style`](Self::image_style) | not sent |
/// | [`header`](Self::header) | none |
/// | [`user_agent_suffix`](Self::user_agent_suffix) | none |
/// | [`connect_timeout`](Self::connect_timeout) | 10 seconds |
/// | [`attempt_timeout`](Self::attempt_timeout) | 30 seconds |
/// | [`overall_timeout`](Self::overall_timeout) | 120 seconds |
/// | [`retries`](Self::retries) | see [`RetrySettings`] |
/// | [`requests_per_second`](Self::requests_per_second) | learned from the first 429 on |
/// | [`pace`](Self::pace) | [`Pacer`] |
/// | [`max_in_flight`](Self::max_in_flight) | 100 |
/// | [`clock`](Self::clock) | [`SystemClock`] |
/// | [`max_body_bytes`](Self::max_body_bytes) | 4 MiB |
/// | [`rewrite_path`](Self::rewrite_path) | none |
/// | [`recorder`](Self::recorder) | none |
/// | [`configure_http`](Self::configure_http) | none |
#[must_use = "a builder does nothing until `build` is called"]
pub struct Builder {
    pub(super) security_profile_id: Option<Secret>,
    pub(super) tokens: Option<Source>,
    pub(super) base_url: String,
    pub(super) locale: Option<String>,
    pub(super) image_style: Option<ImageStyle>,
    pub(super) headers: Vec<(String, Secret)>,
    pub(super) user_agent_suffix: Option<String>,
    pub(super) connect_timeout: Duration,
    pub(super) attempt_timeout: Duration,
    pub(super) overall_timeout: Duration,
    pub(super) retries: RetrySettings,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) max_body_bytes: usize,
    pub(super) max_in_flight: usize,
    pub(super) pace: Arc<dyn Pace>,
    pub(super) rewrite: Option<(String, String)>,
    pub(super) recorder: Option<Arc<dyn Recorder>>,
    pub(super) configure: Option<Configure>,
}

/// The source of access tokens, before the cache exists.
pub(super) enum Source {
    Fixed(Secret),
    Provider(Box<dyn TokenProvider>),
}

impl AmazonMusic {
    /// Returns a builder with the default settings; see [`Builder`].
    pub fn builder() -> Builder {
        Builder {
            security_profile_id: None,
            tokens: None,
            base_url: BASE_URL.to_owned(),
            locale: None,
            image_style: None,
            headers: Vec::new(),
            user_agent_suffix: None,
            connect_timeout: CONNECT_TIMEOUT,
            attempt_timeout: ATTEMPT_TIMEOUT,
            overall_timeout: OVERALL_TIMEOUT,
            retries: RetrySettings::new(),
            clock: Arc::new(SystemClock::new()),
            max_body_bytes: RequestSettings::DEFAULT_MAX_BODY_BYTES,
            max_in_flight: MAX_IN_FLIGHT,
            pace: Arc::new(Pacer::new()),
            rewrite: None,
            recorder: None,
            configure: None,
        }
    }
}

impl Builder {
    /// Sets the id of a security profile that Amazon Music has enabled, sent as `x-api-key`. Required.
    ///
    /// The id begins with `amzn1.application.`; it is not the client id, which begins with
    /// `amzn1.application-oa2-client.`.
    pub fn security_profile_id(mut self, id: impl Into<Secret>) -> Self {
        self.security_profile_id = Some(id.into());
        self
    }

    /// Sets a fixed access token of the user, without the prefix `Bearer`.
    ///
    /// The token is never refreshed. Tokens of Login with Amazon expire after one hour: use
    /// [`tokens`](Self::tokens) in programs that run longer. The last call of the two takes effect.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.tokens = Some(Source::Fixed(token.into()));
        self
    }

    /// Sets the provider of the user's access tokens, which are cached and refreshed before they expire.
    ///
    /// See [`auth`](crate::auth) for the providers. Replaces [`token`](Self::token), and is replaced by
    /// it.
    ///
    /// ```
    /// use amazon_music::{AmazonMusic, auth::LoginWithAmazon};
    ///
    /// let login = LoginWithAmazon::new("amzn1.application-oa2-client.0123456789abcdef");
    /// let builder = AmazonMusic::builder().tokens(login.refresh_token("Atzr|the-refresh-token"));
    /// # drop(builder);
    /// ```
    pub fn tokens(mut self, tokens: impl TokenProvider) -> Self {
        self.tokens = Some(Source::Provider(Box::new(tokens)));
        self
    }

    /// Sets the base URL, including the `/v1`: `https`, or plain `http` on a loopback address.
    ///
    /// The default is `https://api.music.amazon.dev/v1`.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Sets the language of names and messages, sent as `Accept-Language`: `de-DE`, or a list such as
    /// `fr-CA, fr;q=0.8`.
    ///
    /// The documentation lists de-DE, en-AU, en-CA, en-GB, en-IN, en-NZ, en-US, es-ES, es-MX, fr-CA, fr-FR,
    /// it-IT, ja-JP and pt-BR, all in lower case, and es-MX as `es_mx`
    /// ([source](https://developer.amazon.com/docs/music/API_web_localization.html)). The text is sent as
    /// it is given.
    pub fn locale(mut self, locale: impl Into<String>) -> Self {
        self.locale = Some(locale.into());
        self
    }

    /// Sets the size of the images in responses, sent as `amzn-image-style`: `SL500` fits the longer side
    /// to 500 pixels.
    ///
    /// The documentation lists SL500, SL160, SL110, SL75 and SL30
    /// ([source](https://developer.amazon.com/docs/music/API_web_request_headers.html)); another value is
    /// sent too.
    ///
    /// ```
    /// use amazon_music::types::ImageStyle;
    ///
    /// # let builder = amazon_music::AmazonMusic::builder();
    /// let builder = builder.image_style(ImageStyle::Sl160);
    /// let builder = builder.image_style("SL160");
    /// ```
    pub fn image_style(mut self, style: impl Into<ImageStyle>) -> Self {
        self.image_style = Some(style.into());
        self
    }

    /// Adds a header to every request of the API; the last value of a name is sent. Requests to Login
    /// with Amazon do not carry it.
    ///
    /// The value counts as a secret: it is never part of an error or a trace, and redacted if a response
    /// repeats it. [`build`](Self::build) refuses what the client sets itself: the credentials
    /// (`Authorization`, `x-api-key`) and what belongs to the connection (`Host`, `Content-Length`,
    /// `Transfer-Encoding` and their like). [`CallOptions::header`](crate::CallOptions::header) overrides
    /// the header for single calls.
    ///
    /// ```
    /// # let builder = amazon_music::AmazonMusic::builder();
    /// let builder = builder.header("X-Amzn-Device-Id", "b5d3a5e2c0f94b1f");
    /// ```
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Appends the name of the program to the `User-Agent`: `my-program/1.2`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// Sets the connect timeout, including TLS; 10 seconds by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the timeout of one attempt, from sending the request to the end of the body; 30 seconds by
    /// default.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets the timeout of a call with all its attempts and delays; 120 seconds by default.
    ///
    /// [`CallOptions`](crate::CallOptions) override it for single calls.
    pub fn overall_timeout(mut self, timeout: Duration) -> Self {
        self.overall_timeout = timeout;
        self
    }

    /// Sets how failed attempts are retried.
    pub fn retries(mut self, retries: RetrySettings) -> Self {
        self.retries = retries;
        self
    }

    /// Replaces the system clock, for tests.
    ///
    /// The connect timeout still runs on the system clock, because the HTTP client measures it.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets the largest body that is read, in bytes after decompression; 4 MiB by default.
    ///
    /// A larger body fails the call with [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge).
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// Sets how many requests of this client and its clones are in flight at a time; 100 by default, at
    /// least 1. Further calls wait, first come, first served; their waiting counts against the overall
    /// timeout.
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.max_in_flight = requests;
        self
    }

    /// Sets a limit of requests per second that is known, shared by all clones: then none is sent too
    /// early, and no 429 is provoked as long as the real limit is higher. Without it the limit is learned
    /// from the first 429 on: see [`pace`](crate::pace).
    ///
    /// ```
    /// # let builder = amazon_music::AmazonMusic::builder();
    /// let builder = builder.requests_per_second(9.0);
    /// ```
    pub fn requests_per_second(self, rate: f64) -> Self {
        self.pace(Arc::new(Pacer::new().requests_per_second(rate)))
    }

    /// Sets the pace of requests, to share it with other clients or to go on with a learned rate.
    /// Replaces [`requests_per_second`](Self::requests_per_second), and the other way round.
    pub fn pace(mut self, pace: Arc<dyn Pace>) -> Self {
        self.pace = pace;
        self
    }

    /// Replaces the prefix `from` of request paths with `to`; both are relative to the base URL.
    ///
    /// The documentation prints the category paths in two forms, and which one the service accepts cannot
    /// be verified outside of the beta. This crate sends `/browse/categories…`; to send the other form:
    ///
    /// ```
    /// # let builder = amazon_music::AmazonMusic::builder();
    /// let builder = builder.rewrite_path("/browse/categories", "/browse/browse/categories");
    /// ```
    pub fn rewrite_path(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.rewrite = Some((from.into(), to.into()));
        self
    }

    /// Records each exchange with the service; logins and refreshes are none of them. The recorder is never given a
    /// credential.
    pub fn recorder(mut self, recorder: Arc<dyn Recorder>) -> Self {
        self.recorder = Some(recorder);
        self
    }

    /// Configures the HTTP client before it is built: proxies, root certificates, TLS settings.
    ///
    /// ```
    /// # let builder = amazon_music::AmazonMusic::builder();
    /// let builder = builder.configure_http(|http| http.pool_max_idle_per_host(4).no_proxy());
    /// ```
    ///
    /// The redirect policy and the connect timeout are set afterwards and cannot be changed here: a
    /// redirect would carry the `x-api-key` header to another server. Proxies from the environment apply to
    /// `https` only, because a loopback server is not behind a proxy.
    ///
    /// The builder is the one of [`reqwest`](crate::reqwest), which this crate re-exports.
    pub fn configure_http(
        mut self,
        configure: impl FnOnce(ClientBuilder) -> ClientBuilder + Send + 'static,
    ) -> Self {
        self.configure = Some(Box::new(configure));
        self
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("base_url", &self.base_url)
            .field("locale", &self.locale)
            .field("image_style", &self.image_style)
            .field("headers", &self.headers)
            .field("connect_timeout", &self.connect_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("overall_timeout", &self.overall_timeout)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}
