//! `export`: killed at any moment.

use std::{
    fs,
    path::Path,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    export::{export_from, lists, outcome},
    service::{Reply, Service, page, query},
    text,
};

/// The list files of an export that may be under way.
fn lists_so_far(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let lists = names.filter_map(|name| {
        name.into_string()
            .ok()
            .filter(|name| name.starts_with("categor"))
    });
    lists
        .map(|name| (name.clone(), fs::read(folder.join(name)).unwrap()))
        .collect()
}

/// How many lists an export under way has begun or ended, about.
fn progress(folder: &Path) -> usize {
    let working = fs::read_dir(folder.join(".amazon-music-export"));
    working.map_or(0, |entries| entries.count())
}

/// Categories of which each list has five pages of 20 items, in one of its versions.
fn large_catalog(path: &str, version: u32, is_slow: &AtomicBool) -> Reply {
    if path.starts_with("browse/categories?") {
        let ids = (0..12).map(|number| json!({"id": format!("C{number}")}));
        return page(path, &ids.collect::<Vec<_>>(), None);
    }
    let name = path.split('?').next().unwrap();
    let number: usize = query(path)
        .get("cursor")
        .map_or(0, |cursor| cursor.parse().unwrap());
    let node =
        |item| json!({"id": format!("{number}.{item}"), "title": format!("{name} v{version}")});
    let next = (number + 1).to_string();
    let is_long = name == "browse/categories/C7/tracks";
    if is_long && is_slow.load(Relaxed) {
        std::thread::sleep(Duration::from_millis(40));
    }
    let pages = if is_long { 40 } else { 5 };
    let nodes: Vec<Value> = (0..20).map(node).collect();
    page(path, &nodes, (number + 1 < pages).then_some(&*next))
}

/// Whether a list has a checkpoint in the middle.
fn has_checkpoint(folder: &Path) -> bool {
    let record = folder.join(".amazon-music-export/category-C7.f167717fb2ed-tracks.ndjson.json");
    fs::read_to_string(record)
        .is_ok_and(|record| record.contains("\"cursor\"") && !record.contains("\"end\":{"))
}

#[test]
fn an_export_that_is_killed_a_hundred_times_ends_as_if_it_had_not_been() {
    let (straight, killed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let is_slow = Arc::new(AtomicBool::new(false));
    let respond = |version| {
        let is_slow = Arc::clone(&is_slow);
        move |path: &str| large_catalog(path, version, &is_slow)
    };
    let service = Service::start(respond(0));
    let (code, _, errors) = outcome(&mut export_from(&service, straight.path(), &[]));
    assert_eq!(code, 0, "{errors}");
    let first = lists(straight.path());
    assert_eq!(first.len(), 1 + 3 * 12);
    let wanted = |name: &str, version| {
        let content = text(&first[name]);
        content
            .replace(" v0\"", &format!(" v{version}\""))
            .into_bytes()
    };

    // A new export first, then refreshes, each of the next version of the catalog.
    let (mut version, mut checkpoints) = (0, 0);
    for kill in 0..100 {
        is_slow.store(kill % 30 == 29, Relaxed);
        let mut child = export_from(&service, killed.path(), &["--concurrency", "5"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // At any step, once it has come some lists further; a few times in the middle of a list.
        let until = progress(killed.path()) + fastrand::usize(1..8);
        let is_time = || match kill % 30 {
            29 => has_checkpoint(killed.path()),
            _ => progress(killed.path()) >= until,
        };
        let has_ended = loop {
            match child.try_wait().unwrap() {
                Some(status) => break status.success(),
                None if is_time() => break false,
                None => std::thread::yield_now(),
            }
        };
        child.kill().unwrap();
        child.wait().unwrap();
        checkpoints += u32::from(has_checkpoint(killed.path()));
        // What is in its place is whole, always.
        for (name, content) in lists_so_far(killed.path()) {
            let is_whole =
                [version, version.max(1) - 1].map(|version| wanted(&name, version) == content);
            assert!(is_whole.contains(&true), "{name} is not whole");
        }
        if has_ended {
            version += 1;
            service.change(respond(version));
        }
    }
    assert!(checkpoints > 0);
    let (code, _, errors) = outcome(&mut export_from(&service, killed.path(), &[]));
    assert_eq!(code, 0, "{errors}");
    for (name, content) in lists(killed.path()) {
        assert!(content == wanted(&name, version), "{name}");
    }
}
