//! `--jq`.

use std::process::Output;

use insta::assert_snapshot;
use serde_json::json;

use crate::{
    cli, printed, run,
    service::{Reply, Service, page},
    text,
};

#[test]
fn each_result_is_a_line() {
    let list = ["top", "playlists", "--sandbox", "-n", "2", "--jq"];
    let of = |filter| printed(&[&list[..], &[filter]].concat());
    assert_snapshot!(of(".title"), @"
    Happy Modern Pop
    Pride Hits
    ");
    assert_snapshot!(of("{id, tracks: .trackCount}"), @r#"
    {"id":"B00J9PVXBM","tracks":25}
    {"id":"B0B2239T2L","tracks":115}
    "#);
    assert_snapshot!(of("[.id, .title, .trackCount] | @tsv"), @"
    B00J9PVXBM	Happy Modern Pop	25
    B0B2239T2L	Pride Hits	115
    ");
    assert_snapshot!(of("select(.title | test(\"pride\"; \"i\")) | .images[].url"), @"https://m.media-amazon.com/images/I/51p-JxIHgtL.jpg");
    let chosen = printed(&[
        "top",
        "playlists",
        "--sandbox",
        "-n",
        "1",
        "--fields",
        "title,id",
        "--jq",
        ".",
    ]);
    assert_snapshot!(chosen, @r#"{"title":"Happy Modern Pop","id":"B00J9PVXBM"}"#);
    let entity = printed(&["category", "Heavy Metal", "--sandbox", "--jq", ".name"]);
    assert_eq!(entity, "Heavy Metal\n");
    let all = printed(&[
        "--jq",
        ".id",
        "top",
        "tracks",
        "--sandbox",
        "--all",
        "--page-size",
        "7",
    ]);
    assert_eq!(all.lines().count(), 100);
    let found = printed(&[
        "categories",
        "--sandbox",
        "--search",
        "folk",
        "--jq",
        ".name",
    ]);
    assert!(found.contains("Young Folk\n"), "{found}");
}

#[test]
fn a_response_as_served_is_filtered_too_and_an_error_is_not() {
    let raw = |path, more: &[&str]| {
        run(&[
            &[
                "raw",
                path,
                "--sandbox",
                "--jq",
                ".data.topTracks.edges[0].node.id",
            ],
            more,
        ]
        .concat())
    };
    let one = raw("/browse/tracks/top?limit=1", &[]);
    assert_eq!(text(&one.stdout), "B0785GTW4T\n");
    let pages = raw("/browse/tracks/top?limit=20", &["--paginate"]);
    assert_eq!(text(&pages.stdout).lines().count(), 5);
    let wrong = raw("/browse/categories/unknown", &[]);
    assert!(
        text(&wrong.stdout).contains("RESOURCE_NOT_FOUND"),
        "{wrong:?}"
    );
    assert_eq!(wrong.status.code(), Some(1));
}

#[test]
fn wrong_expressions_and_flags_without_an_effect_are_refused_before_any_request() {
    let service = Service::start(|_| Reply::error(500, "INTERNAL_ERROR"));
    let first = |output: &Output| text(&output.stderr).lines().next().unwrap().to_owned();
    let mut errors = Vec::new();
    let list = ["top", "tracks", "--jq"];
    for (expression, more) in [
        (".a |", &[][..]),
        ("$ENV.AMAZON_MUSIC_TOKEN", &[]),
        (".", &["-o", "json"]),
        (".", &["--csv-safe"]),
        (".", &["--no-header"]),
        (".", &["--all", "--resume", "position"]),
    ] {
        let output = service
            .cli(&[&list[..], &[expression], more].concat())
            .output()
            .unwrap();
        assert_eq!((output.status.code(), &*output.stdout), (Some(2), &b""[..]));
        errors.push(first(&output));
    }
    errors.push(first(&run(&["--jq", ".", "top", "tracks", "-o", "csv"])));
    for command in [
        &["export", "folder"][..],
        &["login"],
        &["logout"],
        &["completions", "bash"],
    ] {
        errors.push(first(&run(&[command, &["--jq", "."]].concat())));
    }
    assert_snapshot!(errors.join("\n"), @"
    error: invalid value '.a |' for '--jq <EXPR>': at the end: expected term
    error: invalid value '$ENV.AMAZON_MUSIC_TOKEN' for '--jq <EXPR>': at character 1: there is no variable `$ENV`
    error: the argument '--jq' cannot be used with '--output'
    error: the argument '--jq' cannot be used with '--csv-safe'
    error: the argument '--jq' cannot be used with '--no-header'
    error: the argument '--jq' cannot be used with '--resume'
    error: the argument '--jq' cannot be used with '--output'
    error: the argument '--jq' has no effect on 'export': leave it out
    error: the argument '--jq' has no effect on 'login': leave it out
    error: the argument '--jq' has no effect on 'logout': leave it out
    error: the argument '--jq' has no effect on 'completions': leave it out
    ");
    assert_eq!(service.requests(), [""; 0]);
    let output = run(&["top", "tracks", "--jq", "env", "--error-format", "json"]);
    assert_snapshot!(text(&output.stderr), @r#"{"exitCode":2,"kind":"Usage","message":"invalid value 'env' for '--jq <EXPR>': at character 1: there is no filter `env`"}"#);
}

#[test]
fn a_filter_knows_no_credential() {
    let expressions = [
        "env",
        "$ENV",
        "env.AMAZON_MUSIC_TOKEN",
        "[paths] | env",
        "$__prog_args",
        "input",
        "halt_error",
    ];
    for expression in expressions {
        let output = cli(&["top", "tracks", "--sandbox", "-v", "--jq", expression])
            .env("AMAZON_MUSIC_TOKEN", "Atza|canary")
            .env("AMAZON_MUSIC_CLIENT_SECRET", "canary")
            .output()
            .unwrap();
        let all = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{all}");
        assert!(!all.contains("canary"), "{all}");
    }
}

#[test]
fn a_filter_that_fails_is_an_error_after_what_it_gave() {
    let fails = |expression, more: &[&str]| {
        let output = run(&[
            &[
                "top",
                "tracks",
                "--sandbox",
                "-n",
                "3",
                "-q",
                "--jq",
                expression,
            ],
            more,
        ]
        .concat());
        format!(
            "{}\n{}{}",
            output.status.code().unwrap(),
            text(&output.stdout),
            text(&output.stderr)
        )
    };
    assert_snapshot!(fails("error(\"x\")", &[]), @"
    1
    error: --jq failed on B0785GTW4T: x
    ");
    assert_snapshot!(fails("if .id == \"B0P9GYD4E1\" then .title.b else .title end", &[]), @r#"
    1
    Beggin' [Explicit]
    Heat Waves
    error: --jq failed on B0P9GYD4E1: cannot index "Broken Nights" with "b"
    "#);
    assert_snapshot!(fails(".id[0]", &["--error-format", "json"]), @r#"
    1
    {"kind":"Filter","message":"--jq failed on B0785GTW4T: cannot index \"B0785GTW4T\" with 0","exitCode":1}
    "#);
}

#[test]
fn items_are_filtered_as_served() {
    let service = Service::start(|path| {
        page(
            path,
            &[json!({"id": "a", "title": "x\u{1b}[31m", "n": 1.50, "new": [1]})],
            None,
        )
    });
    let of = |filter| {
        let output = service
            .cli(&["top", "tracks", "--jq", filter])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        text(&output.stdout)
    };
    assert_eq!(of(".title"), "x\u{1b}[31m\n");
    assert_eq!(of("[.title]"), "[\"x\\u001b[31m\"]\n");
    assert_eq!(of(".new, .n"), "[1]\n1.5\n");
    assert_eq!(of("empty"), "");
}

/// The interpreter has no limit of its own.
#[cfg(unix)]
#[test]
fn a_filter_that_recurses_without_an_end_is_told() {
    let list = ["top", "tracks", "--sandbox", "-n", "1", "--jq"];
    let output = run(&[&list[..], &["def f: 1 + f; f"]].concat());
    assert_eq!((output.status.code(), &*output.stdout), (None, &b""[..]));
    let errors = text(&output.stderr);
    assert!(
        errors.contains("thread 'jq'") && errors.contains("overflowed its stack"),
        "{errors}"
    );
}

/// A filter runs beside what listens for signals.
#[cfg(unix)]
#[test]
fn a_filter_without_an_end_is_ended_by_a_signal() {
    use std::{io::Read as _, process::Stdio};

    let lines = "range(20000) | tostring";
    let second = "B08ZCM5758";
    let silent = format!("if .id == {second:?} then (def f: f; f) else {lines} end");
    for expression in ["repeat(.id)", &silent] {
        let mut child = cli(&["top", "tracks", "--sandbox", "-n", "2", "--jq", expression])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut start = [0; 8];
        child
            .stdout
            .as_mut()
            .unwrap()
            .read_exact(&mut start)
            .unwrap();
        crate::stop::send(&child, "-INT");
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{expression}");
        let errors = text(&output.stderr);
        assert!(errors.ends_with("error: stopped by Ctrl-C\n"), "{errors}");
    }
}
