//! The seam between the client and the sources of access tokens.

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

/// The future of a [`TokenProvider`].
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>>;

/// Gets access tokens. Asked only when a new one is needed: the client keeps and shares what it gets.
///
/// [`token_from`] makes a provider of a closure. A provider that asks another service:
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
///             let response = context.http.get(&self.url).send().await;
///             let response = response.and_then(|response| response.error_for_status());
///             let text = match response {
///                 Ok(response) => response.text().await,
///                 Err(error) => Err(error),
///             };
///             // Retried later. A failure that stays until somebody acts is `TokenError::terminal`.
///             let token = text.map_err(|error| {
///                 TokenError::passing("the vault cannot be reached").with_source(error.without_url())
///             })?;
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

/// The HTTP client and the clock for a provider or a login. A provider is given those of the client it
/// works for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct TokenContext<'a> {
    /// The client's own HTTP client: it follows no redirects and shares its connections. It has no
    /// timeout but for connecting; the refresh as a whole has one.
    pub http: &'a reqwest::Client,
    /// The client's clock.
    pub clock: &'a dyn Clock,
}

impl<'a> TokenContext<'a> {
    /// A context for a login, which comes before there is a client: this HTTP client, which should follow
    /// no redirects (see [`LoginWithAmazon::http_client`](super::LoginWithAmazon::http_client)), and the
    /// system's clock.
    #[must_use]
    pub fn new(http: &'a reqwest::Client) -> Self {
        static SYSTEM: LazyLock<SystemClock> = LazyLock::new(SystemClock::new);
        Self {
            http,
            clock: &*SYSTEM,
        }
    }

    /// Sets another clock.
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
    pub(crate) lifetime: Option<Duration>,
    /// The failure of the refresh that should have brought a newer one.
    pub(crate) failure: Option<TokenError>,
}

impl AccessToken {
    /// A token that is good until the service refuses it.
    pub fn new(token: impl Into<Secret>) -> Self {
        Self {
            secret: token.into(),
            expires_in: None,
            lifetime: None,
            failure: None,
        }
    }

    /// Sets how long it is good for, from when it was asked for. Login with Amazon gives one hour.
    pub fn expires_in(mut self, left: Duration) -> Self {
        self.expires_in = Some(left);
        self
    }

    /// Sets how long it was good for when it was issued, for a token that was kept for a while since. The
    /// moments of its refresh go by it. The default is what [`expires_in`](Self::expires_in) says.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }
}

/// Makes a provider of a closure.
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
