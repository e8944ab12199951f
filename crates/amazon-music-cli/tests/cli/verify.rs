//! `verify` against the sandbox in each dialect, and against services that differ.

use std::process::Output;

use amazon_music::{OperationInfo, operations};
use amazon_music_sandbox::{Dialect, Sandbox};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{
    further,
    record::Server,
    run,
    service::{Reply, Service, page, query},
    text,
};

/// A service as the spec and its samples have it: lists of three items, and one category.
pub(crate) fn documented(path: &str) -> Reply {
    let (name, _) = path.split_once('?').unwrap_or((path, ""));
    let segments: Vec<&str> = name.split('/').collect();
    let url = "https://music.amazon.com/x";
    if let ["browse", "categories", id] = *segments {
        let category = json!({"id": id, "name": "Rock", "categoryType": "GENRE", "url": url});
        return Reply::ok(&json!({"data": {"category": category}}));
    }
    if !name.starts_with("browse/") || segments.get(1) == Some(&"browse") {
        return Reply::error(404, "RESOURCE_NOT_FOUND");
    }
    let item = |number: u32| {
        let id = format!("B{number}");
        match name {
            "browse/categories" => json!({"id": id, "name": "A title"}),
            name if name.contains("playlists") => {
                let image = json!({"height": 500, "width": 500, "url": url});
                json!({
                    "id": id, "title": "A title", "url": url, "duration": 5, "trackCount": 2, "images": [image],
                })
            }
            _ => json!({"id": id, "title": "A title", "url": url}),
        }
    };
    let query = query(path);
    let page = |nodes: &[Value], next| as_in_samples(page(path, nodes, next));
    match (query.get("cursor"), query.get("limit")) {
        (None, Some(&"2")) => page(&[item(1), item(2)], Some("3:abc")),
        (None, None) => page(&[item(1), item(2), item(3)], None),
        (Some(&"3%3Aabc"), Some(&"2")) => page(&[item(3)], None),
        _ => Reply::error(400, "BAD_REQUEST"),
    }
}

/// A last page has no token at all, categories have cursors, and the category around a list has a name and a URL.
fn as_in_samples(mut reply: Reply) -> Reply {
    let mut body: Value = serde_json::from_str(&reply.body.replace(",\"token\":null", "")).unwrap();
    if let Some(category) = body["data"].get_mut("category") {
        category["name"] = "Rock".into();
        category["url"] = "https://music.amazon.com/x".into();
    }
    if let Some(list) = body["data"].get_mut("browseCategories") {
        for edge in list["edges"].as_array_mut().unwrap() {
            edge["cursor"] = "1:B1".into();
        }
    }
    reply.body = body.to_string();
    reply
}

/// The documented service, with bodies of 200 changed.
pub(crate) fn changed(
    change: impl Fn(&mut Value) + Send + Sync + 'static,
) -> impl Fn(&str) -> Reply + Send + Sync {
    move |path| {
        let mut reply = documented(path);
        if reply.status == 200 {
            let mut body = serde_json::from_str(&reply.body).unwrap();
            change(&mut body);
            reply.body = body.to_string();
        }
        reply
    }
}

/// Each object of a body that has an id.
pub(crate) fn nodes(value: &mut Value, change: &impl Fn(&mut Value)) {
    match value {
        Value::Object(members) => {
            members
                .values_mut()
                .for_each(|member| nodes(member, change));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| nodes(item, change)),
        _ => {}
    }
    if value.get("id").is_some() {
        change(value);
    }
}

pub(crate) fn report(output: &Output) -> Value {
    let report = text(&output.stdout);
    serde_json::from_str(&report).unwrap_or_else(|_| panic!("{report}{}", text(&output.stderr)))
}

/// The differences of a report, as lines.
pub(crate) fn lines(report: &Value) -> String {
    let differences = report["differences"].as_array().unwrap().iter();
    let line = |it: &Value| {
        let pointer = it["pointer"].as_str().unwrap();
        let pointer = pointer
            .trim_start_matches("#/")
            .trim_start_matches("components/schemas/");
        let pointer = pointer.trim_start_matches("paths/~1browse~1");
        format!(
            "{} | {pointer} | {} | {} of {}",
            it["kind"].as_str().unwrap(),
            it["found"].as_str().unwrap(),
            it["times"],
            it["of"]
        )
    };
    let is_known = |it: &&Value| {
        let pointer = it["pointer"].as_str().unwrap();
        let path = pointer.trim_start_matches("#/paths/~1").replace("~1", "/");
        let mut further = operations::ALL.iter().filter(|info| is_further(info));
        let name = pointer.trim_start_matches("#/components/schemas/");
        !further::is_path(&path) && !further.any(|info| name.starts_with(info.item))
    };
    differences
        .filter(is_known)
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

fn is_further(info: &OperationInfo) -> bool {
    further::is_path(info.path.trim_start_matches('/'))
}

/// Whether a run agrees, as far as the documented operations go.
pub(crate) fn agrees(code: Option<i32>) -> bool {
    let has_further = operations::ALL.iter().any(|info| is_further(info));
    code == Some(0) || (has_further && code == Some(6))
}

/// The exit code and the differences of a run, which never sends more than planned.
pub(crate) fn differences(
    respond: impl Fn(&str) -> Reply + Send + Sync + 'static,
) -> (i32, String) {
    let service = Service::start(respond);
    let output = service
        .cli(&[
            "verify",
            "--rate",
            "1000",
            "--output",
            "json",
            "--timeout",
            "5",
        ])
        .output()
        .unwrap();
    let report = report(&output);
    let sent = report["requests"]["sent"].as_u64().unwrap();
    assert!(sent <= report["requests"]["atMost"].as_u64().unwrap());
    assert_eq!(u64::try_from(service.all_requests()).unwrap(), sent);
    (output.status.code().unwrap(), lines(&report))
}

#[test]
fn the_sandbox_and_a_service_as_documented_agree() {
    let output = run(&["--sandbox", "verify", "--probe", "--rate", "1000"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let screen = text(&output.stdout);
    assert!(screen.contains("differs in nothing"), "{screen}");
    let (code, lines) = differences(documented);
    assert_eq!(lines, "");
    assert!(agrees(Some(code)), "{code}");
}

#[test]
fn each_dialect_is_named_exactly() {
    let of_dialect = |dialect: Dialect| {
        let server = Server::start(Sandbox::new().dialect(dialect));
        let tokens = tempfile::tempdir().unwrap();
        let arguments = ["verify", "--rate", "1000", "--output", "json"];
        let output = server.bare(&arguments, tokens.path()).output().unwrap();
        server.stop();
        let lines = lines(&report(&output));
        let code = output.status.code().unwrap();
        format!("{dialect:?}: exit {code}\n{lines}")
    };
    let found = Dialect::ALL.map(of_dialect);
    assert_snapshot!(found.join("\n\n"), @"
    FlatTables: exit 6
    envelope | categories~1{id}~1albums/get | `data.albums` in place of `data.category.albums` | 3 of 3
    envelope | categories~1{id}~1playlists/get | `data.playlists` in place of `data.category.playlists` | 3 of 3
    envelope | categories~1{id}~1tracks/get | `data.tracks` in place of `data.category.tracks` | 3 of 3

    DoubledPath: exit 6
    other-path | categories/get | it is at /browse/browse/categories | 3 of 3
    other-path | categories~1{id}/get | it is at /browse/browse/categories/{id} | 1 of 1
    other-path | categories~1{id}~1albums/get | it is at /browse/browse/categories/{id}/albums | 3 of 3
    other-path | categories~1{id}~1playlists/get | it is at /browse/browse/categories/{id}/playlists | 3 of 3
    other-path | categories~1{id}~1tracks/get | it is at /browse/browse/categories/{id}/tracks | 3 of 3

    BareCategory: exit 6
    envelope | categories~1{id}/get | `category` in place of `data.category` | 1 of 1

    RichNodes: exit 6
    unknown-field | Album | `sandboxDetails`, object | 82 of 82
    unknown-field | Album | `sandboxNote`, string | 82 of 82
    unknown-field | Category | `sandboxDetails`, object | 105 of 105
    unknown-field | Category | `sandboxNote`, string | 105 of 105
    unknown-field | CategoryWithAlbums | `sandboxDetails`, object | 3 of 3
    unknown-field | CategoryWithAlbums | `sandboxNote`, string | 3 of 3
    unknown-field | CategoryWithPlaylists | `sandboxDetails`, object | 3 of 3
    unknown-field | CategoryWithPlaylists | `sandboxNote`, string | 3 of 3
    unknown-field | CategoryWithTracks | `sandboxDetails`, object | 3 of 3
    unknown-field | CategoryWithTracks | `sandboxNote`, string | 3 of 3
    unknown-field | Playlist | `sandboxDetails`, object | 208 of 208
    unknown-field | Playlist | `sandboxNote`, string | 208 of 208
    unknown-field | PodcastEpisode | `sandboxDetails`, object | 104 of 104
    unknown-field | PodcastEpisode | `sandboxNote`, string | 104 of 104
    unknown-field | Track | `sandboxDetails`, object | 128 of 128
    unknown-field | Track | `sandboxNote`, string | 128 of 128

    SparseCategories: exit 0
    ");
}

#[test]
fn what_a_body_has_otherwise_is_named_exactly() {
    let unknown = changed(|body| {
        nodes(body, &|node| {
            node["mood"] = "calm".into();
            node["rating"] = json!({"stars": 5});
        });
    });
    assert_snapshot!(differences(unknown).1, @"
    unknown-field | Album | `mood`, string | 6 of 6
    unknown-field | Album | `rating`, object | 6 of 6
    unknown-field | Category | `mood`, string | 7 of 7
    unknown-field | Category | `rating`, object | 7 of 7
    unknown-field | CategoryWithAlbums | `mood`, string | 3 of 3
    unknown-field | CategoryWithAlbums | `rating`, object | 3 of 3
    unknown-field | CategoryWithPlaylists | `mood`, string | 3 of 3
    unknown-field | CategoryWithPlaylists | `rating`, object | 3 of 3
    unknown-field | CategoryWithTracks | `mood`, string | 3 of 3
    unknown-field | CategoryWithTracks | `rating`, object | 3 of 3
    unknown-field | Playlist | `mood`, string | 12 of 12
    unknown-field | Playlist | `rating`, object | 12 of 12
    unknown-field | PodcastEpisode | `mood`, string | 6 of 6
    unknown-field | PodcastEpisode | `rating`, object | 6 of 6
    unknown-field | Track | `mood`, string | 12 of 12
    unknown-field | Track | `rating`, object | 12 of 12
    ");
    let nulls = changed(|body| nodes(body, &|node| node["title"] = Value::Null));
    assert_snapshot!(differences(nulls).1, @"
    null | Album/properties/title | null | 6 of 6
    null | Playlist/properties/title | null | 12 of 12
    null | PodcastEpisode/properties/title | null | 6 of 6
    null | Track/properties/title | null | 12 of 12
    unknown-field | Category | `title`, null | 7 of 7
    unknown-field | CategoryWithAlbums | `title`, null | 3 of 3
    unknown-field | CategoryWithPlaylists | `title`, null | 3 of 3
    unknown-field | CategoryWithTracks | `title`, null | 3 of 3
    ");
    let wrong_types = changed(|body| {
        nodes(body, &|node| {
            node["id"] = 7.into();
            node["url"] = json!({"href": "x"});
        });
    });
    assert_snapshot!(differences(wrong_types).1, @"
    not-called | categories~1{id}/get | no list brought an id | 1 of 1
    not-called | categories~1{id}~1albums/get | no list brought an id | 1 of 1
    not-called | categories~1{id}~1playlists/get | no list brought an id | 1 of 1
    not-called | categories~1{id}~1tracks/get | no list brought an id | 1 of 1
    type | Category/properties/id | integer in place of string | 6 of 6
    type | Category/properties/url | object in place of string | 6 of 6
    type | Playlist/properties/id | integer in place of string | 6 of 6
    type | Playlist/properties/url | object in place of string | 6 of 6
    type | PodcastEpisode/properties/id | integer in place of string | 6 of 6
    type | PodcastEpisode/properties/url | object in place of string | 6 of 6
    type | Track/properties/id | integer in place of string | 6 of 6
    type | Track/properties/url | object in place of string | 6 of 6
    unknown-field | Category/properties/url | names of 4 letters, string | 6 of 6
    unknown-field | Playlist/properties/url | names of 4 letters, string | 6 of 6
    unknown-field | PodcastEpisode/properties/url | names of 4 letters, string | 6 of 6
    unknown-field | Track/properties/url | names of 4 letters, string | 6 of 6
    ");
    let values = changed(|body| {
        nodes(body, &|node| {
            if node.get("categoryType").is_some() {
                node["categoryType"] = "MOOD".into();
            }
        });
    });
    assert_snapshot!(differences(values).1, @"unknown-value | CategoryType | `MOOD` | 1 of 1");
}

/// Edges as an object, with ids as its names.
#[test]
fn an_object_keyed_by_ids_is_told_by_the_shape_of_its_names() {
    let keyed = |path: &str| {
        let reply = documented(path);
        let mut body: Value = serde_json::from_str(&reply.body).unwrap();
        let tracks = &mut body["data"]["topTracks"];
        if let Some(edges) = tracks["edges"].as_array() {
            let edges = edges.clone();
            let pair =
                |(number, edge): (usize, &Value)| (format!("B0785GTW4{number}"), edge.clone());
            tracks["edges"] = Value::Object(edges.iter().enumerate().map(pair).collect());
            return Reply::ok(&body);
        }
        reply
    };
    assert_snapshot!(differences(keyed).1, @"
    no-payload | tracks~1top/get | no array of edges at data.topTracks | 3 of 3
    type | TrackConnection/properties/edges | object in place of array | 3 of 6
    unknown-field | TrackConnection/properties/edges | names of 10 letters and digits, object | 6 of 6
    ");
}

#[test]
fn other_pages_are_named_exactly() {
    let sizes = |path: &str| {
        let item = |number: usize| json!({"id": format!("B{number}"), "title": "a", "url": "b"});
        let items: Vec<Value> = (0..3).map(item).collect();
        match query(path).get("cursor") {
            _ if !path.starts_with("browse/tracks/top") => documented(path),
            _ => page(path, &items, Some("3:abc")),
        }
    };
    assert_snapshot!(differences(sizes).1, @"
    page-size | tracks~1top/get | limit=2: 3 items | 2 of 2
    page-size | tracks~1top/get | no limit: 3 items, documented are 20 | 1 of 1
    cursor-ignored | tracks~1top/get | the page behind the cursor has items of the first page | 1 of 1
    cursor-ignored | tracks~1top/get | the second page has the cursor of the first | 1 of 1
    ");
    let expiring = |path: &str| match query(path).get("cursor") {
        Some(_) => Reply::error(400, "CURSOR_EXPIRED"),
        None => documented(path),
    };
    assert_snapshot!(differences(expiring).1, @"
    unknown-value | ErrorCode | `CURSOR_EXPIRED` | 7 of 7
    cursor-refused | categories/get | 400 CURSOR_EXPIRED | 1 of 1
    cursor-refused | categories~1{id}~1albums/get | 400 CURSOR_EXPIRED | 1 of 1
    cursor-refused | categories~1{id}~1playlists/get | 400 CURSOR_EXPIRED | 1 of 1
    cursor-refused | categories~1{id}~1tracks/get | 400 CURSOR_EXPIRED | 1 of 1
    cursor-refused | playlists~1top/get | 400 CURSOR_EXPIRED | 1 of 1
    cursor-refused | podcasts~1episodes~1new/get | 400 CURSOR_EXPIRED | 1 of 1
    cursor-refused | tracks~1top/get | 400 CURSOR_EXPIRED | 1 of 1
    ");
    let without_token = changed(|body| {
        if let Some(list) = body["data"].get_mut("topTracks") {
            list["pageInfo"].as_object_mut().unwrap().remove("token");
            list["edgeCount"] = 50.into();
        }
    });
    assert_snapshot!(differences(without_token).1, @"
    edge-count | tracks~1top/get | edgeCount is not the number of edges | 2 of 2
    no-cursor | tracks~1top/get | hasNextPage without a token, nor a cursor on the last edge | 1 of 1
    ");
}

#[test]
fn what_is_missing_is_told() {
    let without = changed(|body| {
        if let Some(list) = body["data"].get_mut("topTracks") {
            list["pageInfo"]
                .as_object_mut()
                .unwrap()
                .remove("hasNextPage");
            for edge in list["edges"].as_array_mut().unwrap() {
                edge["node"].as_object_mut().unwrap().remove("url");
            }
        }
        if let Some(list) = body["data"].get_mut("newPodcastEpisodes") {
            for edge in list["edges"].as_array_mut().unwrap() {
                edge.as_object_mut().unwrap().remove("node");
            }
        }
    });
    assert_snapshot!(differences(without).1, @"
    missing-field | PodcastEpisodeEdge | node, which the documented sample has | 6 of 6
    missing-field | tracks~1top/get | pageInfo.hasNextPage | 2 of 2
    ");
}
