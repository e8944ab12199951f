//! The documentation of Browse, read a second time: the paths, bounds and envelopes of its eight operations,
//! written by hand from Amazon's page and held against what the sandbox serves.
//!
//! The sandbox and the clients read the spec. What both would get wrong if the spec is wrong shows here. More
//! operations, parameters or fields than these are no mistake.

use crate::common::get;

/// A list of the page.
struct Documented {
    /// The heading, with a category of the samples.
    path: &'static str,
    /// "default: 20. Minimum of 1, maximum of 20.": both are the same number on every list.
    bound: usize,
    /// The place of the response collection in the sample.
    place: &'static str,
    /// The fields of a node in the sample.
    fields: &'static [&'static str],
    /// The id of the first node in the sample.
    first: &'static str,
}

const LISTS: [Documented; 7] = [
    Documented {
        path: "/browse/tracks/top",
        bound: 20,
        place: "/data/topTracks",
        fields: &["id", "title", "url"],
        first: "B0785GTW4T",
    },
    Documented {
        path: "/browse/playlists/top",
        bound: 100,
        place: "/data/topPlaylists",
        fields: &["id", "duration", "images", "title", "trackCount", "url"],
        first: "B00J9PVXBM",
    },
    Documented {
        path: "/browse/podcasts/episodes/new",
        bound: 100,
        place: "/data/newPodcastEpisodes",
        fields: &["id", "title", "url"],
        first: "0c1dc966-2345-4530-b388-e33bc06f4401",
    },
    Documented {
        path: "/browse/categories",
        bound: 100,
        place: "/data/browseCategories",
        fields: &["id", "name"],
        first: "cpdRsfJP",
    },
    Documented {
        path: "/browse/categories/E9UEPoEH/albums",
        bound: 100,
        place: "/data/category/albums",
        fields: &["id", "title", "url"],
        first: "B003R490PW",
    },
    Documented {
        path: "/browse/categories/hZiJ3FwS/playlists",
        bound: 100,
        place: "/data/category/playlists",
        fields: &["id", "duration", "images", "title", "trackCount", "url"],
        first: "B00KO8YSNS",
    },
    Documented {
        path: "/browse/categories/E9UEPoEH/tracks",
        bound: 100,
        place: "/data/category/tracks",
        fields: &["id", "title", "url"],
        first: "B07PPVYNQZ",
    },
];

#[tokio::test]
async fn every_documented_list_has_its_path_its_bounds_and_its_envelope() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    for list in &LISTS {
        let path = list.path;
        let (status, whole) = get(&sandbox, path).await;
        assert_eq!(status, 200, "{path}");
        let page = whole.pointer(list.place).unwrap();
        let edges = page["edges"].as_array().unwrap();
        let goes_on = page["pageInfo"]["hasNextPage"].as_bool().unwrap();
        assert!(
            edges.len() == list.bound || !goes_on,
            "{path}: {}",
            edges.len()
        );
        assert_eq!(page["edgeCount"], edges.len(), "{path}");
        assert_eq!(edges[0]["node"]["id"], list.first, "{path}");
        for field in list.fields {
            assert!(!edges[0]["node"][field].is_null(), "{path}: {field}");
        }
        let (status, largest) = get(&sandbox, &format!("{path}?limit={}", list.bound)).await;
        assert_eq!((status, &largest), (200, &whole), "{path}");
        for limit in ["0", &(list.bound + 1).to_string()] {
            let (status, body) = get(&sandbox, &format!("{path}?limit={limit}")).await;
            assert_eq!(status, 400, "{path}?limit={limit}");
            assert_eq!(body["error"]["code"], "BAD_REQUEST", "{body}");
        }
        let (_, first) = get(&sandbox, &format!("{path}?limit=1")).await;
        let first = first.pointer(list.place).unwrap();
        assert_eq!(first["edgeCount"], 1, "{path}");
        let token = first["pageInfo"]["token"].as_str().unwrap();
        let (_, second) = get(&sandbox, &format!("{path}?limit=1&cursor={token}")).await;
        let second = second.pointer(list.place).unwrap();
        assert_eq!(second["edges"][0]["node"], edges[1]["node"], "{path}");
    }
}

#[tokio::test]
async fn the_documented_category_is_there_alone_and_around_its_lists() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let (status, body) = get(&sandbox, "/browse/categories/2iB4IU25").await;
    assert_eq!(status, 200);
    let category = &body["data"]["category"];
    assert_eq!(category["id"], "2iB4IU25");
    assert_eq!(category["name"], "Heavy Metal");
    assert_eq!(category["url"], "https://music.amazon.com/genres/2iB4IU25");
    assert_eq!(category["categoryType"], "GENRE");
    for (path, name) in [
        ("/browse/categories/E9UEPoEH/albums", "Sacred Steel"),
        ("/browse/categories/E9UEPoEH/tracks", "Sacred Steel"),
        ("/browse/categories/hZiJ3FwS/playlists", "Rock"),
    ] {
        let (_, body) = get(&sandbox, path).await;
        assert_eq!(body["data"]["category"]["name"], name, "{path}");
    }
}
