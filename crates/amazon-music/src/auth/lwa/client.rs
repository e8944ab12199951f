//! A client that is registered with Login with Amazon.

use std::fmt;

use reqwest::{ClientBuilder, Url};

use crate::{
    auth::{error::TokenError, secret::Secret},
    http::{check_https, http_client},
};

/// The only scope that Browse needs
/// ([source](https://developer.amazon.com/docs/music/API_web_LWA.html)).
pub const BROWSE_SCOPE: &str = "music::catalog";

/// The region of a user's account. Amazon Music does not document which one it expects: North America is
/// the default, as in Amazon's own examples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Region {
    /// `amazon.com`.
    #[default]
    NorthAmerica,
    /// `amazon.co.uk`.
    Europe,
    /// `amazon.co.jp`.
    FarEast,
}

impl Region {
    /// The page where a user logs in. That of North America is documented
    /// ([source](https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html));
    /// the other two stand in the documentation of other Amazon services only.
    #[must_use]
    pub const fn authorize_url(self) -> &'static str {
        match self {
            Self::NorthAmerica => "https://www.amazon.com/ap/oa",
            Self::Europe => "https://eu.account.amazon.com/ap/oa",
            Self::FarEast => "https://apac.account.amazon.com/ap/oa",
        }
    }

    /// The token endpoint
    /// ([source](https://developer.amazon.com/docs/amazon-data-portability/lwa-access-token.html)).
    #[must_use]
    pub const fn token_url(self) -> &'static str {
        match self {
            Self::NorthAmerica => "https://api.amazon.com/auth/o2/token",
            Self::Europe => "https://api.amazon.co.uk/auth/o2/token",
            Self::FarEast => "https://api.amazon.co.jp/auth/o2/token",
        }
    }

    /// The endpoint at which a device without a browser gets its code. That of North America is documented
    /// ([source](https://developer.amazon.com/docs/login-with-amazon/retrieve-code-other-platforms-cbl-docs.html));
    /// the other two are the same path beside their token endpoints.
    #[must_use]
    pub const fn code_pair_url(self) -> &'static str {
        match self {
            Self::NorthAmerica => "https://api.amazon.com/auth/o2/create/codepair",
            Self::Europe => "https://api.amazon.co.uk/auth/o2/create/codepair",
            Self::FarEast => "https://api.amazon.co.jp/auth/o2/create/codepair",
        }
    }

    /// The endpoint of profiles. That of North America is documented
    /// ([source](https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html));
    /// the other two are the same path beside their token endpoints.
    #[must_use]
    pub const fn profile_url(self) -> &'static str {
        match self {
            Self::NorthAmerica => "https://api.amazon.com/user/profile",
            Self::Europe => "https://api.amazon.co.uk/user/profile",
            Self::FarEast => "https://api.amazon.co.jp/user/profile",
        }
    }
}

/// A client that is registered with Login with Amazon: its id and secret, and the URLs it uses.
///
/// It becomes a [`TokenProvider`](crate::auth::TokenProvider) with a user's refresh token, by
/// [`refresh_token`](Self::refresh_token) or [`stored`](Self::stored). With the feature `login` it logs
/// users in.
///
/// ```
/// use amazon_music::{AmazonMusic, auth::LoginWithAmazon};
///
/// # fn example() -> Result<AmazonMusic, amazon_music::Error> {
/// let client = LoginWithAmazon::new("amzn1.application-oa2-client.0123456789abcdef")
///     .client_secret("…");
/// let music = AmazonMusic::builder()
///     .security_profile_id("amzn1.application.0123456789abcdef")
///     .tokens(client.refresh_token("Atzr|…"))
///     .build()?;
/// # Ok(music)
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct LoginWithAmazon {
    pub(in crate::auth) client_id: String,
    pub(in crate::auth) client_secret: Option<Secret>,
    pub(in crate::auth) scope: String,
    pub(in crate::auth) authorize_url: String,
    pub(in crate::auth) token_url: String,
    pub(in crate::auth) code_pair_url: String,
    pub(in crate::auth) profile_url: String,
}

impl LoginWithAmazon {
    /// Makes a client with this id: `amzn1.application-oa2-client.…`, which is not the security profile's.
    pub fn new(client_id: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: None,
            scope: BROWSE_SCOPE.to_owned(),
            authorize_url: String::new(),
            token_url: String::new(),
            code_pair_url: String::new(),
            profile_url: String::new(),
        }
        .region(Region::default())
    }

    /// Sets the client's secret. Without it, a login in the browser brings no refresh token, and lasts an
    /// hour ([source](https://developer.amazon.com/docs/amazon-data-portability/lwa-access-token.html)).
    pub fn client_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.client_secret = Some(secret.into());
        self
    }

    /// Sets the scopes that a login asks for, separated by spaces. The default is [`BROWSE_SCOPE`].
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = scope.into();
        self
    }

    /// Sets all URLs to those of a region.
    pub fn region(mut self, region: Region) -> Self {
        self.authorize_url = region.authorize_url().to_owned();
        self.token_url = region.token_url().to_owned();
        self.code_pair_url = region.code_pair_url().to_owned();
        self.profile_url = region.profile_url().to_owned();
        self
    }

    /// The region whose token endpoint is set; none if another one is.
    #[must_use]
    pub fn known_region(&self) -> Option<Region> {
        let all = [Region::NorthAmerica, Region::Europe, Region::FarEast];
        all.into_iter()
            .find(|region| region.token_url() == self.token_url)
    }

    /// Sets another page to log in at: `https`, or plain `http` on a loopback address.
    pub fn authorize_url(mut self, url: impl Into<String>) -> Self {
        self.authorize_url = url.into();
        self
    }

    /// Sets another token endpoint: `https`, or plain `http` on a loopback address.
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = url.into();
        self
    }

    /// Sets another endpoint for the codes of devices: `https`, or plain `http` on a loopback address.
    pub fn code_pair_url(mut self, url: impl Into<String>) -> Self {
        self.code_pair_url = url.into();
        self
    }

    /// Sets another profile endpoint: `https`, or plain `http` on a loopback address.
    pub fn profile_url(mut self, url: impl Into<String>) -> Self {
        self.profile_url = url.into();
        self
    }

    /// Makes an HTTP client for logins: it follows no redirects, and uses no proxy for a loopback address.
    ///
    /// # Errors
    ///
    /// Returns a terminal error if the token URL cannot be used, or TLS cannot be set up.
    pub fn http_client(&self) -> Result<reqwest::Client, TokenError> {
        self.http_client_with(|http| http)
    }

    /// Makes an HTTP client for logins with a proxy, root certificates or TLS settings of its own, as
    /// [`Builder::configure_http`](crate::Builder::configure_http) does for calls.
    ///
    /// ```
    /// use amazon_music::{auth::LoginWithAmazon, reqwest::Proxy};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let proxy = Proxy::all("http://proxy.example:3128")?;
    /// let http = LoginWithAmazon::new("amzn1.application-oa2-client.0123456789abcdef")
    ///     .http_client_with(|http| http.proxy(proxy))?;
    /// # drop(http);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a terminal error if the token URL cannot be used, or the client cannot be built.
    pub fn http_client_with(
        &self,
        configure: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Result<reqwest::Client, TokenError> {
        let url = checked("token", &self.token_url)?;
        let is_loopback = url.scheme() == "http";
        let http = http_client(is_loopback, configure).map_err(TokenError::terminal)?;
        build(http)
    }
}

impl fmt::Debug for LoginWithAmazon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginWithAmazon")
            .field("client_id", &self.client_id)
            .field("client_secret", &self.client_secret)
            .field("scope", &self.scope)
            .field("token_url", &self.token_url)
            .finish_non_exhaustive()
    }
}

pub(super) fn client(is_loopback: bool) -> Result<reqwest::Client, TokenError> {
    build(http_client(is_loopback, |http| http).map_err(TokenError::terminal)?)
}

fn build(http: ClientBuilder) -> Result<reqwest::Client, TokenError> {
    http.build().map_err(|error| {
        TokenError::terminal("the HTTP client could not be made: check its TLS settings")
            .with_source(error)
    })
}

/// Parses a URL that credentials may be sent to.
pub(super) fn checked(which: &str, url: &str) -> Result<Url, TokenError> {
    check_https(url).map_err(|reason| TokenError::terminal(format!("the {which} URL {reason}")))
}
