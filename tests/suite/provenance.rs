//! The record of where each choice of the document comes from is complete, and leads somewhere.

use std::{collections::BTreeSet, path::Path};

use serde_json::Value;
use xtask::spec::Spec;

use crate::common::root;

const RECORD: &str = "openapi/provenance.md";

/// The pointers of the record: what stands first in each row, between backticks.
fn pointers(record: &str) -> Vec<String> {
    record
        .lines()
        .filter_map(|line| line.strip_prefix("| `#"))
        .filter_map(|line| line.split('`').next())
        .map(str::to_owned)
        .collect()
}

/// What must have a row: each operation, parameter, answer, credential and schema.
fn wanted(tree: &Value) -> Vec<String> {
    let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
    let mut wanted = Vec::new();
    for (path, item) in tree["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            wanted.push(format!("/paths/{}/{method}", escape(path)));
        }
    }
    for kind in ["parameters", "responses", "schemas", "securitySchemes"] {
        for name in tree["components"][kind].as_object().unwrap().keys() {
            wanted.push(format!("/components/{kind}/{}", escape(name)));
        }
    }
    wanted
}

/// What is wrong with the record below `root`.
fn gaps(root: &Path) -> Vec<String> {
    let tree = Spec::read(root).unwrap().tree;
    let record = std::fs::read_to_string(root.join(RECORD)).unwrap();
    let pointers = pointers(&record);
    let known: BTreeSet<_> = pointers.iter().collect();
    let missing = wanted(&tree)
        .into_iter()
        .filter(|pointer| !known.contains(pointer))
        .map(|pointer| format!("{RECORD}: no row for #{pointer}"));
    let dangling = pointers
        .iter()
        .filter(|pointer| tree.pointer(pointer).is_none())
        .map(|pointer| format!("{RECORD}: #{pointer} is not in the document"));
    missing.chain(dangling).collect()
}

#[test]
fn every_part_of_the_document_says_what_it_rests_on() {
    assert_eq!(gaps(&root()), Vec::<String>::new());
}

#[test]
fn every_row_has_its_pointer_its_words_and_its_choice_and_no_place_has_two() {
    let record = std::fs::read_to_string(root().join(RECORD)).unwrap();
    let rows = record.lines().filter(|line| line.starts_with("| `#"));
    for row in rows {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 3, "{row}");
        assert!(cells.iter().all(|cell| !cell.is_empty()), "{row}");
    }
    let pointers = pointers(&record);
    let different: BTreeSet<_> = pointers.iter().collect();
    assert_eq!(different.len(), pointers.len());
}

#[test]
fn the_numbers_that_the_record_quotes_are_those_of_the_readme() {
    let record = std::fs::read_to_string(root().join(RECORD)).unwrap();
    let readme = std::fs::read_to_string(root().join("openapi/README.md")).unwrap();
    let mut quoted = 0;
    for piece in record.split('#').skip(1) {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let number = &piece[..digits];
            assert!(readme.contains(&format!("\n| {number} |")), "#{number}");
            quoted += 1;
        }
    }
    assert!(quoted > 20, "{quoted}");
}
