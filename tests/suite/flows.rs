//! Whole flows against the sandbox.

use std::collections::{HashMap, HashSet};

use amazon_music::{AmazonMusic, ErrorKind, List, ListOperation, OperationInfo, types};
use futures_util::TryStreamExt as _;

use crate::{
    common::client_of_sandbox,
    operations::{collect, ids, largest, lists},
};

/// Walks a list to its end in pages of `limit`.
async fn walk<O>(list: List<O>, limit: u32) -> Vec<O::Item>
where
    O: ListOperation,
{
    list.limit(limit).items().try_collect().await.unwrap()
}

/// The length of a list, walked in pages of any size.
async fn length(music: &AmazonMusic, info: &OperationInfo) -> usize {
    let largest = largest(info);
    let smallest = if largest > 20 { 9 } else { 1 };
    let mut lengths = HashSet::new();
    for limit in [smallest, 7, largest] {
        let items = collect(music, info, Some(limit)).await;
        let different: HashSet<_> = ids(&items).into_iter().collect();
        assert_eq!(different.len(), items.len(), "an item came twice");
        lengths.insert(items.len());
    }
    assert_eq!(lengths.len(), 1, "{lengths:?}");
    lengths.into_iter().next().unwrap()
}

#[tokio::test]
async fn every_list_walks_to_its_end_in_pages_of_any_size() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let mut lengths = HashMap::new();
    for info in lists() {
        lengths.insert(info.id, length(&music, info).await);
    }
    for (id, expected) in [
        ("getTopTracks", 100..=100),
        ("getTopPlaylists", 250..=250),
        ("getNewPodcastEpisodes", 250..=250),
        ("getCategories", 120..=120),
        ("getCategoryAlbums", 76..=usize::MAX),
        ("getCategoryPlaylists", 61..=usize::MAX),
        ("getCategoryTracks", 201..=usize::MAX),
    ] {
        assert!(expected.contains(&lengths[id]), "{id}: {}", lengths[id]);
    }
    // Several pages, so that a walk shows something.
    let short: Vec<_> = lengths.iter().filter(|(_, length)| **length < 50).collect();
    assert!(short.is_empty(), "{short:?}");
}

#[tokio::test]
async fn the_documented_items_are_there() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);

    let page = music.top_tracks().limit(2).send().await.unwrap();
    assert_eq!(page.items[0].title.as_deref(), Some("Beggin' [Explicit]"));
    assert_eq!(page.items[1].title.as_deref(), Some("Heat Waves"));
    assert!(page.has_next_page && page.next_cursor.is_some());
    assert_eq!(page.edge_count, Some(2));

    let page = music.top_playlists().limit(2).send().await.unwrap();
    assert_eq!(page.items[1].id, "B0B2239T2L");
    assert_eq!(page.items[1].track_count, Some(115.0));

    let page = music.new_podcast_episodes().limit(2).send().await.unwrap();
    let url = page.items[0].url.as_deref().unwrap();
    assert!(url.ends_with("Crime-JunkieMURDERED: Billy Stafford"));

    let category = music.category("2iB4IU25").send().await.unwrap();
    assert_eq!(category.name.as_deref(), Some("Heavy Metal"));
    assert_eq!(category.category_type, Some(types::CategoryType::Genre));

    let page = music.category_albums("E9UEPoEH").send().await.unwrap();
    assert_eq!(page.items[0].id, "B003R490PW");
    let page = music.category_tracks("E9UEPoEH").send().await.unwrap();
    assert_eq!(page.items[1].id, "B00DRA5QX6");
    let page = music.category_playlists("hZiJ3FwS").send().await.unwrap();
    assert_eq!(page.items[0].title.as_deref(), Some("50 Great '80s Songs"));
}

#[tokio::test]
async fn a_cursor_continues_the_list_it_came_from() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let all = walk(music.categories(), 100).await;
    let first = music.categories().limit(50).send().await.unwrap();
    let cursor = first.next_cursor.unwrap();
    let second = music
        .categories()
        .limit(50)
        .cursor(cursor)
        .send()
        .await
        .unwrap();
    assert_eq!(second.items[0], all[50]);
}

#[tokio::test]
async fn the_metadata_of_a_response_is_returned() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let response = music.top_tracks().limit(2).send_with_meta().await.unwrap();
    assert_eq!(response.meta.status, 200);
    assert_eq!(response.meta.headers["content-type"], "application/json");
    let length = response.meta.headers["content-length"].to_str().unwrap();
    assert_eq!(response.meta.body_bytes.to_string(), length);
    assert_eq!(response.value.items.len(), 2);
}

#[tokio::test]
async fn any_operation_of_the_generated_client_can_be_called() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let response = music
        .call(|client| async move { client.get_category().id("hZiJ3FwS").send().await })
        .await
        .unwrap();
    let category = response.value.data.unwrap().category.unwrap();
    assert_eq!(category.name.as_deref(), Some("Rock"));
    let error = music
        .call(|client| async move { client.get_top_tracks().limit(21).send().await })
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert_eq!(error.to_string(), "limit: must be 1 to 20");
}

#[tokio::test]
async fn streams_can_be_sent_to_other_tasks() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let mut pages = music.category_tracks("2iB4IU25").limit(50).pages();
    drop(music);
    let task = tokio::spawn(async move { pages.try_next().await });
    assert_eq!(task.await.unwrap().unwrap().unwrap().items.len(), 50);
}

const KEY: (&str, &str) = ("x-api-key", "amzn1.application.any");
const GOOD: (&str, &str) = ("authorization", "bearer sandbox-access-token");
const TOP: &str = "/browse/tracks/top";

/// Sends a request by hand and returns status, code and the `Allow` header.
async fn refused(
    sandbox: &amazon_music_sandbox::Running,
    path: &str,
    headers: &[(&str, &str)],
) -> (u16, String) {
    let mut request = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .get(format!("{}{path}", sandbox.base_url()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body: types::ErrorEnvelope = response.json().await.unwrap();
    let detail = body.error.unwrap();
    assert_eq!(detail.status.unwrap().code(), Some(status));
    (status, detail.code.unwrap().to_string())
}

#[tokio::test]
async fn the_sandbox_rejects_requests_with_the_documented_object() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    type Case = (
        &'static str,
        &'static [(&'static str, &'static str)],
        (u16, &'static str),
    );
    let cases: [Case; 14] = [
        (TOP, &[GOOD], (401, "NO_X_API_KEY")),
        (TOP, &[("x-api-key", " "), GOOD], (401, "NO_X_API_KEY")),
        (TOP, &[KEY], (401, "INVALID_AUTH_TYPE")),
        (
            TOP,
            &[KEY, ("authorization", "Basic eA==")],
            (401, "INVALID_AUTH_TYPE"),
        ),
        (
            TOP,
            &[KEY, ("authorization", "Bearer ")],
            (401, "INVALID_AUTH_TOKEN"),
        ),
        (
            TOP,
            &[KEY, ("authorization", "Bearer x")],
            (401, "INVALID_ACCESS_TOKEN"),
        ),
        (
            "/browse/tracks/top?limit=0",
            &[KEY, GOOD],
            (400, "BAD_REQUEST"),
        ),
        (
            "/browse/tracks/top?limit=21",
            &[KEY, GOOD],
            (400, "BAD_REQUEST"),
        ),
        (
            "/browse/categories?limit=101",
            &[KEY, GOOD],
            (400, "BAD_REQUEST"),
        ),
        (
            "/browse/categories?limit=x",
            &[KEY, GOOD],
            (400, "BAD_REQUEST"),
        ),
        (
            "/browse/categories?cursor=",
            &[KEY, GOOD],
            (400, "BAD_REQUEST"),
        ),
        (
            "/browse/categories?cursor=made-up",
            &[KEY, GOOD],
            (400, "BAD_REQUEST"),
        ),
        (
            "/browse/categories/unknown1",
            &[KEY, GOOD],
            (404, "RESOURCE_NOT_FOUND"),
        ),
        ("/browse/nothing", &[KEY, GOOD], (404, "RESOURCE_NOT_FOUND")),
    ];
    for (path, headers, (status, code)) in cases {
        let got = refused(&sandbox, path, headers).await;
        assert_eq!(got, (status, code.to_owned()), "{path} {headers:?}");
    }
}
