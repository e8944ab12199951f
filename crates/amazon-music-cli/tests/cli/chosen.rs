//! Flags that choose what is printed.

use insta::assert_snapshot;

use crate::{failed, printed, run, text};

/// The output of a list of playlists in a format, with more flags.
fn playlists(more: &[&str]) -> String {
    printed(&[&["--sandbox", "top", "playlists", "-n", "2"], more].concat())
}

#[test]
fn fields_are_chosen_in_every_format() {
    let fields = ["--fields", "title,id,images.url,mood"];
    let of = |format: &str| playlists(&[&["-o", format], &fields[..]].concat());
    assert_snapshot!(of("table"), @r#"
    TITLE             ID          IMAGES URL
    Happy Modern Pop  B00J9PVXBM  ["https://m.media-amazon.com/images/I/71JmZ24jF4L.jpg"]
    Pride Hits        B0B2239T2L  ["https://m.media-amazon.com/images/I/51p-JxIHgtL.jpg"]
    "#);
    assert_snapshot!(of("csv"), @r#"
    title,id,images.url,mood
    Happy Modern Pop,B00J9PVXBM,"[""https://m.media-amazon.com/images/I/71JmZ24jF4L.jpg""]",
    Pride Hits,B0B2239T2L,"[""https://m.media-amazon.com/images/I/51p-JxIHgtL.jpg""]",
    "#);
    assert_snapshot!(of("ndjson"), @r#"
    {"title":"Happy Modern Pop","id":"B00J9PVXBM","images.url":["https://m.media-amazon.com/images/I/71JmZ24jF4L.jpg"],"mood":null}
    {"title":"Pride Hits","id":"B0B2239T2L","images.url":["https://m.media-amazon.com/images/I/51p-JxIHgtL.jpg"],"mood":null}
    "#);
    assert_snapshot!(of("json"), @r#"
    {"items":[
    {"title":"Happy Modern Pop","id":"B00J9PVXBM","images.url":["https://m.media-amazon.com/images/I/71JmZ24jF4L.jpg"],"mood":null},
    {"title":"Pride Hits","id":"B0B2239T2L","images.url":["https://m.media-amazon.com/images/I/51p-JxIHgtL.jpg"],"mood":null}
    ],"complete":false,"nextCursor":"3e44f6a6-d4c3-4c52-aa87-1df4cc9e260f.2"}
    "#);
    let category = [
        "--sandbox",
        "category",
        "2iB4IU25",
        "-o",
        "json",
        "--fields",
        "name",
    ];
    assert_snapshot!(printed(&category), @r#"{"name":"Heavy Metal"}"#);
}

#[test]
fn headers_and_hints_are_left_out_on_request() {
    let header = |more: &[&str]| playlists(more).lines().next().unwrap().to_owned();
    assert!(header(&[]).starts_with("ID "));
    assert!(header(&["--no-header"]).starts_with("B00J9PVXBM "));
    assert!(header(&["--no-header", "-o", "csv"]).starts_with("B00J9PVXBM,"));
    let told = |more: &[&str]| {
        let list = ["--sandbox", "top", "playlists", "-n", "2"];
        text(&run(&[&list, more].concat()).stderr)
    };
    assert!(told(&[]).contains("\nmore: amazon-music --sandbox top playlists -n 2 --cursor "));
    assert_eq!(told(&["--quiet"]), "");
    let cut = text(&run(&["top", "tracks", "--sandbox", "-n", "21"]).stderr);
    assert!(
        cut.ends_with("more: amazon-music top tracks --sandbox --all\n"),
        "{cut}"
    );
}

#[test]
fn a_hint_is_a_command_that_goes_on() {
    let list = ["--sandbox", "top", "tracks", "-n", "3", "-o", "ndjson"];
    let first = run(&list);
    let errors = text(&first.stderr);
    let hint = errors.lines().last().unwrap();
    let command = hint.strip_prefix("more: amazon-music ").unwrap();
    let next = printed(
        &command
            .split(' ')
            .map(|word| word.trim_matches('\''))
            .collect::<Vec<_>>(),
    );
    let six = printed(&["--sandbox", "top", "tracks", "-n", "6", "-o", "ndjson"]);
    assert_eq!(text(&first.stdout) + &next, six);
}

#[test]
fn flags_without_an_effect_are_refused() {
    for (arguments, flag) in [
        (&["completions", "bash", "--user", "x"][..], "--user"),
        (&["completions", "bash", "--sandbox"], "--sandbox"),
        (&["--locale", "de-DE", "completions", "bash"], "--locale"),
        (&["sandbox", "health", "--output", "csv"], "--output"),
    ] {
        let output = run(arguments);
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{errors}");
        let wanted = format!("error: the argument '{flag}' has no effect on ");
        assert!(errors.starts_with(&wanted), "{errors}");
    }
    let unknown = failed(&["category", "none", "--sandbox"]);
    assert!(unknown.contains("category none: 404 "), "{unknown}");
    assert!(
        unknown.ends_with("; `amazon-music categories --all` lists the ids"),
        "{unknown}"
    );
}
