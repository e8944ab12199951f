//! Responses rendered once: only the token of a page changes.

use std::fmt::Write as _;

/// Length of a token, fixed so that the length of a body is known beforehand.
const TOKEN: usize = 8;

/// A response with a gap for its token.
#[derive(Debug)]
pub(crate) struct Response {
    /// Status, headers and the body up to the token.
    before: String,
    /// The rest of the body.
    after: String,
    /// The same page at the end of its list.
    last: String,
}

impl Response {
    /// Renders a page of `count` items for the path of a list: `/browse/playlists/top`.
    #[must_use]
    pub(crate) fn render(path: &str, count: usize) -> Self {
        let nesting = nesting(path);
        let edges: Vec<String> = (0..count).map(|index| edge(path, index)).collect();
        let edges = edges.join(",");
        let open: String = nesting
            .iter()
            .map(|name| format!("{{\"{name}\":"))
            .collect();
        let close = "}".repeat(nesting.len());
        let start = format!("{open}{{\"pageInfo\":{{\"hasNextPage\":true,\"token\":\"");
        let after = format!("\"}},\"edgeCount\":{count},\"edges\":[{edges}]}}{close}");
        let last = format!(
            "{open}{{\"pageInfo\":{{\"hasNextPage\":false}},\"edgeCount\":{count},\"edges\":[{edges}]}}{close}"
        );
        Self {
            before: head(200, start.len() + TOKEN + after.len()) + &start,
            last: head(200, last.len()) + &last,
            after,
        }
    }

    /// Writes the page of this number; `pages` is the length of the list, 0 for endless.
    pub(crate) fn write(&self, out: &mut String, page: usize, pages: usize) {
        out.clear();
        if page == pages {
            return out.push_str(&self.last);
        }
        out.push_str(&self.before);
        let _ = write!(out, "{:0TOKEN$}", page + 1);
        out.push_str(&self.after);
    }
}

/// The response to an expired token.
#[must_use]
pub(crate) fn unauthorized() -> String {
    let body = r#"{"error":{"status":401,"code":"INVALID_ACCESS_TOKEN","message":"The access token has expired."}}"#;
    head(401, body.len()) + body
}

fn head(status: u16, length: usize) -> String {
    format!(
        "HTTP/1.1 {status} Status\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    )
}

/// The names around the connection.
fn nesting(path: &str) -> Vec<&'static str> {
    match path {
        "/browse/tracks/top" => vec!["data", "topTracks"],
        "/browse/playlists/top" => vec!["data", "topPlaylists"],
        "/browse/podcasts/episodes/new" => vec!["data", "newPodcastEpisodes"],
        "/browse/categories" => vec!["data", "categories"],
        path if path.ends_with("/albums") => vec!["data", "category", "albums"],
        path if path.ends_with("/playlists") => vec!["data", "category", "playlists"],
        path => {
            assert!(path.ends_with("/tracks"), "no list stands at {path}");
            vec!["data", "category", "tracks"]
        }
    }
}

/// The undocumented fields of each item of a page, as text that follows its documented ones.
pub(crate) const UNKNOWN: [(&str, &str); 3] = [
    ("none", ""),
    (
        "five scalars",
        r#","mood":"energetic","plays":1234567,"rating":4.75,"isExclusive":false,"shelf":null"#,
    ),
    (
        "five, of which an object and an array",
        r#","mood":"energetic","plays":1234567,"rating":4.75,"chart":{"position":7,"country":"DE","isNew":true},"tags":["summer","party","dance"]"#,
    ),
];

/// The body of a page of playlists, each with these undocumented fields.
#[must_use]
pub(crate) fn playlists(count: usize, unknown: &str) -> String {
    let path = "/browse/playlists/top";
    let edges: Vec<String> = (0..count)
        .map(|index| {
            let edge = edge(path, index);
            let documented = edge.strip_suffix("}}").unwrap();
            format!("{documented}{unknown}}}}}")
        })
        .collect();
    format!(
        r#"{{"data":{{"topPlaylists":{{"pageInfo":{{"hasNextPage":true,"token":"{:0TOKEN$}"}},"edgeCount":{count},"edges":[{}]}}}}}}"#,
        1,
        edges.join(",")
    )
}

/// One item, with the fields that the documentation shows for its kind.
fn edge(path: &str, index: usize) -> String {
    let id = format!("B0{index:08}");
    if path.ends_with("/categories") {
        return format!(
            r#"{{"node":{{"id":"{id}","name":"Category {index}","categoryType":"GENRE","url":"https://music.amazon.com/categories/{id}"}},"cursor":"{id}"}}"#
        );
    }
    if !path.contains("playlists") {
        return format!(
            r#"{{"node":{{"id":"{id}","title":"The title of number {index}","url":"https://music.amazon.com/albums/{id}"}}}}"#
        );
    }
    let images: Vec<String> = [(500, 500), (1280, 2560)]
        .iter()
        .map(|(height, width)| {
            format!(
                r#"{{"height":{height},"width":{width},"url":"https://m.media-amazon.com/images/I/{width}{index:07}.jpg"}}"#
            )
        })
        .collect();
    format!(
        r#"{{"node":{{"id":"{id}","duration":{},"images":[{}],"title":"A playlist of number {index}","trackCount":{},"url":"https://music.amazon.com/playlists/{id}"}}}}"#,
        4000 + index,
        images.join(","),
        20 + index
    )
}
