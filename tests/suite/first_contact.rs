//! Responses of status 200 that hold something else than the documented list: never taken for a list
//! that has ended.

use amazon_music::{AmazonMusic, Error, ErrorKind, Page, Served, blocking::Blocking, types::Track};
use futures_util::{Stream, StreamExt as _};
use wiremock::{Mock, MockServer};

mod cases;

use self::cases::{CASES, Case, case};
use crate::common::{Cursor, always, client_of, json, tracks};

fn assert_is(error: &Error, kind: ErrorKind, text: &str, case: &Case) {
    assert_eq!(error.kind(), kind, "{}: {error}", case.body);
    assert!(error.to_string().contains(text), "{}: {error}", case.body);
    assert_eq!(
        error.is_transient(),
        case.is_transient,
        "{}: {error}",
        case.body
    );
    assert_eq!(error.operation(), Some("get_top_tracks"));
    assert_eq!(error.status(), Some(200));
}

/// What a way of reading gave: ids and errors in their order.
type Outcomes = Vec<Result<String, Error>>;

/// All elements of a stream.
async fn all<T>(
    stream: impl Stream<Item = Result<T, Error>>,
    ids: impl Fn(T) -> Vec<String>,
) -> Outcomes {
    let mut outcomes = Vec::new();
    let mut stream = std::pin::pin!(stream);
    while let Some(element) = stream.next().await {
        match element {
            Ok(element) => outcomes.extend(ids(element).into_iter().map(Ok)),
            Err(error) => outcomes.push(Err(error)),
        }
    }
    outcomes
}

/// The same list, read in each way there is.
async fn every_way(server: &MockServer) -> Vec<(&'static str, Outcomes)> {
    let music = client_of(server);
    let id = |track: Track| vec![track.id];
    let list = || music.top_tracks();
    let start = list().items().position();
    let pages = |page: Page<Track>| page.items.into_iter().map(|track| track.id).collect();
    let many = amazon_music::many([list()], 2).map(|(_, item)| item);
    let served = |track: Served<serde_json::Value>| vec![track.id().to_owned()];
    // A client of its own: connections of this runtime stand still while the thread is waited for.
    let blocked = client_of(server);
    let blocking = std::thread::spawn(move || {
        let blocking = Blocking::new().unwrap();
        let items = blocking.iter(blocked.top_tracks().items());
        items.map(|item| item.map(|track| track.id)).collect()
    });
    vec![
        ("items", all(list().items(), id).await),
        ("prefetch", all(list().read_ahead().items(), id).await),
        ("take", all(list().take_items(100), id).await),
        ("resume", all(list().resume(start).unwrap(), id).await),
        ("pages", all(list().pages(), pages).await),
        (
            "served",
            all(list().served().items(), |track| id(track.value)).await,
        ),
        ("own type", all(list().served_as().items(), served).await),
        ("many", all(many, id).await),
        ("blocking", blocking.join().unwrap()),
    ]
}

#[tokio::test]
async fn a_first_page_without_its_list_is_an_error_or_an_empty_list_that_is_said_to_be_missing() {
    for case in CASES {
        let server = always(json(case.body)).await;
        let sent = client_of(&server).top_tracks().send().await;
        match case.first {
            Some((kind, text)) => assert_is(&sent.unwrap_err(), kind, text, case),
            None => {
                let page = sent.unwrap();
                assert!(page.items.is_empty() && page.is_missing, "{}", case.body);
            }
        }
    }
}

#[tokio::test]
async fn every_way_to_read_a_list_agrees_on_a_first_page_without_it() {
    for case in CASES.iter().filter(|case| !case.is_transient) {
        let server = always(json(case.body)).await;
        for (way, outcomes) in every_way(&server).await {
            match (case.first, &outcomes[..]) {
                (Some((kind, text)), [Err(error)]) => assert_is(error, kind, text, case),
                (None, []) => {}
                _ => panic!("{way}: {}: {outcomes:?}", case.body),
            }
        }
    }
}

/// A server whose first page says that there is another, and whose second page is this.
async fn second_page(body: &str) -> (MockServer, AmazonMusic) {
    let server = MockServer::start().await;
    let first = tracks(&["a", "b"], r#"{"hasNextPage":true,"token":"next"}"#);
    for (cursor, body) in [(None, first.as_str()), (Some("next"), body)] {
        Mock::given(Cursor(cursor))
            .respond_with(json(body))
            .mount(&server)
            .await;
    }
    let music = client_of(&server);
    (server, music)
}

#[tokio::test]
async fn a_later_page_without_its_list_is_never_the_end() {
    for case in CASES {
        let (_server, music) = second_page(case.body).await;
        let kind = later(case);
        let sent = music.top_tracks().cursor("next").send().await;
        assert_is(&sent.unwrap_err(), kind, "", case);

        let mut items = music.top_tracks().items();
        assert_eq!(items.next_item().await.unwrap().unwrap().id, "a");
        assert_eq!(items.next_item().await.unwrap().unwrap().id, "b");
        let error = items.next_item().await.unwrap().unwrap_err();
        assert_is(&error, kind, "", case);
        // Nothing is lost: the place behind the second item can be resumed.
        assert!(!items.position().is_end(), "{}", case.body);
    }
}

#[tokio::test]
async fn every_way_to_read_a_list_agrees_on_a_later_page_without_it() {
    for case in CASES {
        let (server, _) = second_page(case.body).await;
        for (way, outcomes) in every_way(&server).await {
            let [Ok(a), Ok(b), Err(error)] = &outcomes[..] else {
                panic!("{way}: {}: {outcomes:?}", case.body);
            };
            assert_eq!((a.as_str(), b.as_str()), ("a", "b"));
            assert_is(error, later(case), "", case);
        }
    }
}

/// The kind of the error on a later page.
fn later(case: &Case) -> ErrorKind {
    if case.body.starts_with('<') {
        ErrorKind::Decode
    } else {
        ErrorKind::Incomplete
    }
}

#[tokio::test]
async fn an_empty_array_on_a_later_page_is_a_list() {
    let (_server, music) = second_page(&tracks(&[], r#"{"hasNextPage":false}"#)).await;
    assert_eq!(
        music
            .top_tracks()
            .items()
            .collect_all()
            .await
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn an_entity_that_is_absent_is_an_error_that_says_what_stands_there() {
    // Everything around an entity may be there, and it is missing all the same.
    let absent = [
        ("{}", "it is an empty object"),
        (r#"{"data":{}}"#, "it is absent"),
        (r#"{"data":{"category":null}}"#, "it is absent"),
        (r#"{"data":{"tag":{}}}"#, "it holds `data.tag`"),
    ]
    .map(|(body, text)| case(body, ErrorKind::Decode, text));
    // Bodies that name the list are those of a list.
    let of_lists = CASES
        .iter()
        .filter(|case| case.first.is_some() && !case.body.contains("topTracks"));
    for case in of_lists.chain(&absent) {
        let (kind, text) = case.first.unwrap();
        let text = text.replace("data.topTracks", "data.category");
        let server = always(json(case.body)).await;
        let music = client_of(&server);
        let get = || music.category("c");
        let blocked = client_of(&server);
        let blocking = std::thread::spawn(move || {
            let blocking = Blocking::new().unwrap();
            blocking.wait(blocked.category("c").send()).unwrap_err()
        });
        for error in [
            get().send().await.unwrap_err(),
            get().send_with_meta().await.unwrap_err(),
            get().served().send().await.unwrap_err(),
            get()
                .served_as::<serde_json::Value>()
                .send()
                .await
                .unwrap_err(),
            blocking.join().unwrap(),
        ] {
            assert_eq!(error.kind(), kind, "{}: {error}", case.body);
            assert!(error.to_string().contains(&text), "{}: {error}", case.body);
            assert_eq!(error.is_transient(), case.is_transient, "{error}");
        }
    }
}

#[tokio::test]
async fn the_list_of_a_category_is_read_in_the_form_of_the_tables_too() {
    for body in [
        r#"{"data":{"albums":{"edges":[{"node":{"id":"a"}}],"pageInfo":{"hasNextPage":false}}}}"#,
        r#"{"data":{"category":{"id":"c"},"albums":{"edges":[{"node":{"id":"a"}}]}}}"#,
    ] {
        let server = always(json(body)).await;
        let page = client_of(&server)
            .category_albums("c")
            .send()
            .await
            .unwrap();
        assert_eq!(page.items[0].id, "a", "{body}");
    }
    // The table of this operation says `playlists`, "Collection of tracks in the specified category".
    for name in ["tracks", "playlists"] {
        let body = format!(r#"{{"data":{{"{name}":{{"edges":[{{"node":{{"id":"a"}}}}]}}}}}}"#);
        let server = always(json(&body)).await;
        let list = client_of(&server).category_tracks("c");
        assert_eq!(list.send().await.unwrap().items[0].id, "a", "{body}");
    }
    let body = r#"{"data":{"playlists":{"edges":[{"node":{"id":"a"}}]}}}"#;
    let server = always(json(body)).await;
    let list = client_of(&server).category_albums("c");
    assert_eq!(list.send().await.unwrap_err().kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn text_that_is_not_unicode_costs_no_item() {
    let rows = |odd: &str| {
        let edges: Vec<String> = (0..60)
            .map(|row| match row {
                20 => format!(r#"{{"node":{{"id":"20","title":"{odd}"}}}}"#),
                _ => format!(r#"{{"node":{{"id":"{row}","title":"t"}}}}"#),
            })
            .collect();
        let edges = edges.join(",");
        format!(r#"{{"data":{{"topTracks":{{"edges":[{edges}]}}}}}}"#)
    };
    for (odd, title) in [
        (r"x\ud83d", "x\u{fffd}"),
        (r"\ude00x", "\u{fffd}x"),
        ("x\u{0}y", "x\u{fffd}y"),
    ] {
        // In place of the zero, a byte that is not UTF-8.
        let body: Vec<u8> = rows(odd)
            .into_bytes()
            .into_iter()
            .map(|byte| if byte == 0 { 0xff } else { byte })
            .collect();
        let respond = wiremock::ResponseTemplate::new(200).set_body_raw(body, "application/json");
        let server = always(respond).await;
        let page = client_of(&server).top_tracks().send().await.unwrap();
        assert_eq!((page.items.len(), page.skipped.len()), (60, 0));
        assert_eq!(page.items[20].title.as_deref(), Some(title));
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped_and_a_number_without_bounds_costs_its_field() {
    let body = "\u{feff}".to_owned() + &tracks(&["a"], r#"{"hasNextPage":false}"#);
    let server = always(json(&body)).await;
    let music = client_of(&server);
    assert_eq!(music.top_tracks().send().await.unwrap().items.len(), 1);
    let call = music.call(|client| async move { client.get_top_tracks().send().await });
    assert!(call.await.unwrap().value.data.is_some());

    let body = r#"{"data":{"topPlaylists":{"edges":[
        {"node":{"id":"p","duration":1e400,"trackCount":7}}]}}}"#;
    let server = always(json(body)).await;
    let page = client_of(&server).top_playlists().send().await.unwrap();
    assert_eq!(
        (page.items[0].duration, page.items[0].track_count),
        (None, Some(7.0))
    );
}

#[tokio::test]
async fn the_reason_of_an_item_error_is_the_parsers_own() {
    let body = r#"{"data":{"topTracks":{"edges":[{"node":{"id":1e400}}]}}}"#;
    let server = always(json(body)).await;
    let page = client_of(&server).top_tracks().send().await.unwrap();
    let error = page.skipped[0].to_string();
    assert!(
        error.ends_with("edges[0].node.id cannot be read: number out of range"),
        "{error}"
    );
}
