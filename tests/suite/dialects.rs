//! The client reads all operations in each dialect of the sandbox, and cursors in the documented shapes.

use amazon_music::{AmazonMusic, ErrorKind, OperationInfo, Shape, operations::ALL};
use amazon_music_sandbox::{Dialect, Running, Sandbox};
use serde_json::{Value, json};
use xtask::spec::Spec;

use crate::{
    common::{client_of_sandbox, get, root},
    operations::{collect, ids, largest, path},
};

const CATEGORY: &str = "2iB4IU25";

async fn start(dialects: &[Dialect]) -> Running {
    let sandbox = dialects
        .iter()
        .fold(Sandbox::new(), |sandbox, dialect| sandbox.dialect(*dialect));
    sandbox.start().await.unwrap()
}

/// A client for these dialects: the doubled path is a setting, everything else is read as it comes.
fn client(sandbox: &Running, dialects: &[Dialect]) -> AmazonMusic {
    if !dialects.contains(&Dialect::DoubledPath) {
        return client_of_sandbox(sandbox);
    }
    AmazonMusic::builder()
        .rewrite_path("/browse/categories", "/browse/browse/categories")
        .base_url(sandbox.base_url())
        .security_profile_id(sandbox.security_profile_id())
        .token(sandbox.token())
        .build()
        .unwrap()
}

/// No dialect, each alone, and all at once.
fn sets() -> Vec<Vec<Dialect>> {
    let alone = Dialect::ALL.into_iter().map(|dialect| vec![dialect]);
    let all = Dialect::ALL.to_vec();
    std::iter::once(Vec::new())
        .chain(alone)
        .chain([all])
        .collect()
}

/// All items of all lists and all entities, each with its operation.
async fn everything(music: &AmazonMusic) -> Vec<(&'static OperationInfo, Vec<Value>)> {
    let mut found = Vec::new();
    for info in ALL {
        let limit = (info.shape == Shape::List).then(|| largest(info).min(50));
        found.push((*info, collect(music, info, limit).await));
    }
    found
}

#[tokio::test]
async fn all_operations_return_the_same_items_in_each_dialect() {
    let plain = everything(&client(&start(&[]).await, &[])).await;
    for dialects in sets() {
        let sandbox = start(&dialects).await;
        let found = everything(&client(&sandbox, &dialects)).await;
        for ((info, found), (_, plain)) in found.iter().zip(&plain) {
            let operation = info.id;
            assert_eq!(ids(found), ids(plain), "{operation} {dialects:?}");
            let is_rich = dialects.contains(&Dialect::RichNodes);
            for node in found {
                // Fields that no page documents survive.
                assert_eq!(
                    node["sandboxNote"].is_string(),
                    is_rich,
                    "{operation}: {node}"
                );
                assert_eq!(
                    node["sandboxDetails"]["tags"][1].is_string(),
                    is_rich,
                    "{operation}"
                );
            }
        }
    }
}

#[tokio::test]
async fn rich_nodes_have_all_fields_of_the_spec_and_only_two_others() {
    let components = Spec::read(&root()).unwrap().tree["components"].clone();
    let schemas = &components["schemas"];
    let dialects = [Dialect::RichNodes];
    let sandbox = start(&dialects).await;
    for (info, nodes) in everything(&client(&sandbox, &dialects)).await {
        let (operation, schema) = (info.id, info.item);
        let documented = schemas[schema]["properties"].as_object().unwrap();
        let is_shown = |name: &&str| {
            let reference = documented[*name]["$ref"].as_str().unwrap_or_default();
            // A list in an entity is an operation of its own.
            !reference.ends_with("Connection")
        };
        let names = documented.keys().map(String::as_str).filter(is_shown);
        let mut wanted: Vec<&str> = names.chain(["sandboxDetails", "sandboxNote"]).collect();
        wanted.sort_unstable();
        let reference = format!("#/components/schemas/{schema}");
        let validator = json!({"allOf": [{"$ref": reference}], "components": components});
        let validator = jsonschema::draft7::new(&validator).unwrap();
        for node in nodes {
            assert!(validator.is_valid(&node), "{operation}: {node}");
            let mut names: Vec<_> = node
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            names.sort_unstable();
            assert_eq!(names, wanted, "{operation}");
        }
    }
}

#[tokio::test]
async fn each_dialect_has_the_documented_form() {
    let steel = "/browse/categories/E9UEPoEH";

    let sandbox = start(&[Dialect::FlatTables]).await;
    for list in ["albums", "playlists", "tracks"] {
        let (_, body) = get(&sandbox, &format!("{steel}/{list}?limit=2")).await;
        assert_eq!(body["data"][list]["edgeCount"], 2, "{body}");
        assert!(body["data"]["category"].is_null(), "{body}");
    }

    let sandbox = start(&[Dialect::DoubledPath]).await;
    for path in ["", "/E9UEPoEH", "/E9UEPoEH/tracks"] {
        assert_eq!(
            get(&sandbox, &format!("/browse/browse/categories{path}"))
                .await
                .0,
            200
        );
        assert_eq!(
            get(&sandbox, &format!("/browse/categories{path}")).await.0,
            404
        );
    }
    assert_eq!(get(&sandbox, "/browse/tracks/top").await.0, 200);

    let sandbox = start(&[Dialect::BareCategory]).await;
    let (_, body) = get(&sandbox, steel).await;
    assert_eq!(body["category"]["name"], "Sacred Steel");
    assert!(body["data"].is_null());

    let sandbox = start(&[Dialect::SparseCategories]).await;
    for (list, fields) in [("albums", 3), ("playlists", 4), ("tracks", 3)] {
        let (_, body) = get(&sandbox, &format!("{steel}/{list}?limit=2")).await;
        let category = body["data"]["category"].as_object().unwrap();
        assert_eq!(category.len(), fields, "{list}: {:?}", category.keys());
    }
}

#[tokio::test]
async fn a_client_without_the_doubled_path_finds_no_category() {
    let sandbox = start(&[Dialect::DoubledPath]).await;
    let music = client_of_sandbox(&sandbox);
    let error = music.category_tracks(CATEGORY).send().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(404)));
    assert_eq!(music.top_tracks().send().await.unwrap().items.len(), 20);
}

#[tokio::test]
async fn cursors_have_the_documented_shapes() {
    let sandbox = start(&[]).await;
    let (_, body) = get(&sandbox, "/browse/categories?limit=2").await;
    // The documented sample.
    let page = &body["data"]["browseCategories"];
    assert_eq!(page["pageInfo"]["token"], "3:vx0YEGc1");
    assert_eq!(page["edges"][0]["cursor"], "2:cpdRsfJP");
    assert_eq!(page["edges"][1]["cursor"], "3:vx0YEGc1");
    for (path, place, start, end) in [
        ("/browse/tracks/top", "topTracks", "", ".2"),
        ("/browse/playlists/top", "topPlaylists", "", ".2"),
        (
            "/browse/podcasts/episodes/new",
            "newPodcastEpisodes",
            "3:",
            "",
        ),
    ] {
        let (_, body) = get(&sandbox, &format!("{path}?limit=2")).await;
        let token = body["data"][place]["pageInfo"]["token"].as_str().unwrap();
        assert!(token.starts_with(start) && token.ends_with(end), "{token}");
    }
    let (_, body) = get(&sandbox, "/browse/categories/E9UEPoEH/tracks?limit=2").await;
    let token = &body["data"]["category"]["tracks"]["pageInfo"]["token"];
    assert!(token.as_str().unwrap().starts_with("tztok-v2_"), "{token}");
}

#[tokio::test]
async fn the_cursor_of_the_spec_is_accepted_and_an_invented_one_is_named() {
    let sandbox = start(&[]).await;
    let spec = Spec::read(&root()).unwrap();
    let example = spec.tree["components"]["schemas"]["Cursor"]["example"]
        .as_str()
        .unwrap();
    for operation in ALL {
        let path = path(operation);
        let (status, _) = get(&sandbox, &format!("{path}?cursor={example}")).await;
        assert_eq!(status, 200, "{}", operation.id);
        if operation.shape == Shape::List {
            let (status, body) = get(&sandbox, &format!("{path}?cursor=made-up")).await;
            let message = body["error"]["message"].as_str().unwrap();
            assert_eq!(status, 400);
            assert!(
                message.starts_with("Unknown cursor"),
                "{}: {message}",
                operation.id
            );
        }
    }
}
