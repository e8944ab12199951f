//! `export`: what a list that cannot be read, or is served oddly, leaves in the folder.

use crate::{
    export::{export_from, lists, manifest, outcome},
    service::{Reply, Service, catalog},
    text,
};

#[test]
fn a_list_that_breaks_off_never_replaces_one_that_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let broken = |path: &str| {
        let mut reply = catalog(&["a"])(path);
        if path.starts_with("browse/categories/a/tracks") {
            reply.body = reply.body.replace("\"token\":\"second\"", "\"token\":null");
        }
        reply
    };
    let service = Service::start(broken);
    let (code, printed, _) = outcome(&mut export_from(&service, folder.path(), &[]));
    assert_eq!(code, 5);
    assert!(
        printed.contains("cut short: category-a-tracks.ndjson: "),
        "{printed}"
    );
    let rows = || {
        text(&lists(folder.path())["category-a-tracks.ndjson"])
            .lines()
            .count()
    };
    assert_eq!(rows(), 2, "without a file of before, what was read is kept");
    service.change(catalog(&["a"]));
    assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 0);
    assert_eq!(rows(), 3);
    service.change(broken);
    assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 5);
    assert_eq!(rows(), 3);
    let manifest = manifest(folder.path());
    let entry = manifest["lists"]
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["list"] == "tracks");
    assert_eq!(
        (&entry.unwrap()["rows"], &entry.unwrap()["state"]),
        (&3.into(), &"cutShort".into())
    );
}

#[test]
fn a_response_without_its_list_never_empties_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(catalog(&["a"]));
    assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 0);
    let before = lists(folder.path());
    let bodies = [
        (
            "browse/categories/a/tracks",
            r#"{"data": {"category": {"id": "a"}}}"#,
        ),
        (
            "browse/categories?",
            r#"{"data": {"browseCategories": null}}"#,
        ),
    ];
    for (missing, body) in bodies {
        service.change(move |path| match path.starts_with(missing) {
            true => Reply::new(200, body.to_owned()),
            false => catalog(&["a"])(path),
        });
        let (code, _, errors) = outcome(&mut export_from(&service, folder.path(), &[]));
        assert_eq!(code, 5, "{errors}");
        assert!(errors.contains("the response holds no list"), "{errors}");
        assert_eq!(lists(folder.path()), before);
    }
    // There is nothing to lose in a new folder, but no catalog without its categories either.
    let (code, _, _) = outcome(&mut export_from(&service, &folder.path().join("new"), &[]));
    assert_eq!(code, 5);
}

#[test]
fn nodes_are_exported_as_they_were_served() {
    let folder = tempfile::tempdir().unwrap();
    let node =
        r#"{"zeta":1.50,"title":null,"id":"x","trackCount":25,"mood":{"b":[1e2,"é"],"a":null}}"#;
    let service = Service::start(move |path| {
        let mut reply = catalog(&["a"])(path);
        if path.starts_with("browse/categories/a/playlists") {
            reply.body = reply.body.replacen(
                r#"{"id":"1","title":"browse/categories/a/playlists 1"}"#,
                node,
                1,
            );
        }
        reply
    });
    assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 0);
    let list = &lists(folder.path())["category-a-playlists.ndjson"];
    assert_eq!(text(list).lines().next(), Some(node));
}
