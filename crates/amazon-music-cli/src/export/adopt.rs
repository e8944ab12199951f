//! Takes over the files of a release without markers.

use std::{fs, path::Path};

use amazon_music::files;

use crate::{
    export::{
        documents::{self, Manifest, cannot, now},
        look::Look,
        names::{MANIFEST, OLD_CHECKPOINTS, adopted},
        state::{Entry, State},
    },
    failure::Failure,
};

/// Gives the files the names of today, and a manifest that makes them ours. What was half-done is read again.
pub(super) fn adopt(folder: &Path, seen: &Look) -> Result<Manifest, Failure> {
    let mut lists = Vec::new();
    for old in &seen.lists {
        let new = adopted(old);
        let (from, to) = (folder.join(old), folder.join(&new));
        if new != *old && fs::symlink_metadata(&to).is_err() {
            fs::rename(&from, &to).map_err(|error| cannot("rename", &from, error))?;
        }
        let metadata = fs::metadata(&to).map_err(|error| cannot("read", &to, error))?;
        lists.push(Entry {
            file: new,
            state: State::Adopted,
            reason: None,
            list: None,
            parent: Default::default(),
            rows: None,
            bytes: Some(metadata.len()),
            sha256: None,
            malformed: 0,
        });
    }
    if seen.has_old_checkpoints {
        remove_checkpoints(&folder.join(OLD_CHECKPOINTS))?;
    }
    let manifest = Manifest {
        parameters: None,
        started_at: now(),
        finished_at: now(),
        totals: Default::default(),
        lists,
    };
    let path = folder.join(MANIFEST);
    files::replace(&path, documents::text(&manifest)?)
        .map_err(|error| cannot("write", &path, error))?;
    Ok(manifest)
}

/// Removes the checkpoints, and their folder if nothing else is in it.
fn remove_checkpoints(folder: &Path) -> Result<(), Failure> {
    let failed = |error| cannot("remove", folder, error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let is_checkpoint = entry
            .file_name()
            .to_str()
            .and_then(|name| {
                name.strip_suffix(".json")
                    .or_else(|| name.strip_suffix(".json.new"))
            })
            .is_some_and(super::names::is_list_file);
        if is_checkpoint && entry.file_type().map_err(failed)?.is_file() {
            fs::remove_file(entry.path()).map_err(failed)?;
        }
    }
    // Whatever else is in it is somebody else's.
    let _ = fs::remove_dir(folder);
    Ok(())
}
