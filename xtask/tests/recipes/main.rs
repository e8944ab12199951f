//! The four recipes of CONTRIBUTING (a parameter, a field, a list, an entity), applied to one copy of the
//! workspace: all of it works there, and all tests pass, without a change of hand-written Rust.
//!
//! Takes minutes, so `cargo test` leaves it out: `.ci/run recipes` runs it. The copy and its build are kept in
//! `target/recipes`. The build shares nothing with that of the workspace: Cargo gives the packages of both the same
//! file names.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Instant,
};

use changes::apply;
use copies::copy;
use xtask::workspace_root;

mod changes;
#[path = "../copies/mod.rs"]
mod copies;

/// The files of a workspace, by their path below it, without what tools create.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if copies::is_created(&path) {
                continue;
            }
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(root, root, &mut found);
    found
}

/// The paths whose content differs, or that only one of both has.
fn differing(one: &BTreeMap<PathBuf, Vec<u8>>, other: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<String> {
    let names = one.keys().chain(other.keys());
    let mut names: Vec<_> = names
        .filter(|name| one.get(*name) != other.get(*name))
        .collect();
    names.sort();
    names.dedup();
    names
        .iter()
        .map(|name| name.display().to_string())
        .collect()
}

/// The copy of the workspace.
struct Workspace(PathBuf);

impl Workspace {
    /// Makes it like the workspace. Files that are the same keep their time, so that nothing is built again.
    fn new() -> Self {
        let (root, copied) = (
            workspace_root(),
            workspace_root().join("target/recipes/copy"),
        );
        fs::create_dir_all(&copied).unwrap();
        let wanted = files(&root);
        for name in files(&copied)
            .keys()
            .filter(|name| !wanted.contains_key(*name))
        {
            fs::remove_file(copied.join(name)).unwrap();
        }
        for name in wanted.keys() {
            copy(&root.join(name), &copied.join(name));
        }
        Self(copied)
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&self.0)
            .env("CARGO_TARGET_DIR", self.0.with_file_name("target"))
            .env("INSTA_UPDATE", "always");
        command
    }

    /// Generates all that comes from the spec.
    fn generate(&self) {
        self.cargo(&[
            "run",
            "--quiet",
            "--offline",
            "--package",
            "xtask",
            "--",
            "generate",
        ]);
    }

    /// Runs Cargo, which must succeed, with its output on ours.
    fn cargo(&self, arguments: &[&str]) {
        let start = Instant::now();
        let status = self.command(env!("CARGO"), arguments).status().unwrap();
        println!("   {arguments:?}: {} s", start.elapsed().as_secs());
        assert!(status.success(), "cargo {}", arguments.join(" "));
    }

    /// Runs the CLI with words between spaces.
    fn cli(&self, words: &str) -> Output {
        let program = self.0.with_file_name("target").join("debug/amazon-music");
        let words: Vec<_> = words.split(' ').collect();
        let mut command = self.command(program.to_str().unwrap(), &words);
        command.output().unwrap()
    }

    /// The standard output of a command of the CLI that succeeds.
    fn prints(&self, words: &str) -> String {
        let output = self.cli(words);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// The CLI has the commands and flags, and the sandbox answers them with pages and with a 404.
fn check_commands(workspace: &Workspace) {
    let ndjson = |words: &str| -> Vec<serde_json::Value> {
        let lines = workspace.prints(&format!("{words} --sandbox --output ndjson"));
        let lines = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        lines.collect()
    };
    let all = ndjson("soundscapes --all --page-size 7");
    assert!(all.len() > 20, "{}", all.len());
    let calm = ndjson("soundscapes --all --mood CALM --is-live=true");
    assert!(!calm.is_empty() && calm.len() < all.len());
    for soundscape in &calm {
        assert!(
            soundscape["mood"] == "CALM" && soundscape["isLive"] == true,
            "{soundscape}"
        );
    }
    let id = all[9]["id"].as_str().unwrap();
    assert_eq!(ndjson(&format!("soundscape {id}")), [all[9].clone()]);
    let unknown = workspace.cli("soundscape unknown --sandbox");
    assert!(!unknown.status.success());
    let told = String::from_utf8(unknown.stderr).unwrap();
    assert!(told.contains("404"), "{told}");
    let explicit = ndjson("top tracks --all --is-explicit");
    assert!(!explicit.is_empty() && explicit.iter().all(|track| track["isExplicit"] == true));
    let high = ndjson("category E9UEPoEH albums --limit 5 --audio-quality HD");
    assert_eq!(high.len(), 5);
    assert_eq!(ndjson("new episodes --limit 5 --market US").len(), 5);
    let help = workspace.prints("soundscapes --help");
    for flag in ["--mood", "--is-live"] {
        assert!(help.contains(flag), "{help}");
    }

    let folder = workspace.0.with_file_name("export");
    let _ = fs::remove_dir_all(&folder);
    workspace.prints(&format!("export {} --sandbox", folder.display()));
    let soundscapes = fs::read_to_string(folder.join("soundscapes.ndjson")).unwrap();
    assert_eq!(soundscapes.lines().count(), all.len());
}

#[test]
fn all_recipes_end_in_green_tests_without_hand_written_rust() {
    let start = Instant::now();
    let workspace = Workspace::new();
    let before = files(&workspace.0);
    let by_hand = apply(&workspace.0);
    workspace.generate();
    let generated = files(&workspace.0);
    for name in differing(&before, &generated) {
        let is_generated = generated
            .get(Path::new(&name))
            .is_some_and(|bytes| String::from_utf8_lossy(bytes).contains("@generated by"));
        assert!(
            by_hand.contains(&&*name) || is_generated,
            "{name} was changed"
        );
    }

    workspace.cargo(&[
        "build",
        "--quiet",
        "--offline",
        "--package",
        "amazon-music-cli",
    ]);
    check_commands(&workspace);

    // Accepts the snapshots.
    workspace.cargo(&[
        "test",
        "--quiet",
        "--workspace",
        "--offline",
        "--no-fail-fast",
    ]);
    for name in differing(&generated, &files(&workspace.0)) {
        assert!(name.ends_with(".snap"), "{name} was changed by the tests");
    }

    // Without the recipes, everything is as before, but for the snapshots that the gate reports.
    for name in &by_hand {
        let file = workspace.0.join(name);
        match before.get(Path::new(name)) {
            Some(bytes) => copies::write(&file, bytes),
            None => drop(fs::remove_file(file)),
        }
    }
    workspace.generate();
    let left = differing(&before, &files(&workspace.0));
    assert!(left.iter().all(|name| name.ends_with(".snap")), "{left:?}");
    println!("   all recipes: {} s", start.elapsed().as_secs());
}
