//! Logging a user in with a browser: authorization code with PKCE.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Url;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::auth::{
    error::TokenError,
    lwa::{
        client::{LoginWithAmazon, checked},
        random, response,
        token_set::TokenSet,
    },
    provider::TokenContext,
    secret::Secret,
};

/// A login that was begun: the URL to send the user to, and the `state` that must come back.
///
/// Made for a web server. A program at a terminal has
/// [`LoginWithAmazon::loopback`].
///
/// ```
/// use amazon_music::auth::{LoginWithAmazon, TokenContext, TokenError, TokenSet};
///
/// # async fn example(query_of_the_callback: &str) -> Result<TokenSet, TokenError> {
/// let client = LoginWithAmazon::new("amzn1.application-oa2-client.0123456789abcdef")
///     .client_secret("…");
/// let login = client.authorize("https://example.com/callback")?;
/// // Keep `login` in the user's session, and send the user to:
/// println!("{}", login.url());
///
/// // Then, when the user comes back to the return URL, with its query:
/// let http = client.http_client()?;
/// let tokens = login.finish(query_of_the_callback, TokenContext::new(&http)).await?;
/// # Ok(tokens)
/// # }
/// ```
#[must_use = "a login does nothing until the user is sent to its URL"]
pub struct Authorization {
    client: LoginWithAmazon,
    redirect_uri: String,
    state: Secret,
    verifier: Secret,
    url: String,
}

impl LoginWithAmazon {
    /// Begins a login in a browser. The return URL must be registered with the client, to the letter:
    /// scheme, host, port, path and trailing slash.
    ///
    /// # Errors
    ///
    /// Returns a terminal error if the authorize URL or the return URL cannot be used, or the system gives
    /// no randomness.
    pub fn authorize(&self, redirect_uri: impl Into<String>) -> Result<Authorization, TokenError> {
        let redirect_uri = redirect_uri.into();
        check_redirect_uri(&redirect_uri)?;
        let (state, verifier) = (random::text()?, random::text()?);
        let mut url = checked("authorize", &self.authorize_url)?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.client_id)
            .append_pair("scope", &self.scope)
            .append_pair("response_type", "code")
            .append_pair("redirect_uri", &redirect_uri)
            .append_pair("state", state.expose())
            .append_pair("code_challenge", &challenge(verifier.expose()))
            // Without it the service takes the challenge for the verifier itself.
            .append_pair("code_challenge_method", "S256");
        Ok(Authorization {
            client: self.clone(),
            redirect_uri,
            state,
            verifier,
            url: url.into(),
        })
    }
}

impl Authorization {
    /// The URL to send the user to.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The `state` that the callback must have, to find the login that it belongs to.
    #[must_use]
    pub fn state(&self) -> &Secret {
        &self.state
    }

    /// Checks the callback and fetches the tokens. `query` is the part of its URL behind the `?`. The code
    /// in it is good for five minutes, and once.
    ///
    /// # Errors
    ///
    /// Returns a terminal error if the callback is not of this login, the user refused, or the code is not
    /// good, and one that may pass if Login with Amazon cannot be reached.
    pub async fn finish(
        &self,
        query: &str,
        context: TokenContext<'_>,
    ) -> Result<TokenSet, TokenError> {
        let code = self.code_in(query)?;
        let form = vec![
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", self.verifier.expose()),
        ];
        let tokens = self.client.grant(context, form).await?;
        tokens.check_access_token()?;
        Ok(tokens)
    }

    /// Whether a callback with this query is the response to this login.
    pub(super) fn is_own(&self, query: &str) -> bool {
        let state = field(query, "state");
        let state = state.as_ref().map_or("", Secret::expose);
        state
            .as_bytes()
            .ct_eq(self.state.expose().as_bytes())
            .into()
    }

    fn code_in(&self, query: &str) -> Result<Secret, TokenError> {
        if !self.is_own(query) {
            let text = "this is not the response to this login (another `state`): begin again";
            return Err(TokenError::terminal(text));
        }
        if let Some(code) = field(query, "code").filter(|code| !code.expose().is_empty()) {
            return Ok(code);
        }
        let said = |name| field(query, name).map(|text| text.expose().to_owned());
        Err(response::not_granted(
            said("error"),
            said("error_description"),
        ))
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization")
            .field("client", &self.client)
            .field("redirect_uri", &self.redirect_uri)
            .finish_non_exhaustive()
    }
}

/// The first field of this name in a query.
fn field(query: &str, wanted: &str) -> Option<Secret> {
    form_urlencoded::parse(query.as_bytes())
        .find_map(|(name, value)| (name == wanted).then(|| Secret::from(value.into_owned())))
}

/// Returns an error if no browser could come back to this URL.
fn check_redirect_uri(text: &str) -> Result<(), TokenError> {
    let is_good = |url: &Url| url.fragment().is_none() && url.port() != Some(0);
    match Url::parse(text).ok().filter(is_good) {
        Some(_) => Ok(()),
        None => Err(TokenError::terminal(format!(
            "the return URL must be absolute, without a fragment, and of another port than 0, not {text:?}"
        ))),
    }
}

/// RFC 7636, method S256.
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun() -> Authorization {
        LoginWithAmazon::new("client")
            .authorize("http://127.0.0.1:9090/callback")
            .unwrap()
    }

    #[test]
    fn the_challenge_is_that_of_rfc_7636_appendix_b() {
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn a_verifier_is_as_long_as_rfc_7636_wants_and_of_its_letters() {
        let verifier = begun().verifier;
        let text = verifier.expose();
        assert!((43..=128).contains(&text.len()));
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        assert!(text.bytes().all(allowed));
        assert_ne!(text, begun().verifier.expose());
    }

    #[test]
    fn the_url_has_what_is_documented() {
        let login = begun();
        let url = reqwest::Url::parse(login.url()).unwrap();
        let query: Vec<_> = url.query_pairs().into_owned().collect();
        let challenge = challenge(login.verifier.expose());
        let wanted = [
            ("client_id", "client"),
            ("scope", "music::catalog"),
            ("response_type", "code"),
            ("redirect_uri", "http://127.0.0.1:9090/callback"),
            ("state", login.state.expose()),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let wanted = wanted.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(query, wanted);
        assert!(login.url().starts_with("https://www.amazon.com/ap/oa?"));
    }

    #[test]
    fn only_a_response_to_this_login_has_a_code() {
        let login = begun();
        let state = login.state.expose();
        let code = |query: &str| login.code_in(query).map(|code| code.expose().to_owned());
        assert_eq!(
            code(&format!("code=a%7Cb&scope=x&state={state}")).unwrap(),
            "a|b"
        );
        for query in ["", "code=a", "code=a&state=", "code=a&state=other", "state"] {
            let error = code(query).unwrap_err();
            assert!(error.to_string().contains("another `state`"), "{error}");
        }
        let refused = format!("error=access_denied&error_description=No+way&state={state}");
        let error = code(&refused).unwrap_err();
        assert_eq!(
            (error.code(), error.is_terminal()),
            (Some("access_denied"), true)
        );
        assert_eq!(error.to_string(), "access_denied: No way");
        let error = code(&format!("state={state}")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "login with amazon sent the user back without a code"
        );
    }
}
