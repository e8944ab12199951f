//! Recordings, and what serves them again.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use amazon_music_sandbox::{Fault, Faults, Running, Sandbox};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::{
    cli,
    requests::{script, with_token},
    text,
};

/// Every operation, to its end.
const WALKS: [&[&str]; 8] = [
    &["top", "tracks", "--all"],
    &["top", "playlists", "--all"],
    &["new", "episodes", "--all"],
    &["categories", "--all", "--page-size", "50"],
    &["category", "2iB4IU25"],
    &[
        "category",
        "2iB4IU25",
        "albums",
        "--all",
        "--page-size",
        "30",
    ],
    &["category", "2iB4IU25", "playlists", "--all"],
    &["category", "2iB4IU25", "tracks", "--all"],
];

pub(crate) struct Server {
    runtime: Runtime,
    sandbox: Running,
}

impl Server {
    pub(crate) fn start(sandbox: Sandbox) -> Self {
        let runtime = Runtime::new().unwrap();
        let sandbox = runtime.block_on(sandbox.start()).unwrap();
        Self { runtime, sandbox }
    }

    pub(crate) fn replay(folder: &Path) -> Self {
        Self::start(Sandbox::new().replay(folder).unwrap())
    }

    pub(crate) fn command(&self, arguments: &[&str], tokens: &Path) -> Command {
        let mut command = self.bare(arguments, tokens);
        command.args(["--output", "ndjson"]);
        command
    }

    /// A command at this server.
    pub(crate) fn bare(&self, arguments: &[&str], tokens: &Path) -> Command {
        let url = self.sandbox.base_url();
        let mut command = cli(arguments);
        command
            .args(["--base-url", &url, "--timeout", "20"])
            .env(
                "AMAZON_MUSIC_SECURITY_PROFILE_ID",
                self.sandbox.security_profile_id(),
            )
            .env("AMAZON_MUSIC_TOKEN", self.sandbox.token())
            .env("AMAZON_MUSIC_TOKEN_DIR", tokens);
        command
    }

    pub(crate) fn stop(self) {
        self.runtime.block_on(self.sandbox.shutdown());
    }
}

/// Records all walks from a server with faults; gives what they printed, and their exit codes.
fn record(folder: &Path, tokens: &Path, flags: &[&str]) -> Vec<(Option<i32>, String)> {
    let faults = [
        None,
        Some(Fault::BadGateway),
        None,
        Some(Fault::CutBody),
        Some(Fault::Reset),
        Some(Fault::InvalidUtf8),
        Some(Fault::error(429, "THROTTLED")),
        Some(Fault::MalformedItem),
    ];
    let server = Server::start(Sandbox::new().faults(Faults::in_order(faults)));
    let record = ["--record", folder.to_str().unwrap()];
    let outcomes = WALKS.map(|walk| {
        let arguments = [walk, &record, flags].concat();
        outcome(&server.command(&arguments, tokens).output().unwrap())
    });
    server.stop();
    outcomes.into()
}

fn outcome(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), text(&output.stdout))
}

/// The text of all files, and how many exchanges there are.
fn files(folder: &Path) -> (String, usize) {
    let mut all = String::new();
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = path.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        }
        count += usize::from(path.extension().is_some_and(|extension| extension == "har"));
        all += &fs::read_to_string(path).unwrap();
    }
    (all, count)
}

#[test]
fn a_recorded_walk_of_every_operation_replays_with_its_faults() {
    let tokens = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let recorded = record(folder.path(), tokens.path(), &["--record-raw"]);
    assert!(
        recorded.iter().all(|(code, _)| *code == Some(0)),
        "{recorded:?}"
    );
    let (all, count) = files(folder.path());
    assert!(!all.contains("Atza|"), "no credential");
    let server = Server::replay(folder.path());
    let replayed =
        WALKS.map(|walk| outcome(&server.command(walk, tokens.path()).output().unwrap()));
    assert_eq!(replayed.to_vec(), recorded);
    assert_eq!(server.sandbox.requests(), count as u64, "retries included");
    let mut other = server.command(&["category", "other"], tokens.path());
    let other = other.output().unwrap();
    assert_eq!(other.status.code(), Some(1));
    let errors = text(&other.stderr);
    assert!(
        errors.contains("404 NOT_RECORDED: This request is not in the recording"),
        "{errors}"
    );
    server.stop();
}

/// The ids of a list.
fn ids(lines: &str) -> Vec<String> {
    let id = |line: &str| {
        serde_json::from_str::<Value>(line).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    lines.lines().map(id).collect()
}

#[test]
fn a_redacted_recording_gives_the_same_counts_and_shapes_and_names_nothing() {
    let tokens = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let recorded = record(folder.path(), tokens.path(), &[]);
    let (all, _) = files(folder.path());
    for private in [
        "2iB4IU25",
        "vx0YEGc1",
        "Heavy",
        "Heat Waves",
        "music.amazon.com",
        "127.0.0.1",
        "Atza|",
    ] {
        assert!(!all.contains(private), "{private}");
    }
    let server = Server::replay(folder.path());
    let replay =
        |arguments: &[&str]| outcome(&server.command(arguments, tokens.path()).output().unwrap());
    // The id that stands for the recorded one is found in the list.
    let category = ids(&recorded[3].1)
        .iter()
        .position(|id| id == "2iB4IU25")
        .unwrap();
    let categories = replay(WALKS[3]);
    let made_up = ids(&categories.1)[category].clone();
    for (walk, recorded) in WALKS.iter().zip(&recorded) {
        let walk: Vec<&str> = walk
            .iter()
            .map(|word| if *word == "2iB4IU25" { &*made_up } else { word })
            .collect();
        let (code, lines) = replay(&walk);
        assert_eq!(code, recorded.0, "{walk:?}");
        let keys = |lines: &str| {
            let keys = |line: &str| {
                let item: Value = serde_json::from_str(line).unwrap();
                item.as_object()
                    .unwrap()
                    .keys()
                    .cloned()
                    .collect::<Vec<_>>()
            };
            lines.lines().map(keys).collect::<Vec<_>>()
        };
        assert_eq!(keys(&lines), keys(&recorded.1), "{walk:?}");
    }
    server.stop();
}

#[test]
fn no_canary_is_in_a_redacted_folder() {
    let page = r#"{"data":{"topTracks":{"pageInfo":{"hasNextPage":true,"token":"c4n4ry-1"},"c4n4ryKey":{"c4n4ry":"c4n4ry"},
        "edges":[{"cursor":"c4n4ry-2","node":{"id":"c4n4ry","title":"A c4n4ry","url":"https://c4n4ry.example/?c4n4ry#c4n4ry",
        "c4n4ryTitle":["c4n4ry",{"x":"c4n4ry\u0021"}]}}]}}}"#;
    let refused = r#"{"error":{"status":"403","code":"C4N4RY_c4n4ry","message":"No c4n4ry.","reference":"c4n4ry","url":"c4n4ry"}}"#;
    let headers = "\r\nx-c4n4ry: c4n4ry\r\nset-cookie: c4n4ry=c4n4ry\r\ncontent-type: text/c4n4ry\r\nretry-after: c4n4ry";
    let leak = |status: &str| -> &'static str { format!("{status}{headers}").leak() };
    let responses = vec![
        (
            leak("502 Bad Gateway"),
            "<html>c4n4ry <a href=\"c4n4ry\">c4n4ry</a>",
        ),
        (leak("200 OK"), page),
        (
            leak("200 OK"),
            r#"{"data":{"topTracks":{"edges":[{"node":{"c4n4ry":"c4n4ry"#,
        ),
        (leak("403 Forbidden"), refused),
    ];
    let (address, _) = script(responses);
    let url = format!("http://{address}/c4n4ry/v1");
    let (folder, tokens) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let record = [
        "--record",
        folder.path().to_str().unwrap(),
        "--base-url",
        &url,
    ];
    let run = |arguments: &[&str]| {
        let mut command = with_token(&[arguments, &record].concat());
        command
            .env("AMAZON_MUSIC_TOKEN", "Atza|c4n4ry-token")
            .env(
                "AMAZON_MUSIC_SECURITY_PROFILE_ID",
                "amzn1.application.c4n4ry",
            )
            .env("AMAZON_MUSIC_TOKEN_DIR", tokens.path());
        assert!(!command.output().unwrap().status.success());
    };
    run(&["top", "tracks", "--all", "--header", "x-mine: c4n4ry"]);
    run(&["category", "c4n4ry", "tracks", "--cursor", "c4n4ry"]);
    run(&[
        "raw",
        "/c4n4ry/c4n4ry?c4n4ry=c4n4ry",
        "--query",
        "limit=c4n4ry",
    ]);
    let (all, count) = files(folder.path());
    assert_eq!(count, 5, "{all}");
    assert!(!all.to_lowercase().contains("c4n4ry"), "{all}");
}

#[test]
fn a_folder_is_recorded_in_one_way_and_by_one_user() {
    let (folder, tokens, others) = (
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let path = folder.path().to_str().unwrap();
    let record = |more: &[&str], tokens: &Path| {
        let arguments = [
            &["--sandbox", "category", "2iB4IU25", "--record", path],
            more,
        ]
        .concat();
        let output = cli(&arguments)
            .env("AMAZON_MUSIC_TOKEN_DIR", tokens)
            .output()
            .unwrap();
        (output.status.code(), text(&output.stderr))
    };
    for _ in 0..2 {
        assert_eq!(record(&[], tokens.path()).0, Some(0));
    }
    let (_, count) = files(folder.path());
    assert_eq!(count, 2);
    let (code, errors) = record(&["--record-raw"], tokens.path());
    assert_eq!(code, Some(2), "{errors}");
    assert!(
        errors.contains("other settings of --record-raw: choose another folder"),
        "{errors}"
    );
    let (code, errors) = record(&[], others.path());
    assert_eq!(code, Some(2), "{errors}");
    assert!(errors.contains("another user or machine"), "{errors}");
}
