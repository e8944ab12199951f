//! The committed files are those that the spec gives.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use xtask::{generate, spec::Spec, workspace_root};

#[test]
fn the_generated_files_are_current() {
    let root = workspace_root();
    let (report, current) = generate::check(&root, &Spec::read(&root).unwrap()).unwrap();
    assert!(current, "{report}");
}

#[test]
fn generating_twice_gives_the_same_bytes() {
    let spec = Spec::read(&workspace_root()).unwrap();
    let texts = || -> Vec<String> {
        let outputs = generate::render(&spec).unwrap();
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
    let before = generate::render(&spec).unwrap();
    let after = generate::render(&Spec::parse(&changed).unwrap()).unwrap();
    // The file of the test suite has names only, and the provenance is a copy of another file.
    let with_text = |output: &&generate::Output| {
        !output.path.starts_with("tests/") && !output.path.ends_with("/provenance.md")
    };
    let (before, after) = (
        before.iter().filter(with_text),
        after.iter().filter(with_text),
    );
    for (before, after) in before.zip(after) {
        assert!(!before.text.contains("Tracks of it."));
        assert!(after.text.contains("Tracks of it."), "{}", after.path);
    }
}

#[test]
fn the_banner_names_the_release_that_is_locked() {
    let lock = std::fs::read_to_string(workspace_root().join("Cargo.lock")).unwrap();
    let (name, version) = generate::GENERATOR.split_once(' ').unwrap();
    let entry = format!("name = \"{name}\"\nversion = \"{version}\"\n");
    assert!(
        lock.contains(&entry),
        "{} is not locked",
        generate::GENERATOR
    );
}

#[test]
fn line_ends_do_not_matter() {
    let spec = Spec::read(&workspace_root()).unwrap();
    let windows = Spec::parse(&spec.text.replace('\n', "\r\n")).unwrap();
    assert_eq!(windows.text, spec.text);
}
