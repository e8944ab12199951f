//! Rate limits as a user of the CLI meets them.

use std::{fs, path::Path, process::Output};

use crate::{
    cli,
    requests::{EMPTY, script, with_token},
    text,
};

const PAGE: &str =
    r#"{"data":{"topTracks":{"pageInfo":{"hasNextPage":true,"token":"x"},"edges":[]}}}"#;
const THROTTLED: (&str, &str) = ("429 Too Many Requests", "");

fn read_all(address: &str, tokens: &Path, more: &[&str]) -> Output {
    let url = format!("http://{address}/v1/");
    let mut command = with_token(&[&["top", "tracks", "--all", "--base-url", &url], more].concat());
    let output = command
        .env("AMAZON_MUSIC_TOKEN_DIR", tokens)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    output
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

fn is_one_line(output: &Output) -> bool {
    let errors = text(&output.stderr);
    errors.starts_with("rate limited: about ") && errors.lines().count() == 1
}

#[test]
fn a_wait_is_announced_once_and_the_next_run_goes_on_with_the_rate() {
    let folder = tempfile::tempdir().unwrap();
    let tokens = folder.path().join("amazon-music").join("tokens");
    let (page, last) = (("200 OK", PAGE), ("200 OK", EMPTY));
    let responses = vec![
        THROTTLED, page, last, page, last, page, last, page, last, last,
    ];
    let (address, _heads) = script(responses);
    assert!(is_one_line(&read_all(&address, &tokens, &[])));

    let kept = files(&tokens);
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(
        kept[0].starts_with("pace-http") && kept[0].ends_with(".pace"),
        "{kept:?}"
    );
    let file = tokens.join(&kept[0]);
    let learned = fs::read_to_string(&file).unwrap();
    for secret in ["amzn1", "Atza", "test"] {
        assert!(!format!("{kept:?} {learned}").contains(secret), "{learned}");
    }

    assert!(
        is_one_line(&read_all(&address, &tokens, &[])),
        "it did not start free"
    );
    let free = read_all(&address, &tokens, &["--rate", "50"]);
    assert_eq!(text(&free.stderr), "", "a rate that is set is not news");
    assert_eq!(files(&tokens), kept);
    let old = learned.replace(r#""lastRefused":1"#, r#""lastRefused":"#);
    assert_ne!(old, learned);
    for text in [&*old, "no JSON"] {
        fs::write(&file, text).unwrap();
        let output = read_all(&address, &tokens, &[]);
        assert_eq!(crate::text(&output.stderr), "", "{text}");
    }
}

#[test]
fn the_pace_of_the_sandbox_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let output = cli(&["--sandbox", "top", "tracks"])
        .env("AMAZON_MUSIC_TOKEN_DIR", folder.path())
        .output();
    assert!(output.unwrap().status.success());
    assert_eq!(files(folder.path()), Vec::<String>::new());
}

#[test]
fn a_rate_limit_that_ends_a_command_says_when_to_come_back() {
    let error = |status, more: &[&str]| {
        let (address, _heads) = script(vec![(status, "")]);
        let url = format!("http://{address}/v1");
        let folder = tempfile::tempdir().unwrap();
        let output = with_token(&[&["top", "tracks", "--base-url", &url], more].concat())
            .env("AMAZON_MUSIC_TOKEN_DIR", folder.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
        text(&output.stderr).lines().last().unwrap().to_owned()
    };
    let error_of = "error: top tracks: 429: ";
    for (status, more, end) in [
        ("429 No\r\nretry-after: 600", &[][..], "; retry in 10 min"),
        ("429 No\r\nretry-after: 86400", &[], "; retry in 24 h"),
        (
            "429 No\r\nretry-after: 20",
            &["--timeout", "1"],
            "; retry in 20 s",
        ),
        (
            "429 No",
            &["--retries", "0"],
            "; retry later, the service does not say when",
        ),
    ] {
        let error = error(status, more);
        assert!(
            error.starts_with(error_of) && error.ends_with(end),
            "{error}"
        );
    }
}
