//! CSV, whose columns are the properties of the spec.

use insta::assert_snapshot;

use crate::printed;

#[test]
fn csv_is_printed_with_a_header() {
    let printed = printed(&[
        "--sandbox",
        "--output",
        "csv",
        "top",
        "playlists",
        "--limit",
        "2",
    ]);
    assert_snapshot!("csv_of_playlists", printed);
}
