//! Copies of the workspace, to build or to change.

use std::{fs, path::Path};

/// Names that tools create, left out of a copy.
const CREATED: [&str; 4] = ["target", "node_modules", ".venv", ".git"];

/// Whether a tool created this file or folder.
pub(crate) fn is_created(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| CREATED.iter().any(|created| name == *created))
}

/// Copies a file or folder without what tools created. Writes only files that differ, so that a second
/// build of the copy has nothing to do.
pub(crate) fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        write(to, &fs::read(from).unwrap());
        return;
    }
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let from = entry.unwrap().path();
        if !is_created(&from) {
            copy(&from, &to.join(from.file_name().unwrap()));
        }
    }
}

/// Writes a file unless it has this content already.
pub(crate) fn write(path: &Path, bytes: &[u8]) {
    if fs::read(path).ok().as_deref() != Some(bytes) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}
