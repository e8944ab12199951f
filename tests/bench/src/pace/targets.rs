//! The limiters of the table, and what is to be reached with each.

use std::time::Duration;

use super::{
    contenders::{Learned, Make},
    limiter::Rule,
    simulation::{Course, Scenario},
};

/// A limiter with its targets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) rule: Rule,
    group: Group,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    /// Its mean counts too.
    Plain,
    /// A high rate: more is lost by the search for it.
    High,
    /// A high rate with a burst, which hides it.
    HighBurst,
    Changing,
    /// Windows of more than a second, which show themselves only at their end.
    Long,
}

use Group::{Changing, High, HighBurst, Long, Plain};
use Rule::{Bucket, FixedWindow, LongWindow, SlidingWindow};

const fn row(name: &'static str, rule: Rule, group: Group) -> Row {
    Row { name, rule, group }
}

/// The limiters for which the parameters of the pace were chosen.
pub(crate) const ROWS: [Row; 11] = [
    row("1 a second, burst 1", Bucket(1.0, 1), Plain),
    row("5, burst 1", Bucket(5.0, 1), Plain),
    row("10, burst 1", Bucket(10.0, 1), Plain),
    row("10, burst 5", Bucket(10.0, 5), Plain),
    row("20, burst 20", Bucket(20.0, 20), Plain),
    row("10, fixed window", FixedWindow(10), Plain),
    row("10, sliding window", SlidingWindow(10), Plain),
    row("50, burst 1", Bucket(50.0, 1), High),
    row("100, burst 10", Bucket(100.0, 10), HighBurst),
    row(
        "20, 5, 20, burst 1",
        Rule::Changing([20.0, 5.0, 20.0], 1),
        Changing,
    ),
    row(
        "20, 5, 20, burst 20",
        Rule::Changing([20.0, 5.0, 20.0], 20),
        Changing,
    ),
];

/// Others, for which they were not.
pub(crate) const HOLD_OUTS: [Row; 14] = [
    row("2, burst 1", Bucket(2.0, 1), Plain),
    row("3, burst 3", Bucket(3.0, 3), Plain),
    row("7, burst 3", Bucket(7.0, 3), Plain),
    row("13, burst 2", Bucket(13.0, 2), Plain),
    row("15, burst 1", Bucket(15.0, 1), Plain),
    row("25, fixed window", FixedWindow(25), Plain),
    row("5, sliding window", SlidingWindow(5), Plain),
    row("30, burst 5", Bucket(30.0, 5), Plain),
    row("75, burst 1", Bucket(75.0, 1), High),
    row(
        "8, 3, 12, burst 1",
        Rule::Changing([8.0, 3.0, 12.0], 1),
        Changing,
    ),
    row(
        "8, 3, 12, burst 4",
        Rule::Changing([8.0, 3.0, 12.0], 4),
        Changing,
    ),
    row("20 in 2 s, fixed window", LongWindow(20, 2), Long),
    row("60 in 3 s, fixed window", LongWindow(60, 3), Long),
    row("300 a minute, fixed window", LongWindow(300, 60), Long),
];

/// What a server says with a 429.
pub(crate) const ADVICE: [Option<Duration>; 2] = [None, Some(Duration::from_secs(1))];

const LATENCIES: [Duration; 2] = [Duration::from_millis(5), Duration::from_millis(100)];
const CONCURRENCIES: [usize; 3] = [1, 8, 32];

impl Row {
    /// The most that the wall time may be, as a ratio to the ideal.
    pub(crate) fn most_wall(&self, is_told: bool) -> f64 {
        match (self.group, is_told) {
            (Plain | High | HighBurst, false) => 1.15,
            (Plain | High, true) | (Changing, false) => 1.25,
            (HighBurst | Changing, true) | (Long, _) => 1.45,
        }
    }

    /// The largest share of refused requests beyond the first wave.
    pub(crate) fn most_refused(&self) -> f64 {
        match (self.group, self.rule) {
            (Changing, _) => 0.12,
            // Each window is met at its end, by all who are under way.
            (Long, _) => 0.20,
            (_, Bucket(_, burst)) if burst > 1 => 0.10,
            _ => 0.05,
        }
    }

    /// Whether the mean of all such rows has a target.
    pub(crate) fn is_in_mean(&self) -> bool {
        self.group == Plain
    }

    /// What is simulated, for each latency and concurrency.
    pub(crate) fn scenarios(&self, jitter: f64, advice: Option<Duration>) -> Vec<Scenario> {
        let scenario = |latency, concurrency| Scenario {
            rule: self.rule,
            latency,
            jitter,
            concurrency,
            calls: Scenario::calls(self.rule),
            retry_after: advice,
        };
        let each = |latency| CONCURRENCIES.map(|concurrency| scenario(latency, concurrency));
        LATENCIES.into_iter().flat_map(each).collect()
    }
}

/// The largest mean of the wall times of the plain rows.
pub(crate) fn most_mean(is_told: bool) -> f64 {
    if is_told { 1.15 } else { 1.08 }
}

/// The worst of several courses.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Worst {
    pub(crate) wall: f64,
    pub(crate) refused_later: f64,
    pub(crate) left: usize,
}

impl Worst {
    pub(crate) fn of(courses: &[Course]) -> Self {
        courses.iter().fold(Self::default(), |worst, course| Self {
            wall: worst.wall.max(course.wall),
            refused_later: worst.refused_later.max(course.refused_later),
            left: worst.left.max(course.left),
        })
    }
}

/// Sixty-four workers at 5 a second: the longest time that one call took, as a ratio to its fair share.
pub(crate) fn longest(burst: u32, retry_after: Option<Duration>, make: Make) -> f64 {
    const WORKERS: usize = 64;
    const RATE: f64 = 5.0;
    let longest = |latency| {
        let scenario = Scenario {
            rule: Bucket(RATE, burst),
            latency,
            jitter: 0.0,
            concurrency: WORKERS,
            calls: 10 * WORKERS,
            retry_after,
        };
        scenario.run(&mut *make()).longest.as_secs_f64() / (WORKERS as f64 / RATE)
    };
    LATENCIES.map(longest).into_iter().fold(0.0, f64::max)
}

/// The largest such ratio.
pub(crate) fn most_longest(is_told: bool) -> f64 {
    if is_told { 2.0 } else { 1.5 }
}

/// A limit that is set at 0.9 of the real one.
pub(crate) fn with_a_set_limit(row: &Row) -> Vec<Course> {
    let run = |scenario: Scenario| scenario.run(&mut Learned::new(Some(0.9 * row.rule.rate())));
    row.scenarios(0.0, None).into_iter().map(run).collect()
}

/// Whether the limit of the row stays the same.
pub(crate) fn is_steady(row: &Row) -> bool {
    row.group != Changing
}
