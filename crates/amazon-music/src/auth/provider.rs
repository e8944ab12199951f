//! The seam through which access tokens come.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, LazyLock},
    time::Duration,
};

use crate::{
    auth::{error::TokenError, secret::Secret},
    clock::{Clock, SystemClock},
};

/// A token on its way.
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>>;

/// Gets access tokens. Asked only when a new one is needed: keeping and sharing is not its business.
///
/// Where a closure will do there is [`token_from`]. A provider that asks another service:
///
/// ```
/// use std::time::Duration;
///
/// use amazon_music::auth::{AccessToken, TokenContext, TokenError, TokenFuture, TokenProvider};
///
/// #[derive(Debug)]
/// struct Vault {
///     url: String,
/// }
///
/// impl TokenProvider for Vault {
///     fn token<'a>(&'a self, context: TokenContext<'a>) -> TokenFuture<'a> {
///         Box::pin(async move {
///             let answer = context.http.get(&self.url).send().await;
///             let answer = answer.and_then(|answer| answer.error_for_status());
///             let text = match answer {
///                 Ok(answer) => answer.text().await,
///                 Err(error) => Err(error),
///             };
///             // Asked again later. What stays wrong until somebody acts is `TokenError::terminal`.
///             let token = text.map_err(|_| TokenError::passing("the vault does not answer"))?;
///             Ok(AccessToken::new(token).expires_in(Duration::from_secs(3600)))
///         })
///     }
/// }
/// ```
pub trait TokenProvider: fmt::Debug + Send + Sync + 'static {
    /// Gets a new token. Not cancelled when the call that asked for it is.
    fn token<'a>(&'a self, context: TokenContext<'a>) -> TokenFuture<'a>;
}

impl<P: TokenProvider + ?Sized> TokenProvider for Box<P> {
    fn token<'a>(&'a self, context: TokenContext<'a>) -> TokenFuture<'a> {
        (**self).token(context)
    }
}

impl<P: TokenProvider + ?Sized> TokenProvider for Arc<P> {
    fn token<'a>(&'a self, context: TokenContext<'a>) -> TokenFuture<'a> {
        (**self).token(context)
    }
}

/// What asking for tokens needs: a way to send requests, and the time. A provider is given those of the
/// client it works for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct TokenContext<'a> {
    /// The client's own HTTP client: it follows no redirects and shares its connections. It has no
    /// timeout but for connecting; the renewal as a whole has one.
    pub http: &'a reqwest::Client,
    /// The time.
    pub clock: &'a dyn Clock,
}

impl<'a> TokenContext<'a> {
    /// For a login, which comes before there is a client: this HTTP client, which should follow no
    /// redirects (see [`LoginWithAmazon::http_client`](super::LoginWithAmazon::http_client)), and the system's time.
    #[must_use]
    pub fn new(http: &'a reqwest::Client) -> Self {
        static SYSTEM: LazyLock<SystemClock> = LazyLock::new(SystemClock::new);
        Self {
            http,
            clock: &*SYSTEM,
        }
    }

    /// With another clock.
    #[must_use]
    pub fn clock(self, clock: &'a dyn Clock) -> Self {
        Self { clock, ..self }
    }
}

/// An access token, with what is known of its life.
#[derive(Clone, Debug)]
#[must_use]
pub struct AccessToken {
    pub(crate) secret: Secret,
    pub(crate) expires_in: Option<Duration>,
}

impl AccessToken {
    /// A token that is good until the service says otherwise.
    pub fn new(token: impl Into<Secret>) -> Self {
        Self {
            secret: token.into(),
            expires_in: None,
        }
    }

    /// How long it is good for, from when it was asked for. Login with Amazon gives one hour.
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.expires_in = Some(lifetime);
        self
    }
}

/// A provider made of a closure.
pub fn token_from<F, R>(get: F) -> impl TokenProvider
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output = Result<AccessToken, TokenError>> + Send + 'static,
{
    FromClosure(get)
}

struct FromClosure<F>(F);

impl<F> fmt::Debug for FromClosure<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("token_from(…)")
    }
}

impl<F, R> TokenProvider for FromClosure<F>
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output = Result<AccessToken, TokenError>> + Send + 'static,
{
    fn token<'a>(&'a self, _: TokenContext<'a>) -> TokenFuture<'a> {
        Box::pin((self.0)())
    }
}
