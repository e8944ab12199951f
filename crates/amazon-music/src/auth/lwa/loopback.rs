//! Logging a user in from a program at a terminal: a browser that comes back to this machine.

use std::{io, net::Ipv4Addr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use zeroize::Zeroizing;

use crate::{
    auth::{
        error::TokenError,
        lwa::{authorization::Authorization, client::LoginWithAmazon, token_set::TokenSet},
        provider::TokenContext,
    },
    clock::within,
};

/// The port that is listened on where none is set.
pub const LOOPBACK_PORT: u16 = 9090;

/// How long a login may take: as long as its code would be good.
const TIMEOUT: Duration = Duration::from_secs(300);

/// How much of a request is read. A callback has a code of at most 2 KiB and the headers of a browser.
const MAX_HEAD: usize = 16 * 1024;

/// How much is read at a time.
const PIECE: usize = 1024;

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
    /// A login that comes back to 127.0.0.1.
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
    /// Another port than 9090.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Another path than `/callback`.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// How long to wait for the user. The default is five minutes.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The return URL to register with the client.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.path)
    }

    /// Listens, gives `open` the URL to send the user to, and waits for the one answer. The user's
    /// browser is told whether the login worked.
    ///
    /// # Errors
    ///
    /// A terminal error where the port is taken, the user refused, the answer is not of this login, or
    /// none came in time.
    pub async fn run(
        self,
        context: TokenContext<'_>,
        open: impl FnOnce(&str),
    ) -> Result<TokenSet, TokenError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await;
        let listener = listener.map_err(|error| {
            let port = self.port;
            TokenError::terminal(format!(
                "cannot listen on port {port} of 127.0.0.1, where the browser must come back to: \
                 {error}"
            ))
        })?;
        let login = self.client.authorize(self.redirect_uri())?;
        open(login.url());
        let answer = callback(&listener, &self.path);
        let Some(callback) = within(answer, || context.clock.timeout(self.timeout)).await else {
            return Err(self.nobody_came());
        };
        // One answer only: whoever comes after it finds nobody.
        drop(listener);
        finish(&login, callback, context).await
    }

    fn nobody_came(&self) -> TokenError {
        TokenError::terminal(format!(
            "nobody came back within {} seconds: if the browser showed a page of Amazon with an error \
             (400, or `unknown scope`), then the client id is wrong, {} is not among its allowed return \
             URLs, or Amazon has not enabled its security profile for {}",
            self.timeout.as_secs(),
            self.redirect_uri(),
            self.client.scope,
        ))
    }
}

/// A request to the path that was registered, still to be answered.
struct Callback {
    stream: TcpStream,
    query: Zeroizing<String>,
}

/// Fetches the tokens, then tells the browser how it went.
async fn finish(
    login: &Authorization,
    mut callback: Callback,
    context: TokenContext<'_>,
) -> Result<TokenSet, TokenError> {
    let outcome = login.finish(&callback.query, context).await;
    let (status, title, text) = match &outcome {
        Ok(_) => (
            "200 OK",
            "Logged in",
            "You can close this page and go back to the program.",
        ),
        Err(_) => (
            "400 Bad Request",
            "Not logged in",
            "The program says why. You can close this page.",
        ),
    };
    // A browser that has gone away changes nothing about the login.
    let _ = answer(&mut callback.stream, status, title, text).await;
    outcome
}

/// Waits for the request. Browsers open connections that they do not use, and ask for icons: each
/// connection is read by itself, and what is not asked for is answered 404.
async fn callback(listener: &TcpListener, path: &str) -> Callback {
    let mut readers = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // A connection that failed before it was accepted is no reason to give up.
                if let Ok((stream, _)) = accepted {
                    readers.spawn(read_target(stream));
                }
            }
            Some(read) = readers.join_next() => {
                // One that asked for nothing is gone already.
                let Ok(Ok((mut stream, target))) = read else {
                    continue;
                };
                let (asked, query) = target.split_once('?').unwrap_or((&target, ""));
                if asked == path {
                    let query = Zeroizing::new(query.to_owned());
                    return Callback { stream, query };
                }
                let _ = answer(&mut stream, "404 Not Found", "Not found", "Nothing is here.").await;
            }
        }
    }
}

/// The target of a GET request.
async fn read_target(mut stream: TcpStream) -> io::Result<(TcpStream, Zeroizing<String>)> {
    let mut head = Zeroizing::new(Vec::with_capacity(MAX_HEAD + PIECE));
    let mut piece = Zeroizing::new([0; PIECE]);
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        let count = stream.read(&mut *piece).await?;
        if count == 0 || head.len() > MAX_HEAD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        head.extend_from_slice(&piece[..count]);
    }
    let head = std::str::from_utf8(&head).map_err(|_| io::ErrorKind::InvalidData)?;
    let mut words = head.lines().next().unwrap_or_default().split(' ');
    match (words.next(), words.next()) {
        (Some("GET"), Some(target)) => Ok((stream, Zeroizing::new(target.to_owned()))),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// A page without anything that would be fetched from elsewhere, after which the connection ends.
async fn answer(stream: &mut TcpStream, status: &str, title: &str, text: &str) -> io::Result<()> {
    let body = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
         <link rel=\"icon\" href=\"data:,\">\
         <body style=\"font-family: sans-serif; margin: 4em\"><h1>{title}</h1><p>{text}</p></html>"
    );
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.shutdown().await
}
