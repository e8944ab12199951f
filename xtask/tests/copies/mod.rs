//! Copies of the workspace, to build or to change.

use std::{fs, path::Path};

/// Folders that tools create, left out of a copy.
const CREATED: [&str; 3] = ["target", "node_modules", ".venv"];

/// Copies a file or folder without what tools created. Writes only files that differ, so that a second
/// build of the copy has nothing to do.
pub(crate) fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        write(to, &fs::read(from).unwrap());
        return;
    }
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if !CREATED.iter().any(|name| entry.file_name() == *name) {
            copy(&entry.path(), &to.join(entry.file_name()));
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
