//! Requests to Login with Amazon: forms that are posted, and answers of bounded size.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use zeroize::Zeroizing;

use crate::{
    auth::{
        error::TokenError,
        lwa::{
            client::{self, LoginWithAmazon, checked},
            response::{self, Granted},
            token_set::TokenSet,
        },
        provider::TokenContext,
        secret::Secret,
    },
    clock::within,
};

/// How much is read of an answer. A documented one has two tokens of at most 2 KiB.
const MAX_BODY: usize = 64 * 1024;

/// How long one request may take: three of them, with the wait for a lock before them, are within the
/// minute that a renewal has.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How often one request is sent, where its failure may pass.
const ATTEMPTS: u32 = 3;

/// The wait before the second attempt; twice as long before the third.
const WAIT: Duration = Duration::from_millis(500);

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

/// An answer as it came.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Zeroizing<Vec<u8>>,
}

/// Posts a form once. A body that breaks off is given as far as it came, and is no JSON then.
pub(super) async fn post(
    context: TokenContext<'_>,
    url: reqwest::Url,
    form: &Form<'_>,
) -> Result<Answer, TokenError> {
    // A loopback address is asked directly, whatever proxy the client has for others.
    let direct = match url.scheme() {
        "http" => Some(client::client(true)?),
        _ => None,
    };
    let request = direct
        .as_ref()
        .unwrap_or(context.http)
        .post(url)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(encoded(form));
    let exchange = async {
        let mut response = request.send().await.map_err(|_| {
            TokenError::passing("login with amazon could not be reached: check the network")
        })?;
        let status = response.status().as_u16();
        let (body, _) = amazon_music_browse::read_body_prefix(&mut response, MAX_BODY).await;
        let body = Zeroizing::new(body.into());
        Ok(Answer { status, body })
    };
    let answered = within(exchange, || context.clock.timeout(TIMEOUT)).await;
    answered.unwrap_or_else(|| {
        Err(TokenError::passing(
            "login with amazon did not answer in time",
        ))
    })
}

fn encoded(form: &Form<'_>) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish()
}

/// What must not be told of this form.
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
        let answer = post(context, url, form).await?;
        response::read(answer.status, &answer.body, &secrets_of(form))
    }

    /// Asks the token endpoint, again where a failure may pass, with what identifies this client.
    pub(super) async fn grant<'a>(
        &'a self,
        context: TokenContext<'_>,
        mut form: Form<'a>,
    ) -> Result<TokenSet, TokenError> {
        form.push(("client_id", &self.client_id));
        if let Some(secret) = &self.client_secret {
            form.push(("client_secret", secret.expose()));
        }
        let mut wait = WAIT;
        let mut attempt = 1;
        loop {
            let issued_at = context.clock.now();
            match self.ask(context, &form).await {
                Err(error) if !error.is_terminal() && attempt < ATTEMPTS => {
                    context.clock.sleep(wait.mul_f64(fastrand::f64())).await;
                    wait *= 2;
                    attempt += 1;
                }
                outcome => return outcome.map(|granted| granted.at(issued_at, self)),
            }
        }
    }

    /// New tokens for a refresh token, which is kept where no new one comes back
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
