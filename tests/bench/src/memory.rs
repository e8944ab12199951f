//! Peak memory of a process that streams ten thousand items, and of one that streams a million.

use crate::{
    peers,
    roles::{self, Server},
    table::Table,
};

const TITLE: &str = "Peak memory";

/// Prints the table if the system reports peak memory.
pub(crate) fn print() {
    if peak_resident().is_none() {
        return roles::not_measured(TITLE, "The system does not report resident memory.");
    }
    let server = Server::start();
    let url = server.url(100, 0, 0);
    let table = Table::new(
        TITLE,
        "Peak resident memory, in KB.",
        &["peer", "10,000 items", "1,000,000 items", "difference"],
    );
    for number in [0, 7] {
        let peak = |pages: usize| -> i64 {
            let (peer, pages) = (number.to_string(), pages.to_string());
            let output = roles::again(&["peak", &peer, &pages, &url])
                .output()
                .unwrap();
            let told = String::from_utf8(output.stdout).unwrap();
            told.trim().parse().unwrap()
        };
        let (short, long) = (peak(100), peak(10_000));
        table.row(&[
            peers::NAMES[number].to_owned(),
            short.to_string(),
            long.to_string(),
            (long - short).to_string(),
        ]);
        assert!(long - short < 2000);
    }
}

/// Peak resident memory of this process, in KB.
#[must_use]
pub(crate) fn peak_resident() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let mut lines = status.lines();
    let peak = lines.find_map(|line| line.strip_prefix("VmHWM:"))?;
    peak.trim().strip_suffix("kB")?.trim().parse().ok()
}
