//! Lists that the spec may have beyond the documented ones. Tests of `export` are about the categories and look away
//! from any others, so that a new list changes none of them.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

/// The documented paths.
const KNOWN: [&str; 4] = [
    "browse/categories",
    "browse/tracks/top",
    "browse/playlists/top",
    "browse/podcasts/episodes/new",
];

/// Whether a request is one for another list.
pub(crate) fn is_path(path: &str) -> bool {
    path.starts_with("browse/") && !KNOWN.iter().any(|known| path.starts_with(known))
}

/// Whether a file of an export is that of another list.
pub(crate) fn is_file(name: &str) -> bool {
    let is_list = [".ndjson", ".csv"].iter().any(|end| name.ends_with(end));
    is_list && !name.to_ascii_lowercase().starts_with("categor")
}

fn is_entry(entry: &Value) -> bool {
    entry["file"].as_str().is_some_and(is_file)
}

fn entries(manifest: &Value) -> Vec<Value> {
    let lists = manifest["lists"].as_array().into_iter().flatten();
    lists.filter(|entry| is_entry(entry)).cloned().collect()
}

/// What an export counts of these lists, by the name of the count in its manifest or summary.
fn count(entries: &[Value], name: &str) -> u64 {
    match name {
        "lists" => entries.len() as u64,
        "rows" => entries
            .iter()
            .filter_map(|entry| entry["rows"].as_u64())
            .sum(),
        state => entries
            .iter()
            .filter(|entry| entry["state"] == state)
            .count() as u64,
    }
}

/// Takes other lists out of a manifest.
pub(crate) fn remove_from_manifest(manifest: &mut Value) {
    let entries = entries(manifest);
    if let Some(lists) = manifest["lists"].as_array_mut() {
        lists.retain(|entry| !is_entry(entry));
    }
    for (name, total) in manifest["totals"].as_object_mut().unwrap() {
        *total = (total.as_u64().unwrap() - count(&entries, name)).into();
    }
}

/// The standard output of an export without other lists.
pub(crate) fn removed_from(command: &Command, printed: String) -> String {
    let mut words = command
        .get_args()
        .skip_while(|word| *word != "export")
        .skip(1);
    let manifest = words
        .next()
        .map(|folder| Path::new(folder).join("manifest.json"));
    let manifest = manifest.and_then(|path| fs::read(path).ok());
    let manifest = manifest.and_then(|text| serde_json::from_slice(&text).ok());
    let entries = manifest
        .map(|manifest| entries(&manifest))
        .unwrap_or_default();
    if entries.is_empty() {
        return printed;
    }
    let is_other = |line: &&str| {
        let mut files = entries.iter().filter_map(|entry| entry["file"].as_str());
        files.any(|file| line.contains(file))
    };
    let lines: String = printed
        .lines()
        .filter(|line| !is_other(line))
        .map(|line| format!("{line}\n"))
        .collect();
    match lines.split_once('\n') {
        Some((first, rest)) if first.contains(" lists, ") => {
            format!("{}\n{rest}", without_counts(first, &entries))
        }
        _ => lines,
    }
}

/// `7 lists, 20 rows in FOLDER: 6 new, 1 skipped` without what these lists add to it.
fn without_counts(summary: &str, entries: &[Value]) -> String {
    let less = |text: &str| {
        let (number, name) = text.split_once(' ').unwrap();
        let number: u64 = number.parse().unwrap();
        (number - count(entries, name), name.to_owned())
    };
    let (lists, rest) = summary.split_once(", ").unwrap();
    let (rows, rest) = rest.split_once(" in ").unwrap();
    let (folder, states) = rest.rsplit_once(": ").unwrap();
    let ((lists, _), (rows, _)) = (less(lists), less(rows));
    let states = states.split(", ").map(less);
    let states = states.filter(|(number, _)| *number > 0);
    let states: Vec<_> = states
        .map(|(number, name)| format!("{number} {name}"))
        .collect();
    format!(
        "{lists} lists, {rows} rows in {folder}: {}",
        states.join(", ")
    )
}
