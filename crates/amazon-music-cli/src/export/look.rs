//! The contents of a folder, by name and kind, without opening any of it.

use std::{fs, io, path::Path};

use crate::{
    export::{
        documents::{cannot, not_ours},
        names::{MANIFEST, MARKER, OLD_CHECKPOINTS, WORKING, is_list_file},
    },
    failure::Failure,
};

/// The entries of a folder that concern an export.
#[derive(Debug, Default)]
pub(super) struct Look {
    pub(super) has_marker: bool,
    pub(super) has_manifest: bool,
    pub(super) has_working: bool,
    pub(super) has_old_checkpoints: bool,
    /// Files with names of list files, sorted.
    pub(super) lists: Vec<String>,
    /// The lists that have a record in the working folder.
    pub(super) records: Vec<String>,
}

impl Look {
    /// Something with a name that an export needs, in a folder without a marker.
    pub(super) fn in_the_way(&self) -> Option<&'static str> {
        let rows = [(self.has_manifest, MANIFEST), (self.has_working, WORKING)];
        rows.into_iter()
            .find_map(|(is_there, name)| is_there.then_some(name))
    }
}

/// Looks at a folder. Links, FIFOs and the like with names of an export are refused by name.
pub(super) fn look(folder: &Path) -> Result<Look, Failure> {
    let mut look = Look::default();
    for name in names(folder)? {
        let path = folder.join(&name);
        let kind = || fs::symlink_metadata(&path).map_err(|error| cannot("read", &path, error));
        let flag = match name.as_str() {
            MARKER => &mut look.has_marker,
            MANIFEST => &mut look.has_manifest,
            WORKING | OLD_CHECKPOINTS => {
                let kind = kind()?;
                if !kind.is_dir() {
                    return Err(not_ours(&path, &kind));
                }
                match name == WORKING {
                    true => look.has_working = true,
                    false => look.has_old_checkpoints = true,
                }
                continue;
            }
            _ if is_list_file(&name) => {
                regular(&path, &kind()?)?;
                look.lists.push(name);
                continue;
            }
            _ => continue,
        };
        regular(&path, &kind()?)?;
        *flag = true;
    }
    look.lists.sort();
    if look.has_working {
        look.records = records(&folder.join(WORKING))?;
    }
    Ok(look)
}

fn regular(path: &Path, kind: &fs::Metadata) -> Result<(), Failure> {
    match kind.is_file() {
        true => Ok(()),
        false => Err(not_ours(path, kind)),
    }
}

/// The lists that have a record. That it is there is enough: after a power loss it may be empty.
fn records(working: &Path) -> Result<Vec<String>, Failure> {
    let mut records = Vec::new();
    for name in names(working)? {
        let path = working.join(&name);
        let kind = fs::symlink_metadata(&path).map_err(|error| cannot("read", &path, error))?;
        regular(&path, &kind)?;
        let list = name.strip_suffix(".json").filter(|list| is_list_file(list));
        records.extend(list.map(str::to_owned));
    }
    Ok(records)
}

/// The names in a folder. Those that are not Unicode are none of an export.
fn names(folder: &Path) -> Result<Vec<String>, Failure> {
    let failed = |error| cannot("read", folder, error);
    let entries: io::Result<Vec<_>> = fs::read_dir(folder).map_err(failed)?.collect();
    let names = entries
        .map_err(failed)?
        .into_iter()
        .map(|entry| entry.file_name());
    Ok(names.filter_map(|name| name.into_string().ok()).collect())
}
