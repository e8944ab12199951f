//! A server that is not the bottleneck: one thread per connection, responses rendered beforehand.
//!
//! The first segment of a path describes the list, `/<items>-<milliseconds>-<pages>/v1/…`: items per
//! page, latency of a page, and pages of the list (0: endless). Threads instead of tasks, because a
//! thread sleeps to the tenth of a millisecond and a task to the next whole one.

use std::{
    collections::HashMap,
    io::{self, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use crate::bodies::{Response, unauthorized};

/// The token that is rejected.
pub(crate) const EXPIRED: &str = "Atza|expired-token-of-a-usual-length";

/// A token that is accepted.
pub(crate) const FRESH: &str = "Atza|fresh-token-of-the-usual-length-";

/// Rendered responses, by path and number of items.
type Rendered = Arc<Mutex<HashMap<(String, usize), Arc<Response>>>>;

/// Serves until standard input is closed, as it is when the parent process ends.
pub(crate) fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || accept(&listener));
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
}

fn accept(listener: &TcpListener) {
    let rendered = Rendered::default();
    for stream in listener.incoming() {
        let (stream, rendered) = (stream.unwrap(), rendered.clone());
        thread::Builder::new()
            .stack_size(64 * 1024)
            .spawn(move || connection(stream, &rendered))
            .unwrap();
    }
}

/// A parsed request.
#[derive(Debug, PartialEq, Eq)]
struct Asked<'a> {
    path: &'a str,
    items: usize,
    latency: Duration,
    pages: usize,
    page: usize,
}

fn connection(mut stream: TcpStream, rendered: &Rendered) {
    let _ = stream.set_nodelay(true);
    let (mut received, mut filled, mut response) = (vec![0; 8192], 0, String::new());
    let unauthorized = unauthorized();
    let mut known: HashMap<(String, usize), Arc<Response>> = HashMap::new();
    loop {
        match stream.read(&mut received[filled..]) {
            Ok(0) | Err(_) => return,
            Ok(length) => filled += length,
        }
        if !received[..filled].ends_with(b"\r\n\r\n") {
            continue;
        }
        let came = Instant::now();
        let request = std::str::from_utf8(&received[..filled]).unwrap();
        filled = 0;
        let asked = parse(request);
        if request.contains(EXPIRED) {
            response.clone_from(&unauthorized);
        } else {
            let key = (asked.path.to_owned(), asked.items);
            let found = known.entry(key.clone()).or_insert_with(|| {
                let mut rendered = rendered.lock().unwrap();
                let render = || Arc::new(Response::render(asked.path, asked.items));
                rendered.entry(key).or_insert_with(render).clone()
            });
            found.write(&mut response, asked.page, asked.pages);
        }
        if let Some(left) = asked.latency.checked_sub(came.elapsed()) {
            thread::sleep(left);
        }
        if stream.write_all(response.as_bytes()).is_err() {
            return;
        }
    }
}

fn parse(request: &str) -> Asked<'_> {
    let target = request.split(' ').nth(1).unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let (world, path) = path[1..].split_once("/v1").unwrap();
    let numbers: Vec<usize> = world
        .split('-')
        .map(|number| number.parse().unwrap())
        .collect();
    let cursor = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("cursor="));
    Asked {
        path,
        items: numbers[0],
        latency: Duration::from_millis(numbers[1] as u64),
        pages: numbers[2],
        page: cursor.map_or(1, |cursor| cursor.parse().unwrap()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_describes_its_list() {
        let asked = parse(
            "GET /100-20-7/v1/browse/tracks/top?limit=5&cursor=00000003 HTTP/1.1\r\na: b\r\n\r\n",
        );
        let wanted = Asked {
            path: "/browse/tracks/top",
            items: 100,
            latency: Duration::from_millis(20),
            pages: 7,
            page: 3,
        };
        assert_eq!(asked, wanted);
    }
}
