//! The CLI from a terminal or a script.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::process::{Command, Output, Stdio};

use insta::assert_snapshot;

mod chosen;
mod colours;
/// Shells of Unix.
#[cfg(unix)]
mod completions;
mod csv;
/// Signals exist on Unix only.
#[cfg(unix)]
mod dialects;
/// Run by a shell.
#[cfg(unix)]
mod examples;
mod export;
mod export_folder;
mod export_killed;
mod export_lists;
/// `/dev/full` and limits on files exist on Unix only.
#[cfg(unix)]
mod full;
mod further;
mod jq;
mod manuals;
/// Sends signals too.
#[cfg(all(feature = "mcp", unix))]
mod mcp;
mod pace;
mod page_size;
mod raw;
mod record;
mod requests;
mod resume;
/// Pseudo-terminals exist on Unix only.
#[cfg(unix)]
mod screens;
mod service;
/// Signals exist on Unix only.
#[cfg(unix)]
mod serving;
/// Signals exist on Unix only.
#[cfg(unix)]
mod stop;
/// So do pseudo-terminals.
#[cfg(unix)]
mod terminal;
mod verbose;
mod verify;
mod verify_private;
mod verify_refused;
mod verify_run;

fn cli(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_amazon-music"));
    command.args(arguments).stdin(Stdio::null());
    // No login is saved there.
    command.env(
        "AMAZON_MUSIC_TOKEN_DIR",
        concat!(env!("CARGO_TARGET_TMPDIR"), "/nobody"),
    );
    for (name, _) in std::env::vars() {
        if (name.starts_with("AMAZON_MUSIC_") && name != "AMAZON_MUSIC_TOKEN_DIR")
            || name == "NO_COLOR"
            || name == "RUST_LOG"
            || name.starts_with("CLICOLOR")
        {
            command.env_remove(name);
        }
    }
    command
}

fn run(arguments: &[&str]) -> Output {
    cli(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Standard output of a successful run.
fn printed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// Exit code and last line of standard error of a failed run.
fn failed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(text(&output.stdout), "");
    let errors = text(&output.stderr);
    let last = errors.lines().last().unwrap_or_default();
    format!("{}: {last}", output.status.code().unwrap())
}

#[test]
fn the_help() {
    // The snapshots are of all features, with which the whole workspace is tested.
    if !cfg!(feature = "mcp") {
        return;
    }
    assert_snapshot!("help", printed(&["--help"]));
    assert_snapshot!(
        "help_of_a_list",
        printed(&["category", "ID", "tracks", "--help"])
    );
}

/// Every variable that the help lists, with a value that must not be printed.
fn with_canaries(arguments: &[&str]) -> Command {
    let help = printed(&["--help"]);
    let names = help
        .split_whitespace()
        .filter(|word| word.starts_with("AMAZON_MUSIC_"));
    let mut command = cli(arguments);
    let mut count = 0;
    for name in names {
        command.env(name, "canary=canary");
        count += 1;
    }
    assert_ne!(count, 0, "{help}");
    command
}

#[test]
fn no_help_prints_the_value_of_a_variable() {
    let commands: [&[&str]; 9] = [
        &[],
        &["login"],
        &["logout"],
        &["status"],
        &["top", "tracks"],
        &["category", "ID"],
        &["export"],
        &["sandbox", "serve"],
        &["completions"],
    ];
    for command in commands {
        for flag in ["--help", "-h"] {
            let output = with_canaries(&[command, &[flag]].concat())
                .output()
                .unwrap();
            assert!(output.status.success(), "{command:?}");
            let help = text(&output.stdout) + &text(&output.stderr);
            assert!(help.contains("Usage: "), "{help}");
            assert!(!help.contains("canary"), "{help}");
        }
    }
    assert!(printed(&["login", "--help"]).contains("[env: AMAZON_MUSIC_CLIENT_ID]"));
}

#[test]
fn no_usage_error_prints_the_value_of_a_variable() {
    let output = with_canaries(&["login", "--no-such-flag"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(!text(&output.stderr).contains("canary"));
}

#[test]
fn an_empty_variable_counts_as_not_set() {
    let error = |arguments: &[&str], client: &str| {
        let output = cli(arguments)
            .env("AMAZON_MUSIC_CLIENT_ID", client)
            .env("AMAZON_MUSIC_SECURITY_PROFILE_ID", "")
            .env("AMAZON_MUSIC_TOKEN", "")
            .env("AMAZON_MUSIC_BASE_URL", "")
            .env("AMAZON_MUSIC_REWRITE_PATH", "")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(3));
        text(&output.stderr)
    };
    assert_snapshot!(error(&["login"], ""), @"error: login needs --client-id or AMAZON_MUSIC_CLIENT_ID, or --sandbox to run without credentials");
    assert_snapshot!(error(&["login"], "client"), @"error: login needs --security-profile-id or AMAZON_MUSIC_SECURITY_PROFILE_ID, or --sandbox to run without credentials");
    assert_snapshot!(error(&["top", "tracks"], ""), @"error: no credentials: run `amazon-music login`, or set AMAZON_MUSIC_SECURITY_PROFILE_ID and AMAZON_MUSIC_TOKEN (see `amazon-music --help`), or add --sandbox to run without credentials");
}

#[test]
fn tables() {
    assert_snapshot!(printed(&["--sandbox", "top", "tracks", "--limit", "3"]), @"
    ID          TITLE               URL
    B0785GTW4T  Beggin' [Explicit]  https://music.amazon.com/albums/B077XF8X4W/?trackAsin=B0785GTW4T
    B08ZCM5758  Heat Waves          https://music.amazon.com/albums/B08ZCTL3QB/?trackAsin=B08ZCM5758
    B0P9GYD4E1  Broken Nights       https://music.amazon.com/albums/B0LYEOHT6W/?trackAsin=B0P9GYD4E1
    ");
    assert_snapshot!(printed(&["--sandbox", "top", "playlists", "--limit", "3"]), @"
    ID          TITLE                 TRACKS  LENGTH   URL
    B00J9PVXBM  Happy Modern Pop      25      1:21:33  https://music.amazon.com/playlists/B00J9PVXBM
    B0B2239T2L  Pride Hits            115     6:21:00  https://music.amazon.com/playlists/B0B2239T2L
    B0OBJQJ6UX  Jade Umbrellas Radio  25      1:27:55  https://music.amazon.com/playlists/B0OBJQJ6UX
    ");
    assert_snapshot!(printed(&["--sandbox", "new", "episodes", "--limit", "3"]), @"
    ID                                    TITLE                         URL
    0c1dc966-2345-4530-b388-e33bc06f4401  MURDERED: Billy Stafford      https://music.amazon.com/podcasts/d6e/episodes/Crime-JunkieMURDERED: Billy Stafford
    17d202dc-7d25-4ebf-af62-850e79024486  Full Body Chills IS BACK!     https://music.amazon.com/podcasts/946e/episodes/Crime-JunkieFull Body Chills IS BACK!
    47e54245-d1ea-46b3-a609-056154ce3ce1  Episode 3: Northern Carousel  https://music.amazon.com/podcasts/3195/episodes/Episode-3-Northern-Carousel
    ");
    assert_snapshot!(printed(&["--sandbox", "categories", "--limit", "3"]), @"
    ID        NAME
    cpdRsfJP  Technoid
    vx0YEGc1  Latin Urban
    2iB4IU25  Heavy Metal
    ");
    assert_snapshot!(printed(&["--sandbox", "category", "2iB4IU25"]), @"
    ID        NAME         TYPE   URL
    2iB4IU25  Heavy Metal  GENRE  https://music.amazon.com/genres/2iB4IU25
    ");
    assert_snapshot!(printed(&["--sandbox", "category", "E9UEPoEH", "albums", "--limit", "2"]), @"
    ID          TITLE              URL
    B003R490PW  We Walk This Road  https://music.amazon.com/albums/B003R490PW
    B00DRA5QC2  Lickety Split      https://music.amazon.com/albums/B00DRA5QC2
    ");
}

#[test]
fn json_is_one_object_with_the_next_cursor() {
    let page = printed(&[
        "--sandbox",
        "--output",
        "json",
        "categories",
        "--limit",
        "2",
    ]);
    assert_snapshot!(page, @r#"
    {"items":[
    {"id":"cpdRsfJP","name":"Technoid"},
    {"id":"vx0YEGc1","name":"Latin Urban"}
    ],"complete":false,"nextCursor":"3:vx0YEGc1"}
    "#);
    let page: serde_json::Value = serde_json::from_str(&page).unwrap();
    let cursor = page["nextCursor"].as_str().unwrap();
    let next = printed(&[
        "--sandbox",
        "--output",
        "json",
        "categories",
        "--limit",
        "2",
        "--cursor",
        cursor,
    ]);
    let next: serde_json::Value = serde_json::from_str(&next).unwrap();
    assert_eq!(next["items"][0]["id"], "2iB4IU25");
}

#[test]
fn json_tells_whether_the_list_is_complete_and_its_next_cursor() {
    let end = |arguments: &[&str]| {
        let tail = ["--sandbox", "--output", "json"];
        let page: serde_json::Value =
            serde_json::from_str(&printed(&[arguments, &tail].concat())).unwrap();
        (
            page["complete"].as_bool().unwrap(),
            page["nextCursor"].is_string(),
        )
    };
    assert_eq!(end(&["top", "tracks", "--all"]), (true, false));
    assert_eq!(
        end(&["top", "tracks", "--limit", "40"]),
        (false, true),
        "at the end of a page"
    );
    assert_eq!(
        end(&["top", "tracks", "--max", "30"]),
        (false, false),
        "inside a page"
    );
}

#[test]
fn all_reads_to_the_end_and_limit_stops_early() {
    let lines = |arguments: &[&str]| {
        let tail = ["--sandbox", "--output", "ndjson"];
        printed(&[arguments, &tail].concat()).lines().count()
    };
    assert_eq!(lines(&["top", "tracks", "--all", "--page-size", "7"]), 100);
    assert_eq!(lines(&["top", "tracks", "--limit", "30"]), 30);
    assert_eq!(lines(&["top", "tracks", "--limit", "3"]), 3);
    assert_eq!(lines(&["top", "tracks", "--max", "30"]), 30, "its old name");
    assert_eq!(lines(&["top", "tracks", "--limit", "3000"]), 100);
    assert_eq!(lines(&["top", "tracks"]), 20);
    assert_eq!(lines(&["category", "2iB4IU25", "tracks", "--all"]), 346);
    assert_eq!(
        lines(&[
            "category",
            "2iB4IU25",
            "albums",
            "--all",
            "--page-size",
            "9"
        ]),
        102
    );
    assert_eq!(lines(&["category", "2iB4IU25", "playlists", "--all"]), 63);
}

#[test]
fn the_sandbox_is_announced() {
    let output = run(&["--sandbox", "categories"]);
    assert!(text(&output.stderr).contains("not the live service"));
}

#[test]
fn mistakes_are_reported_in_one_line_and_an_exit_code() {
    let mistakes = [
        failed(&["--sandbox", "top", "tracks", "--page-size", "0"]),
        failed(&["--sandbox", "top", "tracks", "--page-size", "21"]),
        failed(&["--sandbox", "top", "playlists", "--page-size", "101"]),
        failed(&["--sandbox", "category", "a/b"]),
        failed(&["--sandbox", "category", "..", "tracks"]),
        failed(&["--sandbox", "category", "unknown1", "tracks"]),
        failed(&["--sandbox", "categories", "--cursor", "made-up"]),
        failed(&[
            "--sandbox",
            "top",
            "tracks",
            "--page-size",
            "999",
            "--limit",
            "5",
        ]),
        failed(&["top", "tracks"]),
    ];
    assert_snapshot!(mistakes.join("\n"), @r#"
    2: error: --page-size must be 1 to 20, not 0
    2: error: --page-size must be 1 to 20, not 21
    2: error: --page-size must be 1 to 100, not 101
    2: error: ID must not be empty, `.` or `..`, or hold a slash, a backslash or a control character (given: "a/b")
    2: error: ID must not be empty, `.` or `..`, or hold a slash, a backslash or a control character (given: "..")
    1: error: category unknown1 tracks: 404 RESOURCE_NOT_FOUND: The resource was not found; Amazon's documentation prints this path with `/browse/categories` and with `/browse/browse/categories`: to send the second, set AMAZON_MUSIC_REWRITE_PATH=/browse/categories=/browse/browse/categories; `amazon-music categories --all` lists the ids
    1: error: categories: 400 BAD_REQUEST: Unknown cursor: this list did not return it; a cursor belongs to one list, and may be too old: begin again without --cursor
    2: error: --page-size must be 1 to 20, not 999
    3: error: no credentials: run `amazon-music login`, or set AMAZON_MUSIC_SECURITY_PROFILE_ID and AMAZON_MUSIC_TOKEN (see `amazon-music --help`), or add --sandbox to run without credentials
    "#);
}

#[test]
fn the_sandbox_is_reached_without_a_proxy() {
    let output = cli(&["--sandbox", "top", "tracks"])
        .env("HTTP_PROXY", "http://127.0.0.1:1")
        .env("http_proxy", "http://127.0.0.1:1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn credentials_of_the_environment_are_used_and_never_printed() {
    let output = cli(&["top", "tracks"])
        .env(
            "AMAZON_MUSIC_SECURITY_PROFILE_ID",
            "amzn1.application.canary",
        )
        .env("AMAZON_MUSIC_TOKEN", "Atza|canary")
        .env("AMAZON_MUSIC_BASE_URL", "http://127.0.0.1:1")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let errors = text(&output.stderr);
    assert!(errors.contains("could not connect"), "{errors}");
    assert!(!errors.contains("canary"), "{errors}");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let mut child = cli(&["--sandbox", "top", "tracks", "--all", "--page-size", "1"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(
        text(&output.stderr).lines().count(),
        1,
        "only the line about the sandbox"
    );
}
