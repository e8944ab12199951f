//! `export`: what a finished or interrupted export holds.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use serde_json::Value;

use crate::{
    cli, further,
    service::{Reply, Service, catalog},
    text,
};

pub(crate) const IDS: &[&str] = &["ab1", "Ab1", "aB1"];

pub(crate) fn export(folder: &Path, more: &[&str]) -> Command {
    let folder = folder.to_str().unwrap();
    cli(&[&["--sandbox", "export", folder], more].concat())
}

pub(crate) fn export_from(service: &Service, folder: &Path, more: &[&str]) -> Command {
    service.cli(&[&["export", folder.to_str().unwrap()], more].concat())
}

/// Exit code, standard output and standard error, without lists that are not documented.
pub(crate) fn outcome(command: &mut Command) -> (i32, String, String) {
    let output = command.output().unwrap();
    let code = output.status.code().unwrap();
    let printed = further::removed_from(command, text(&output.stdout));
    (code, printed, text(&output.stderr))
}

/// The files of a folder with their content, without lists that are not documented; none may be hidden.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            assert!(!name.starts_with('.'), "{name} was left behind");
            (name, fs::read(entry.path()).unwrap())
        })
        .filter(|(name, _)| !further::is_file(name))
        .collect()
}

/// The list files alone.
pub(crate) fn lists(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = files(folder);
    files.retain(|name, _| name.starts_with("categor"));
    files
}

pub(crate) fn manifest(folder: &Path) -> Value {
    let manifest = fs::read(folder.join("manifest.json")).unwrap();
    let mut manifest = serde_json::from_slice(&manifest).unwrap();
    further::remove_from_manifest(&mut manifest);
    manifest
}

#[test]
fn an_export_as_csv_has_a_header_and_a_row_for_each_item() {
    let folder = tempfile::tempdir().unwrap();
    let (code, summary, errors) = outcome(&mut export(folder.path(), &["--format", "csv"]));
    assert_eq!(code, 0, "{errors}");
    let files = lists(folder.path());
    let categories = text(&files["categories.csv"]);
    assert_eq!(categories.lines().count(), 121);
    assert!(categories.starts_with("id,name,url,categoryType\ncpdRsfJP,Technoid,,\n"));
    let rows: usize = files
        .values()
        .map(|file| text(file).lines().count() - 1)
        .sum();
    assert!(
        summary.starts_with(&format!("361 lists, {rows} rows in ")),
        "{summary}"
    );
}

#[test]
fn an_export_that_is_run_again_while_the_service_is_down_leaves_every_file_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(catalog(IDS));
    assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 0);
    let before = files(folder.path());
    assert_eq!(before.len(), 1 + 3 * 3 + 2);

    let replies = [
        (Reply::error(401, "UNAUTHORIZED"), 3),
        (Reply::error(500, "INTERNAL_ERROR"), 1),
        (Reply::page("<html>log in to the network</html>"), 1),
    ];
    for (reply, code) in replies {
        let status = reply.status;
        service.change(move |_| reply.clone());
        let (ended, printed, errors) = outcome(&mut export_from(&service, folder.path(), &[]));
        assert_eq!(ended, code, "{status}: {errors}");
        assert_eq!(printed, "");
        assert!(files(folder.path()) == before, "{status}");
    }
    let mut nobody = export_from(&service, folder.path(), &[]);
    nobody.env("AMAZON_MUSIC_BASE_URL", "http://127.0.0.1:1");
    let (code, _, errors) = outcome(&mut nobody);
    assert_eq!(code, 1);
    assert!(errors.contains("could not connect"), "{errors}");
    assert!(
        errors
            .trim_end()
            .ends_with("; run the same command again to resume"),
        "{errors}"
    );
    assert!(files(folder.path()) == before);
}

#[test]
fn an_export_that_ends_half_way_leaves_the_files_that_it_did_not_get_to() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(catalog(IDS));
    assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 0);
    let before = files(folder.path());
    // The first pages of lists come, and have changed; then the token is refused.
    service.change(|path| match path.contains("cursor=") {
        true => Reply::error(401, "UNAUTHORIZED"),
        false => catalog(IDS)(&path.replace("limit=100", "limit=99")),
    });
    assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 3);
    let mut after = before.clone();
    for (name, content) in &mut after {
        *content = fs::read(folder.path().join(name)).unwrap();
    }
    assert!(after == before);
}

#[test]
fn a_refresh_tells_what_is_new_changed_unchanged_and_gone() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(catalog(&["a", "b"]));
    let (code, printed, _) = outcome(&mut export_from(&service, folder.path(), &[]));
    assert_eq!(code, 0);
    assert!(printed.contains("7 lists, 20 rows in "), "{printed}");
    assert!(printed.ends_with(": 7 new\n"), "{printed}");

    // The category b is gone, c is new, and the tracks of a have changed.
    service.change(|path| {
        let mut reply = catalog(&["a", "c"])(path);
        if path.starts_with("browse/categories/a/tracks") {
            reply.body = reply.body.replace("tracks 1", "tracks one");
        }
        reply
    });
    let (code, printed, _) = outcome(&mut export_from(&service, folder.path(), &[]));
    assert_eq!(code, 0);
    let printed = printed.replace(folder.path().to_str().unwrap(), "FOLDER");
    insta::assert_snapshot!(printed, @"
    7 lists, 20 rows in FOLDER: 3 new, 2 changed, 2 unchanged, 3 gone
    changed: categories.ndjson
    changed: category-a-tracks.ndjson
    gone: category-b-albums.ndjson
    gone: category-b-playlists.ndjson
    gone: category-b-tracks.ndjson
    new: category-c-albums.ndjson
    new: category-c-playlists.ndjson
    new: category-c-tracks.ndjson
    ");
    let states: Vec<_> = manifest(folder.path())["lists"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            format!(
                "{} {}",
                entry["state"].as_str().unwrap(),
                entry["file"].as_str().unwrap()
            )
        })
        .collect();
    insta::assert_snapshot!(states.join("\n"), @"
    changed categories.ndjson
    unchanged category-a-albums.ndjson
    unchanged category-a-playlists.ndjson
    changed category-a-tracks.ndjson
    gone category-b-albums.ndjson
    gone category-b-playlists.ndjson
    gone category-b-tracks.ndjson
    new category-c-albums.ndjson
    new category-c-playlists.ndjson
    new category-c-tracks.ndjson
    ");
    // Gone from the catalog, and kept on the disk.
    assert!(folder.path().join("category-b-tracks.ndjson").exists());

    let command = &["--output", "csv"];
    let (_, printed, _) = outcome(&mut export_from(&service, folder.path(), command));
    assert!(
        printed.contains("category-a-tracks.ndjson,unchanged,,tracks,a,3,"),
        "{printed}"
    );
}

#[test]
fn the_manifest_has_the_counts_the_times_and_the_parameters() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(catalog(&["a"]));
    let more = ["--format", "csv", "--csv-safe"];
    assert_eq!(
        outcome(&mut export_from(&service, folder.path(), &more)).0,
        0
    );
    let mut manifest = manifest(folder.path());
    for name in ["startedAt", "finishedAt"] {
        let time = manifest[name].take();
        let time = time.as_str().unwrap();
        assert!(time.starts_with("20") && time.ends_with('Z'), "{time}");
    }
    manifest["lists"] = manifest["lists"][1].take();
    insta::assert_snapshot!(serde_json::to_string_pretty(&manifest).unwrap(), @r#"
    {
      "finishedAt": null,
      "kind": "amazon-music export manifest",
      "lists": {
        "bytes": 343,
        "categoryId": "a",
        "file": "category-a-albums.csv",
        "list": "albums",
        "malformed": 0,
        "rows": 3,
        "sha256": "dd01a363dde4528092c4f487c3d179421916a62e9e36e9ae2ba54da5f1a874e7",
        "state": "new"
      },
      "parameters": {
        "csvSafe": true,
        "format": "csv",
        "service": "127.0.0.1"
      },
      "startedAt": null,
      "totals": {
        "changed": 0,
        "cutShort": 0,
        "gone": 0,
        "lists": 4,
        "malformed": 0,
        "new": 4,
        "rows": 10,
        "skipped": 0,
        "unchanged": 0
      },
      "version": 1
    }
    "#);
}

#[test]
fn a_list_that_is_refused_for_good_is_told_and_skipped_and_the_others_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let down = |status: u16, code: &'static str| {
        move |path: &str| match path.starts_with("browse/categories/b/tracks") {
            true => Reply::error(status, code),
            false => catalog(&["a", "b"])(path),
        }
    };
    for (status, code) in [
        (404, "RESOURCE_NOT_FOUND"),
        (403, "FORBIDDEN"),
        (400, "BAD_REQUEST"),
    ] {
        let folder = folder.path().join(status.to_string());
        let service = Service::start(down(status, code));
        let (ended, printed, errors) = outcome(&mut export_from(&service, &folder, &[]));
        assert_eq!(ended, 5, "{errors}");
        assert_eq!(lists(&folder).len(), 6);
        assert!(
            printed.contains(": 6 new, 1 skipped\nskipped: category-b-tracks.ndjson: "),
            "{printed}"
        );
        assert!(printed.contains(&format!("{status} {code}")), "{printed}");
        let last = errors.lines().last().unwrap();
        assert_eq!(
            last,
            "error: 1 list could not be read to its end; the others are written"
        );
        // It is read as soon as it can be.
        service.change(catalog(&["a", "b"]));
        let (code, printed, _) = outcome(&mut export_from(&service, &folder, &[]));
        assert_eq!(code, 0);
        assert!(printed.contains(": 1 new, 6 unchanged\n"), "{printed}");
    }
}

#[test]
fn a_category_id_that_no_request_can_carry_is_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(catalog(&["a", ".."]));
    let (code, printed, _) = outcome(&mut export_from(&service, folder.path(), &[]));
    assert_eq!(code, 5);
    assert!(printed.contains(": 4 new, 3 skipped\n"), "{printed}");
}

#[test]
fn a_list_that_may_work_later_is_left_for_the_same_command() {
    let folder = tempfile::tempdir().unwrap();
    let flaky = |path: &str| match path.starts_with("browse/categories/b/tracks?")
        && path.contains("cursor")
    {
        true => Reply::error(500, "INTERNAL_ERROR"),
        false => catalog(&["a", "b"])(path),
    };
    let service = Service::start(flaky);
    let (code, printed, errors) = outcome(&mut export_from(&service, folder.path(), &[]));
    assert_eq!(code, 5);
    assert!(printed.contains(": 6 new, 1 skipped\n"), "{printed}");
    assert!(
        errors.ends_with("; 1 may work later: run the same command again\n"),
        "{errors}"
    );
    service.requests();
    service.change(catalog(&["a", "b"]));
    let (code, printed, _) = outcome(&mut export_from(&service, folder.path(), &[]));
    assert_eq!(code, 0, "{printed}");
    let requests = service.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert!(requests[0].contains("cursor=second"), "{requests:?}");
    assert_eq!(lists(folder.path()).len(), 7);

    // If it fails for weeks, the other lists are refreshed all the same.
    service.change(flaky);
    for _ in 0..2 {
        assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 5);
    }
    service.requests();
    assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 5);
    assert!(service.requests().len() > 10);
}
