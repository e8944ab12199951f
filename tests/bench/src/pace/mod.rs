//! Paces against limiters, simulated: how long so many calls take, and how many requests are refused.
//!
//! - `limiter` is the server, `simulation` the workers between it and a pace.
//! - `contenders` are the paces: the SDK's own, and others beside it.
//! - `targets` are the limiters, with what is to be reached with each; the tests assert it.

mod contenders;
mod limiter;
mod simulation;
mod targets;

use std::time::Duration;

use crate::table::Table;
use contenders::{Learned, Make, OTHERS};
use simulation::{Contender, Course, GIVEN_UP};
use targets::{ADVICE, HOLD_OUTS, ROWS, Row, Worst};

/// Prints the tables.
pub(crate) fn print() {
    print_rows("Pace: limiters that it was made for", 0.0, &ROWS);
    print_rows("Pace: limiters that it was not made for", 0.1, &HOLD_OUTS);
    print_fairness();
    print_set_limits();
}

fn learned() -> Box<dyn Contender> {
    Box::new(Learned::new(None))
}

fn courses(row: &Row, jitter: f64, advice: Option<Duration>, make: Make) -> Vec<Course> {
    let scenarios = row.scenarios(jitter, advice);
    let run = |scenario: simulation::Scenario| scenario.run(&mut *make());
    scenarios.into_iter().map(run).collect()
}

fn print_rows(title: &str, slack: f64, rows: &[Row]) {
    let mut columns = vec![
        "limit",
        "`Retry-After`",
        "at most",
        "SDK",
        "SDK, jitter 10 %",
    ];
    columns.extend(OTHERS.map(|(name, _)| name));
    let table = Table::new(
        title,
        "Simulated: wall time as a ratio to the ideal, and the share of refused requests among those sent \
         after the first 429 came; the worst of the latencies 5 and 100 ms and the concurrencies 1, 8 and 32.",
        &columns,
    );
    for advice in ADVICE {
        let mut means = Vec::new();
        for row in rows {
            let most = row.most_wall(advice.is_some()) + slack;
            let plain = courses(row, 0.0, advice, learned);
            means.extend(
                plain
                    .iter()
                    .filter(|_| row.is_in_mean())
                    .map(|course| course.wall),
            );
            let mut cells = vec![
                row.name.to_owned(),
                said(advice),
                format!("{most:.2}, {}", percent(row.most_refused())),
                cell(&plain),
                cell(&courses(row, 0.1, advice, learned)),
            ];
            cells.extend(OTHERS.map(|(_, make)| cell(&courses(row, 0.0, advice, make))));
            table.row(&cells);
        }
        let mean = means.iter().sum::<f64>() / means.len() as f64;
        let mut cells = vec![
            "mean, but for 50 and more and changing ones".to_owned(),
            said(advice),
            format!("{:.2}", targets::most_mean(advice.is_some()) + slack),
            format!("{mean:.3}"),
        ];
        cells.resize(columns.len(), "-".to_owned());
        table.row(&cells);
    }
}

fn print_fairness() {
    let mut columns = vec!["limit", "`Retry-After`", "at most", "SDK"];
    columns.extend(OTHERS.map(|(name, _)| name));
    let table = Table::new(
        "Pace: the longest wait of 64 workers",
        "Simulated: the longest time that one call took, as a ratio to its fair share of 12.8 s; the worse of the latencies 5 and 100 ms.",
        &columns,
    );
    for burst in [1, 5] {
        for advice in ADVICE {
            let mut cells = vec![
                format!("5, burst {burst}"),
                said(advice),
                format!("{:.1}", targets::most_longest(advice.is_some())),
                format!("{:.2}", targets::longest(burst, advice, learned)),
            ];
            let longest = |make: Make| targets::longest(burst, advice, make);
            cells.extend(OTHERS.map(|(_, make)| format!("{:.2}", longest(make))));
            table.row(&cells);
        }
    }
}

fn print_set_limits() {
    let table = Table::new(
        "Pace: a limit that is set at 0.9 of the real one",
        "Simulated: at most 1.15 of the ideal, and nothing refused.",
        &["limit", "wall time", "refused"],
    );
    for row in ROWS.iter().filter(|row| targets::is_steady(row)) {
        let courses = targets::with_a_set_limit(row);
        let refused: usize = courses.iter().map(|course| course.refused).sum();
        let wall = Worst::of(&courses).wall;
        table.row(&[
            row.name.to_owned(),
            format!("{wall:.3}"),
            refused.to_string(),
        ]);
    }
}

fn said(advice: Option<Duration>) -> String {
    advice.map_or("-".to_owned(), |wait| wait.as_secs().to_string())
}

fn cell(courses: &[Course]) -> String {
    let worst = Worst::of(courses);
    let refused = percent(worst.refused_later);
    match worst.left {
        0 => format!("{:.3}, {refused}", worst.wall),
        _ => format!("more than {GIVEN_UP}, {refused}"),
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

#[cfg(test)]
mod tests;
