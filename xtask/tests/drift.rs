//! The committed files are what the document gives.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use xtask::{outputs, spec::Spec, workspace_root};

#[test]
fn the_generated_files_are_current() {
    let (report, current) = outputs::check(&workspace_root()).unwrap();
    assert!(current, "{report}");
}

#[test]
fn generating_twice_gives_the_same_bytes() {
    let spec = Spec::read(&workspace_root()).unwrap();
    let texts = || -> Vec<String> {
        let outputs = outputs::render(&spec).unwrap();
        outputs.into_iter().map(|output| output.text).collect()
    };
    assert_eq!(texts(), texts());
}

#[test]
fn a_changed_description_changes_the_generated_files() {
    let spec = Spec::read(&workspace_root()).unwrap();
    let changed = spec
        .text
        .replacen("Tracks tagged with a category.", "Tracks of it.", 1);
    assert_ne!(changed, spec.text);
    let before = outputs::render(&spec).unwrap();
    let after = outputs::render(&Spec::parse(&changed).unwrap()).unwrap();
    for (before, after) in before.iter().zip(&after) {
        assert!(!before.text.contains("Tracks of it."));
        assert!(after.text.contains("Tracks of it."), "{}", after.path);
    }
}

#[test]
fn the_banner_names_the_release_that_is_locked() {
    let lock = std::fs::read_to_string(workspace_root().join("Cargo.lock")).unwrap();
    let (name, version) = outputs::GENERATOR.split_once(' ').unwrap();
    let entry = format!("name = \"{name}\"\nversion = \"{version}\"\n");
    assert!(
        lock.contains(&entry),
        "{} is not locked",
        outputs::GENERATOR
    );
}

#[test]
fn line_ends_do_not_matter() {
    let spec = Spec::read(&workspace_root()).unwrap();
    let windows = Spec::parse(&spec.text.replace('\n', "\r\n")).unwrap();
    assert_eq!(windows.text, spec.text);
}
