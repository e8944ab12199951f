//! `--limit` and `--page-size`.

use crate::requests::{EMPTY, server, with_token};

#[test]
fn no_page_is_larger_than_what_is_wanted() {
    let page = |path: &str| {
        let path = path.split(' ').nth(1).unwrap();
        let query = path.split_once('?').map_or("", |(_, query)| query);
        query.to_owned()
    };
    let rows: [(&[&str], &str); 7] = [
        (&[], "limit=20"),
        (&["--limit", "3"], "limit=3"),
        (&["--limit", "30"], "limit=20"),
        (&["--page-size", "7"], "limit=7"),
        (&["--limit", "3", "--page-size", "7"], "limit=3"),
        (&["--limit", "30", "--page-size", "7"], "limit=7"),
        // A later run goes on with pages of the same size.
        (&["--limit", "3", "--resume", "position.json"], "limit=20"),
    ];
    for (flags, wanted) in rows {
        let folder = tempfile::tempdir().unwrap();
        let (address, heads) = server("200 OK", EMPTY);
        let url = format!("http://{address}/v1");
        let arguments = [&["top", "tracks", "--base-url", &url], flags].concat();
        let mut command = with_token(&arguments);
        let output = command.current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{flags:?}");
        assert_eq!(page(&heads.recv().unwrap()), wanted, "{flags:?}");
    }
}
