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

#[test]
fn an_entity_is_found_by_its_name_where_an_id_is_taken() {
    let list = |id: &str| run(&["category", id, "tracks", "--sandbox", "-n", "3"]);
    let by_id = list("2iB4IU25");
    for name in ["Heavy Metal", "heavy metal", "Heavy M"] {
        let by_name = list(name);
        assert_eq!(by_name.stdout, by_id.stdout, "{name}");
        let errors = text(&by_name.stderr);
        assert!(
            errors.contains(&format!("\n{name}: 2iB4IU25\n")),
            "{errors}"
        );
    }
    let several = failed(&["category", "L", "--sandbox"]);
    assert!(
        several.starts_with("2: error: \"L\" could be several: give the id of one of "),
        "{several}"
    );
    assert!(several.contains("vx0YEGc1 (Latin Urban)"), "{several}");
    // No id can have a slash; a name can.
    let neither = failed(&["category", "a/b", "--sandbox"]);
    assert!(
        neither.starts_with("2: error: ID must not be empty"),
        "{neither}"
    );
}

#[test]
fn a_list_is_searched_to_its_end() {
    let found = printed(&[
        "categories",
        "--sandbox",
        "--search",
        "FOLK",
        "-o",
        "csv",
        "--fields",
        "name",
    ]);
    let names: Vec<&str> = found.lines().skip(1).collect();
    assert!(
        names.contains(&"Young Folk") && names.len() > 1,
        "{names:?}"
    );
    assert!(
        names
            .iter()
            .all(|name| name.to_lowercase().contains("folk")),
        "{names:?}"
    );
    let all = printed(&[
        "categories",
        "--sandbox",
        "--all",
        "-o",
        "csv",
        "--fields",
        "name",
    ]);
    let all = all
        .lines()
        .filter(|name| name.to_lowercase().contains("folk"));
    assert_eq!(all.count(), names.len());
    let one = [
        "categories",
        "--sandbox",
        "--search",
        "folk",
        "-n",
        "1",
        "--page-size",
        "20",
    ];
    let first = run(&one);
    assert_eq!(text(&first.stdout).lines().count(), 2);
    let errors = text(&first.stderr);
    assert_eq!(
        run(&["categories", "--sandbox", "--search", "x", "--resume", "p"])
            .status
            .code(),
        Some(2)
    );
    assert!(errors.contains("more: "), "{errors}");
}

/// A command in whose path there is nothing but a browser, which writes down what it opens.
#[cfg(target_os = "linux")]
#[test]
fn the_page_of_an_entity_is_opened_on_request() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let (browser, opened) = (folder.path().join("xdg-open"), folder.path().join("opened"));
    let script = format!(
        "#!/bin/sh\necho \"$1\" > {0}.part\n/bin/mv {0}.part {0}\n",
        opened.display()
    );
    std::fs::write(&browser, script).unwrap();
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).unwrap();
    let output = crate::cli(&["category", "2iB4IU25", "--sandbox", "--web"])
        .env("PATH", folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    while !opened.exists() {
        std::thread::yield_now();
    }
    let opened = std::fs::read_to_string(opened).unwrap();
    assert_eq!(opened, "https://music.amazon.com/genres/2iB4IU25\n");
    let before = run(&["category", "x", "--web", "tracks", "--sandbox"]);
    let before = text(&before.stderr);
    assert!(
        before.starts_with("error: --web belongs after the last word"),
        "{before}"
    );
}
