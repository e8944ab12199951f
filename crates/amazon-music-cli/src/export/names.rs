//! Names of the files of an export.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::catalog::{CatalogList, LISTS};

/// The file that says that a folder is an export, and that its lock is taken on.
pub(super) const MARKER: &str = "amazon-music-export.json";

/// The file that says what the export holds.
pub(super) const MANIFEST: &str = "manifest.json";

/// The folder of what is not whole yet. It is there only while an export is under way or was interrupted.
pub(super) const WORKING: &str = ".amazon-music-export";

/// The state of the export under way, inside the working folder.
pub(super) const RUN: &str = "run.json";

/// The folder of checkpoints of the first release without a marker.
pub(super) const OLD_CHECKPOINTS: &str = ".checkpoints";

/// Extensions of list files.
const EXTENSIONS: [&str; 2] = ["ndjson", "csv"];

/// The longest part of an id that is shown in a name; the hash tells longer ones apart.
const SHOWN: usize = 40;

/// The file of a list of the catalog: of the entity with this id, if each has such a list.
pub(super) fn file(list: &CatalogList, id: Option<&str>, extension: &str) -> String {
    match (list.names(), id) {
        ((before, Some(after)), Some(id)) => {
            format!("{before}-{}-{after}.{extension}", stem(id))
        }
        ((before, _), _) => format!("{before}.{extension}"),
    }
}

/// An id as part of a file name: a pure function of the id, and never the same for two ids, on disks that
/// fold case either. An id without capitals and special characters is itself; any other has a hash added.
fn stem(id: &str) -> String {
    let is_plain = |character| matches!(character, 'a'..='z' | '0'..='9' | '-' | '_');
    if !id.is_empty() && id.len() <= SHOWN && id.chars().all(is_plain) {
        return id.to_owned();
    }
    let shown = |character: char| match is_plain(character.to_ascii_lowercase()) {
        true => character,
        false => '_',
    };
    let mut stem: String = id.chars().take(SHOWN).map(shown).collect();
    // A dot is in no plain id.
    stem.push('.');
    for byte in Sha256::digest(id).iter().take(6) {
        // Writing to a string does not fail.
        let _ = write!(stem, "{byte:02x}");
    }
    stem
}

/// Whether a file of this name could be one of an export.
pub(super) fn is_list_file(name: &str) -> bool {
    // Disks that fold case have one file for both spellings.
    let name = name.to_ascii_lowercase();
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return false;
    };
    EXTENSIONS.contains(&extension) && of_list(stem).is_some()
}

/// The name that a file of the first release has today: then ids were part of names as they are.
pub(super) fn adopted(name: &str) -> String {
    let parts = name
        .rsplit_once('.')
        .and_then(|(stem, extension)| Some((of_list(stem)?, extension)));
    match parts {
        Some(((list, id), extension)) => file(list, id, extension),
        None => name.to_owned(),
    }
}

/// The list in a name without its extension, and the id.
fn of_list(stem: &str) -> Option<(&'static CatalogList, Option<&str>)> {
    LISTS.iter().find_map(|list| match list.names() {
        (before, None) => (stem == before).then_some((list, None)),
        (before, Some(after)) => {
            let rest = stem.strip_prefix(&before)?.strip_prefix('-')?;
            let id = rest.strip_suffix(&after)?.strip_suffix('-')?;
            Some((list, Some(id)))
        }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const OF_CATEGORIES: [&str; 3] = ["albums", "playlists", "tracks"];

    fn of_category(id: &str, list: &str, extension: &str) -> String {
        let list = LISTS.iter().find(|known| known.name() == list);
        file(list.unwrap(), Some(id), extension)
    }

    #[test]
    fn names_are_a_function_of_the_id() {
        let long = "x".repeat(41);
        let rows = [
            ("ab1", "category-ab1-albums.csv"),
            ("-x_y", "category--x_y-albums.csv"),
            ("Ab1", "category-Ab1.41a022c9fb12-albums.csv"),
            ("aB1", "category-aB1.40a4acca6446-albums.csv"),
            ("..", "category-__.5ec1f7e700f3-albums.csv"),
            ("a/b", "category-a_b.c14cddc033f6-albums.csv"),
            ("é", "category-_.4a99557e4033-albums.csv"),
            ("", "category-.e3b0c44298fc-albums.csv"),
        ];
        for (id, name) in rows {
            assert_eq!(of_category(id, "albums", "csv"), name);
            assert!(is_list_file(name));
        }
        let name = of_category(&long, "tracks", "csv");
        assert!(name.len() < 80, "{name}");
    }

    #[test]
    fn no_two_ids_share_a_file_on_a_disk_that_folds_case() {
        let ids = [
            "ab1",
            "Ab1",
            "aB1",
            "AB1",
            "ab1-albums",
            "a.b",
            "a_b",
            "a/b",
            "A_b",
        ];
        let names: HashSet<_> = ids
            .iter()
            .flat_map(|id| OF_CATEGORIES.map(|list| of_category(id, list, "csv").to_lowercase()))
            .collect();
        assert_eq!(names.len(), ids.len() * OF_CATEGORIES.len());
    }

    #[test]
    fn files_of_an_export_are_told_from_others_by_name() {
        let own = [
            "categories.ndjson",
            "CATEGORIES.csv",
            "category-x-tracks.csv",
            "Category-X-Albums.ndjson",
        ];
        let others = [
            "categories",
            "categories.txt",
            "category-x.csv",
            "category-tracks.csv",
            "notes.csv",
            "x",
        ];
        assert!(own.into_iter().all(is_list_file));
        assert!(!others.into_iter().any(is_list_file));
    }

    #[test]
    fn a_file_of_the_first_release_gets_the_name_of_today() {
        let rows = [
            ("categories.csv", "categories.csv"),
            ("category-ab1-albums.csv", "category-ab1-albums.csv"),
            (
                "category-Ab1-albums.csv",
                "category-Ab1.41a022c9fb12-albums.csv",
            ),
        ];
        for (old, new) in rows {
            assert_eq!(adopted(old), new);
        }
    }
}
