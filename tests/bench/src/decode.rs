//! Instructions to decode a page with undocumented fields: kept, ignored, and with each item as served.

use amazon_music::{Served, types};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    bodies::{UNKNOWN, playlists},
    instructions,
    peers::{Connection, Envelope},
    roles,
    table::{Table, ratio},
};

const TITLE: &str = "Undocumented fields";

/// Ways to decode a page; the first is what the others are compared with.
const READERS: [&str; 3] = [
    "the documented fields, with serde's derive",
    "the types of this SDK, which keep the others",
    "the same with the JSON as served",
];

/// The fields that the types of this SDK have.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct Playlist {
    id: String,
    title: Option<String>,
    url: Option<String>,
    #[serde(default)]
    images: Vec<Image>,
    duration: Option<f64>,
    track_count: Option<f64>,
    curator: Option<types::Curator>,
    eligibility: Option<types::Eligibility>,
    visibility: Option<types::Visibility>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct Image {
    url: Option<String>,
    height: Option<i64>,
    width: Option<i64>,
    image_type: Option<types::ImageType>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TopPlaylists<T> {
    top_playlists: Connection<T>,
}

/// Decodes a page of 100 playlists that many times.
pub(crate) fn run(reader: usize, unknown: usize, rounds: usize) -> usize {
    let body = playlists(100, UNKNOWN[unknown].1);
    let read = match reader {
        0 => read::<Playlist>,
        1 => read::<types::Playlist>,
        2 => read::<Served<types::Playlist>>,
        _ => panic!("there is no reader {reader}"),
    };
    (0..rounds).map(|_| read(&body)).sum()
}

fn read<T: DeserializeOwned>(body: &str) -> usize {
    let page: Envelope<TopPlaylists<T>> = serde_json::from_str(body).unwrap();
    page.data.top_playlists.edges.len()
}

/// Prints the table if valgrind is installed.
pub(crate) fn print() {
    if !instructions::is_there() {
        return roles::not_measured(TITLE, "There is no valgrind.");
    }
    let table = Table::new(
        TITLE,
        "Instructions to decode a page of 100 playlists, without a request, by the undocumented fields of each.",
        &["undocumented fields", "reader", "page", "ratio"],
    );
    for (unknown, (fields, _)) in UNKNOWN.iter().enumerate() {
        let mut first = None;
        for (reader, name) in READERS.iter().enumerate() {
            let count = |rounds: usize| {
                let numbers = [reader, unknown, rounds].map(|number| number.to_string());
                instructions::count(&["decode", &numbers[0], &numbers[1], &numbers[2]])
            };
            let page = (count(120) - count(20)) / 100.0;
            table.row(&[
                (*fields).to_owned(),
                (*name).to_owned(),
                format!("{page:.0}"),
                ratio(page, *first.get_or_insert(page)),
            ]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reader_reads_each_page() {
        for reader in 0..READERS.len() {
            for unknown in 0..UNKNOWN.len() {
                assert_eq!(run(reader, unknown, 2), 200);
            }
        }
        let body = playlists(1, UNKNOWN[2].1);
        let page: Envelope<TopPlaylists<types::Playlist>> = serde_json::from_str(&body).unwrap();
        let playlist = &page.data.top_playlists.edges[0].node;
        assert_eq!(playlist.extra.iter().count(), 5);
    }
}
