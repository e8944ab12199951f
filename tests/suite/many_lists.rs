//! Many lists at a time.

use std::collections::BTreeMap;

use amazon_music::{ErrorKind, many};
use amazon_music_sandbox::{Fault, Faults};
use futures_util::{StreamExt as _, TryStreamExt as _};

use crate::common::client_of_sandbox;

#[tokio::test]
async fn each_list_is_complete_and_in_order() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let ids = ["2iB4IU25", "E9UEPoEH", "hZiJ3FwS", "cpdRsfJP", "vx0YEGc1"];
    for concurrency in [0, 1, 3, 50] {
        let lists = ids.map(|id| music.category_tracks(id).limit(30));
        let mut came: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let mut stream = many(lists, concurrency);
        while let Some((list, track)) = stream.next().await {
            came.entry(list).or_default().push(track.unwrap().id);
        }
        for (number, id) in ids.iter().enumerate() {
            let alone = music.category_tracks(*id).items();
            let alone: Vec<_> = alone.map_ok(|track| track.id).try_collect().await.unwrap();
            assert_eq!(came[&number], alone, "{id}, {concurrency} at a time");
        }
    }
}

#[tokio::test]
async fn no_more_lists_are_begun_than_the_concurrency_allows() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let mut stream = many((0..100).map(|_| music.top_tracks()), 4);
    for _ in 0..100 {
        stream.next().await.unwrap().1.unwrap();
    }
    assert!(sandbox.requests() <= 4 * 5, "{}", sandbox.requests());
    let text = format!("{stream:?}");
    assert!(
        text.contains("under_way: 4") || text.contains("under_way: 3"),
        "{text}"
    );
}

#[tokio::test]
async fn an_error_ends_its_own_list_and_no_other() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let lists = [
        music.category_tracks("unknown1"),
        music.category_tracks("2iB4IU25"),
    ];
    let outcomes: Vec<_> = many(lists, 2).collect().await;
    let (failed, came): (Vec<_>, Vec<_>) = outcomes.iter().partition(|(list, _)| *list == 0);
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].1.as_ref().unwrap_err().kind(), ErrorKind::Api);
    assert_eq!(came.len(), 346);
}

#[tokio::test]
async fn a_malformed_item_ends_nothing() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    sandbox.set_faults(Faults::in_order([Some(Fault::MalformedItem)]));
    let music = client_of_sandbox(&sandbox);
    let outcomes: Vec<_> = many([music.top_tracks()], 2).collect().await;
    assert_eq!(outcomes.len(), 100);
    assert_eq!(outcomes.iter().filter(|(_, item)| item.is_err()).count(), 1);
}
