//! The port that a browser comes back to: connections, requests and pages.

use std::{collections::VecDeque, io, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::{AbortHandle, JoinSet},
};
use zeroize::Zeroizing;

use crate::clock::Clock;

/// The bound of a request. A callback has a code of at most 2 KiB and the headers of a browser.
const MAX_HEAD: usize = 16 * 1024;

/// The size of one read.
const PIECE: usize = 1024;

/// Connections that are read at a time. A browser opens a handful, some of which it does not use.
const MAX_CONNECTIONS: usize = 32;

/// The delay before the next `accept` after one that failed, as without free descriptors.
const ACCEPT_DELAY: Duration = Duration::from_millis(100);

/// Listens for requests to one path. Each connection is read by itself, as browsers open some that they
/// do not use; a request for anything else is served a 404.
pub(super) struct Callbacks<'a> {
    listener: TcpListener,
    path: &'a str,
    clock: &'a dyn Clock,
    readers: JoinSet<io::Result<(TcpStream, Target)>>,
    /// The readers in the order they came.
    order: VecDeque<AbortHandle>,
}

/// The target of a request: path and query.
type Target = Zeroizing<String>;

/// A request to the path, without a response yet.
pub(super) struct Callback {
    stream: TcpStream,
    pub(super) query: Zeroizing<String>,
}

/// The response to a callback.
pub(super) enum Page {
    LoggedIn,
    NotLoggedIn,
    NotThisLogin,
}

impl<'a> Callbacks<'a> {
    pub(super) fn new(listener: TcpListener, path: &'a str, clock: &'a dyn Clock) -> Self {
        Self {
            listener,
            path,
            clock,
            readers: JoinSet::new(),
            order: VecDeque::new(),
        }
    }

    /// Waits for the next request to the path.
    pub(super) async fn next(&mut self) -> Callback {
        loop {
            tokio::select! {
                stream = accept(&self.listener, self.clock) => self.read(stream),
                Some(read) = self.readers.join_next() => {
                    // One that asked for nothing is gone already.
                    let Ok(Ok((mut stream, target))) = read else {
                        continue;
                    };
                    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
                    if path == self.path {
                        let query = Zeroizing::new(query.to_owned());
                        return Callback { stream, query };
                    }
                    let _ = send(&mut stream, "404 Not Found", "Not found", "Nothing is here.").await;
                }
            }
        }
    }

    /// Reads a connection beside the others; the oldest of too many makes room for it.
    fn read(&mut self, stream: TcpStream) {
        self.order.retain(|reader| !reader.is_finished());
        if self.order.len() >= MAX_CONNECTIONS
            && let Some(oldest) = self.order.pop_front()
        {
            oldest.abort();
        }
        self.order
            .push_back(self.readers.spawn(read_target(stream)));
    }
}

impl Callback {
    /// Shows a page. A browser that has gone away changes nothing about the login.
    pub(super) async fn respond(mut self, page: Page) {
        let (status, title, text) = match page {
            Page::LoggedIn => (
                "200 OK",
                "Logged in",
                "You can close this page and go back to the program.",
            ),
            Page::NotLoggedIn => (
                "400 Bad Request",
                "Not logged in",
                "The program says why. You can close this page.",
            ),
            Page::NotThisLogin => (
                "400 Bad Request",
                "Not logged in",
                "This is not the response to the login that is under way, which goes on: open the address \
                 that the program shows.",
            ),
        };
        let _ = send(&mut self.stream, status, title, text).await;
    }
}

/// Accepts the next connection. A failure is no reason to give up, nor to retry without a delay.
async fn accept(listener: &TcpListener, clock: &dyn Clock) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(_) => clock.sleep(ACCEPT_DELAY).await,
        }
    }
}

/// Reads the target of a GET request.
async fn read_target(mut stream: TcpStream) -> io::Result<(TcpStream, Target)> {
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

/// Sends a page that fetches nothing from elsewhere, and ends the connection.
async fn send(stream: &mut TcpStream, status: &str, title: &str, text: &str) -> io::Result<()> {
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
