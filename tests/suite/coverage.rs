//! Every operation of the spec has its request type, its command and its route.

use std::collections::BTreeSet;

use amazon_music::operations;
use amazon_music_cli::arguments::{Arguments, Command, Format, Requests};
use clap::Parser as _;
use xtask::spec::{Shape, Spec};

use crate::common::{always, client_of, json, root};

/// The command of each operation.
const COMMANDS: [(&str, &[&str]); 8] = [
    ("getTopTracks", &["top", "tracks"]),
    ("getTopPlaylists", &["top", "playlists"]),
    ("getNewPodcastEpisodes", &["new", "episodes"]),
    ("getCategories", &["categories"]),
    ("getCategory", &["category", "ID"]),
    ("getCategoryAlbums", &["category", "ID", "albums"]),
    ("getCategoryPlaylists", &["category", "ID", "playlists"]),
    ("getCategoryTracks", &["category", "ID", "tracks"]),
];

/// The operations of the spec, with their path and the location of the payload in the response.
fn documented_responses() -> Vec<(String, String, String)> {
    let operations = Spec::read(&root()).unwrap().operations().unwrap();
    operations
        .into_iter()
        .map(|operation| match operation.shape {
            Shape::List(list) => (operation.id, operation.path, list.connection),
            Shape::Entity(entity) => (operation.id, operation.path, entity.path),
        })
        .collect()
}

/// The operations of the spec, as pairs of id and path.
fn documented() -> Vec<(String, String)> {
    let operations = Spec::read(&root()).unwrap().operations().unwrap();
    operations
        .into_iter()
        .map(|operation| (operation.id, operation.path))
        .collect()
}

#[test]
fn every_operation_has_its_request_type() {
    let made: BTreeSet<_> = operations::ALL.iter().map(|info| info.id).collect();
    let missing: Vec<_> = documented()
        .into_iter()
        .filter(|(id, _)| !made.contains(id.as_str()))
        .collect();
    assert!(missing.is_empty(), "no request type for {missing:?}");
}

/// The requests that the CLI sends for these arguments.
async fn requests_of(words: &[&str]) -> Vec<String> {
    let server = always(json("{}")).await;
    let arguments = ["amazon-music"].iter().chain(words);
    let arguments = Arguments::try_parse_from(arguments).unwrap();
    let Command::Browse(command) = arguments.command else {
        panic!("{words:?} reads nothing");
    };
    // The empty response may end in an error: only the requests matter.
    let _ = amazon_music_cli::call(
        client_of(&server),
        command,
        Format::Ndjson.into(),
        &Requests::default(),
    )
    .await;
    let requests = server.received_requests().await.unwrap();
    let paths = requests.iter().map(|request| request.url.path());
    paths
        .map(|path| path.replace("/v1", "").replace("ID", "{id}"))
        .collect()
}

#[tokio::test]
async fn every_operation_has_its_command() {
    let mut missing = Vec::new();
    for (id, path) in documented() {
        match COMMANDS.iter().find(|(known, _)| *known == id) {
            Some((_, words)) => assert_eq!(requests_of(words).await, [path], "{words:?}"),
            None => missing.push(id),
        }
    }
    assert!(missing.is_empty(), "no command for {missing:?}");
}

#[tokio::test]
async fn every_operation_has_its_route() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let mut missing = Vec::new();
    for (id, path, place) in documented_responses() {
        let url = format!("{}{}", sandbox.base_url(), path.replace("{id}", "2iB4IU25"));
        let response = reqwest::Client::builder()
            .no_proxy()
            .build()
            .unwrap()
            .get(url)
            .header("x-api-key", sandbox.security_profile_id())
            .bearer_auth(sandbox.token())
            .send()
            .await
            .unwrap();
        let found = response.status() == 200;
        let body: serde_json::Value = response.json().await.unwrap();
        let pointer = format!("/{}", place.replace('.', "/"));
        if !found || body.pointer(&pointer).is_none() {
            missing.push(id);
        }
    }
    assert!(missing.is_empty(), "no sandbox route for {missing:?}");
}
