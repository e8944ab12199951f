//! The rows of `openapi/provenance.md`: which page of the documentation a place in the spec is based on.

use std::{collections::BTreeMap, sync::LazyLock};

use super::allowed::{Allowed, say};

/// The page's heading for each pointer that has a row.
static ROWS: LazyLock<BTreeMap<&'static str, Allowed>> =
    LazyLock::new(|| rows(include_str!("provenance.md")));

fn rows(text: &'static str) -> BTreeMap<&'static str, Allowed> {
    let (mut page, mut section) = ("", "");
    let mut rows = BTreeMap::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            (page, section) = (heading, "");
        } else if let Some(heading) = line.strip_prefix("### ") {
            section = heading;
        } else if let Some(pointer) = line.strip_prefix("| `#/")
            && let Some((pointer, _)) = pointer.split_once('`')
        {
            let heading = match section {
                "" => say!(page),
                section => say!(page, ", ", section),
            };
            rows.entry(pointer).or_insert(heading);
        }
    }
    rows
}

/// The row of a place in the spec, or of the next place above it that has one: its section and its pointer.
pub(super) fn row(pointer: &Allowed) -> Allowed {
    let mut rest = pointer.as_str().trim_start_matches("#/");
    loop {
        if let Some((known, heading)) = ROWS.get_key_value(rest) {
            return say!(heading, ": #/", *known);
        }
        match rest.rsplit_once('/') {
            Some((above, _)) => rest = above,
            None => return say!("none"),
        }
    }
}

#[cfg(test)]
mod tests {
    use amazon_music::operations;

    use super::*;
    use crate::verify::schema::{Schema, of_operation};

    #[test]
    fn each_operation_and_schema_of_an_item_has_a_row() {
        for info in operations::ALL {
            let item = Schema::of_item(info).unwrap();
            for pointer in [&of_operation(info), item.pointer()] {
                assert_ne!(row(pointer).as_str(), "none", "{pointer}");
            }
        }
        let below = row(&say!("#/components/schemas/Track/properties/isrc"));
        assert_eq!(
            below.as_str(),
            "Tracks: #/components/schemas/Track/properties/isrc"
        );
        let unknown = row(&say!("#/components/schemas/Curator/properties/id"));
        assert_eq!(unknown.as_str(), "Playlist: #/components/schemas/Curator");
        assert_eq!(row(&say!("#/nothing")).as_str(), "none");
    }
}
