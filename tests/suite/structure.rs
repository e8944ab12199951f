//! The structure of the sources: no circles between modules, short functions, short files.

mod circles;
mod lengths;
mod modules;
mod small_trees;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use self::{circles::circles, modules::Modules};
use crate::common::root;

/// The most lines of a function in `crates/`.
const FUNCTION_LINES: usize = 60;

/// The most lines of a file that is written by hand.
const FILE_LINES: usize = 400;

/// Rust files below a folder, sorted, without those of builds and hidden folders.
fn rust_files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if name != "target" && name != "node_modules" && !name.starts_with('.') {
                files.append(&mut rust_files(&path));
            }
        } else if name.ends_with(".rs") {
            files.insert(path);
        }
    }
    files
}

fn is_generated(file: &Path) -> bool {
    file.ends_with("generated.rs")
}

/// The hand-written files of the crates, without their tests.
fn files_of_crates() -> BTreeSet<PathBuf> {
    let folder = root().join("crates");
    let is_test = |file: &Path| {
        let mut parts = file.strip_prefix(&folder).unwrap().components();
        parts.any(|part| part.as_os_str() == "tests")
    };
    let mut files = rust_files(&folder);
    files.retain(|file| !is_generated(file) && !is_test(file));
    files
}

/// The packages whose modules are checked.
fn packages() -> Vec<PathBuf> {
    let crates = fs::read_dir(root().join("crates")).unwrap();
    let mut packages: Vec<_> = crates.map(|entry| entry.unwrap().path()).collect();
    packages.retain(|path| path.join("Cargo.toml").is_file());
    packages.push(root().join("xtask"));
    packages.sort();
    packages
}

/// The roots of a package: its library, its binary, or both.
fn roots(package: &Path) -> Vec<PathBuf> {
    let roots = ["src/lib.rs", "src/main.rs"].map(|file| package.join(file));
    roots.into_iter().filter(|file| file.is_file()).collect()
}

fn relative(file: &Path) -> String {
    let file = file.strip_prefix(root()).unwrap_or(file);
    file.display().to_string()
}

fn assert_none(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

#[test]
fn no_circle_connects_the_modules_of_a_crate() {
    let mut findings = Vec::new();
    for root in packages().iter().flat_map(|package| roots(package)) {
        findings.append(&mut circles(&root));
    }
    assert_none(&findings);
}

#[test]
fn no_function_of_a_crate_is_too_long() {
    let mut findings = Vec::new();
    for file in files_of_crates() {
        findings.append(&mut lengths::functions(&file, FUNCTION_LINES));
    }
    assert_none(&findings);
}

#[test]
fn no_file_is_too_long() {
    let mut findings = Vec::new();
    for file in rust_files(&root()) {
        if !is_generated(&file) {
            findings.extend(lengths::file(&file, FILE_LINES));
        }
    }
    assert_none(&findings);
}

#[test]
fn every_source_file_is_checked() {
    let (crates, all) = (files_of_crates(), rust_files(&root()));
    for package in packages() {
        let mut modules = BTreeSet::new();
        for root in roots(&package) {
            modules.extend(Modules::with_tests(&root).files());
        }
        assert_eq!(modules, rust_files(&package.join("src")));
        assert!(all.is_superset(&modules));
        modules.retain(|file| !is_generated(file) && file.starts_with(root().join("crates")));
        assert!(crates.is_superset(&modules));
    }
    assert!(packages().len() >= 5, "the crates and the xtask");
}
