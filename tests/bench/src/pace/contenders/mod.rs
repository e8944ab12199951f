//! Ways to decide when requests leave: the SDK's own, and others that are measured beside it.

mod aws;
mod cooldown;
mod jitter;
mod learned;

use std::{cmp::Reverse, collections::BinaryHeap, time::Duration};

use super::simulation::{Contender, Next};

pub(crate) use aws::Aws;
pub(crate) use cooldown::Cooldown;
pub(crate) use jitter::Jitter;
pub(crate) use learned::Learned;

/// The least and the most that a backoff of the others waits: this SDK's own.
const BASE: Duration = Duration::from_millis(500);
const MOST: Duration = Duration::from_secs(20);

/// Calls that wait each by itself, until a moment of its own.
#[derive(Debug, Default)]
struct Sleepers(BinaryHeap<Reverse<(Duration, usize)>>);

impl Sleepers {
    fn add(&mut self, until: Duration, call: usize) {
        self.0.push(Reverse((until, call)));
    }

    fn next(&mut self, now: Duration) -> Option<Next> {
        let Reverse((until, call)) = *self.0.peek()?;
        if until > now {
            return Some(Next::At(until));
        }
        self.0.pop();
        Some(Next::Send(call))
    }
}

/// Full jitter, doubled with each failure.
fn backoff(base: Duration, failures: u32, random: f64) -> Duration {
    let longest = base.saturating_mul(1 << failures.saturating_sub(1).min(16));
    longest.min(MOST).mul_f64(random)
}

/// How often each call has failed.
#[derive(Debug, Default)]
struct Failures(Vec<u32>);

impl Failures {
    /// One more.
    fn count(&mut self, call: usize) -> u32 {
        if self.0.len() <= call {
            self.0.resize(call + 1, 0);
        }
        self.0[call] += 1;
        self.0[call]
    }
}

/// All others, by the name of their column.
pub(crate) const OTHERS: [(&str, fn() -> Box<dyn Contender>); 3] = [
    ("cool-down", || Box::new(Cooldown::default())),
    ("AWS adaptive", || Box::new(Aws::default())),
    ("full jitter", || Box::new(Jitter::default())),
];
