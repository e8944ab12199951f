//! `export`.

use std::process::{Command, Stdio};

use crate::{cli, text};

fn export(folder: &std::path::Path, more: &[&str]) -> Command {
    let folder = folder.to_str().unwrap();
    cli(&[&["--sandbox", "export", folder], more].concat())
}

/// The files of a folder with their content; none of them may be hidden.
fn files(folder: &std::path::Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            assert!(!name.starts_with('.'), "{name} was left behind");
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

fn bytes_in(folder: &std::path::Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    let lengths = entries.filter_map(|entry| Some(entry.ok()?.metadata().ok()?.len()));
    lengths.sum()
}

#[test]
fn an_export_that_is_killed_repeatedly_ends_as_if_it_had_not_been() {
    let (straight, killed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let output = export(straight.path(), &[]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let wanted = files(straight.path());
    assert_eq!(wanted.len(), 1 + 3 * 120);
    let size = bytes_in(straight.path());

    for _ in 0..20 {
        let mut child = export(killed.path(), &["--concurrency", "5"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Killed once it has written some more, at any step.
        let until = bytes_in(killed.path()) + fastrand::u64(1..size / 20);
        while bytes_in(killed.path()) < until && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let output = export(killed.path(), &[]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(files(killed.path()), wanted);
}

#[test]
fn an_export_as_csv_has_a_header_and_a_row_for_each_item() {
    let folder = tempfile::tempdir().unwrap();
    let output = export(folder.path(), &["--format", "csv"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let files = files(folder.path());
    let categories = text(&files["categories.csv"]);
    assert_eq!(categories.lines().count(), 121);
    assert!(categories.starts_with("id,name,categoryType,url\ncpdRsfJP,Technoid,,\n"));
    let rows: usize = files
        .values()
        .map(|file| text(file).lines().count() - 1)
        .sum();
    let summary = text(&output.stdout);
    assert!(
        summary.starts_with(&format!("361 lists, {rows} rows in ")),
        "{summary}"
    );
}

#[test]
fn a_file_that_is_not_a_checkpoint_is_rejected_and_left_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoints = folder.path().join(".checkpoints");
    std::fs::create_dir(&checkpoints).unwrap();
    let checkpoint = checkpoints.join("categories.ndjson.json");
    std::fs::write(&checkpoint, "mine").unwrap();
    let output = export(folder.path(), &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let errors = text(&output.stderr);
    assert!(
        errors.contains("categories.ndjson.json is not a checkpoint of an export"),
        "{errors}"
    );
    assert!(
        errors.contains("remove it to start that list over"),
        "{errors}"
    );
    assert_eq!(std::fs::read(checkpoint).unwrap(), b"mine");
}
