//! What a user would write by hand to print a list, with the bytes that the CLI prints.

use std::io::{BufWriter, Write, stdout};

use serde::{Deserialize, Serialize};

use crate::peers::{ByHand, Connection};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TopPlaylists {
    top_playlists: Connection<Playlist>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Playlist {
    id: String,
    duration: u64,
    images: Vec<Image>,
    title: String,
    track_count: u64,
    url: String,
}

#[derive(Debug, Deserialize, Serialize)]
struct Image {
    height: u64,
    width: u64,
    url: String,
}

/// The header of the CSV. The last three are of the properties that no playlist of the server has.
const NAMES: [&str; 9] = [
    "id",
    "duration",
    "images",
    "title",
    "trackCount",
    "url",
    "curator",
    "eligibility",
    "visibility",
];

/// Prints all pages of the playlists.
pub(crate) async fn run(format: &str, url: &str) {
    let client = ByHand::new(url);
    let mut out = BufWriter::new(stdout().lock());
    let (mut cursor, mut is_first, mut widths) = (None, true, None);
    loop {
        let page: TopPlaylists = client
            .page("/browse/playlists/top", 100, cursor.as_deref())
            .await;
        let edges = page.top_playlists.edges;
        let items = edges.into_iter().map(|edge| edge.node);
        match format {
            "ndjson" => items.for_each(|item| {
                serde_json::to_writer(&mut out, &item).unwrap();
                out.write_all(b"\n").unwrap();
            }),
            "json" => items.for_each(|item| {
                let before = if is_first { "{\"items\":[\n" } else { ",\n" };
                out.write_all(before.as_bytes()).unwrap();
                serde_json::to_writer(&mut out, &item).unwrap();
                is_first = false;
            }),
            "csv" => csv(items, is_first, &mut out),
            _ => table(items, &mut widths, &mut out),
        }
        is_first = false;
        out.flush().unwrap();
        let info = page.top_playlists.page_info;
        if !info.has_next_page {
            break;
        }
        cursor = info.token;
    }
    if format == "json" {
        writeln!(out, "\n],\"complete\":true,\"nextCursor\":null}}").unwrap();
    }
}

fn csv(items: impl Iterator<Item = Playlist>, is_first: bool, out: impl Write) {
    let mut csv = csv::Writer::from_writer(out);
    if is_first {
        csv.write_record(NAMES).unwrap();
    }
    for item in items {
        let (tracks, duration) = (item.track_count.to_string(), item.duration.to_string());
        let images = serde_json::to_string(&item.images).unwrap();
        let record = [
            &item.id,
            &duration,
            &images,
            &item.title,
            &tracks,
            &item.url,
            "",
            "",
            "",
        ];
        csv.write_record(record).unwrap();
    }
    csv.flush().unwrap();
}

/// Widths are those of the first page, as in the CLI.
fn table(
    items: impl Iterator<Item = Playlist>,
    widths: &mut Option<[usize; 4]>,
    out: &mut impl Write,
) {
    let mut rows: Vec<[String; 5]> = items
        .map(|item| {
            let (minutes, seconds) = (item.duration / 60, item.duration % 60);
            let length = format!("{}:{:02}:{seconds:02}", minutes / 60, minutes % 60);
            let tracks = item.track_count.to_string();
            [item.id, item.title, tracks, length, item.url]
        })
        .collect();
    if widths.is_none() {
        rows.insert(
            0,
            ["ID", "TITLE", "TRACKS", "LENGTH", "URL"].map(str::to_owned),
        );
    }
    let [id, title, tracks, length] = *widths.get_or_insert_with(|| {
        std::array::from_fn(|column| rows.iter().map(|row| row[column].len()).max().unwrap() + 2)
    });
    for [a, b, c, d, e] in &rows {
        writeln!(out, "{a:id$}{b:title$}{c:tracks$}{d:length$}{e}").unwrap();
    }
}
