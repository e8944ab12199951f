//! Instructions of small calls on several paths, and the size of the future of a call.

use serde::Deserialize;

use crate::{
    instructions,
    peers::{self, ByHand, Connection, TopTracks, Track},
    roles::{self, Server},
    table::{Table, ratio},
};

const TITLE: &str = "Instructions of calls on several paths";

/// Orders of paths, by the number of paths that take turns; 0: each path once.
const ORDERS: [(&str, usize); 3] = [("one path", 1), ("two in turns", 2), ("a new one each", 0)];

const NAMES: [&str; 3] = [
    "reqwest + serde by hand",
    "the same with a timeout",
    "this SDK, send()",
];

#[derive(Debug, Deserialize)]
struct Tracks {
    category: Category,
}

#[derive(Debug, Deserialize)]
struct Category {
    tracks: Connection<Track>,
}

/// Prints both tables.
pub(crate) fn print() {
    sizes();
    if !instructions::is_there() {
        return roles::not_measured(TITLE, "There is no valgrind.");
    }
    let server = Server::start();
    let url = server.url(2, 0, 0);
    let table = Table::new(
        TITLE,
        "Per call for the 2 tracks of a category, with the ratio to the first peer.",
        &[
            "peer",
            ORDERS[0].0,
            "ratio",
            ORDERS[1].0,
            "ratio",
            ORDERS[2].0,
            "ratio",
        ],
    );
    let mut first = None;
    for (peer, name) in NAMES.iter().enumerate() {
        let counts = ORDERS.map(|(_, paths)| {
            let count = |calls: u64| {
                let numbers = [peer.to_string(), paths.to_string(), calls.to_string()];
                let [peer, paths, calls] = &numbers;
                instructions::count(&["paths", peer, paths, calls, &url])
            };
            (count(600) - count(100)) / 500.0
        });
        let first = *first.get_or_insert(counts);
        let cells = counts.iter().zip(first);
        let cells = cells.flat_map(|(of, to)| [format!("{of:.0}"), ratio(*of, to)]);
        table.row(&[vec![(*name).to_owned()], cells.collect()].concat());
    }
}

/// Makes that many calls as the peer of this number.
pub(crate) async fn run(peer: usize, paths: usize, calls: usize, url: &str) -> usize {
    let ids: Vec<String> = (0..calls)
        .map(|call| format!("C{:06}", call.checked_rem(paths).unwrap_or(call)))
        .collect();
    let mut length = 0;
    if peer == 2 {
        let music = peers::music_at(url);
        for id in ids {
            let page = music.category_tracks(id).limit(2).send().await.unwrap();
            length += page.items.iter().map(|track| track.id.len()).sum::<usize>();
        }
        return length;
    }
    let client = match peer {
        0 => ByHand::new(url),
        _ => ByHand::with_timeout(url),
    };
    for id in ids {
        let path = format!("/browse/categories/{id}/tracks");
        let page: Tracks = client.page(&path, 2, None).await;
        let edges = page.category.tracks.edges.iter();
        length += edges.map(|edge| edge.node.id.len()).sum::<usize>();
    }
    length
}

fn sizes() {
    let table = Table::new(
        "Size of the future of a call",
        "In bytes; without TLS, as everything here.",
        &["peer", "bytes"],
    );
    let url = "http://127.0.0.1:1/v1";
    let (by_hand, music) = (ByHand::new(url), peers::music_at(url));
    let page = by_hand.page::<TopTracks>("/browse/tracks/top", 2, None);
    for (name, size) in [
        (NAMES[0], size_of_val(&page)),
        (NAMES[2], size_of_val(&music.top_tracks().limit(2).send())),
    ] {
        table.row(&[name.to_owned(), size.to_string()]);
    }
}
