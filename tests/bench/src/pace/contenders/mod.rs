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

/// The longest wait of the others: this SDK's default.
const MOST: Duration = Duration::from_secs(20);

/// Calls that wait each by itself, until a moment of its own.
#[derive(Debug, Default)]
struct Sleepers(BinaryHeap<Reverse<(Duration, u32, usize)>>);

impl Sleepers {
    /// Adds one; of those that wake together, who goes first is for the number to say.
    fn add(&mut self, until: Duration, number: u32, call: usize) {
        self.0.push(Reverse((until, number, call)));
    }

    fn next(&mut self, now: Duration) -> Option<Next> {
        let Reverse((until, _, call)) = *self.0.peek()?;
        if until > now {
            return Some(Next::At(until));
        }
        self.0.pop();
        Some(Next::Send(call))
    }
}

/// Makes a contender that has seen nothing.
pub(crate) type Make = fn() -> Box<dyn Contender>;

/// All others, by the name of their column.
pub(crate) const OTHERS: [(&str, Make); 3] = [
    ("cool-down", || Box::new(Cooldown::default())),
    ("AWS adaptive", || Box::new(Aws::default())),
    ("full jitter", || Box::new(Jitter::default())),
];
