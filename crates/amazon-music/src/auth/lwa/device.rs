//! Logging a user in on a device without a browser: code-based linking.

use std::{fmt, time::Duration};

use serde::Deserialize;

use crate::auth::{
    error::TokenError,
    lwa::{
        client::{LoginWithAmazon, checked},
        endpoint::post,
        response,
        token_set::TokenSet,
    },
    provider::TokenContext,
    secret::Secret,
};

/// The shortest delay between two requests, whatever the service allows.
const SHORTEST_DELAY: Duration = Duration::from_secs(5);

/// The longest delay between two requests. A service that keeps asking to slow down would otherwise
/// outlive the code.
const LONGEST_DELAY: Duration = Duration::from_secs(60);

/// How long a code is good if the service does not say.
const LIFETIME: Duration = Duration::from_secs(600);

/// A login on a device: a code for the user to type on another one.
///
/// This is not the device grant of RFC 8628: the code is fetched and polled in Amazon's own way
/// ([source](https://developer.amazon.com/docs/login-with-amazon/retrieve-token-other-platforms-cbl-docs.html)).
/// Whether the scopes of Amazon Music may be asked for like this is not documented beyond a
/// [remark](https://developer.amazon.com/docs/music/API_web_LWA.html) that devices can.
///
/// ```
/// use amazon_music::auth::{LoginWithAmazon, TokenContext, TokenError, TokenSet};
///
/// # async fn example() -> Result<TokenSet, TokenError> {
/// let client = LoginWithAmazon::new("amzn1.application-oa2-client.0123456789abcdef");
/// let http = client.http_client()?;
/// let context = TokenContext::new(&http);
/// let login = client.device(context).await?;
/// println!("Open {} and enter {}", login.verification_uri(), login.user_code());
/// let tokens = login.finish(context).await?;
/// # Ok(tokens)
/// # }
/// ```
#[must_use = "a login on a device does nothing until it is waited for"]
pub struct DeviceLogin {
    client: LoginWithAmazon,
    device_code: Secret,
    user_code: String,
    verification_uri: String,
    interval: Duration,
    /// By the clock it was begun with.
    end: Duration,
}

#[derive(Deserialize)]
struct CodePair {
    device_code: String,
    user_code: String,
    verification_uri: String,
    #[serde(default, deserialize_with = "response::seconds")]
    expires_in: Option<Duration>,
    #[serde(default, deserialize_with = "response::seconds")]
    interval: Option<Duration>,
}

impl LoginWithAmazon {
    /// Begins a login on a device without a browser. The client must be registered for "TVs and other
    /// devices".
    ///
    /// # Errors
    ///
    /// Returns a terminal error if Login with Amazon refuses the client or the scope, and one that may pass
    /// if it cannot be reached.
    pub async fn device(&self, context: TokenContext<'_>) -> Result<DeviceLogin, TokenError> {
        let url = checked("code pair", &self.code_pair_url)?;
        let form = vec![
            ("response_type", "device_code"),
            ("client_id", &self.client_id),
            ("scope", &self.scope),
        ];
        let began = context.clock.elapsed();
        let response = post(context, url, &form).await?;
        if response.status != 200 {
            return Err(response::refusal(&response, &[]));
        }
        let pair: CodePair = response.parse().ok_or_else(|| {
            TokenError::passing("login with amazon responded 200 with something that is no code")
        })?;
        Ok(DeviceLogin {
            client: self.clone(),
            device_code: pair.device_code.into(),
            user_code: pair.user_code,
            verification_uri: pair.verification_uri,
            interval: pair.interval.unwrap_or_default().max(SHORTEST_DELAY),
            end: began.saturating_add(pair.expires_in.unwrap_or(LIFETIME)),
        })
    }
}

impl DeviceLogin {
    /// The code that the user types.
    #[must_use]
    pub fn user_code(&self) -> &str {
        &self.user_code
    }

    /// The URL of the page that the user types it on.
    #[must_use]
    pub fn verification_uri(&self) -> &str {
        &self.verification_uri
    }

    /// Polls until the user has typed the code. Network failures are sat out.
    ///
    /// # Errors
    ///
    /// Returns a terminal error if the user refused, or the code has expired.
    pub async fn finish(self, context: TokenContext<'_>) -> Result<TokenSet, TokenError> {
        let form = vec![
            ("grant_type", "device_code"),
            ("device_code", self.device_code.expose()),
            // Not in the standard, and required.
            ("user_code", &self.user_code),
        ];
        let mut interval = self.interval;
        let mut trouble: Option<TokenError> = None;
        loop {
            let delay = interval.max(advice(trouble.as_ref(), context));
            if context.clock.elapsed().saturating_add(delay) >= self.end {
                let text = "the code has expired and was not entered in time: begin again";
                let trouble = trouble.map_or_else(String::new, |error| format!(" (last: {error})"));
                return Err(TokenError::terminal(text.to_owned() + &trouble));
            }
            context.clock.sleep(delay).await;
            let issued_at = context.clock.now();
            let error = match self.client.ask(context, &form).await {
                Ok(granted) => {
                    let tokens = granted.at(issued_at, &self.client);
                    tokens.check_access_token()?;
                    return Ok(tokens);
                }
                Err(error) if !error.is_transient() => return Err(error),
                Err(error) => error,
            };
            if error.has_code("slow_down") {
                interval = (2 * interval).min(LONGEST_DELAY.max(self.interval));
            }
            // The network, or the service: sat out, and told if it does not pass.
            let is_expected =
                ["slow_down", "authorization_pending"].map(|code| error.has_code(code));
            trouble = Some(error).filter(|_| !is_expected.contains(&true));
        }
    }
}

/// The delay that the service asked for with its last failure.
fn advice(trouble: Option<&TokenError>, context: TokenContext<'_>) -> Duration {
    trouble
        .and_then(TokenError::retry_at)
        .and_then(|at| at.duration_since(context.clock.now()).ok())
        .unwrap_or_default()
}

impl fmt::Debug for DeviceLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceLogin")
            .field("client", &self.client)
            .field("device_code", &self.device_code)
            .field("verification_uri", &self.verification_uri)
            .finish_non_exhaustive()
    }
}
