//! Where access tokens come from, and how they stay fresh.
//!
//! A [`TokenProvider`] gets a token; the client keeps it, renews it in time, and sees to it that however
//! many calls wait, one renewal is under way. A token that never changes needs none of this: give it to
//! [`Builder::token`](crate::Builder::token).
//!
//! ```
//! use std::time::Duration;
//!
//! use amazon_music::{AmazonMusic, auth::{AccessToken, TokenError, token_from}};
//!
//! # fn example() -> Result<AmazonMusic, amazon_music::Error> {
//! let music = AmazonMusic::builder()
//!     .security_profile_id("amzn1.application.0123456789abcdef")
//!     .tokens(token_from(async || {
//!         // Ask whoever has it: a vault, a sidecar, another service.
//!         Ok::<_, TokenError>(AccessToken::new("Atza|…").expires_in(Duration::from_secs(3600)))
//!     }))
//!     .build()?;
//! # Ok(music)
//! # }
//! ```
//!
//! # Logging users in
//!
//! [`LoginWithAmazon`] is a client that is registered with Login with Amazon. With a user's refresh token
//! it is a provider ([`LoginWithAmazon::refresh_token`]); with the feature `login` it gets one:
//!
//! | who logs in | how |
//! |---|---|
//! | a user of a web service | `LoginWithAmazon::authorize`: authorization code with PKCE |
//! | whoever runs a program at a terminal | `LoginWithAmazon::loopback`: the browser comes back to a port of this machine |
//! | whoever sits before a device without a browser | `LoginWithAmazon::device`: a code to type elsewhere |
//!
//! Each gives a [`TokenSet`]. A [`TokenStore`] keeps it for the next run: [`MemoryTokenStore`], a file
//! (`FileTokenStore`, feature `file-store`), or one of your own. [`Stored`] is the provider over it, and
//! sees to it that processes that share a store renew once.
//!
//! Amazon documents no way to end a login from a program: delete the tokens, and send the user to
//! <https://amazon.com/ap/adam> to take the permission back.
//!
//! # When a token is renewed
//!
//! - In the background, while calls go on with the old one: from 5 minutes before its end, or a fifth of
//!   a shorter life, at a random moment of the first quarter of that time.
//! - Before the next call: from 30 seconds before its end, or a twentieth of a shorter life. Where that
//!   fails the old one is used as long as it is good.
//! - After a 401: once for all calls that were refused with the same token, and each of them is sent once
//!   more.
//! - After a failure the provider is left alone for 5 seconds, twice as long after each further one, up
//!   to a minute. One renewal may take a minute.
//!
//! A renewal runs in a task of its own: cancelling the call that began it stops nothing.

#[cfg(feature = "login")]
mod authorization;
pub(crate) mod cache;
#[cfg(feature = "login")]
mod device;
mod endpoint;
mod error;
mod login_with_amazon;
#[cfg(feature = "login")]
mod loopback;
#[cfg(feature = "login")]
mod random;
mod refresh_token;
mod response;
mod store;
mod stored;
mod token_set;
mod window;

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, LazyLock},
    time::Duration,
};

#[cfg(feature = "login")]
pub use authorization::Authorization;
#[cfg(feature = "login")]
pub use device::DeviceLogin;
pub use error::TokenError;
pub use login_with_amazon::{BROWSE_SCOPE, LoginWithAmazon, Region};
#[cfg(feature = "login")]
pub use loopback::{LOOPBACK_PORT, LoopbackLogin};
pub use refresh_token::RefreshToken;
#[cfg(feature = "file-store")]
pub use store::FileTokenStore;
pub use store::{LockedTokens, MemoryTokenStore, StoreFuture, TokenKey, TokenStore};
pub use stored::Stored;
pub use token_set::TokenSet;

use crate::{
    Secret,
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
    /// redirects (see [`LoginWithAmazon::http_client`]), and the system's time.
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
