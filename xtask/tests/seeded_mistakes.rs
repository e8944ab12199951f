//! Mistakes a maintainer could make, and the command that reports each of them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use copies::copy;
use tempfile::TempDir;
use xtask::{budget, generate, spec::Spec, workspace_root};

mod copies;

/// The files that the commands read.
const COPIED: [&str; 7] = [
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
    "crates",
    "openapi/browse.yaml",
    "xtask",
    "tests",
];

/// A copy of the workspace to make mistakes in.
struct Workspace(TempDir);

impl Workspace {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in COPIED {
            copy(&workspace_root().join(name), &folder.path().join(name));
        }
        Self(folder)
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    /// Runs `cargo xtask generate --check`.
    fn generate_check(&self) -> (String, bool) {
        let spec = Spec::read(self.root()).unwrap();
        generate::check(self.root(), &spec).unwrap()
    }

    /// Replaces the first occurrence, which must be there.
    fn edit(&self, path: &str, from: &str, to: &str) -> &Self {
        let path: PathBuf = self.root().join(path);
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.contains(from),
            "{} does not hold {from:?}",
            path.display()
        );
        fs::write(path, text.replacen(from, to, 1)).unwrap();
        self
    }
}

#[test]
fn without_a_mistake_nothing_is_found() {
    let workspace = Workspace::new();
    let root = workspace.root();
    assert!(workspace.generate_check().1);
    assert_eq!(budget::check(root, false).unwrap(), [""; 0]);
}

#[test]
fn a_generated_file_that_was_edited_by_hand_is_named() {
    let workspace = Workspace::new();
    workspace.edit("crates/amazon-music/src/generated.rs", "pub fn", "pub fn ");
    let (report, current) = workspace.generate_check();
    assert!(
        !current && report.contains("✗ crates/amazon-music/src/generated.rs"),
        "{report}"
    );
    assert!(report.contains("run `cargo xtask generate`"), "{report}");
}

#[test]
fn a_document_that_was_edited_without_generating_is_named() {
    let workspace = Workspace::new();
    workspace.edit("openapi/browse.yaml", "summary: ", "summary: Really, ");
    let (report, current) = workspace.generate_check();
    assert!(
        !current && report.contains("✗ crates/amazon-music-browse/src/generated.rs"),
        "{report}"
    );
}

#[test]
fn a_dependency_over_budget_is_named() {
    let workspace = Workspace::new();
    workspace.edit("xtask/budget.toml", "added_crates = 25", "added_crates = 3");
    let findings = budget::check(workspace.root(), false).unwrap().join("\n");
    assert!(
        findings.contains("more than xtask/budget.toml allows: "),
        "{findings}"
    );
    assert!(findings.contains("progenitor-client"), "{findings}");
}

#[test]
fn an_operation_without_its_request_type_is_named() {
    // A request type is generated for every operation of the spec: one that is missing in the committed
    // file is drift.
    let workspace = Workspace::new();
    let path = workspace
        .root()
        .join("crates/amazon-music/src/generated.rs");
    let text = fs::read_to_string(&path).unwrap();
    let begin = text.find("pub struct TopTracks").unwrap();
    let end = begin + text[begin..].find('\n').unwrap();
    fs::write(&path, text[..begin].to_owned() + &text[end..]).unwrap();
    let (report, current) = workspace.generate_check();
    assert!(
        !current && report.contains("+    pub struct TopTracks"),
        "{report}"
    );
}
