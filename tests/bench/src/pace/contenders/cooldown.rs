//! The cool-down that this SDK had before: all wait together, then so many are under way at a time.

use std::{collections::VecDeque, time::Duration};

use super::{Contender, MOST, Next};

const FIRST_WAIT: Duration = Duration::from_secs(1);
const FIRST_CEILING: usize = 4;

#[derive(Debug)]
pub(crate) struct Cooldown {
    is_limited: bool,
    round: u32,
    until: Duration,
    window: usize,
    ceiling: usize,
    grown: usize,
    under_way: usize,
    waits: u32,
    queue: VecDeque<usize>,
    /// The round of each call, and whether it counts as under way.
    permits: Vec<(u32, bool)>,
}

impl Default for Cooldown {
    fn default() -> Self {
        Self {
            is_limited: false,
            round: 0,
            until: Duration::ZERO,
            window: 1,
            ceiling: FIRST_CEILING,
            grown: 0,
            under_way: 0,
            waits: 0,
            queue: VecDeque::new(),
            permits: Vec::new(),
        }
    }
}

impl Cooldown {
    fn grow(&mut self) {
        self.waits = 0;
        self.grown += 1;
        if self.window < self.ceiling || self.grown >= self.window {
            self.window += 1;
            self.grown = 0;
        }
    }

    fn throttle(&mut self, now: Duration, is_counted: bool, retry_after: Option<Duration>) {
        if is_counted {
            self.ceiling = (self.window / 2).max(1);
        }
        self.round += 1;
        self.window = 1;
        self.grown = 0;
        let own = FIRST_WAIT.saturating_mul(1 << self.waits.min(16)).min(MOST);
        let least = FIRST_WAIT * self.waits.min(1);
        self.waits += 1;
        let wait = retry_after.map_or(own, |wait| wait.max(least));
        self.until = self.until.max(now + wait);
        self.is_limited = true;
    }
}

impl Contender for Cooldown {
    fn enter(&mut self, _: Duration, call: usize) {
        self.queue.push_back(call);
        self.permits
            .resize(self.permits.len().max(call + 1), (0, false));
    }

    fn next(&mut self, now: Duration) -> Option<Next> {
        let call = *self.queue.front()?;
        if self.is_limited && now < self.until {
            return Some(Next::At(self.until));
        }
        if self.is_limited && self.under_way >= self.window {
            return None;
        }
        self.queue.pop_front();
        self.under_way += usize::from(self.is_limited);
        self.permits[call] = (self.round, self.is_limited);
        Some(Next::Send(call))
    }

    fn admitted(&mut self, _: Duration, call: usize, _: Duration) {
        let (round, is_counted) = self.permits[call];
        if is_counted && round == self.round {
            self.grow();
            if self.queue.is_empty() && self.under_way <= 1 {
                self.is_limited = false;
            }
        }
        self.under_way -= usize::from(is_counted);
    }

    fn refused(&mut self, now: Duration, call: usize, _: Duration, retry_after: Option<Duration>) {
        let (round, is_counted) = self.permits[call];
        if round == self.round {
            self.throttle(now, is_counted, retry_after);
        } else if let Some(wait) = retry_after {
            self.until = self.until.max(now + wait);
        }
        self.under_way -= usize::from(is_counted);
        self.enter(now, call);
    }
}
