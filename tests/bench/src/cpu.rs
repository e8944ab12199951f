//! CPU time of a whole client, all peers in one process: rounds in random order, and of each peer the
//! median of its ratios to the first peer of the same round. Each round creates new clients: a connection
//! keeps the cores that the system assigns to its ends, and they matter more than the peer.

use std::time::Duration;

use crate::{
    peers::{self, Peer},
    roles::{self, Server},
    table::{Table, median},
};

const ROUNDS: usize = 100;

/// Prints the table.
pub(crate) fn print() {
    let server = Server::start();
    let table = Table::new(
        "CPU time",
        "Of a whole client; the median of ratios within one round. Good to some hundredths.",
        &["peer", "page of 100 playlists", "call for 2 tracks"],
    );
    let (large, small) = (server.url(100, 0, 0), server.url(2, 0, 0));
    let pages = ratios(&large, |peer| peer.walk(30));
    let calls = ratios(&small, |peer| peer.calls(150));
    for (number, name) in peers::NAMES.iter().enumerate() {
        let of = |all: &[Vec<f64>]| format!("{:.2}", median(all[number].clone()));
        table.row(&[(*name).to_owned(), of(&pages), of(&calls)]);
    }
}

fn ratios(url: &str, work: impl for<'a> Fn(&'a dyn Peer) -> peers::Work<'a>) -> Vec<Vec<f64>> {
    let runtime = roles::runtime();
    let mut ratios = vec![Vec::new(); peers::NAMES.len()];
    let mut order: Vec<usize> = (0..peers::NAMES.len()).collect();
    for _ in 0..ROUNDS {
        fastrand::shuffle(&mut order);
        let mut taken = vec![0.0; order.len()];
        for &number in &order {
            let peer = peers::make(number, url);
            runtime.block_on(peer.calls(5));
            let before = cpu_time();
            runtime.block_on(work(&*peer));
            taken[number] = (cpu_time() - before).as_secs_f64();
        }
        for (number, taken_by) in taken.iter().enumerate() {
            ratios[number].push(taken_by / taken[0]);
        }
    }
    ratios
}

/// The CPU time of this process so far.
#[must_use]
pub(crate) fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}
