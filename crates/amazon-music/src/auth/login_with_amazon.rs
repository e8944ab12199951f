//! Login with Amazon: renewing access tokens with a refresh token.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use reqwest::{
    Url,
    header::{ACCEPT, CONTENT_TYPE},
};

use super::{AccessToken, TokenContext, TokenError, TokenFuture, TokenProvider, response};
use crate::{Secret, builder::check_https};

/// How much is read of an answer. A documented one has two tokens of at most 2 KiB.
const MAX_BODY: usize = 64 * 1024;

/// How often one renewal asks, where the failure may pass.
const ATTEMPTS: u32 = 3;

/// The wait before the second attempt; twice as long before the third.
const WAIT: Duration = Duration::from_millis(500);

/// Where a user's account lives. Amazon Music does not document which one it expects: North America is
/// the default, as in Amazon's own examples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Region {
    /// `api.amazon.com`.
    #[default]
    NorthAmerica,
    /// `api.amazon.co.uk`.
    Europe,
    /// `api.amazon.co.jp`.
    FarEast,
}

impl Region {
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
}

/// Renews access tokens at Login with Amazon, with a refresh token that a user's login gave.
///
/// A new refresh token takes the place of the old one; where none comes back, the old one stays good
/// ([source](https://developer.amazon.com/docs/login-with-amazon/refresh-token.html)).
///
/// ```
/// use amazon_music::{AmazonMusic, auth::LoginWithAmazon};
///
/// # fn example() -> Result<AmazonMusic, amazon_music::Error> {
/// let music = AmazonMusic::builder()
///     .security_profile_id("amzn1.application.0123456789abcdef")
///     .tokens(
///         LoginWithAmazon::new("amzn1.application-oa2-client.0123456789abcdef", "Atzr|…")
///             .client_secret("…"),
///     )
///     .build()?;
/// # Ok(music)
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub struct LoginWithAmazon {
    client_id: String,
    client_secret: Option<Secret>,
    refresh_token: Mutex<Secret>,
    token_url: String,
}

impl LoginWithAmazon {
    /// For the client with this id (`amzn1.application-oa2-client.…`, not the security profile's) and
    /// a user's refresh token.
    pub fn new(client_id: impl Into<String>, refresh_token: impl Into<Secret>) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: None,
            refresh_token: Mutex::new(refresh_token.into()),
            token_url: Region::default().token_url().to_owned(),
        }
    }

    /// The client's secret, which web clients need.
    pub fn client_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.client_secret = Some(secret.into());
        self
    }

    /// The region of the accounts.
    pub fn region(mut self, region: Region) -> Self {
        self.token_url = region.token_url().to_owned();
        self
    }

    /// Another token endpoint: `https`, or plain `http` on a loopback address.
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = url.into();
        self
    }

    fn refresh_token(&self) -> Secret {
        let token = self.refresh_token.lock();
        token.unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn renew(&self, context: TokenContext<'_>) -> Result<AccessToken, TokenError> {
        let url = check_https(&self.token_url)
            .map_err(|reason| TokenError::terminal(format!("the token URL {reason}")))?;
        let mut wait = WAIT;
        let mut attempt = 1;
        loop {
            match self.ask(context, &url).await {
                Err(error) if !error.is_terminal() && attempt < ATTEMPTS => {
                    context.clock.sleep(wait.mul_f64(fastrand::f64())).await;
                    wait *= 2;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    /// The body of a request.
    fn form(&self, refresh_token: &Secret) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "refresh_token")
            .append_pair("refresh_token", refresh_token.expose())
            .append_pair("client_id", &self.client_id);
        if let Some(secret) = &self.client_secret {
            form.append_pair("client_secret", secret.expose());
        }
        form.finish()
    }

    async fn ask(&self, context: TokenContext<'_>, url: &Url) -> Result<AccessToken, TokenError> {
        let refresh_token = self.refresh_token();
        let request = context
            .http
            .post(url.clone())
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(self.form(&refresh_token));
        let mut response = request.send().await.map_err(|_| {
            TokenError::passing("login with amazon could not be reached: check the network")
        })?;
        let status = response.status().as_u16();
        let (body, _) = amazon_music_browse::read_body_prefix(&mut response, MAX_BODY).await;
        let mut secrets = vec![refresh_token.expose()];
        secrets.extend(self.client_secret.as_ref().map(Secret::expose));
        let granted = response::read(status, &body, &secrets)?;
        let expires_in = granted.expires_in;
        let (access, rotated) = granted.into_secrets();
        if let Some(rotated) = rotated {
            let mut token = self
                .refresh_token
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            *token = rotated;
        }
        let token = AccessToken::new(access);
        Ok(match expires_in {
            Some(lifetime) => token.expires_in(lifetime),
            None => token,
        })
    }
}

impl TokenProvider for LoginWithAmazon {
    fn token<'a>(&'a self, context: TokenContext<'a>) -> TokenFuture<'a> {
        Box::pin(self.renew(context))
    }
}
