//! The adaptive mode of the AWS SDKs, written from its description: a token bucket whose rate follows a
//! cubic curve. There is no queue: whoever finds no token sleeps until there should be one, and asks again.
//!
//! In its favour, each attempt costs one token (the Rust SDK takes up to ten, and lets the bucket run into
//! debt), and neither attempts nor the retry quota are bounded: what is compared is the control of the rate.

use std::time::Duration;

use fastrand::Rng;

use super::{Contender, Next, Sleepers};

/// The share of a rate that is kept after a 429.
const BETA: f64 = 0.7;
const SCALE: f64 = 0.4;
/// The weight of the newest half second in the measured rate.
const SMOOTH: f64 = 0.8;
const LEAST_RATE: f64 = 0.5;

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
            rng: Rng::with_seed(1),
        }
    }
}

impl Aws {
    /// Takes a token, or gives the wait until there should be one.
    fn take(&mut self, now: f64) -> Result<(), Duration> {
        if !self.is_enabled {
            return Ok(());
        }
        self.fill(now);
        // As much as is lost by counting in fractions.
        let missing = 1.0 - 1e-6 - self.tokens;
        if missing > 0.0 {
            return Err(Duration::from_secs_f64(missing / self.rate));
        }
        self.tokens -= 1.0;
        Ok(())
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
        self.sleepers.add(now, self.rng.u32(..), call);
    }

    fn next(&mut self, now: Duration) -> Option<Next> {
        loop {
            let Next::Send(call) = self.sleepers.next(now)? else {
                return self.sleepers.next(now);
            };
            match self.take(now.as_secs_f64()) {
                Ok(()) => return Some(Next::Send(call)),
                Err(wait) => {
                    let until = now + wait.max(Duration::from_nanos(1));
                    self.sleepers.add(until, self.rng.u32(..), call);
                }
            }
        }
    }

    fn admitted(&mut self, now: Duration, _: usize, _: Duration) {
        self.respond(now.as_secs_f64(), false);
    }

    fn refused(&mut self, now: Duration, call: usize, _: Duration, retry_after: Option<Duration>) {
        self.respond(now.as_secs_f64(), true);
        self.enter(now + retry_after.unwrap_or_default(), call);
    }
}
