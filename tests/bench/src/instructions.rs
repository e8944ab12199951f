//! Instructions of a whole client per page and per call, counted by valgrind: the difference of two run
//! lengths, which leaves out what a process does once. Repeatable to a thousandth at any load.

use std::process::Command;

use crate::{
    peers,
    roles::{self, Server},
    table::{Table, ratio},
};

const TITLE: &str = "Instructions";

/// Prints the table if valgrind is installed.
pub(crate) fn print() {
    if !is_there() {
        return roles::not_measured(TITLE, "There is no valgrind; see the table of CPU time.");
    }
    let server = Server::start();
    let table = Table::new(
        TITLE,
        "Of a whole client, per page of 100 playlists (35 KB) and per call for 2 tracks.",
        &["peer", "page", "ratio", "call", "ratio"],
    );
    let (large, small) = (server.url(100, 0, 0), server.url(2, 0, 0));
    let mut first = None;
    for (number, name) in peers::NAMES.iter().enumerate() {
        let number = number.to_string();
        let page = per_round("walk", &number, &large, 20, 120);
        let call = per_round("calls", &number, &small, 100, 600);
        let (first_page, first_call) = *first.get_or_insert((page, call));
        table.row(&[
            (*name).to_owned(),
            format!("{page:.0}"),
            ratio(page, first_page),
            format!("{call:.0}"),
            ratio(call, first_call),
        ]);
    }
}

/// Whether valgrind is installed.
#[must_use]
pub(crate) fn is_there() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok()
}

fn per_round(role: &str, peer: &str, url: &str, short: u64, long: u64) -> f64 {
    let count = |rounds: u64| count(&[role, peer, &rounds.to_string(), url]);
    (count(long) - count(short)) / (long - short) as f64
}

/// Instructions executed by this binary with these arguments.
#[must_use]
pub(crate) fn count(arguments: &[&str]) -> f64 {
    count_of(&roles::again(arguments))
}

/// Instructions executed by a command.
#[must_use]
pub(crate) fn count_of(command: &Command) -> f64 {
    let envs = command.get_envs();
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(command.get_program())
        .args(command.get_args())
        .envs(envs.filter_map(|(name, value)| Some((name, value?))))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let line = told.lines().find_map(|line| line.split_once("Collected :"));
    line.unwrap().1.trim().parse().unwrap()
}
