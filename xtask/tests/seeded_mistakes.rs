//! Mistakes that a maintainer could make, and the check that names each of them.
//!
//! Not here, because their check is the compiler or another suite: a secret in a `Debug` output
//! (`tests/canaries`), an example that no longer compiles (`cargo test`), a feature that does not compile
//! alone (`cargo xtask features`, which is tested here to try each).
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;
use xtask::{
    budget, copies::copy, documentation, licences, outputs, release, surface, workspace_root,
};

/// What the checks read, without what is built.
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
            copy(&workspace_root().join(name), &folder.path().join(name)).unwrap();
        }
        Self(folder)
    }

    fn root(&self) -> &Path {
        self.0.path()
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
    assert!(outputs::check(root).unwrap().1);
    assert_eq!(surface::check(root).unwrap(), [""; 0]);
    assert_eq!(documentation::check(root).unwrap(), [""; 0]);
    assert!(
        release::dry_run(root)
            .unwrap()
            .contains("No change of the public surface.")
    );
}

#[test]
fn a_generated_file_that_was_edited_by_hand_is_named() {
    let workspace = Workspace::new();
    workspace.edit("crates/amazon-music/src/generated.rs", "pub fn", "pub fn ");
    let (report, current) = outputs::check(workspace.root()).unwrap();
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
    let (report, current) = outputs::check(workspace.root()).unwrap();
    assert!(
        !current && report.contains("✗ crates/amazon-music-browse/src/generated.rs"),
        "{report}"
    );
}

#[test]
fn a_public_item_that_is_gone_asks_for_the_next_breaking_version() {
    let workspace = Workspace::new();
    let gone = "    pub fn expose(&self) -> &str {";
    workspace.edit(
        "crates/amazon-music/src/secret.rs",
        gone,
        "    pub(crate) fn expose(&self) -> &str {",
    );
    let findings = surface::check(workspace.root()).unwrap().join("\n");
    assert!(
        findings.contains("gone since 0.1.0") && findings.contains("fn expose(&self)"),
        "{findings}"
    );
    assert!(findings.contains("must be 0.2.0 or above"), "{findings}");
    // With the version it asks for, it is found right, listed, and kept.
    workspace.edit("Cargo.toml", "version = \"0.1.0\"", "version = \"0.2.0\"");
    assert_eq!(surface::check(workspace.root()).unwrap(), [""; 0]);
    let section = release::dry_run(workspace.root()).unwrap();
    assert!(
        section.contains("### amazon-music 0.1.0 → 0.2.0 or above (which it is)"),
        "{section}"
    );
    assert!(
        section.contains("#### Removed\n\n- `pub amazon_music::secret::Secret: fn expose(&self)"),
        "{section}"
    );
    assert_eq!(release::keep(workspace.root()).unwrap(), [""; 0]);
    assert!(
        !release::dry_run(workspace.root())
            .unwrap()
            .contains("Removed")
    );
}

#[test]
fn a_new_public_item_is_listed_and_asks_for_no_breaking_version() {
    let workspace = Workspace::new();
    let before = "    pub fn expose(&self) -> &str {";
    let new = "    pub fn peek(&self) -> &str { \"\" }\n\n    pub fn expose(&self) -> &str {";
    workspace.edit("crates/amazon-music/src/secret.rs", before, new);
    assert_eq!(surface::check(workspace.root()).unwrap(), [""; 0]);
    let section = release::dry_run(workspace.root()).unwrap();
    assert!(
        section.contains("0.1.0 → 0.1.1 or above (raise `version` in Cargo.toml)"),
        "{section}"
    );
    assert!(
        section.contains("#### Added\n\n- `pub amazon_music::secret::Secret: fn peek(&self)"),
        "{section}"
    );
}

#[test]
fn an_example_that_is_not_compiled_is_named() {
    let workspace = Workspace::new();
    let fence = format!("/// ```{}\n/// let secret", "ignore");
    workspace.edit(
        "crates/amazon-music/src/secret.rs",
        "/// ```\n/// let secret",
        &fence,
    );
    let findings = documentation::check(workspace.root()).unwrap().join("\n");
    assert!(
        findings.contains("crates/amazon-music/src/secret.rs:"),
        "{findings}"
    );
    assert!(
        findings.contains("an example that is not compiled"),
        "{findings}"
    );
}

#[test]
fn a_dependency_over_budget_is_named() {
    let workspace = Workspace::new();
    workspace.edit("xtask/budget.toml", "added_crates = 25", "added_crates = 3");
    let findings = budget::check(workspace.root(), false).unwrap().join("\n");
    assert!(
        findings.contains("crates to a dependent of reqwest, and may add 3: "),
        "{findings}"
    );
    assert!(findings.contains("progenitor-client"), "{findings}");
}

#[test]
fn a_licence_that_is_not_allowed_is_named() {
    let workspace = Workspace::new();
    workspace.edit("xtask/budget.toml", "  \"MPL-2.0\",\n", "");
    let findings = licences::check(workspace.root()).unwrap().join("\n");
    assert!(
        findings.contains("progenitor-client 0.15.1 is under `MPL-2.0`"),
        "{findings}"
    );
}

#[test]
fn an_operation_without_its_request_type_is_named() {
    // The request types are made for every operation of the document: one that is missing in the
    // committed file is drift.
    let workspace = Workspace::new();
    let path = workspace
        .root()
        .join("crates/amazon-music/src/generated.rs");
    let text = fs::read_to_string(&path).unwrap();
    let begin = text.find("pub struct TopTracks").unwrap();
    let end = begin + text[begin..].find('\n').unwrap();
    fs::write(&path, text[..begin].to_owned() + &text[end..]).unwrap();
    let (report, current) = outputs::check(workspace.root()).unwrap();
    assert!(
        !current && report.contains("+    pub struct TopTracks"),
        "{report}"
    );
}
