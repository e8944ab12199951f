//! `--resume`.

use insta::assert_snapshot;

use crate::{failed, printed};

#[test]
fn the_parts_of_a_resumed_list_make_up_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("position.json");
    let file = file.to_str().unwrap();
    let common = [
        "--sandbox",
        "--output",
        "ndjson",
        "top",
        "tracks",
        "--page-size",
        "9",
    ];
    let whole = printed(&[&common[..], &["--all"]].concat());
    let mut parts = String::new();
    for _ in 0..4 {
        parts += &printed(&[&common[..], &["--limit", "31", "--resume", file]].concat());
    }
    assert_eq!(parts, whole);
    assert_eq!(
        printed(&[&common[..], &["--all", "--resume", file]].concat()),
        ""
    );
    let mistake = failed(&["--sandbox", "categories", "--all", "--resume", file]);
    assert_snapshot!(mistake, @"1: error: categories: the position was taken from getTopTracks: resume that list, or start from the beginning");
    let mistake = failed(&["--sandbox", "categories", "--resume", file]);
    assert_snapshot!(mistake, @"2: error: --resume needs --all or --limit; to read a single page, use --cursor");
    std::fs::write(file, "mine").unwrap();
    let mistake = failed(&["--sandbox", "top", "tracks", "--all", "--resume", file]);
    assert_snapshot!(mistake.replace(file, "FILE"), @"2: error: FILE is not a position saved by --resume (expected value at line 1 column 1): remove it to start over, or name another file");
    assert_eq!(std::fs::read_to_string(file).unwrap(), "mine");
}
