//! The adaptive mode of the AWS SDKs, written from its description: a token bucket whose rate follows a
//! cubic curve, without a queue. Attempts are not bounded here, and the retry quota is left out: what is
//! compared is the control of the rate.

use std::time::Duration;

use fastrand::Rng;

use super::{Contender, Failures, MOST, Next, Sleepers, backoff};

/// The share of a rate that is kept after a 429.
const BETA: f64 = 0.7;
const SCALE: f64 = 0.4;
/// The weight of the newest half second in the measured rate.
const SMOOTH: f64 = 0.8;
const LEAST_RATE: f64 = 0.5;
/// Tokens for the first attempt of a call, and for one after a 429.
const FIRST: f64 = 1.0;
const AGAIN: f64 = 10.0;
/// The first backoff, for a retry that the bucket does not delay.
const BACKOFF: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(crate) struct Aws {
    is_enabled: bool,
    rate: f64,
    capacity: f64,
    tokens: f64,
    filled_at: Option<f64>,
    measured: f64,
    counted: u32,
    half_second: f64,
    last_most: f64,
    throttled_at: f64,
    sleepers: Sleepers,
    failures: Failures,
    rng: Rng,
}

impl Default for Aws {
    fn default() -> Self {
        Self {
            is_enabled: false,
            rate: 0.0,
            capacity: f64::MAX,
            tokens: 0.0,
            filled_at: None,
            measured: LEAST_RATE,
            counted: 0,
            half_second: 0.0,
            last_most: 0.0,
            throttled_at: 0.0,
            sleepers: Sleepers::default(),
            failures: Failures::default(),
            rng: Rng::with_seed(1),
        }
    }
}

impl Aws {
    /// Takes tokens, and gives the wait until they are there. They are taken even so.
    fn take(&mut self, now: f64, tokens: f64) -> Option<Duration> {
        if !self.is_enabled {
            return None;
        }
        self.fill(now);
        let missing = tokens - self.tokens;
        self.tokens -= tokens;
        (missing > 0.0).then(|| Duration::from_secs_f64(missing / self.rate))
    }

    fn fill(&mut self, now: f64) {
        if let Some(filled_at) = self.filled_at {
            self.tokens = (self.tokens + (now - filled_at) * self.rate).min(self.capacity);
        }
        self.filled_at = Some(now);
    }

    fn measure(&mut self, now: f64) {
        let half_second = (now * 2.0).floor() / 2.0;
        self.counted += 1;
        if half_second > self.half_second {
            let current = f64::from(self.counted) / (half_second - self.half_second);
            self.measured = current * SMOOTH + self.measured * (1.0 - SMOOTH);
            self.counted = 0;
            self.half_second = half_second;
        }
    }

    fn respond(&mut self, now: f64, is_throttled: bool) {
        self.measure(now);
        let calculated = if is_throttled {
            self.last_most = match self.is_enabled {
                true => self.measured.min(self.rate),
                false => self.measured,
            };
            self.throttled_at = now;
            self.is_enabled = true;
            self.last_most * BETA
        } else {
            let window = (self.last_most * (1.0 - BETA) / SCALE).cbrt();
            SCALE * (now - self.throttled_at - window).powi(3) + self.last_most
        };
        self.fill(now);
        let rate = calculated.min(2.0 * self.measured);
        self.rate = rate.max(LEAST_RATE);
        self.capacity = rate.max(1.0);
        self.tokens = self.tokens.min(self.capacity);
    }
}

impl Contender for Aws {
    fn enter(&mut self, now: Duration, call: usize) {
        let wait = self.take(now.as_secs_f64(), FIRST);
        self.sleepers.add(now + wait.unwrap_or_default(), call);
    }

    fn next(&mut self, now: Duration) -> Option<Next> {
        self.sleepers.next(now)
    }

    fn admitted(&mut self, now: Duration, _: usize, _: Duration) {
        self.respond(now.as_secs_f64(), false);
    }

    fn refused(&mut self, now: Duration, call: usize, _: Duration, retry_after: Option<Duration>) {
        self.respond(now.as_secs_f64(), true);
        let failures = self.failures.count(call);
        let wait = match (self.take(now.as_secs_f64(), AGAIN), retry_after) {
            (Some(wait), _) => wait.min(MOST),
            (None, Some(wait)) => wait.min(MOST),
            (None, None) => backoff(BACKOFF, failures, self.rng.f64()),
        };
        self.sleepers.add(now + wait, call);
    }
}
