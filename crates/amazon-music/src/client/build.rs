//! The checks of a builder, and the client that it builds.

use std::sync::Arc;

use amazon_music_browse::{InvalidValue, PathRewrite, RequestSettings};
use reqwest::header::{ACCEPT_LANGUAGE, HeaderMap, HeaderName, HeaderValue};
use tokio::sync::Semaphore;

use crate::{
    auth::{
        cache::{Cache, Token, Tokens},
        secret::Secret,
    },
    client::{
        AmazonMusic, Shared,
        builder::{Builder, Source},
        header, proxy,
    },
    decode::drift::Drift,
    error::{Error, ErrorKind},
    http::{USER_AGENT, check_https, http_client},
    retry::budget::Budget,
};

const IMAGE_STYLE: HeaderName = HeaderName::from_static("amzn-image-style");

impl Builder {
    /// Validates the settings and builds the client, without sending anything.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Setup`] if a setting is missing or invalid; the message names it.
    pub fn build(mut self) -> Result<AmazonMusic, Error> {
        let security_profile_id = self.security_profile_id.take().ok_or_else(|| {
            setup(
                "no security profile id: call `security_profile_id` with the id of a profile that Amazon Music has enabled",
            )
        })?;
        let tokens = self.tokens.take().ok_or_else(|| {
            setup(
                "no token: call `token` with the user's access token, or `tokens` with a provider",
            )
        })?;
        let base_url = check_base_url(&self.base_url)?;

        let headers = self.default_headers()?;
        let mut settings = self.request_settings(&security_profile_id, &headers)?;
        if let Some((from, to)) = self.rewrite.take() {
            let rewrite =
                PathRewrite::new(from, to).map_err(|reason| refused("rewritten path", &reason))?;
            settings = settings.rewrite_path(rewrite);
        }
        if let Some(recorder) = self.recorder.take() {
            settings = settings.recorder(recorder);
        }

        let http = self.http(&base_url)?;
        let tokens = match tokens {
            Source::Fixed(secret) => fixed(secret, &settings)?,
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
                headers,
                attempt_timeout: self.attempt_timeout,
                overall_timeout: self.overall_timeout,
                budget: Budget::new(self.retries.budget),
                pace: self.pace,
                in_flight: Semaphore::new(self.max_in_flight.clamp(1, Semaphore::MAX_PERMITS)),
                retries: self.retries,
                clock: self.clock,
                drift: Drift::new(),
            }),
            options: Arc::default(),
        })
    }

    /// The HTTP client, which sends credentials to the base URL alone.
    fn http(&mut self, base_url: &str) -> Result<reqwest::Client, Error> {
        let user_agent = check_user_agent(self.user_agent_suffix.as_deref())?;
        if self.configure.is_none() && base_url.starts_with("https:") {
            proxy::check(|name| std::env::var(name).ok()).map_err(setup)?;
        }
        let configure = self.configure.take();
        let configure = |http| match configure {
            Some(configure) => configure(http),
            None => http,
        };
        http_client(base_url.starts_with("http:"), configure)
            .map_err(setup)?
            .user_agent(user_agent)
            .connect_timeout(self.connect_timeout)
            .build()
            .map_err(|error| {
                setup("could not build the HTTP client: check the settings of `configure_http`")
                    .with_source(error)
            })
    }

    /// The headers and bounds of every request, without a token.
    fn request_settings(
        &self,
        security_profile_id: &Secret,
        headers: &HeaderMap,
    ) -> Result<RequestSettings, Error> {
        let mut settings = RequestSettings::for_profile(security_profile_id.expose())
            .map_err(|reason| refused("security profile id", &reason))?
            .max_body_bytes(self.max_body_bytes);
        if let Some(locale) = &self.locale {
            settings = settings.header(ACCEPT_LANGUAGE, check_locale(locale)?);
        }
        if let Some(style) = &self.image_style {
            settings = settings.header(IMAGE_STYLE, check_image_style(style.as_str())?);
        }
        for (name, value) in headers {
            settings = settings.header(name.clone(), value.clone());
        }
        Ok(settings)
    }

    /// The headers that the user adds to every request.
    fn default_headers(&self) -> Result<HeaderMap, Error> {
        self.headers
            .iter()
            .map(|(name, value)| header::check(name, value.expose()).map_err(setup))
            .collect()
    }
}

/// A token that is sent until it expires.
fn fixed(secret: Secret, settings: &RequestSettings) -> Result<Tokens, Error> {
    let settings = settings.clone().bearer(secret.expose());
    Ok(Tokens::Fixed(Token {
        settings: settings.map_err(|reason| refused("token", &reason))?,
        secret,
        generation: None,
    }))
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
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_*,;=. ".contains(&byte);
    let bad = || {
        setup(format!(
            "the locale must be a language tag such as `en-US`, or a list of them, not {locale:?}"
        ))
    };
    if locale.trim().is_empty() || !locale.bytes().all(plain) {
        return Err(bad());
    }
    HeaderValue::from_str(locale).map_err(|_| bad())
}

fn check_image_style(style: &str) -> Result<HeaderValue, Error> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let bad = || {
        setup(format!(
            "the image style must be one such as `SL160`, not {style:?}"
        ))
    };
    if style.is_empty() || !style.bytes().all(plain) {
        return Err(bad());
    }
    HeaderValue::from_str(style).map_err(|_| bad())
}

fn check_user_agent(suffix: Option<&str>) -> Result<HeaderValue, Error> {
    let Some(suffix) = suffix else {
        return Ok(HeaderValue::from_static(USER_AGENT));
    };
    let bad = || {
        setup(format!(
            "the user agent suffix must be printable ASCII, not {suffix:?}"
        ))
    };
    if !suffix.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Err(bad());
    }
    HeaderValue::from_str(&format!("{USER_AGENT} {suffix}"))
        .map_err(|error| bad().with_source(error))
}
