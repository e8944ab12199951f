//! The walk-throughs of CONTRIBUTING, walked: their patches are applied to a copy of the document, their
//! commands run on it, and what those print is compared with what is written there.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use similar::TextDiff;
use tempfile::TempDir;
use xtask::{lint, outputs, spec::Spec};

use crate::{common::root, provenance, surface::surface_of};

const GUIDE: &str = ".github/CONTRIBUTING.md";

/// What a copy is made of.
const FILES: [&str; 6] = [
    "openapi/browse.yaml",
    "openapi/provenance.md",
    "crates/amazon-music-browse/src/generated.rs",
    "crates/amazon-music/src/generated.rs",
    "crates/amazon-music-sandbox/src/openapi.json",
    "crates/amazon-music-sandbox/src/openapi.yaml",
];

/// The sources that a snapshot is taken of, by its name.
const SNAPSHOTS: [(&str, &str); 2] = [("client_surface", FILES[2]), ("request_surface", FILES[3])];

/// Stands for what differs from one time to the next: within a line, or alone for any number of lines.
const ELISION: &str = "…";

/// A fenced block of the guide.
struct Block {
    kind: String,
    text: String,
}

/// The sections that have something to do, each with its blocks.
fn sections() -> Vec<(String, Vec<Block>)> {
    let guide = fs::read_to_string(root().join(GUIDE)).unwrap();
    let mut sections = Vec::new();
    for section in guide.split("\n## ").skip(1) {
        let title = section.lines().next().unwrap().to_owned();
        // Every second piece is a block.
        let blocks: Vec<_> = section
            .split("\n```")
            .skip(1)
            .step_by(2)
            .filter_map(|block| block.split_once('\n'))
            .map(|(kind, text)| Block {
                kind: kind.to_owned(),
                text: text.to_owned(),
            })
            .collect();
        if blocks.iter().any(|block| block.kind == "diff") {
            sections.push((title, blocks));
        }
    }
    sections
}

/// A copy of what a walk-through changes.
struct Copy {
    folder: TempDir,
    snapshots: BTreeMap<&'static str, String>,
}

impl Copy {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for file in FILES {
            let to = folder.path().join(file);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(root().join(file), to).unwrap();
        }
        let mut copy = Self {
            folder,
            snapshots: BTreeMap::new(),
        };
        copy.snapshots = copy.surfaces();
        copy
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn surfaces(&self) -> BTreeMap<&'static str, String> {
        let surface = |file: &str| surface_of(&fs::read_to_string(self.path().join(file)).unwrap());
        SNAPSHOTS
            .map(|(name, file)| (name, surface(file)))
            .into_iter()
            .collect()
    }

    /// Takes out what these patches put in, where somebody has walked through it in this very workspace.
    fn begin_before(&mut self, blocks: &[Block]) {
        let patches = blocks.iter().filter(|block| block.kind == "diff");
        let undone: usize = patches.map(|patch| self.change(&patch.text, true)).sum();
        if undone > 0 {
            self.run("cargo xtask generate");
            self.snapshots = self.surfaces();
        }
    }

    /// Applies a patch. Each of its hunks must fit in one place.
    fn apply(&self, patch: &str) {
        let hunks = patch.matches("\n@@").count();
        assert_eq!(self.change(patch, false), hunks, "does not fit:\n{patch}");
    }

    /// Applies the hunks of a patch that fit in one place, or takes them out again, and tells how many.
    /// They are found by their lines alone.
    fn change(&self, patch: &str, backwards: bool) -> usize {
        let (head, hunks) = patch.split_once("\n@@").unwrap();
        let file = head.lines().last().unwrap().trim_start_matches("+++ ");
        let path: PathBuf = self.path().join(file);
        let mut text = fs::read_to_string(&path).unwrap();
        let mut changed = 0;
        for hunk in hunks.split("\n@@") {
            let lines: Vec<_> = hunk.lines().skip(1).collect();
            let side = |left_out: char| -> String {
                let kept = lines.iter().filter(|line| !line.starts_with(left_out));
                kept.map(|line| format!("{}\n", line.get(1..).unwrap_or_default()))
                    .collect()
            };
            let (from, to) = match backwards {
                false => (side('+'), side('-')),
                true => (side('-'), side('+')),
            };
            if text.matches(&from).count() == 1 {
                text = text.replace(&from, &to);
                changed += 1;
            }
        }
        fs::write(path, text).unwrap();
        changed
    }

    /// Does what this command does, and gives what it prints.
    fn run(&mut self, command: &str) -> String {
        match command {
            "cargo xtask lint" => {
                let findings = lint::findings(&Spec::read_unchecked(self.path()).unwrap());
                let lines: String = findings.iter().map(|line| format!("{line}\n")).collect();
                format!(
                    "{lines}openapi/browse.yaml: {} finding(s)\n",
                    findings.len()
                )
            }
            "cargo xtask generate --check" => outputs::check(self.path()).unwrap().0,
            "cargo xtask generate" => {
                let outputs = outputs::render(&Spec::read(self.path()).unwrap()).unwrap();
                let write = |output: &outputs::Output| output.write(self.path()).unwrap();
                outputs.iter().map(|output| write(output) + "\n").collect()
            }
            "INSTA_UPDATE=always cargo test --package amazon-music-tests surface" => {
                // The snapshots are shown by the next command, and taken over there.
                String::new()
            }
            "git diff tests/suite/snapshots" => {
                let new = self.surfaces();
                let old = std::mem::replace(&mut self.snapshots, new);
                let mut shown = String::new();
                for (name, new) in &self.snapshots {
                    let file = format!("tests/suite/snapshots/suite__surface__{name}.snap");
                    let diff = TextDiff::from_lines(&old[name], new);
                    shown += &diff
                        .unified_diff()
                        .header(&format!("a/{file}"), &format!("b/{file}"))
                        .to_string();
                }
                shown
            }
            other => panic!("{GUIDE}: this test cannot run `{other}`"),
        }
    }
}

/// Runs the commands of a block one by one and compares what they print.
fn run_block(copy: &mut Copy, block: &str) {
    for part in format!("\n{block}").split("\n$ ").skip(1) {
        let (command, wanted) = part.split_once('\n').unwrap_or((part, ""));
        let printed = copy.run(command);
        let lines =
            |text: &str| -> Vec<String> { text.trim_end().lines().map(str::to_owned).collect() };
        assert!(
            fit(&lines(wanted), &lines(&printed)),
            "{GUIDE}: `{command}` prints\n{printed}"
        );
    }
}

fn fit(wanted: &[String], lines: &[String]) -> bool {
    match wanted.split_first() {
        None => lines.is_empty(),
        Some((first, rest)) if first == ELISION => {
            (0..=lines.len()).any(|skipped| fit(rest, &lines[skipped..]))
        }
        Some((first, rest)) => lines
            .split_first()
            .is_some_and(|(line, more)| fits(first, line) && fit(rest, more)),
    }
}

fn fits(wanted: &str, line: &str) -> bool {
    match wanted.split_once(ELISION) {
        None => wanted.trim_end() == line.trim_end(),
        Some((start, end)) => line
            .strip_prefix(start)
            .is_some_and(|rest| rest.ends_with(end)),
    }
}

#[test]
fn what_is_written_about_changing_the_document_is_what_happens() {
    let sections = sections();
    assert_eq!(sections.len(), 2, "a field and a list operation");
    for (title, blocks) in sections {
        let mut copy = Copy::new();
        copy.begin_before(&blocks);
        for block in blocks {
            match block.kind.as_str() {
                "diff" => copy.apply(&block.text),
                "console" => run_block(&mut copy, &block.text),
                other => panic!("{title}: a block of {other:?}"),
            }
        }
        assert_eq!(
            provenance::gaps(copy.path()),
            Vec::<String>::new(),
            "{title}"
        );
        let (report, is_current) = outputs::check(copy.path()).unwrap();
        assert!(is_current, "{title}: {report}");
    }
}

#[test]
fn an_elision_stands_for_any_lines_or_any_part_of_one() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    for (wanted, printed, is_fit) in [
        ("a\n…\nd", "a\nb\nc\nd", true),
        ("a\n…\nd", "a\nd", true),
        ("a…c", "abc", true),
        ("a…c", "ab", false),
        ("a", "a\nb", false),
        ("a\nb", "a", false),
    ] {
        assert_eq!(fit(&lines(wanted), &lines(printed)), is_fit, "{wanted:?}");
    }
}
