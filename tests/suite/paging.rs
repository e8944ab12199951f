//! Going on where one left off, taking just enough, and asking ahead.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    sync::mpsc,
    time::Duration,
};

use amazon_music::{AmazonMusic, Error, ErrorKind, Items, Position, operations::TopTracks};
use amazon_music_sandbox::{Fault, Faults};
use futures_util::StreamExt as _;
use wiremock::{Mock, MockServer};

use crate::common::{Cursor, builder_at, client_of, client_of_sandbox, json, tracks};

/// What a stream gives next: an id, or the kind of an error.
async fn next(items: &mut Items<TopTracks>) -> Option<Result<String, ErrorKind>> {
    let item = items.next_item().await?;
    Some(item.map(|track| track.id).map_err(|error| error.kind()))
}

async fn rest(mut items: Items<TopTracks>) -> Vec<Result<String, ErrorKind>> {
    let mut rest = Vec::new();
    while let Some(item) = next(&mut items).await {
        rest.push(item);
    }
    rest
}

/// A position as it comes back from where it was kept.
fn kept(position: &Position) -> Position {
    serde_json::from_str(&serde_json::to_string(position).unwrap()).unwrap()
}

#[tokio::test]
async fn resuming_at_every_place_equals_the_straight_run() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let list = music.top_tracks().limit(7);
    let whole = rest(list.clone().items()).await;
    assert_eq!(whole.len(), 100);
    let mut items = list.clone().items();
    for place in 0..=whole.len() {
        let position = items.position();
        let resumed = music.top_tracks().resume(kept(&position)).unwrap();
        assert_eq!(
            resumed.position(),
            position,
            "before anything was asked for"
        );
        assert_eq!(rest(resumed).await, whole[place..], "from {place}");
        assert_eq!(next(&mut items).await.is_none(), place == whole.len());
    }
    assert!(items.position().is_end());
}

#[tokio::test]
async fn items_that_could_not_be_read_count_as_places() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let malformed = || sandbox.set_faults(Faults::random(0, 1.0, [Fault::MalformedItem]));
    malformed();
    let list = music.top_tracks().limit(4);
    let whole = rest(list.clone().items()).await;
    assert_eq!(
        whole[..2],
        [Ok("B0785GTW4T".to_owned()), Err(ErrorKind::Item)]
    );
    let mut items = list.items();
    for place in 0..whole.len() {
        let resumed = music.top_tracks().resume(kept(&items.position())).unwrap();
        assert_eq!(rest(resumed).await, whole[place..], "from {place}");
        assert!(next(&mut items).await.is_some());
    }
}

#[tokio::test]
async fn a_position_is_good_after_an_error_too() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let whole = rest(music.top_tracks().items()).await;
    let mut items = music.top_tracks().items();
    for _ in 0..20 {
        next(&mut items).await.unwrap().unwrap();
    }
    sandbox.set_faults(Faults::in_order([Some(Fault::error(403, "ACCESS_DENIED"))]));
    assert_eq!(next(&mut items).await, Some(Err(ErrorKind::Api)));
    let resumed = music.top_tracks().resume(kept(&items.position())).unwrap();
    assert_eq!(rest(resumed).await, whole[20..]);
}

#[tokio::test]
async fn a_list_that_could_not_be_continued_can_be_resumed() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let whole = rest(music.top_tracks().items()).await;
    sandbox.set_faults(Faults::in_order([None, Some(Fault::MissingToken)]));
    let mut items = music.top_tracks().items();
    for _ in 0..40 {
        next(&mut items).await.unwrap().unwrap();
    }
    let before = kept(&items.position());
    assert_eq!(next(&mut items).await, Some(Err(ErrorKind::Incomplete)));
    assert_eq!(next(&mut items).await, None);
    let after = kept(&items.position());
    assert_eq!(before, after);
    assert!(!after.is_end(), "the list goes on, and nobody said where");
    let resumed = music.top_tracks().resume(after).unwrap();
    assert_eq!(
        rest(resumed).await,
        whole[40..],
        "asked for again, the page tells"
    );
}

#[tokio::test]
async fn a_position_of_another_list_is_refused() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let refused = |outcome: Result<(), Error>| {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Position);
        error.to_string()
    };
    let position = music.category_tracks("abc").limit(5).items().position();
    let newer = serde_json::to_string(&position)
        .unwrap()
        .replace("\"version\":1", "\"version\":2");
    let newer = serde_json::from_str(&newer).unwrap();
    let messages = [
        refused(
            music
                .category_albums("abc")
                .resume(position.clone())
                .map(drop),
        ),
        refused(
            music
                .category_tracks("abd")
                .resume(position.clone())
                .map(drop),
        ),
        refused(
            music
                .category_tracks("abc")
                .limit(6)
                .resume(position.clone())
                .map(drop),
        ),
        refused(music.category_tracks("abc").resume(newer).map(drop)),
    ];
    insta::assert_snapshot!(messages.join("\n"), @r#"
    get_category_albums: the position was taken from getCategoryTracks: resume that list, or start from the beginning
    get_category_tracks: the position was taken from a list with id "abc": resume that list, or start from the beginning
    get_category_tracks: the position was taken with limit 5, not 6: leave out `limit` to resume it
    get_category_tracks: the position has format version 2, and this release reads 1: start from the beginning
    "#);
    let same = music.category_tracks("abc").limit(5).resume(position);
    assert!(same.is_ok());
}

#[tokio::test]
async fn a_list_that_has_changed_under_a_position_is_told() {
    // The position: on the first page, behind `a` and `b`.
    let before = MockServer::start().await;
    let page = |ids: &[&str]| json(&tracks(ids, r#"{"hasNextPage":false}"#));
    Mock::given(Cursor(None))
        .respond_with(page(&["a", "b", "c"]))
        .mount(&before)
        .await;
    let mut items = client_of(&before).top_tracks().items();
    next(&mut items).await;
    next(&mut items).await;
    let position = items.position();

    let changed = Err(ErrorKind::Changed);
    let id = |id: &str| Ok(id.to_owned());
    for (now, wanted) in [
        (&["a", "b", "c"][..], vec![id("c")]),
        (&["x", "a", "b", "c"], vec![changed.clone(), id("c")]),
        (&["b", "c"], vec![changed.clone(), id("c")]),
        (&["x", "y", "z"], vec![changed.clone(), id("z")]),
        (&["x"], vec![changed.clone()]),
        (&["a", "b", "b", "c"], vec![id("b"), id("c")]),
    ] {
        let server = MockServer::start().await;
        Mock::given(Cursor(None))
            .respond_with(page(now))
            .mount(&server)
            .await;
        let resumed = client_of(&server)
            .top_tracks()
            .resume(kept(&position))
            .unwrap();
        assert_eq!(rest(resumed).await, wanted, "{now:?}");
    }
}

#[tokio::test]
async fn a_position_is_good_at_any_moment_while_a_page_is_on_its_way() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let whole = rest(music.top_tracks().items()).await;
    let mut items = music.top_tracks().limit(20).read_ahead().items();
    let mut came = 0;
    while came < whole.len() {
        // Interrupted after each poll, as by a timeout or a signal.
        match futures_util::poll!(std::pin::pin!(items.next_item())) {
            std::task::Poll::Ready(item) => {
                item.unwrap().unwrap();
                came += 1;
            }
            std::task::Poll::Pending => tokio::task::yield_now().await,
        }
        if came % 20 == 0 {
            let mut resumed = music.top_tracks().resume(kept(&items.position())).unwrap();
            assert_eq!(next(&mut resumed).await.as_ref(), whole.get(came));
        }
    }
}

/// The limits of the requests that a server got.
async fn limits(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    let limit = |request: &wiremock::Request| {
        let mut pairs = request.url.query_pairs();
        pairs.find_map(|(name, value)| (name == "limit").then(|| value.into_owned()))
    };
    requests.iter().filter_map(limit).collect()
}

#[tokio::test]
async fn taking_some_items_asks_for_no_page_too_many() {
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
                let answer = json(&tracks(ids, info));
                Mock::given(Cursor(cursor))
                    .respond_with(answer)
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
async fn reading_ahead_gives_the_same_list_and_never_asks_beyond_the_end() {
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
async fn a_failed_page_that_was_asked_for_ahead_is_asked_for_again() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let whole = rest(music.top_tracks().items()).await;
    let faults = [None, Some(Fault::error(403, "ACCESS_DENIED"))];
    sandbox.set_faults(Faults::in_order(faults));
    let mut ahead = rest(music.top_tracks().read_ahead().items()).await;
    assert_eq!(
        ahead.remove(20),
        Err(ErrorKind::Api),
        "after the items of the page before"
    );
    assert_eq!(ahead, whole);
}

/// A server on a thread of its own that answers three pages, and tells of each request.
fn threaded_server() -> (String, mpsc::Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let mut stream = stream;
        for page in 0..3 {
            while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            tell.send(()).unwrap();
            let info = format!(r#"{{"hasNextPage":{},"token":"{page}"}}"#, page < 2);
            let body = tracks(&["a", "b"], &info);
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length";
            write!(stream, "{head}: {}\r\n\r\n{body}", body.len()).unwrap();
        }
    });
    (url, told)
}

#[tokio::test]
async fn the_next_request_has_left_before_the_items_are_handed_out() {
    let (url, told) = threaded_server();
    let music: AmazonMusic = builder_at(url).build().unwrap();
    let mut items = music.top_tracks().limit(2).read_ahead().items();
    next(&mut items).await.unwrap().unwrap();
    told.recv().unwrap();
    // This consumer computes and never awaits: whatever has not left by now does not leave.
    told.recv_timeout(Duration::from_secs(20))
        .expect("the second request left before the first item was handed out");
    next(&mut items).await.unwrap().unwrap();
    next(&mut items).await.unwrap().unwrap();
    told.recv_timeout(Duration::from_secs(20))
        .expect("the third request left before the third item was handed out");
}

#[tokio::test]
async fn a_list_can_be_used_without_naming_a_trait() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let all = music.categories().items().collect_all().await.unwrap();
    assert_eq!(all.len(), 120);
    let mut pages = music.categories().limit(50).pages();
    let mut sizes = Vec::new();
    while let Some(page) = pages.next_page().await {
        sizes.push(page.unwrap().items.len());
    }
    assert_eq!(sizes, [50, 50, 20]);
    sandbox.set_faults(Faults::in_order([
        None,
        Some(Fault::error(404, "RESOURCE_NOT_FOUND")),
    ]));
    let error = music.categories().items().collect_all().await.unwrap_err();
    assert_eq!(error.status(), Some(404));
}
