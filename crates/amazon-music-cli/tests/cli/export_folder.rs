//! `export`: whose folder it is, and what is in the way.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::Stdio,
};

use serde_json::json;

use crate::{
    export::{IDS, export, export_from, files, lists, outcome},
    service::{Reply, Service, catalog},
    text,
};

#[test]
fn ids_that_differ_in_case_alone_have_files_that_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(catalog(IDS));
    assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 0);
    let lists = lists(folder.path());
    let folded: std::collections::BTreeSet<_> =
        lists.keys().map(|name| name.to_lowercase()).collect();
    assert_eq!(folded.len(), 1 + 3 * 3);
    assert!(
        lists.contains_key("category-ab1-tracks.ndjson"),
        "{:?}",
        lists.keys()
    );
}

#[test]
fn files_of_others_are_refused_by_name_and_left_as_they_are() {
    let service = Service::start(catalog(IDS));
    let upper = "Category-AB1-tracks.ndjson";
    for name in [
        "categories.ndjson",
        "manifest.json",
        upper,
        "categories.csv",
        "amazon-music-export.json",
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), "mine").unwrap();
        let (code, _, errors) = outcome(&mut export_from(&service, folder.path(), &[]));
        assert_eq!(code, 2, "{errors}");
        assert!(errors.contains(name), "{errors}");
        assert_eq!(service.requests(), [""; 0]);
        assert_eq!(fs::read(folder.path().join(name)).unwrap(), b"mine");
        assert_eq!(files(folder.path()).len(), 1, "nothing else was written");
    }
}

#[test]
fn what_is_not_an_exports_stays_in_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(catalog(IDS));
    let notes = folder.path().join("notes.txt");
    let checkpoints = folder.path().join(".checkpoints");
    fs::write(&notes, "mine").unwrap();
    fs::create_dir(&checkpoints).unwrap();
    fs::write(checkpoints.join("mine"), "mine").unwrap();
    assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 0);
    assert_eq!(fs::read(notes).unwrap(), b"mine");
    assert_eq!(fs::read(checkpoints.join("mine")).unwrap(), b"mine");
    // A file that somebody put there since.
    let stranger = folder.path().join("category-x-tracks.ndjson");
    fs::write(&stranger, "mine").unwrap();
    let (code, _, errors) = outcome(&mut export_from(&service, folder.path(), &[]));
    assert_eq!(code, 2);
    assert!(
        errors.contains("category-x-tracks.ndjson was not written by this export"),
        "{errors}"
    );
    assert_eq!(fs::read(stranger).unwrap(), b"mine");
}

#[cfg(unix)]
#[test]
fn links_fifos_and_folders_in_the_place_of_a_file_are_refused_by_name() {
    let service = Service::start(catalog(IDS));
    type Make = fn(&Path);
    let link: Make = |path| std::os::unix::fs::symlink("/etc/passwd", path).unwrap();
    let fifo: Make = |path| {
        let made = std::process::Command::new("mkfifo").arg(path).status();
        assert!(made.unwrap().success());
    };
    let directory: Make = |path| fs::create_dir(path).unwrap();
    let rows = [
        ("categories.ndjson", link, "a symbolic link"),
        ("categories.ndjson", fifo, "no regular file"),
        ("categories.ndjson", directory, "a folder"),
        ("manifest.json", fifo, "no regular file"),
        ("amazon-music-export.json", link, "a symbolic link"),
        ("amazon-music-export.json", fifo, "no regular file"),
        (".amazon-music-export", link, "a symbolic link"),
        (".amazon-music-export/run.json", fifo, "no regular file"),
        (
            ".amazon-music-export/categories.ndjson.part",
            link,
            "a symbolic link",
        ),
        (
            ".amazon-music-export/categories.ndjson.json",
            fifo,
            "no regular file",
        ),
    ];
    for (name, make, what) in rows {
        for is_finished in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            if is_finished {
                assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 0);
            }
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let _ = fs::remove_file(&path);
            make(&path);
            let (code, _, errors) = outcome(&mut export_from(&service, folder.path(), &[]));
            assert_eq!(code, 2, "{name}: {errors}");
            assert!(
                errors.contains(name) && errors.contains(what),
                "{name}: {errors}"
            );
        }
    }
}

#[test]
fn a_folder_of_an_older_release_is_left_alone_until_it_is_adopted() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(catalog(IDS));
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).unwrap();
    write("categories.ndjson", "old\n");
    write("category-Ab1-tracks.ndjson", "half of the old");
    fs::create_dir(folder.path().join(".checkpoints")).unwrap();
    write(".checkpoints/category-Ab1-tracks.ndjson.json", "{}");
    for more in [&[][..], &["--restart"]] {
        let (code, _, errors) = outcome(&mut export_from(&service, folder.path(), more));
        assert_eq!(code, 2);
        assert!(errors.contains("take it over with --adopt"), "{errors}");
        assert_eq!(
            fs::read(folder.path().join("categories.ndjson")).unwrap(),
            b"old\n"
        );
    }
    let (code, printed, errors) = outcome(&mut export_from(&service, folder.path(), &["--adopt"]));
    assert_eq!(code, 0, "{errors}");
    assert!(printed.contains(": 8 new, 2 changed\n"), "{printed}");
    assert_eq!(lists(folder.path()).len(), 1 + 3 * 3);
}

#[test]
fn an_export_with_other_parameters_is_another_export() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(catalog(IDS));
    assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 0);
    let before = files(folder.path());
    let (code, _, errors) = outcome(&mut export_from(
        &service,
        folder.path(),
        &["--format", "csv"],
    ));
    assert_eq!(code, 2);
    assert!(
        errors.contains("(--format was ndjson and is now csv)"),
        "{errors}"
    );
    let (code, _, errors) = outcome(&mut export_from(
        &service,
        folder.path(),
        &["--locale", "de-DE"],
    ));
    assert_eq!(code, 2);
    assert!(
        errors.contains("(--locale was not set and is now de-DE)"),
        "{errors}"
    );
    assert!(files(folder.path()) == before);
    let more = ["--format", "csv", "--restart"];
    let (code, printed, _) = outcome(&mut export_from(&service, folder.path(), &more));
    assert_eq!(code, 0);
    assert!(printed.contains(": 10 new, 10 gone\n"), "{printed}");
}

#[test]
fn files_of_a_newer_release_are_refused_by_name() {
    let service = Service::start(catalog(IDS));
    for name in ["manifest.json", "amazon-music-export.json"] {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 0);
        let path = folder.path().join(name);
        let newer = fs::read_to_string(&path)
            .unwrap()
            .replace("\"version\": 1", "\"version\": 2");
        fs::write(&path, newer).unwrap();
        let (code, _, errors) = outcome(&mut export_from(&service, folder.path(), &[]));
        assert_eq!(code, 2);
        assert!(
            errors.contains(name) && errors.contains("format version 2"),
            "{errors}"
        );
    }
}

/// An export that was interrupted after the first page of one list.
fn half_done(folder: &Path, service: &Service) {
    service.change(|path| {
        match path.starts_with("browse/categories/a/tracks?") && path.contains("cursor") {
            true => Reply::error(500, "INTERNAL_ERROR"),
            false => catalog(&["a"])(path),
        }
    });
    assert_eq!(outcome(&mut export_from(service, folder, &[])).0, 5);
    service.requests();
}

const RECORD: &str = ".amazon-music-export/category-a-tracks.ndjson.json";

#[test]
fn a_list_whose_saved_cursor_is_refused_begins_again_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(catalog(&["a"]));
    half_done(folder.path(), &service);
    service.change(|path| match query_cursor(path) {
        Some("second") => Reply::error(400, "BAD_REQUEST"),
        _ => catalog(&["a"])(&path.replace("fresh", "second")).renamed(),
    });
    let (code, _, errors) = outcome(&mut export_from(&service, folder.path(), &[]));
    assert_eq!(code, 0, "{errors}");
    assert!(
        errors
            .contains("category-a-tracks.ndjson: begins again, its saved position is of no use: "),
        "{errors}"
    );
    let rows = text(&lists(folder.path())["category-a-tracks.ndjson"]);
    assert_eq!(rows.lines().count(), 3, "{rows}");
}

fn query_cursor(path: &str) -> Option<&str> {
    crate::service::query(path).get("cursor").copied()
}

impl Reply {
    /// The same page with other cursors.
    fn renamed(mut self) -> Self {
        self.body = self.body.replace("\"second\"", "\"fresh\"");
        self
    }
}

#[test]
fn a_checkpoint_that_was_edited_is_refused_by_name_and_left_in_place() {
    let service = Service::start(catalog(&["a"]));
    let rows = [
        (
            "\"rows\":2",
            "\"rows\":18446744073709551615",
            "18446744073709551615 rows in ",
        ),
        (
            "\"bytes\":",
            "\"bytes\":9",
            "is shorter than its checkpoint says",
        ),
        (
            "\"malformed\":0",
            "\"malformed\":18446744073709551615",
            "malformed items",
        ),
        ("{\"version\":1", "{\"version\":2", "format version 2"),
        (
            "{\"version\":1",
            "mine",
            "is not a checkpoint of this export (expected value",
        ),
        (
            "getCategoryTracks",
            "getTopTracks",
            "cannot be gone on with",
        ),
    ];
    for (from, to, reason) in rows {
        let folder = tempfile::tempdir().unwrap();
        half_done(folder.path(), &service);
        service.change(catalog(&["a"]));
        let path = folder.path().join(RECORD);
        let edited = fs::read_to_string(&path).unwrap().replacen(from, to, 1);
        fs::write(&path, &edited).unwrap();
        let (code, _, errors) = outcome(&mut export_from(&service, folder.path(), &[]));
        assert_eq!(code, 2, "{errors}");
        assert!(
            errors.contains(reason) && errors.contains("category-a-tracks"),
            "{errors}"
        );
        assert!(errors.contains("remove "), "{errors}");
        assert!(!errors.contains("panicked"), "{errors}");
        assert_eq!(fs::read_to_string(&path).unwrap(), edited);
        // As the message says.
        fs::remove_file(&path).unwrap();
        assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 0);
    }
}

#[test]
fn what_a_power_loss_leaves_of_a_checkpoint_starts_its_list_over() {
    let service = Service::start(catalog(&["a"]));
    for left in [&b""[..], &[0; 300], br#"{"version":1,"by"#] {
        let folder = tempfile::tempdir().unwrap();
        half_done(folder.path(), &service);
        service.change(catalog(&["a"]));
        fs::write(folder.path().join(RECORD), left).unwrap();
        assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 0);
        let rows = text(&lists(folder.path())["category-a-tracks.ndjson"]);
        assert_eq!(rows.lines().count(), 3, "{rows}");
    }
}

#[test]
fn restart_begins_an_interrupted_export_again() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(catalog(&["a"]));
    half_done(folder.path(), &service);
    service.change(catalog(&["a"]));
    assert_eq!(
        outcome(&mut export_from(&service, folder.path(), &["--restart"])).0,
        0
    );
    assert_eq!(service.requests().len(), 7);
}

#[test]
fn a_second_export_into_a_folder_says_who_holds_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = export(folder.path(), &["--concurrency", "1"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It tells its progress, so that it has begun.
    let mut lines = BufReader::new(first.stderr.take().unwrap()).lines();
    lines.find(|line| {
        let line = line.as_ref().unwrap();
        line.contains(" of ") && line.contains(" lists")
    });
    let (code, _, errors) = outcome(&mut export(folder.path(), &[]));
    assert_eq!(code, 1);
    let holder = format!(
        "an export to it is running (process {}, since 20",
        first.id()
    );
    assert!(errors.contains(&holder), "{errors}");
    assert!(!errors.contains("resume"), "{errors}");
    lines.for_each(drop);
    assert!(first.wait().unwrap().success());
    assert_eq!(lists(folder.path()).len(), 361);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let (code, _, errors) = outcome(&mut export(&file.path().join("catalog"), &[]));
    assert_eq!(code, 1);
    assert!(
        errors.contains("error: cannot create ") && errors.contains("/catalog: "),
        "{errors}"
    );
}

#[test]
fn rows_that_would_be_formulas_are_guarded_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(|path| match path.starts_with("browse/categories?") {
        true => crate::service::page(path, &[json!({"id": "a", "name": "=1+1"})], None),
        false => crate::service::page(path, &[], None),
    });
    for (more, wanted) in [(&[][..], "a,=1+1,,"), (&["--csv-safe"], "a,'=1+1,,")] {
        let folder = folder.path().join(more.len().to_string());
        let more = [&["--format", "csv"], more].concat();
        assert_eq!(outcome(&mut export_from(&service, &folder, &more)).0, 0);
        let categories = text(&lists(&folder)["categories.csv"]);
        assert_eq!(categories.lines().nth(1), Some(wanted));
    }
}
