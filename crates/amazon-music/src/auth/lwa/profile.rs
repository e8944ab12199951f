//! Whose login it is.

use reqwest::header::{ACCEPT, HeaderValue};
use serde::Deserialize;

use crate::auth::{
    error::TokenError,
    lwa::{
        client::{LoginWithAmazon, checked},
        endpoint::{exchange, http_for},
        response,
    },
    provider::TokenContext,
    secret::Secret,
};

/// The header that carries the token: it must not be part of the URL, which servers and proxies log.
const TOKEN: &str = "x-amz-access-token";

/// The profile of a user, as far as the scopes of the login tell it
/// ([source](https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html)).
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Profile {
    /// The id of the user's account, the same for all clients of one security profile.
    pub user_id: String,
    /// The name of the user; needs the scope `profile`.
    pub name: Option<String>,
    /// The email address of the user; needs the scope `profile`.
    pub email: Option<String>,
}

impl LoginWithAmazon {
    /// Asks whose access token this is. Needs the scope `profile`, or `profile:user_id` for the id alone.
    ///
    /// ```no_run
    /// use amazon_music::{Secret, auth::{LoginWithAmazon, TokenContext, TokenError}};
    ///
    /// # async fn example(client: LoginWithAmazon, token: Secret) -> Result<(), TokenError> {
    /// let http = client.http_client()?;
    /// let profile = client.profile(TokenContext::new(&http), &token).await?;
    /// println!("{}", profile.name.unwrap_or(profile.user_id));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the token is not valid or lacks the scope, or Login with Amazon cannot be reached.
    pub async fn profile(
        &self,
        context: TokenContext<'_>,
        access_token: &Secret,
    ) -> Result<Profile, TokenError> {
        let url = checked("profile", &self.profile_url)?;
        let mut token = HeaderValue::from_str(access_token.expose())
            .map_err(|_| TokenError::terminal("the access token cannot be sent: log in again"))?;
        token.set_sensitive(true);
        let http = http_for(context, &url)?;
        let request = http
            .get(url)
            .header(ACCEPT, "application/json")
            .header(TOKEN, token);
        let response = exchange(context, request).await?;
        let secrets = [access_token.expose()];
        if response.status != 200 {
            return Err(response::refusal(&response, &secrets));
        }
        response.parse().ok_or_else(|| {
            TokenError::passing("login with amazon responded 200 with something that is no profile")
        })
    }
}
