//! A proxy in front of a sandbox: a token bucket, and 429 for all that is beyond it.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Instant,
};

use amazon_music_sandbox::Running;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::roles;

/// A running proxy. Ends with the process.
pub(crate) struct Proxy {
    /// The base URL.
    pub(crate) url: String,
    /// The security profile of the sandbox.
    pub(crate) profile: String,
    /// An access token of the sandbox.
    pub(crate) token: String,
    limit: Arc<Limit>,
}

struct Limit {
    rate: f64,
    burst: f64,
    /// How many requests may leave, and as of when.
    bucket: Mutex<(f64, Instant)>,
    admitted: AtomicUsize,
    refused: AtomicUsize,
}

impl Limit {
    fn admits(&self) -> bool {
        let mut bucket = self.bucket.lock().unwrap();
        let (left, since) = *bucket;
        let now = Instant::now();
        let left = (left + self.rate * (now - since).as_secs_f64()).min(self.burst);
        let is_admitted = left >= 1.0;
        *bucket = (if is_admitted { left - 1.0 } else { left }, now);
        let count = if is_admitted {
            &self.admitted
        } else {
            &self.refused
        };
        count.fetch_add(1, Ordering::Relaxed);
        is_admitted
    }
}

impl Proxy {
    /// Starts a sandbox and a proxy in front of it, on a thread of their own.
    pub(crate) fn start(rate: f64, burst: f64) -> Self {
        let limit = Arc::new(Limit {
            rate,
            burst,
            bucket: Mutex::new((burst, Instant::now())),
            admitted: AtomicUsize::new(0),
            refused: AtomicUsize::new(0),
        });
        let (ready, started) = mpsc::channel();
        let shared = limit.clone();
        thread::spawn(move || roles::block_on(serve(shared, ready)));
        let (url, profile, token) = started.recv().unwrap();
        Self {
            url,
            profile,
            token,
            limit,
        }
    }

    /// How many requests were admitted and refused.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let read = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        (read(&self.limit.admitted), read(&self.limit.refused))
    }
}

async fn serve(limit: Arc<Limit>, ready: mpsc::Sender<(String, String, String)>) {
    let sandbox: Running = amazon_music_sandbox::start().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let (profile, token) = (sandbox.security_profile_id(), sandbox.token());
    ready
        .send((url, profile.to_owned(), token.to_owned()))
        .unwrap();
    let origin = sandbox.base_url().trim_end_matches("/v1").to_owned();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    while let Ok((socket, _)) = listener.accept().await {
        tokio::spawn(connection(
            socket,
            limit.clone(),
            origin.clone(),
            http.clone(),
        ));
    }
}

/// Serves the requests of one connection, one after another.
async fn connection(socket: TcpStream, limit: Arc<Limit>, origin: String, http: reqwest::Client) {
    let mut socket = BufReader::new(socket);
    while let Some((path, headers)) = request(&mut socket).await {
        let (status, body) = if limit.admits() {
            let request = http.get(format!("{origin}{path}"));
            let request = headers.iter().fold(request, |request, (name, value)| {
                request.header(name, value)
            });
            let response = request.send().await.unwrap();
            (response.status().as_u16(), response.bytes().await.unwrap())
        } else {
            (429, Default::default())
        };
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} -\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        let response = [head.as_bytes(), &body].concat();
        if socket.write_all(&response).await.is_err() {
            return;
        }
    }
}

/// The path and the credentials of the next request.
async fn request(socket: &mut BufReader<TcpStream>) -> Option<(String, Vec<(String, String)>)> {
    let mut line = String::new();
    socket.read_line(&mut line).await.ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    loop {
        line.clear();
        socket.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            return Some((path, headers));
        };
        if ["authorization", "x-api-key"].contains(&&*name.to_lowercase()) {
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
}
