//! Connections that close and runtimes that stand still while nobody drives them.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use amazon_music::RetrySettings;
use tokio::runtime::{Builder, Runtime};

use crate::common::{builder_at, tracks};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A server that promises to keep connections, and closes each after one response. Returns its URL, and
/// a word for each connection that it has closed.
fn hasty_server() -> (String, Receiver<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let (closed, told) = channel();
    thread::spawn(move || {
        for (number, socket) in listener.incoming().enumerate() {
            let mut socket = socket.unwrap();
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") && socket.read(&mut byte).unwrap_or(0) == 1 {
                head.extend(byte);
            }
            let body = tracks(&["a"], r#"{"hasNextPage":false}"#);
            let length = body.len();
            let head =
                format!("HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: {length}");
            socket
                .write_all(format!("{head}\r\n\r\n{body}").as_bytes())
                .unwrap();
            drop(socket);
            closed.send(number).unwrap();
        }
    });
    (url, told)
}

/// Lets everything that is ready happen: the I/O driver is asked every 61 polls.
async fn drive() {
    for _ in 0..500 {
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_pooled_connection_that_is_known_to_be_closed_costs_no_attempt() {
    let (url, closed) = hasty_server();
    let runtime = runtime();
    // One attempt per call, so that a lost one is an error.
    let music = builder_at(url).build().unwrap();
    for round in 0..50 {
        let page = runtime.block_on(music.top_tracks().send()).unwrap();
        assert_eq!(page.items.len(), 1);
        assert_eq!(closed.recv().unwrap(), round, "a request was sent twice");
        runtime.block_on(drive());
    }
}

#[test]
fn a_request_on_a_connection_that_was_closed_unseen_is_retried() {
    let (url, closed) = hasty_server();
    let runtime = runtime();
    let retries = RetrySettings::new()
        .max_attempts(2)
        .base_wait(Duration::ZERO);
    let music = builder_at(url).retries(retries).build().unwrap();
    for round in 0..50 {
        // Nobody polls the client meanwhile: the request is written, and nothing tells that from one
        // that a server has read before it broke off.
        runtime.block_on(music.top_tracks().send()).unwrap();
        assert_eq!(closed.recv().unwrap(), round, "a request was served twice");
    }
}
