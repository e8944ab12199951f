//! What is printed about requests, and errors as JSON.

use std::process::Output;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{
    cli,
    requests::{EMPTY, script, server, with_token},
    text,
};

const PAGE: &str =
    r#"{"data":{"topTracks":{"pageInfo":{"hasNextPage":true,"token":"c4n4ry"},"edges":[]}}}"#;

/// Standard error without the times.
fn lines(output: &Output) -> String {
    let errors = text(&output.stderr);
    let words = errors.split(' ').map(|word| {
        let is_number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && word.len() != 3 {
            "N"
        } else {
            word
        }
    });
    let line = words.collect::<Vec<_>>().join(" ");
    // A time of three digits, too.
    let mut shown = String::new();
    for part in line.split_inclusive(" ms") {
        match part
            .strip_suffix(" ms")
            .and_then(|part| part.rsplit_once(' '))
        {
            Some((head, _)) => shown += &format!("{head} N ms"),
            None => shown += part,
        }
    }
    shown
}

fn top_tracks(responses: Vec<(&'static str, &'static str)>, more: &[&str]) -> Output {
    let (address, _) = script(responses);
    let url = format!("http://{address}/v1");
    let arguments = [&["top", "tracks", "--all", "--base-url", &url], more].concat();
    with_token(&arguments).output().unwrap()
}

#[test]
fn nothing_is_printed_unless_it_is_asked_for() {
    let output = top_tracks(vec![("200 OK", EMPTY)], &[]);
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn a_line_for_each_request_has_its_path_status_time_and_a_hash_of_its_cursor() {
    let responses = vec![("502 Bad Gateway", ""), ("200 OK", PAGE), ("200 OK", EMPTY)];
    let output = top_tracks(responses, &["-v"]);
    assert_snapshot!(lines(&output), @"
    GET /v1/browse/tracks/top: 502 in N ms
    GET /v1/browse/tracks/top: 200 in N ms, retry 1
    GET /v1/browse/tracks/top: 200 in N ms, cursor d3538881
    ");
    assert!(!text(&output.stderr).contains("c4n4ry"));
}

#[test]
fn twice_it_tells_of_retries_pauses_and_undocumented_responses() {
    let odd = r#"{"data":{"topTracks":{"edges":[{"node":{"id":"a","c0lour":"r3d"}}]}}}"#;
    let responses = vec![
        ("502 Bad Gateway", ""),
        ("429 Too Many Requests", ""),
        ("200 OK", odd),
    ];
    let output = top_tracks(responses, &["-vv"]);
    let errors = lines(&output);
    for line in [
        "retrying (delay N ms, reason 502)",
        "retrying (reason 429)",
        "waiting for a turn (delay N ms, requests per second ",
        "rate limited (requests per second ",
        "warning: the answer is not as documented (json path data.topTracks.edges.node.c0lour",
    ] {
        assert!(errors.contains(line), "{line} is not in {errors}");
    }
    assert!(!errors.contains("r3d"), "{errors}");
}

#[test]
fn the_variable_selects_by_target_and_a_wrong_one_is_no_failure() {
    let told = |directive: &str| {
        let (address, _) = server("200 OK", EMPTY);
        let url = format!("http://{address}/v1");
        let mut command = with_token(&["top", "tracks", "--base-url", &url]);
        let output = command.env("RUST_LOG", directive).output().unwrap();
        assert!(output.status.success(), "{directive}");
        lines(&output)
    };
    assert_eq!(told(""), "");
    assert_eq!(told("amazon_music::drift=warn"), "");
    assert_snapshot!(told("amazon_music=debug"), @"GET /v1/browse/tracks/top: 200 in N ms");
    assert!(told("debug").contains("hyper_util::client"));
    let warning = told("amazon_music=loud");
    assert!(
        warning.starts_with("warning: RUST_LOG is ignored: "),
        "{warning}"
    );
    assert_eq!(warning.lines().count(), 1, "{warning}");
}

#[test]
fn a_credential_is_in_no_line_even_if_it_is_given_as_an_id() {
    let (address, _) = server("404 Not Found", "");
    let url = format!("http://{address}/v1");
    let arguments = [
        "category",
        "Atza|c4n4ry-of-a-token",
        "--base-url",
        &url,
        "-vv",
    ];
    let mut command = with_token(&arguments);
    let command = command.env("AMAZON_MUSIC_TOKEN", "Atza|c4n4ry-of-a-token");
    let errors = text(&command.output().unwrap().stderr);
    // The error repeats the words of the command line.
    let mut lines = errors.lines().filter(|line| !line.starts_with("error: "));
    assert!(
        errors.contains("GET /v1/browse/categories/[redacted]: 404"),
        "{errors}"
    );
    assert!(lines.all(|line| !line.contains("c4n4ry")), "{errors}");
}

/// The last line of standard error, which is JSON.
fn error(output: &Output) -> Value {
    let errors = text(&output.stderr);
    let error: Value = serde_json::from_str(errors.lines().last().unwrap()).unwrap();
    assert_eq!(error["exitCode"], output.status.code().unwrap());
    error
}

#[test]
fn errors_are_json_on_request() {
    let body = r#"{"error":{"status":"403","code":"ACCESS_DENIED","message":"No \u001b[31m.","reference":"r-1"}}"#;
    let refused = top_tracks(vec![("403 Forbidden", body)], &["--error-format", "json"]);
    let expected = json!({
        "kind": "Api", "message": "top tracks: 403 ACCESS_DENIED: No [31m. (reference r-1)", "exitCode": 3,
        "operation": "get_top_tracks", "status": 403, "code": "ACCESS_DENIED", "reference": "r-1",
        "attempts": 1, "isTransient": false,
    });
    assert_eq!(error(&refused), expected);
    let limited = top_tracks(
        vec![("429 Too Many Requests", "")],
        &["--error-format=json", "--retries", "0"],
    );
    let limited = error(&limited);
    assert_eq!(limited["kind"], "RateLimited");
    assert_eq!(limited["exitCode"], 4);
    let run = |arguments: &[&str]| error(&cli(arguments).output().unwrap());
    let missing = run(&["top", "tracks", "--error-format", "json"]);
    assert_eq!(missing["kind"], "Credentials");
    let unknown = run(&["top", "--error-format", "json", "nonsense"]);
    let expected = json!({
        "kind": "Usage", "message": "unrecognized subcommand 'nonsense'", "exitCode": 2,
    });
    assert_eq!(unknown, expected);
    let id = run(&["--sandbox", "category", "a/b", "--error-format", "json"]);
    assert_eq!(id["kind"], "Usage");
    assert_eq!(id["exitCode"], 2);
}
