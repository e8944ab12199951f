//! Logging a user in from a program at a terminal: a browser that comes back to this machine.

use std::{io, net::Ipv4Addr, time::Duration};

use tokio::net::TcpListener;

use crate::{
    auth::{
        error::TokenError,
        lwa::{
            authorization::Authorization,
            callback::{Callback, Callbacks, Page},
            client::LoginWithAmazon,
            token_set::TokenSet,
        },
        provider::TokenContext,
    },
    clock::within,
};

/// The default port of a login that comes back to this machine.
pub const LOOPBACK_PORT: u16 = 9090;

/// How long a login may take: as long as its code would be good.
const TIMEOUT: Duration = Duration::from_secs(300);

/// A login that comes back to a port of this machine.
///
/// Login with Amazon compares return URLs to the letter, port included: register
/// [`redirect_uri`](Self::redirect_uri) with the client, under Web Settings, Allowed Return URLs.
///
/// ```
/// use amazon_music::auth::{LoginWithAmazon, TokenContext, TokenError, TokenSet};
///
/// # async fn example() -> Result<TokenSet, TokenError> {
/// let client = LoginWithAmazon::new("amzn1.application-oa2-client.0123456789abcdef")
///     .client_secret("…");
/// let http = client.http_client()?;
/// let tokens = client
///     .loopback()
///     .run(TokenContext::new(&http), |url| println!("Open {url}"))
///     .await?;
/// # Ok(tokens)
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a login does nothing until it is run"]
pub struct LoopbackLogin {
    client: LoginWithAmazon,
    port: u16,
    path: String,
    timeout: Duration,
}

impl LoginWithAmazon {
    /// Starts a login that comes back to 127.0.0.1.
    pub fn loopback(&self) -> LoopbackLogin {
        LoopbackLogin {
            client: self.clone(),
            port: LOOPBACK_PORT,
            path: "/callback".to_owned(),
            timeout: TIMEOUT,
        }
    }
}

impl LoopbackLogin {
    /// Sets another port than 9090.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets another path than `/callback`.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Sets how long the user may take. The default is five minutes.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The return URL to register with the client.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.path)
    }

    /// Listens, gives `open` the URL to send the user to, and waits for the response to this login. The
    /// user's browser is shown whether the login worked. Requests with another `state`, as any page that
    /// the user has open can send, are refused and end nothing.
    ///
    /// # Errors
    ///
    /// Returns an error that may pass if the port is taken or Login with Amazon cannot be reached, and a
    /// terminal one if the return URL cannot be used, the user refused, or no response to this login came
    /// in time.
    pub async fn run(
        self,
        context: TokenContext<'_>,
        open: impl FnOnce(&str),
    ) -> Result<TokenSet, TokenError> {
        self.check()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await;
        let listener = listener.map_err(|error| self.cannot_listen(error))?;
        let login = self.client.authorize(self.redirect_uri())?;
        open(login.url());
        let mut callbacks = Callbacks::new(listener, &self.path, context.clock);
        let mut refused = 0;
        let own = own_callback(&mut callbacks, &login, &mut refused);
        let Some(callback) = within(own, || context.clock.timeout(self.timeout)).await else {
            return Err(self.nobody_came(refused));
        };
        // One response only: nobody listens any more.
        drop(callbacks);
        let outcome = login.finish(&callback.query, context).await;
        let page = match &outcome {
            Ok(_) => Page::LoggedIn,
            Err(_) => Page::NotLoggedIn,
        };
        callback.respond(page).await;
        outcome
    }

    /// Returns an error if no browser could come back to the return URL.
    fn check(&self) -> Result<(), TokenError> {
        if self.port == 0 {
            return Err(TokenError::terminal(format!(
                "port 0 is any free port, and login with amazon compares return URLs to the letter, port \
                 included: give the port of a registered return URL (the default is {LOOPBACK_PORT})"
            )));
        }
        let plain = |character: char| character.is_ascii_graphic() && !"?#".contains(character);
        if !self.path.starts_with('/') || !self.path.chars().all(plain) {
            return Err(TokenError::terminal(format!(
                "the path of the return URL must begin with `/` and be ASCII without spaces, `?` and `#`, \
                 not {:?}",
                self.path
            )));
        }
        Ok(())
    }

    fn cannot_listen(&self, error: io::Error) -> TokenError {
        let port = self.port;
        let remedy = match error.kind() {
            io::ErrorKind::AddrInUse => {
                "; another login may be under way: finish it first, or give the port of another \
                 registered return URL"
            }
            _ => "",
        };
        TokenError::passing(format!(
            "cannot listen on port {port} of 127.0.0.1, which the browser must come back to: {error}{remedy}"
        ))
        .with_source(error)
    }

    fn nobody_came(&self, refused: u32) -> TokenError {
        let refused = match refused {
            0 => String::new(),
            1 => "; 1 request of another login was refused".to_owned(),
            count => format!("; {count} requests of other logins were refused"),
        };
        TokenError::terminal(format!(
            "nobody came back within {} seconds: if the browser showed a page of Amazon with an error \
             (400, or `unknown scope`), then the client id is wrong, {} is not among its allowed return \
             URLs, or Amazon has not enabled its security profile for {}{refused}",
            self.timeout.as_secs(),
            self.redirect_uri(),
            self.client.scope,
        ))
    }
}

/// Waits for the callback of this login. Others are refused and counted.
async fn own_callback(
    callbacks: &mut Callbacks<'_>,
    login: &Authorization,
    refused: &mut u32,
) -> Callback {
    loop {
        let callback = callbacks.next().await;
        if login.is_own(&callback.query) {
            return callback;
        }
        *refused = refused.saturating_add(1);
        callback.respond(Page::NotThisLogin).await;
    }
}
