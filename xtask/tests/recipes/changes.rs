//! The four recipes of CONTRIBUTING, each as the changes of one who follows it.

mod entity;
mod field;
mod list;
mod parameter;

use std::{fs, path::Path};

use crate::copies::write;

const SPEC: &str = "openapi/browse.yaml";
const PROVENANCE: &str = "openapi/provenance.md";
const CHANGELOG: &str = "CHANGELOG.md";

/// A change of one file.
pub(crate) enum Change {
    /// Text after a place that is there once.
    After(&'static str, &'static str, &'static str),
    /// Text at the end.
    Append(&'static str, &'static str),
    /// A new file.
    Create(&'static str, &'static str),
}

use Change::{After, Append, Create};

/// The line of the changelog.
const CHANGE_NOTE: &[Change] = &[After(
    CHANGELOG,
    "\n### OpenAPI spec\n\n",
    "- Soundscapes, three parameters, and `isExplicit` of tracks.\n",
)];

/// In their order: an entity's place is behind its list.
const RECIPES: [&[Change]; 5] = [
    parameter::CHANGES,
    field::CHANGES,
    list::CHANGES,
    entity::CHANGES,
    CHANGE_NOTE,
];

/// Applies all recipes to the workspace at `root`. Returns the paths of the files that they change.
pub(crate) fn apply(root: &Path) -> Vec<&'static str> {
    let mut changed = vec![SPEC];
    let spec = root.join(SPEC);
    let text = fs::read_to_string(&spec).unwrap();
    let version = text.split_once("\n  version: ").unwrap().1;
    let version = format!("\n  version: {}", version.lines().next().unwrap());
    write(
        &spec,
        text.replacen(&version, "\n  version: 1.99.0", 1).as_bytes(),
    );
    for change in RECIPES.into_iter().flatten() {
        let (After(path, ..) | Append(path, _) | Create(path, _)) = change;
        let file = root.join(path);
        let text = match change {
            After(_, place, new) => {
                let text = fs::read_to_string(&file).unwrap();
                assert_eq!(text.matches(place).count(), 1, "{path}: {place:?}");
                text.replacen(place, &format!("{place}{new}"), 1)
            }
            Append(_, new) => fs::read_to_string(&file).unwrap() + new,
            Create(_, new) => (*new).to_owned(),
        };
        write(&file, text.as_bytes());
        changed.push(path);
    }
    changed
}
