//! Settings of a client, checked when it is built.

use std::{fmt, sync::Arc, time::Duration};

use amazon_music_browse::{BASE_URL, InvalidValue, PathRewrite, RequestSettings};
use reqwest::{
    ClientBuilder,
    header::{ACCEPT_LANGUAGE, HeaderValue},
};

use crate::{
    auth::{
        TokenProvider,
        cache::{Cache, Token, Tokens},
        secret::Secret,
    },
    client::{AmazonMusic, Shared},
    clock::{Clock, SystemClock},
    decode::drift::Drift,
    error::{Error, ErrorKind},
    http::{CONNECT_TIMEOUT, Configure, USER_AGENT, check_https, http_client},
    retry::{RetrySettings, budget::Budget, cooldown::Cooldown},
};

/// How long one attempt may take, from its request to the end of its body.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a call may take with all its attempts and waits. Long enough to sit out a limit that is
/// counted by the minute.
const OVERALL_TIMEOUT: Duration = Duration::from_secs(120);

/// Settings of an [`AmazonMusic`] client.
///
/// Setters store; [`Builder::build`] checks all of them and names the one that is wrong.
///
/// | setting | default |
/// |---|---|
/// | [`security_profile_id`](Self::security_profile_id) | none, required |
/// | [`token`](Self::token) or [`tokens`](Self::tokens) | none, required |
/// | [`base_url`](Self::base_url) | `https://api.music.amazon.dev/v1` |
/// | [`locale`](Self::locale) | not sent |
/// | [`connect_timeout`](Self::connect_timeout) | 10 seconds |
/// | [`attempt_timeout`](Self::attempt_timeout) | 30 seconds |
/// | [`overall_timeout`](Self::overall_timeout) | 120 seconds |
/// | [`retries`](Self::retries) | see [`RetrySettings`] |
/// | [`clock`](Self::clock) | the system's |
/// | [`max_body_bytes`](Self::max_body_bytes) | 4 MiB |
#[must_use = "a builder does nothing until `build` is called"]
pub struct Builder {
    security_profile_id: Option<Secret>,
    tokens: Option<Source>,
    base_url: String,
    locale: Option<String>,
    user_agent_suffix: Option<String>,
    connect_timeout: Duration,
    attempt_timeout: Duration,
    overall_timeout: Duration,
    retries: RetrySettings,
    clock: Arc<dyn Clock>,
    max_body_bytes: usize,
    rewrite: Option<(String, String)>,
    configure: Option<Configure>,
}

/// Where tokens come from, before there is anything to keep them in.
enum Source {
    Fixed(Secret),
    Provider(Box<dyn TokenProvider>),
}

impl AmazonMusic {
    /// Starts a client; see [`Builder`].
    pub fn builder() -> Builder {
        Builder {
            security_profile_id: None,
            tokens: None,
            base_url: BASE_URL.to_owned(),
            locale: None,
            user_agent_suffix: None,
            connect_timeout: CONNECT_TIMEOUT,
            attempt_timeout: ATTEMPT_TIMEOUT,
            overall_timeout: OVERALL_TIMEOUT,
            retries: RetrySettings::new(),
            clock: Arc::new(SystemClock::new()),
            max_body_bytes: RequestSettings::DEFAULT_MAX_BODY_BYTES,
            rewrite: None,
            configure: None,
        }
    }
}

impl Builder {
    /// The id of a security profile that Amazon Music has enabled, sent as `x-api-key`. It looks like
    /// `amzn1.application.…` and is not the client id (`amzn1.application-oa2-client.…`).
    pub fn security_profile_id(mut self, id: impl Into<Secret>) -> Self {
        self.security_profile_id = Some(id.into());
        self
    }

    /// The user's access token, without the word `Bearer`. It is sent as it is until it expires, which
    /// Login with Amazon lets it do after one hour.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.tokens = Some(Source::Fixed(token.into()));
        self
    }

    /// Where the user's access tokens come from. They are kept and renewed in time: see
    /// [`auth`](crate::auth). Takes the place of [`token`](Self::token), and the other way round.
    pub fn tokens(mut self, tokens: impl TokenProvider) -> Self {
        self.tokens = Some(Source::Provider(Box::new(tokens)));
        self
    }

    /// Another server: `https`, or plain `http` on a loopback address. Includes the `/v1`.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The language of names and messages, sent as `Accept-Language`: `de-DE`, or a list such as
    /// `fr-CA, fr;q=0.8`. The documentation lists de-DE, en-AU, en-CA, en-GB, en-IN, en-NZ, en-US,
    /// es-ES, es-MX, fr-CA, fr-FR, it-IT, ja-JP and pt-BR
    /// ([source](https://developer.amazon.com/docs/music/API_web_localization.html)).
    pub fn locale(mut self, locale: impl Into<String>) -> Self {
        self.locale = Some(locale.into());
        self
    }

    /// Added to the `User-Agent`, so that a program can be told apart: `my-program/1.2`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// How long a connection may take to stand.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long one attempt may take, from its request to the end of its body.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// How long a call may take with all its attempts and waits. [`CallOptions`](crate::CallOptions)
    /// change it for single calls.
    pub fn overall_timeout(mut self, timeout: Duration) -> Self {
        self.overall_timeout = timeout;
        self
    }

    /// How failed attempts are tried again.
    pub fn retries(mut self, retries: RetrySettings) -> Self {
        self.retries = retries;
        self
    }

    /// Another clock than the system's, for tests. The connect timeout alone stays with the system's:
    /// it is the HTTP client's own.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The largest body that is read, in bytes after decompression.
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// Sends the paths that begin with `from` to `to`; both are below the base URL.
    ///
    /// The documentation prints the category paths in two forms, and nobody outside the beta can tell
    /// which one is served. This crate sends `/browse/categories…`; where the service wants the other
    /// form, no release is needed:
    ///
    /// ```
    /// # let builder = amazon_music::AmazonMusic::builder();
    /// let builder = builder.rewrite_path("/browse/categories", "/browse/browse/categories");
    /// ```
    pub fn rewrite_path(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.rewrite = Some((from.into(), to.into()));
        self
    }

    /// Changes the HTTP client before it is built: proxies, root certificates, TLS settings.
    ///
    /// ```
    /// # let builder = amazon_music::AmazonMusic::builder();
    /// let builder = builder.configure_http(|http| http.pool_max_idle_per_host(4).no_proxy());
    /// ```
    ///
    /// The redirect policy and the connect timeout are set afterwards and cannot be changed here: a followed
    /// redirect would carry the `x-api-key` header to wherever it points. The proxies of the environment
    /// are used for `https` only: a loopback server is not behind a proxy.
    ///
    /// The types are those of [`reqwest`](crate::reqwest), which this crate re-exports.
    pub fn configure_http(
        mut self,
        configure: impl FnOnce(ClientBuilder) -> ClientBuilder + Send + 'static,
    ) -> Self {
        self.configure = Some(Box::new(configure));
        self
    }

    /// Checks the settings and makes the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Setup`], naming the setting that is missing or wrong.
    pub fn build(self) -> Result<AmazonMusic, Error> {
        let security_profile_id = self.security_profile_id.ok_or_else(|| {
            setup("no security profile: call `security_profile_id` with the id that Amazon enabled")
        })?;
        let tokens = self.tokens.ok_or_else(|| {
            setup("no token: call `token` with the user's access token, or `tokens`")
        })?;
        let base_url = check_base_url(&self.base_url)?;

        let mut settings = RequestSettings::for_profile(security_profile_id.expose())
            .map_err(|reason| refused("security profile id", &reason))?
            .max_body_bytes(self.max_body_bytes);
        if let Some(locale) = &self.locale {
            settings = settings.header(ACCEPT_LANGUAGE, check_locale(locale)?);
        }
        if let Some((from, to)) = self.rewrite {
            let rewrite =
                PathRewrite::new(from, to).map_err(|reason| refused("rewritten path", &reason))?;
            settings = settings.rewrite_path(rewrite);
        }
        let user_agent = check_user_agent(self.user_agent_suffix.as_deref())?;

        let http = http_client(base_url.starts_with("http:"), self.configure)
            .map_err(setup)?
            .user_agent(user_agent)
            .connect_timeout(self.connect_timeout)
            .build()
            .map_err(|error| setup("the HTTP client could not be made").with_source(error))?;

        let tokens = match tokens {
            Source::Fixed(secret) => Tokens::Fixed(Token {
                settings: settings
                    .clone()
                    .bearer(secret.expose())
                    .map_err(|reason| refused("token", &reason))?,
                secret,
                generation: None,
            }),
            Source::Provider(provider) => Tokens::Refreshed(Cache::new(
                provider,
                http.clone(),
                self.clock.clone(),
                settings.clone(),
            )),
        };

        Ok(AmazonMusic {
            tokens,
            shared: Arc::new(Shared {
                host: host_of(&base_url),
                base_url,
                http,
                settings,
                security_profile_id,
                attempt_timeout: self.attempt_timeout,
                overall_timeout: self.overall_timeout,
                budget: Budget::new(self.retries.budget),
                cooldown: Cooldown::new(self.retries.max_wait),
                retries: self.retries,
                clock: self.clock,
                drift: Drift::new(),
            }),
            options: Arc::default(),
        })
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("base_url", &self.base_url)
            .field("locale", &self.locale)
            .field("connect_timeout", &self.connect_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("overall_timeout", &self.overall_timeout)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}

fn setup(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Setup, message)
}

fn refused(what: &str, reason: &InvalidValue) -> Error {
    setup(format!("the {what} {reason}"))
}

fn check_base_url(text: &str) -> Result<String, Error> {
    let url = check_https(text).map_err(|reason| setup(format!("the base URL {reason}")))?;
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn host_of(base_url: &str) -> String {
    let host = reqwest::Url::parse(base_url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_default()
}

fn check_locale(locale: &str) -> Result<HeaderValue, Error> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-*,;=. ".contains(&byte);
    let bad = || setup("the locale must be a language tag such as `en-US`, or a list of them");
    if locale.trim().is_empty() || !locale.bytes().all(plain) {
        return Err(bad());
    }
    HeaderValue::from_str(locale).map_err(|_| bad())
}

fn check_user_agent(suffix: Option<&str>) -> Result<HeaderValue, Error> {
    let text = match suffix {
        Some(suffix) => format!("{USER_AGENT} {suffix}"),
        None => USER_AGENT.to_owned(),
    };
    if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Err(setup("the user agent suffix must be printable ASCII"));
    }
    HeaderValue::from_str(&text)
        .map_err(|error| setup("the user agent suffix must be printable ASCII").with_source(error))
}
