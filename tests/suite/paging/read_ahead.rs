//! Reading part of a list, and prefetching pages.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    sync::mpsc,
    time::Duration,
};

use amazon_music::{AmazonMusic, ErrorKind};
use amazon_music_sandbox::{Fault, Faults};
use futures_util::StreamExt as _;
use wiremock::{Mock, MockServer};

use super::{next, rest};
use crate::common::{Cursor, builder_at, client_of, client_of_sandbox, json, tracks};

/// The limits in the requests that a server received.
async fn limits(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    let limit = |request: &wiremock::Request| {
        let mut pairs = request.url.query_pairs();
        pairs.find_map(|(name, value)| (name == "limit").then(|| value.into_owned()))
    };
    requests.iter().filter_map(limit).collect()
}

#[tokio::test]
async fn taking_some_items_requests_no_page_too_many() {
    for read_ahead in [false, true] {
        for (count, limit, wanted) in [
            (0, 2, &[][..]),
            (1, 2, &["1"]),
            (2, 2, &["2"]),
            (3, 2, &["2", "2"]),
            (4, 2, &["2", "2"]),
            (5, 2, &["2", "2", "2"]),
            (99, 2, &["2", "2", "2"]),
        ] {
            let server = MockServer::start().await;
            for (cursor, ids, info) in [
                (None, &["a", "b"], r#"{"hasNextPage":true,"token":"1"}"#),
                (
                    Some("1"),
                    &["c", "d"],
                    r#"{"hasNextPage":true,"token":"2"}"#,
                ),
                (Some("2"), &["e", "f"], r#"{"hasNextPage":false}"#),
            ] {
                let response = json(&tracks(ids, info));
                Mock::given(Cursor(cursor))
                    .respond_with(response)
                    .mount(&server)
                    .await;
            }
            let mut list = client_of(&server).top_tracks().limit(limit);
            if read_ahead {
                list = list.read_ahead();
            }
            let items: Vec<_> = list.take_items(count).collect().await;
            assert_eq!(items.len(), count.min(6), "{count}");
            assert_eq!(
                limits(&server).await,
                wanted,
                "{count}, ahead: {read_ahead}"
            );
        }
    }
}

#[tokio::test]
async fn reading_ahead_gives_the_same_list_and_requests_nothing_beyond_the_end() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let straight = rest(music.top_tracks().limit(9).items()).await;
    let before = sandbox.requests();
    let ahead = rest(music.top_tracks().limit(9).read_ahead().items()).await;
    assert_eq!(ahead, straight);
    assert_eq!(
        sandbox.requests() - before,
        12,
        "a hundred items in pages of nine"
    );
}

#[tokio::test]
async fn a_failed_prefetch_is_requested_again() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = builder_at(sandbox.base_url())
        .security_profile_id(sandbox.security_profile_id())
        .token(sandbox.token())
        .build()
        .unwrap();
    let whole = rest(music.top_tracks().items()).await;
    let faults = [None, Some(Fault::BadGateway)];
    sandbox.set_faults(Faults::in_order(faults));
    let mut ahead = rest(music.top_tracks().read_ahead().items()).await;
    assert_eq!(
        ahead.remove(20),
        Err(ErrorKind::Api),
        "after the items of the page before"
    );
    assert_eq!(ahead, whole);
}

/// A server on a separate thread that serves three pages, and reports each request.
fn threaded_server() -> (String, mpsc::Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, requests) = mpsc::channel();
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let mut stream = stream;
        for page in 0..3 {
            while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            sender.send(()).unwrap();
            let info = format!(r#"{{"hasNextPage":{},"token":"{page}"}}"#, page < 2);
            let body = tracks(&["a", "b"], &info);
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length";
            write!(stream, "{head}: {}\r\n\r\n{body}", body.len()).unwrap();
        }
    });
    (url, requests)
}

#[tokio::test]
async fn the_next_request_is_sent_before_the_items_are_handed_out() {
    let (url, requests) = threaded_server();
    let music: AmazonMusic = builder_at(url).build().unwrap();
    let mut items = music.top_tracks().limit(2).read_ahead().items();
    next(&mut items).await.unwrap().unwrap();
    requests.recv().unwrap();
    // This consumer computes and never awaits: a request that is not sent by now is never sent.
    requests
        .recv_timeout(Duration::from_secs(20))
        .expect("the second request was sent before the first item was handed out");
    next(&mut items).await.unwrap().unwrap();
    next(&mut items).await.unwrap().unwrap();
    requests
        .recv_timeout(Duration::from_secs(20))
        .expect("the third request was sent before the third item was handed out");
}
