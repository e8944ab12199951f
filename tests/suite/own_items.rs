//! A client that reads the caller's own items from a sandbox.

use amazon_music::{ErrorKind, types};
use amazon_music_sandbox::{Dialect, Fault, Faults, Sandbox};
use serde_json::json;

use crate::common::client_of_sandbox;

fn track(id: usize) -> types::Track {
    serde_json::from_value(
        json!({"id": format!("own-{id}"), "title": "Own", "isrc": "X", "new": [id]}),
    )
    .unwrap()
}

#[tokio::test]
async fn own_items_are_paged_and_come_back_as_they_were_given() {
    let own: Vec<types::Track> = (0..45).map(track).collect();
    let faults = Faults::in_order([None, Some(Fault::DuplicateCursor)]);
    let sandbox = Sandbox::new().items("/browse/tracks/top", &own).unwrap();
    let sandbox = sandbox.start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    assert_eq!(music.top_tracks().items().collect_all().await.unwrap(), own);
    // Faults apply to them as to the catalog's.
    sandbox.set_faults(faults);
    let error = music.top_tracks().items().collect_all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CursorLoop);
    // Other lists are the catalog's.
    let page = music.top_playlists().send().await.unwrap();
    assert_eq!(page.items[0].id, "B00J9PVXBM");
}

#[tokio::test]
async fn own_categories_have_their_own_lists() {
    let sandbox = Sandbox::new()
        .dialect(Dialect::FlatTables)
        .items(
            "/browse/categories",
            [json!({"id": "mine", "name": "Mine"}), json!({"id": "bare"})],
        )
        .and_then(|sandbox| sandbox.items("/browse/categories/mine/tracks", (0..120).map(track)))
        .and_then(|sandbox| {
            sandbox.items("/browse/categories/2iB4IU25/albums", [json!({"id": "a"})])
        })
        .and_then(|sandbox| sandbox.items("/browse/categories/lost/albums", [json!({"id": "b"})]))
        .unwrap();
    let sandbox = sandbox.start().await.unwrap();
    let music = client_of_sandbox(&sandbox);

    let categories = music
        .categories()
        .limit(1)
        .items()
        .collect_all()
        .await
        .unwrap();
    assert_eq!(categories.len(), 2);
    let mine = music.category("mine").send().await.unwrap();
    assert_eq!(mine.name.as_deref(), Some("Mine"));
    let tracks = music
        .category_tracks("mine")
        .items()
        .collect_all()
        .await
        .unwrap();
    assert_eq!(tracks.len(), 120);
    // Not set, and not in the catalog: empty.
    let albums = music
        .category_albums("bare")
        .items()
        .collect_all()
        .await
        .unwrap();
    assert!(albums.is_empty());

    // A list of a category of the catalog, which keeps its other lists and its name.
    let albums = music
        .category_albums("2iB4IU25")
        .items()
        .collect_all()
        .await
        .unwrap();
    assert_eq!(albums.len(), 1);
    let metal = music.category("2iB4IU25").send().await.unwrap();
    assert_eq!(metal.name.as_deref(), Some("Heavy Metal"));
    let tracks = music.category_tracks("2iB4IU25").send().await.unwrap();
    assert_eq!(tracks.items.len(), 100);

    // A category exists if one of its lists does.
    assert_eq!(music.category("lost").send().await.unwrap().name, None);
    let error = music.category("nowhere").send().await.unwrap_err();
    assert_eq!(error.status(), Some(404));
}
