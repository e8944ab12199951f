//! Examples and tests that are there but do not run.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;

use crate::copies::MADE;

/// Where sources stand, below the workspace root.
const FOLDERS: [&str; 3] = ["crates", "tests", "xtask"];

/// What must not stand there, put together so that this file does not find itself.
fn patterns() -> [(String, &'static str); 3] {
    [
        (
            format!("```{}", "ignore"),
            "an example that is not compiled",
        ),
        (format!("#[{}", "ignore"), "a test that is not run"),
        (format!("{}!(", "todo"), "code that is not written"),
    ]
}

/// Every place, a line each.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let mut folders: Vec<PathBuf> = FOLDERS.iter().map(|folder| root.join(folder)).collect();
    folders.push(root.join("README.md"));
    folders.push(root.join("openapi"));
    while let Some(path) = folders.pop() {
        if path.is_dir() {
            if MADE.iter().any(|made| path.ends_with(made)) {
                continue;
            }
            for entry in fs::read_dir(&path)? {
                folders.push(entry?.path());
            }
        } else if path
            .extension()
            .is_some_and(|ending| ending == "rs" || ending == "md")
        {
            let text = fs::read_to_string(&path)?;
            let shown = path.strip_prefix(root).unwrap_or(&path).display();
            for (index, line) in text.lines().enumerate() {
                for (pattern, what) in patterns() {
                    if line.contains(&pattern) {
                        findings.push(format!("{shown}:{}: {what}: `{pattern}`", index + 1));
                    }
                }
            }
        }
    }
    findings.sort();
    Ok(findings)
}
