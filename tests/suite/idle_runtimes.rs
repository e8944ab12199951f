//! Connections that close and runtimes that stand still while nobody drives them.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, channel},
    },
    thread,
    time::Duration,
};

use amazon_music::{
    RetrySettings,
    auth::{AccessToken, TokenError, token_from},
    clock::ManualClock,
};
use futures_util::FutureExt as _;
use tokio::runtime::{Builder, Runtime};

use crate::common::{always, builder_at, json, tracks};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A server that promises to keep connections, and closes each after one response. Returns its URL, and
/// a word for each connection that it has closed; if it `waits`, once the client has closed it as well.
fn hasty_server(waits: bool) -> (String, Receiver<usize>) {
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
            if waits {
                socket.shutdown(Shutdown::Write).unwrap();
                let _ = socket.read_to_end(&mut Vec::new());
            }
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
    let (url, closed) = hasty_server(true);
    let runtime = runtime();
    // One attempt per call, so that a lost one is an error.
    let music = builder_at(url).build().unwrap();
    for round in 0..50 {
        let page = runtime.block_on(music.top_tracks().send()).unwrap();
        assert_eq!(page.items.len(), 1);
        let seen = runtime.block_on(async {
            loop {
                tokio::task::yield_now().await;
                if let Ok(seen) = closed.try_recv() {
                    return seen;
                }
            }
        });
        assert_eq!(seen, round, "a request was sent twice");
    }
}

#[test]
fn a_request_on_a_connection_that_was_closed_unseen_is_retried() {
    let (url, closed) = hasty_server(false);
    let runtime = runtime();
    let retries = RetrySettings::new()
        .max_attempts(2)
        .base_delay(Duration::ZERO);
    let music = builder_at(url).retries(retries).build().unwrap();
    for round in 0..50 {
        // Nobody polls the client meanwhile: the request is written, and nothing tells that from one
        // that a server has read before it broke off.
        runtime.block_on(music.top_tracks().send()).unwrap();
        assert_eq!(closed.recv().unwrap(), round, "a request was served twice");
    }
}

#[test]
fn a_refresh_on_a_runtime_that_stands_still_is_given_up_and_made_anew() {
    let asked = Arc::new(AtomicUsize::new(0));
    let provider = token_from({
        let asked = asked.clone();
        move || {
            let number = asked.fetch_add(1, Ordering::SeqCst);
            async move {
                if number == 0 {
                    std::future::pending::<()>().await;
                }
                Ok::<_, TokenError>(AccessToken::new("good"))
            }
        }
    });
    let (driven, stands) = (runtime(), runtime());
    let page = json(&tracks(&["a"], r#"{"hasNextPage":false}"#));
    let server = driven.block_on(always(page));
    let clock = ManualClock::new();
    let music = builder_at(server.uri())
        .tokens(provider)
        .clock(clock.clone());
    let music = music.build().unwrap();
    stands.block_on(async {
        let list = music.top_tracks();
        let mut call = pin!(list.send());
        assert!(
            (&mut call).now_or_never().is_none(),
            "the refresh has begun"
        );
        drive().await;
    });
    assert_eq!(asked.load(Ordering::SeqCst), 1);

    // Neither a call nor the end of a program waits for ever.
    let page = driven.block_on(async {
        let list = music.top_tracks();
        let (mut call, mut end) = (pin!(list.send()), pin!(music.settle()));
        assert!((&mut call).now_or_never().is_none());
        assert!((&mut end).now_or_never().is_none());
        clock.advance(Duration::from_secs(65));
        end.await;
        call.await
    });
    assert_eq!(page.unwrap().items.len(), 1);
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    driven.block_on(music.settle());

    // That of the runtime that stands still ends late, and changes nothing.
    stands.block_on(drive());
    drop(stands);
    driven.block_on(music.top_tracks().send()).unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[test]
fn a_prefetch_on_a_runtime_that_stands_still_is_given_up_and_its_place_can_be_resumed() {
    let (driven, stands) = (runtime(), runtime());
    let page = json(&tracks(&["a"], r#"{"hasNextPage":true,"token":"next"}"#));
    // The prefetch is not over before its runtime stands still.
    let asked = AtomicUsize::new(0);
    let server = driven.block_on(always(move |_: &wiremock::Request| {
        match asked.fetch_add(1, Ordering::SeqCst) {
            1 => page.clone().set_delay(Duration::from_secs(3600)),
            _ => page.clone(),
        }
    }));
    let clock = ManualClock::new();
    let music = builder_at(server.uri()).clock(clock.clone());
    let music = music
        .overall_timeout(Duration::from_secs(20))
        .build()
        .unwrap();
    let mut items = music.top_tracks().read_ahead().items();
    stands.block_on(items.next_item()).unwrap().unwrap();

    let error = driven.block_on(async {
        let mut next = pin!(items.next_item());
        assert!((&mut next).now_or_never().is_none());
        clock.advance(Duration::from_secs(25));
        next.await.unwrap().unwrap_err()
    });
    insta::assert_snapshot!(error, @"get_top_tracks: the prefetch of the next page was given up: its runtime stands still; poll the stream on a runtime that is driven");
    driven.block_on(async {
        assert!(items.next_item().await.is_none());
        let mut rest = music.top_tracks().resume(items.position()).unwrap();
        rest.next_item().await.unwrap().unwrap();
    });
}
