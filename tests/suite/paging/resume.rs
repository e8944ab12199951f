//! Resuming from a persisted position.

use amazon_music::{Error, ErrorKind, Position};
use amazon_music_sandbox::{Fault, Faults};
use wiremock::{Mock, MockServer};

use super::{next, rest};
use crate::common::{Cursor, client_of, client_of_sandbox, json, tracks};

/// A position after a round trip through JSON.
fn persisted(position: &Position) -> Position {
    serde_json::from_str(&serde_json::to_string(position).unwrap()).unwrap()
}

#[tokio::test]
async fn resuming_at_every_position_equals_an_uninterrupted_walk() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let list = music.top_tracks().limit(7);
    let whole = rest(list.clone().items()).await;
    assert_eq!(whole.len(), 100);
    let mut items = list.clone().items();
    for place in 0..=whole.len() {
        let position = items.position();
        let resumed = music.top_tracks().resume(persisted(&position)).unwrap();
        assert_eq!(resumed.position(), position, "before the first request");
        assert_eq!(rest(resumed).await, whole[place..], "from {place}");
        assert_eq!(next(&mut items).await.is_none(), place == whole.len());
    }
    assert!(items.position().is_end());
}

#[tokio::test]
async fn items_that_could_not_be_read_count_as_positions() {
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
        let resumed = music
            .top_tracks()
            .resume(persisted(&items.position()))
            .unwrap();
        assert_eq!(rest(resumed).await, whole[place..], "from {place}");
        assert!(next(&mut items).await.is_some());
    }
}

#[tokio::test]
async fn a_position_is_valid_after_an_error_too() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let whole = rest(music.top_tracks().items()).await;
    let mut items = music.top_tracks().items();
    for _ in 0..20 {
        next(&mut items).await.unwrap().unwrap();
    }
    sandbox.set_faults(Faults::in_order([Some(Fault::error(403, "ACCESS_DENIED"))]));
    assert_eq!(next(&mut items).await, Some(Err(ErrorKind::Api)));
    let resumed = music
        .top_tracks()
        .resume(persisted(&items.position()))
        .unwrap();
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
    let before = persisted(&items.position());
    assert_eq!(next(&mut items).await, Some(Err(ErrorKind::Incomplete)));
    assert_eq!(next(&mut items).await, None);
    let after = persisted(&items.position());
    assert_eq!(before, after);
    assert!(
        !after.is_end(),
        "the list continues, and no cursor was given"
    );
    let resumed = music.top_tracks().resume(after).unwrap();
    assert_eq!(
        rest(resumed).await,
        whole[40..],
        "requested again, the page has its cursor"
    );
}

#[tokio::test]
async fn a_position_of_another_list_is_rejected() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let rejected = |outcome: Result<(), Error>| {
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
        rejected(
            music
                .category_albums("abc")
                .resume(position.clone())
                .map(drop),
        ),
        rejected(
            music
                .category_tracks("abd")
                .resume(position.clone())
                .map(drop),
        ),
        rejected(
            music
                .category_tracks("abc")
                .limit(6)
                .resume(position.clone())
                .map(drop),
        ),
        rejected(music.category_tracks("abc").resume(newer).map(drop)),
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
async fn a_list_that_has_changed_under_a_position_is_reported() {
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
            .resume(persisted(&position))
            .unwrap();
        assert_eq!(rest(resumed).await, wanted, "{now:?}");
    }
}

#[tokio::test]
async fn a_position_is_valid_at_any_moment_while_a_page_is_pending() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let whole = rest(music.top_tracks().items()).await;
    let mut items = music.top_tracks().limit(20).read_ahead().items();
    let mut seen = 0;
    while seen < whole.len() {
        // Interrupted after each poll, as by a timeout or a signal.
        match futures_util::poll!(std::pin::pin!(items.next_item())) {
            std::task::Poll::Ready(item) => {
                item.unwrap().unwrap();
                seen += 1;
            }
            std::task::Poll::Pending => tokio::task::yield_now().await,
        }
        if seen % 20 == 0 {
            let mut resumed = music
                .top_tracks()
                .resume(persisted(&items.position()))
                .unwrap();
            assert_eq!(next(&mut resumed).await.as_ref(), whole.get(seen));
        }
    }
}
