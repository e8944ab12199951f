//! Plain backoff with full jitter: each call for itself, as often as it takes.

use std::time::Duration;

use fastrand::Rng;

use super::{Contender, MOST, Next, Sleepers};

/// The longest first wait: this SDK's default.
const BASE: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub(crate) struct Jitter {
    sleepers: Sleepers,
    /// How often each call has failed.
    failures: Vec<u32>,
    rng: Rng,
}

impl Default for Jitter {
    fn default() -> Self {
        Self {
            sleepers: Sleepers::default(),
            failures: Vec::new(),
            rng: Rng::with_seed(1),
        }
    }
}

impl Contender for Jitter {
    fn enter(&mut self, now: Duration, call: usize) {
        self.failures.resize(self.failures.len().max(call + 1), 0);
        self.sleepers.add(now, 0, call);
    }

    fn next(&mut self, now: Duration) -> Option<Next> {
        self.sleepers.next(now)
    }

    fn admitted(&mut self, _: Duration, _: usize, _: Duration) {}

    fn refused(&mut self, now: Duration, call: usize, _: Duration, retry_after: Option<Duration>) {
        let failures = &mut self.failures[call];
        let longest = BASE.saturating_mul(1 << (*failures).min(16)).min(MOST);
        *failures += 1;
        let wait = longest.mul_f64(self.rng.f64());
        self.sleepers
            .add(now + wait.max(retry_after.unwrap_or_default()), 0, call);
    }
}
