//! Plain backoff with full jitter: each call for itself, as often as it takes.

use std::time::Duration;

use fastrand::Rng;

use super::{BASE, Contender, Failures, Next, Sleepers, backoff};

#[derive(Debug)]
pub(crate) struct Jitter {
    sleepers: Sleepers,
    failures: Failures,
    rng: Rng,
}

impl Default for Jitter {
    fn default() -> Self {
        Self {
            sleepers: Sleepers::default(),
            failures: Failures::default(),
            rng: Rng::with_seed(1),
        }
    }
}

impl Contender for Jitter {
    fn enter(&mut self, now: Duration, call: usize) {
        self.sleepers.add(now, call);
    }

    fn next(&mut self, now: Duration) -> Option<Next> {
        self.sleepers.next(now)
    }

    fn admitted(&mut self, _: Duration, _: usize, _: Duration) {}

    fn refused(&mut self, now: Duration, call: usize, _: Duration, retry_after: Option<Duration>) {
        let wait = backoff(BASE, self.failures.count(call), self.rng.f64());
        let wait = wait.max(retry_after.unwrap_or_default());
        self.sleepers.add(now + wait, call);
    }
}
