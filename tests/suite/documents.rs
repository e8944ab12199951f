//! Statements about the repository hold: the architecture page, the examples and the workflows.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::common::root;

const ARCHITECTURE: &str = "crates/README.md";

/// The names between backticks in the first cells of the table under this heading.
fn first_cells(page: &str, heading: &str) -> BTreeSet<String> {
    let (_, section) = page.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    section
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| line.split(" |").next())
        .flat_map(|cell| cell.split(", "))
        .map(|name| name.trim_matches('`').trim_end_matches('/').to_owned())
        .collect()
}

/// The names in a folder, but for what is not committed and what tools keep for themselves.
fn names(folder: &Path, is_wanted: impl Fn(&Path) -> bool) -> BTreeSet<String> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| is_wanted(path))
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "target")
        .filter(|name| !name.starts_with('.') || [".cargo", ".ci", ".github"].contains(&&**name))
        .collect()
}

#[test]
fn the_architecture_page_has_the_folders_that_there_are() {
    let page = fs::read_to_string(root().join(ARCHITECTURE)).unwrap();
    let crates = names(&root().join("crates"), Path::is_dir);
    let mut there: BTreeSet<_> = crates.iter().map(|name| format!("crates/{name}")).collect();
    there.extend(names(&root(), Path::is_dir));
    there.remove("crates");
    assert_eq!(first_cells(&page, "Repository"), there);

    let mut knowing = crates;
    knowing.insert("xtask".to_owned());
    assert_eq!(first_cells(&page, "Responsibilities"), knowing);
}

#[test]
fn the_architecture_page_has_the_modules_that_there_are() {
    let page = fs::read_to_string(root().join(ARCHITECTURE)).unwrap();
    let is_module = |path: &Path| !path.ends_with("lib.rs");
    let modules: BTreeSet<_> = names(&root().join("crates/amazon-music/src"), is_module)
        .iter()
        .map(|name| name.trim_end_matches(".rs").to_owned())
        .collect();
    assert_eq!(first_cells(&page, "Modules of amazon-music"), modules);
}

/// All sources and pages below a folder.
fn texts(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let ending = path.extension().unwrap_or_default();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("node_modules") {
            texts(&path, found);
        } else if ending == "rs" || ending == "md" {
            found.push(path);
        }
    }
}

#[test]
fn every_example_is_run_by_a_test_and_every_one_that_is_named_exists() {
    let is_source = |path: &Path| path.extension().is_some_and(|ending| ending == "rs");
    let there = names(&root().join("crates/amazon-music/examples"), is_source);
    let suite = fs::read_to_string(root().join("tests/suite/programs.rs")).unwrap();
    for file in &there {
        assert!(suite.contains(&format!("/examples/{file}\"]")), "{file}");
    }
    let mut pages = vec![root().join("README.md")];
    texts(&root().join("crates/amazon-music"), &mut pages);
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for piece in text.split("--example ").skip(1) {
            let is_name = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '_';
            let name: String = piece.chars().take_while(is_name).collect();
            assert!(there.contains(&format!("{name}.rs")), "{name}");
        }
    }
}

/// The workflows, by name.
fn workflows() -> Vec<(String, Value)> {
    let folder = root().join(".github/workflows");
    names(&folder, |_| true)
        .into_iter()
        .map(|name| {
            let text = fs::read_to_string(folder.join(&name)).unwrap();
            let workflow =
                yaml_serde::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, workflow)
        })
        .collect()
}

fn is_commit(name: &str) -> bool {
    name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn steps(workflow: &Value) -> impl Iterator<Item = &Value> {
    let jobs = workflow["jobs"].as_object().unwrap().values();
    jobs.flat_map(|job| job["steps"].as_array().unwrap())
}

/// The one job that may write: it creates the GitHub release.
const WRITING: (&str, &str) = ("release.yml", "github-release");

#[test]
fn workflows_may_read_only_and_name_the_commits_that_they_use() {
    let workflows = workflows();
    assert!(!workflows.is_empty());
    for (name, workflow) in workflows {
        let permissions = workflow["permissions"].as_object().unwrap();
        assert!(permissions.values().all(|may| may == "read"), "{name}");
        for (job, settings) in workflow["jobs"].as_object().unwrap() {
            let has_own = settings.get("permissions").is_some();
            assert_eq!(has_own, (&*name, &**job) == WRITING, "{name}: {job}");
        }
        // A release that is cancelled half-way leaves crates of two versions behind.
        assert_eq!(
            workflow["concurrency"]["cancel-in-progress"],
            name != WRITING.0,
            "{name}"
        );
        for step in steps(&workflow) {
            if let Some(action) = step["uses"].as_str() {
                // By commit, because a tag can be moved; the comment behind it says which release.
                let (_, commit) = action.split_once('@').unwrap();
                assert!(is_commit(commit), "{name}: {action}");
            }
        }
    }
}

/// The parts of the gate that run when none is named.
fn parts(gate: &str) -> BTreeSet<&str> {
    let line = gate.lines().find_map(|line| line.strip_prefix("gate='"));
    line.unwrap()
        .trim_end_matches('\'')
        .split_whitespace()
        .collect()
}

#[test]
fn workflows_call_what_the_gate_calls() {
    let gate = fs::read_to_string(root().join(".ci/run")).unwrap();
    let workflows = workflows();
    let called: BTreeSet<&str> = workflows
        .iter()
        .flat_map(|(_, workflow)| steps(workflow))
        .filter_map(|step| step["run"].as_str()?.strip_prefix(".ci/run "))
        .flat_map(str::split_whitespace)
        .collect();
    for part in called.union(&parts(&gate)) {
        let is_defined = gate.contains(&format!("\n{part}() {{\n"));
        assert!(is_defined, ".ci/run has no part `{part}`");
    }
    let missing: Vec<_> = parts(&gate).difference(&called).copied().collect();
    assert!(missing.is_empty(), "no workflow calls {missing:?}");
}

#[test]
fn the_gate_runs_the_commands_of_the_readme() {
    let gate = fs::read_to_string(root().join(".ci/run")).unwrap();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let command = "cargo test --workspace --locked";
    assert!(readme.contains(command) && gate.contains(&format!("step {command}\n")));
}
