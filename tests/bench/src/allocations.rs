//! Allocations of a whole client, counted by the allocator of a binary of its own.

use crate::{
    peers,
    roles::{self, Server},
    table::{Table, ratio},
};

const ROUNDS: usize = 50;

/// Prints the table. `count` gives how many allocations there were so far, and how many bytes.
pub(crate) fn print(count: impl Fn() -> (usize, usize)) {
    let server = Server::start();
    let table = Table::new(
        "Allocations",
        "Of a whole client, growing ones included: per page of 100 playlists and per call for 2 tracks.",
        &["peer", "page", "ratio", "bytes", "ratio", "call", "ratio"],
    );
    let (large, small) = (server.url(100, 0, 0), server.url(2, 0, 0));
    let runtime = roles::runtime();
    let mut first = None;
    for (number, name) in peers::NAMES.iter().enumerate() {
        let mut counts = Vec::new();
        for url in [&large, &small] {
            let peer = peers::make(number, url);
            let work = |rounds| match url == &large {
                true => peer.walk(rounds),
                false => peer.calls(rounds),
            };
            runtime.block_on(work(3));
            let before = count();
            runtime.block_on(work(ROUNDS));
            let after = count();
            counts.push((after.0 - before.0) as f64 / ROUNDS as f64);
            counts.push((after.1 - before.1) as f64 / ROUNDS as f64);
        }
        let first = first.get_or_insert_with(|| counts.clone());
        table.row(&[
            (*name).to_owned(),
            format!("{:.1}", counts[0]),
            ratio(counts[0], first[0]),
            format!("{:.0}", counts[1]),
            ratio(counts[1], first[1]),
            format!("{:.1}", counts[2]),
            ratio(counts[2], first[2]),
        ]);
    }
}
