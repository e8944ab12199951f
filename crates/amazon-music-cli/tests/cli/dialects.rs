//! All operations of the CLI against `sandbox serve`, in each dialect.

use std::process::Command;

use serde_json::Value;

use super::{cli, serving::Served, text};

const COMMANDS: [&[&str]; 8] = [
    &["top", "tracks", "--all"],
    &["top", "playlists", "--all"],
    &["new", "episodes", "--all"],
    &["categories", "--all"],
    &["category", "2iB4IU25"],
    &["category", "2iB4IU25", "albums", "--all"],
    &["category", "2iB4IU25", "playlists", "--all"],
    &["category", "2iB4IU25", "tracks", "--all"],
];

/// A command of the CLI that calls this server.
fn calling(served: &Served, arguments: &[&str]) -> Command {
    let mut command = cli(arguments);
    command
        .env("AMAZON_MUSIC_BASE_URL", served.base_url())
        .env(
            "AMAZON_MUSIC_SECURITY_PROFILE_ID",
            "amzn1.application.sandbox",
        )
        .env("AMAZON_MUSIC_TOKEN", "sandbox-access-token");
    command
}

/// The IDs that each command prints, in the given dialects.
fn ids(dialects: &str) -> Vec<Vec<String>> {
    let options: &[&str] = match dialects {
        "" => &[],
        _ => &["--dialect", dialects],
    };
    let served = Served::start(options);
    let found = COMMANDS.map(|arguments| {
        let mut command = calling(&served, &[arguments, &["--output", "ndjson"]].concat());
        if dialects.contains("doubled-path") {
            let rewrite = "/browse/categories=/browse/browse/categories";
            command.env("AMAZON_MUSIC_REWRITE_PATH", rewrite);
        }
        let output = command.output().unwrap();
        let errors = text(&output.stderr);
        assert!(
            output.status.success(),
            "{dialects} {arguments:?}: {errors}"
        );
        let lines = text(&output.stdout);
        let nodes = lines
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        nodes
            .map(|node| node["id"].as_str().unwrap().to_owned())
            .collect()
    });
    served.end("-TERM");
    found.to_vec()
}

#[test]
fn all_operations_print_the_same_items_in_each_dialect() {
    let plain = ids("");
    assert!(plain.iter().all(|ids| !ids.is_empty()));
    for dialects in [
        "flat-tables",
        "doubled-path",
        "bare-category",
        "rich-nodes",
        "sparse-categories",
        "flat-tables,doubled-path,bare-category,rich-nodes,sparse-categories",
    ] {
        assert_eq!(ids(dialects), plain, "{dialects}");
    }
}
