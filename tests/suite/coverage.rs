//! Every operation of the document has its request type, its command and its route.

use std::collections::BTreeSet;

use amazon_music::operations;
use amazon_music_cli::arguments::Arguments;
use clap::Parser as _;
use xtask::spec::Spec;

use crate::common::root;

/// How each operation is called at the terminal.
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

/// The operations of the document, as pairs of id and path.
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

#[test]
fn every_operation_has_its_command() {
    for (id, _) in documented() {
        let (_, words) = COMMANDS
            .iter()
            .find(|(known, _)| *known == id)
            .unwrap_or_else(|| panic!("no command for {id}"));
        let arguments = ["amazon-music"].iter().chain(*words);
        let parsed = Arguments::try_parse_from(arguments).unwrap();
        assert_eq!(parsed.command.operation_id(), Some(id.as_str()));
    }
}

#[test]
fn every_operation_has_its_route() {
    let missing: Vec<_> = documented()
        .into_iter()
        .filter(|(_, path)| !amazon_music_sandbox::ROUTES.contains(&path.as_str()))
        .collect();
    assert!(missing.is_empty(), "no sandbox route for {missing:?}");
}
