//! Requests to Login with Amazon: forms that are posted, and responses of bounded size.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use zeroize::Zeroizing;

use crate::{
    auth::{
        error::TokenError,
        lwa::{
            client::{self, LoginWithAmazon, checked},
            response::{self, Granted, Response},
            token_set::TokenSet,
        },
        provider::TokenContext,
        secret::Secret,
    },
    clock::in_time,
    error::{obstacle::Obstacle, retry_after::retry_at},
};

/// The bound of a response. A documented one has two tokens of at most 2 KiB.
const MAX_BODY: usize = 64 * 1024;

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How often one request is sent, if its failure may pass.
const ATTEMPTS: u32 = 3;

/// How long all attempts may take: with the longest delay before a lock they are within the minute of a
/// refresh, so that none is cut off after its refresh token was used.
const ATTEMPTS_TIMEOUT: Duration = Duration::from_secs(35);

/// The delay before the second attempt, with full jitter; twice as long before the third.
const DELAY: Duration = Duration::from_millis(500);

/// The longest `Retry-After` that is waited for here, with the lock of the login held. A longer one is
/// returned at once, with its moment.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(5);

/// Fields of forms that must not stand in an error.
const SECRET_FIELDS: [&str; 5] = [
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "refresh_token",
];

/// The fields of a request.
pub(super) type Form<'a> = Vec<(&'a str, &'a str)>;

/// Posts a form once. A body that ends early is given as far as it came, and is no JSON then.
pub(super) async fn post(
    context: TokenContext<'_>,
    url: reqwest::Url,
    form: &Form<'_>,
) -> Result<Response, TokenError> {
    let request = http_for(context, &url)?
        .post(url)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(encoded(form));
    exchange(context, request).await
}

/// The HTTP client for a URL: a loopback address is asked directly, whatever proxy the client of the
/// context has for others.
pub(super) fn http_for(
    context: TokenContext<'_>,
    url: &reqwest::Url,
) -> Result<reqwest::Client, TokenError> {
    match url.scheme() {
        "http" => client::client(true),
        _ => Ok(context.http.clone()),
    }
}

/// Sends a request and reads its response, within the timeout.
pub(super) async fn exchange(
    context: TokenContext<'_>,
    request: reqwest::RequestBuilder,
) -> Result<Response, TokenError> {
    let exchange = async {
        let mut response = request.send().await.map_err(unreachable)?;
        let status = response.status().as_u16();
        let retry_at = retry_at(response.headers(), context.clock.now());
        let (body, _) = amazon_music_browse::read_body_prefix(&mut response, MAX_BODY).await;
        Ok(Response {
            status,
            retry_at,
            body: Zeroizing::new(body.into()),
        })
    };
    let outcome = in_time(exchange, context.clock, TIMEOUT).await;
    outcome.unwrap_or_else(|| {
        let limit = TIMEOUT.as_secs();
        Err(TokenError::passing(format!(
            "login with amazon did not respond within {limit} seconds"
        )))
    })
}

/// The URL of an error of the HTTP client is left out, as in the errors of calls.
fn unreachable(error: reqwest::Error) -> TokenError {
    let failure = match Obstacle::of(&error) {
        Some(Obstacle::Certificate) => TokenError::lasting(
            "the certificate of login with amazon is not trusted: check the system's time, or add the root \
             certificate with `configure_http`",
        ),
        Some(Obstacle::ProxyLogin) => TokenError::lasting(
            "the proxy before login with amazon wants a login: give it with `configure_http`, or in the \
             proxy's URL",
        ),
        None if error.is_connect() => TokenError::passing(
            "no connection to login with amazon: check the network, the proxy and the root certificates",
        ),
        None => {
            TokenError::passing("the connection to login with amazon broke before a response came")
        }
    };
    failure.with_source(error.without_url())
}

/// The body of a form, in one piece of memory that is wiped once it was sent.
fn encoded(form: &Form<'_>) -> Bytes {
    // Each byte takes three at most: no half of a secret is left behind by text that outgrows its memory.
    let most = form
        .iter()
        .map(|(name, value)| 3 * (name.len() + value.len()) + 2);
    let room = String::with_capacity(most.sum());
    let text = form_urlencoded::Serializer::new(room)
        .extend_pairs(form)
        .finish();
    Bytes::from_owner(Zeroizing::new(text.into_bytes()))
}

/// The values of this form that no error may show.
pub(super) fn secrets_of<'a>(form: &Form<'a>) -> Vec<&'a str> {
    let secret = form.iter().filter(|(name, _)| SECRET_FIELDS.contains(name));
    secret.map(|(_, value)| *value).collect()
}

impl LoginWithAmazon {
    /// Asks the token endpoint once.
    pub(super) async fn ask(
        &self,
        context: TokenContext<'_>,
        form: &Form<'_>,
    ) -> Result<Granted, TokenError> {
        let url = checked("token", &self.token_url)?;
        let response = post(context, url, form).await?;
        response::read(&response, &secrets_of(form))
    }

    /// Asks the token endpoint with what identifies this client, and retries a failure that may pass.
    pub(super) async fn grant<'a>(
        &'a self,
        context: TokenContext<'_>,
        mut form: Form<'a>,
    ) -> Result<TokenSet, TokenError> {
        form.push(("client_id", &self.client_id));
        if let Some(secret) = &self.client_secret {
            form.push(("client_secret", secret.expose()));
        }
        let began = context.clock.elapsed();
        let mut attempt = 1;
        loop {
            let issued_at = context.clock.now();
            let error = match self.ask(context, &form).await {
                Ok(granted) => return Ok(granted.at(issued_at, self)),
                Err(error) => error,
            };
            let spent = context.clock.elapsed().saturating_sub(began);
            let advice = error
                .retry_at()
                .map(|at| at.duration_since(context.clock.now()).unwrap_or_default());
            match delay(attempt, advice, spent, fastrand::f64()) {
                Some(delay) if error.is_transient() => context.clock.sleep(delay).await,
                _ => return Err(error),
            }
            attempt += 1;
        }
    }

    /// Gets new tokens for a refresh token, which is kept if no new one comes back
    /// ([source](https://developer.amazon.com/docs/login-with-amazon/refresh-token.html)).
    pub(in crate::auth) async fn refresh(
        &self,
        context: TokenContext<'_>,
        refresh_token: &Secret,
    ) -> Result<TokenSet, TokenError> {
        let form = vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose()),
        ];
        let mut tokens = self.grant(context, form).await?;
        tokens
            .refresh_token
            .get_or_insert_with(|| refresh_token.clone());
        Ok(tokens)
    }
}

/// The delay before the attempt that follows this one, if there is time for it. `random`, from 0 to 1, is
/// the jitter; `spent` is the time since the first attempt.
fn delay(attempt: u32, advice: Option<Duration>, spent: Duration, random: f64) -> Option<Duration> {
    let advice = advice.unwrap_or_default();
    let own = DELAY
        .saturating_mul(1 << (attempt - 1).min(8))
        .mul_f64(random);
    let delay = own.max(advice);
    let end = spent.saturating_add(delay).saturating_add(TIMEOUT);
    let has_time = advice <= LONGEST_RETRY_AFTER && end <= ATTEMPTS_TIMEOUT;
    (attempt < ATTEMPTS && has_time).then_some(delay)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_follows_the_service_as_far_as_there_is_time() {
        let s = Duration::from_secs;
        let ms = Duration::from_millis;
        let half = |attempt, advice, spent| delay(attempt, advice, spent, 0.5);
        assert_eq!(half(1, None, s(0)), Some(ms(250)));
        assert_eq!(half(2, None, s(10)), Some(ms(500)));
        assert_eq!(half(3, None, s(0)), None);
        assert_eq!(half(1, Some(s(5)), s(10)), Some(s(5)));
        assert_eq!(half(1, Some(ms(1)), s(0)), Some(ms(250)));
        assert_eq!(half(1, Some(s(6)), s(0)), None);
        assert_eq!(half(2, Some(s(5)), s(21)), None);
        // Three timeouts are within the time of all attempts.
        assert_eq!(delay(2, None, s(21), 1.0), Some(s(1)));
    }

    #[test]
    fn a_form_never_outgrows_its_memory() {
        let value = "|/é".repeat(700);
        let form = vec![("refresh_token", &*value), ("x", "y")];
        let most: usize = form
            .iter()
            .map(|(name, value)| 3 * (name.len() + value.len()) + 2)
            .sum();
        assert!(encoded(&form).len() <= most);
        assert_eq!(
            &encoded(&vec![("a b", "c|d"), ("e", "")])[..],
            b"a+b=c%7Cd&e="
        );
    }
}
