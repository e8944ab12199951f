//! From the start of a process to the end of its first call.

use std::time::Instant;

use crate::{
    instructions, peers,
    roles::{self, Server},
    table::{Table, median, ratio},
};

const ROUNDS: usize = 30;

/// Prints the table.
pub(crate) fn print() {
    let server = Server::start();
    let url = server.url(2, 0, 1);
    let table = Table::new(
        "Process start to first item",
        "A process that makes one call and ends: wall time as the median of ratios within one round, \
         and instructions if valgrind is installed. All peers without TLS.",
        &["peer", "wall time", "ratio", "instructions", "ratio"],
    );
    let numbers = [0, 3, 4, 6, 7];
    let mut taken: Vec<Vec<f64>> = vec![Vec::new(); numbers.len()];
    for _ in 0..ROUNDS {
        for (place, number) in numbers.iter().enumerate() {
            let mut process = roles::again(&["calls", &number.to_string(), "1", &url]);
            let start = Instant::now();
            assert!(process.output().unwrap().status.success());
            taken[place].push(start.elapsed().as_secs_f64());
        }
    }
    let mut first = None;
    for (place, number) in numbers.into_iter().enumerate() {
        let ratios = taken[place].iter().zip(&taken[0]).map(|(of, to)| of / to);
        let count = instructions::is_there()
            .then(|| instructions::count(&["calls", &number.to_string(), "1", &url]));
        let first = *first.get_or_insert(count);
        table.row(&[
            peers::NAMES[number].to_owned(),
            format!("{:.1} ms", 1000.0 * median(taken[place].clone())),
            format!("{:.2}", median(ratios.collect())),
            count.map_or("-".to_owned(), |count| format!("{count:.0}")),
            count
                .zip(first)
                .map_or("-".to_owned(), |(count, first)| ratio(count, first)),
        ]);
    }
}
