//! Copies of the workspace, to build or to change.

use std::{fs, path::Path};

use anyhow::{Context, Result};

/// What tools make, and no copy needs.
pub const MADE: [&str; 3] = ["target", "node_modules", ".venv"];

/// Copies a file or a folder without what tools make, and only where it differs, so that a second build
/// of the copy does nothing.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        let bytes = fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
        return write(to, &bytes);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if !MADE.iter().any(|made| entry.file_name() == *made) {
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Writes a file, where it does not hold this already.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).ok().as_deref() == Some(bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// The manifest of the workspace with other members.
pub fn manifest_with_members(root: &Path, members: &[&str]) -> Result<String> {
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    let lines = manifest.lines().map(|line| match line.split(" = ").next() {
        Some("members") => format!("members = {members:?}"),
        Some("default-members") => String::new(),
        _ => line.to_owned(),
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}
