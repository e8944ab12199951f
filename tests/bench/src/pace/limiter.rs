//! Servers that allow so many requests a second.

use std::{collections::VecDeque, time::Duration};

/// The rule of a server.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    /// A token bucket: requests per second, and how many at once.
    Bucket(f64, u32),
    /// So many in each second of the clock.
    FixedWindow(u32),
    /// So many in each so many seconds of the clock.
    LongWindow(u32, u64),
    /// So many in any second.
    SlidingWindow(u32),
    /// A token bucket whose rate changes at 10 s, and once more at 30 s.
    Changing([f64; 3], u32),
}

impl Rule {
    /// The highest rate that it ever has.
    pub(crate) fn rate(self) -> f64 {
        match self {
            Self::Bucket(rate, _) => rate,
            Self::FixedWindow(number) | Self::SlidingWindow(number) => f64::from(number),
            Self::LongWindow(number, seconds) => f64::from(number) / seconds as f64,
            Self::Changing(rates, _) => rates.into_iter().fold(0.0, f64::max),
        }
    }

    /// How many requests may come at once.
    fn burst(self) -> f64 {
        f64::from(match self {
            Self::Bucket(_, burst) | Self::Changing(_, burst) => burst,
            Self::FixedWindow(number)
            | Self::LongWindow(number, _)
            | Self::SlidingWindow(number) => number,
        })
    }

    /// The shortest time in which so many requests can be admitted, in seconds.
    pub(crate) fn ideal(self, requests: usize) -> f64 {
        let mut left = requests as f64 - self.burst();
        let mut start = 0.0;
        for (end, rate) in self.pieces() {
            let most = (end - start) * rate;
            if left <= most {
                return start + left / rate;
            }
            left -= most;
            start = end;
        }
        start
    }

    /// The ends of the times of one rate, in seconds.
    fn pieces(self) -> Vec<(f64, f64)> {
        match self {
            Self::Changing([first, second, third], _) => {
                vec![(10.0, first), (30.0, second), (f64::INFINITY, third)]
            }
            _ => vec![(f64::INFINITY, self.rate())],
        }
    }

    /// The tokens that come in between, in seconds.
    fn earned(self, from: f64, to: f64) -> f64 {
        let mut start = 0.0;
        let mut sum = 0.0;
        for (end, rate) in self.pieces() {
            sum += (to.min(end) - from.max(start)).max(0.0) * rate;
            start = end;
        }
        sum
    }
}

/// A server that keeps the rule.
#[derive(Debug)]
pub(crate) struct Limiter {
    rule: Rule,
    tokens: f64,
    last: Duration,
    /// Of the fixed window.
    admitted: u32,
    /// Of the sliding window.
    log: VecDeque<Duration>,
}

impl Limiter {
    pub(crate) fn new(rule: Rule) -> Self {
        Self {
            rule,
            tokens: rule.burst(),
            last: Duration::ZERO,
            admitted: 0,
            log: VecDeque::new(),
        }
    }

    /// Whether a request that arrives now is admitted. Refused ones cost nothing.
    pub(crate) fn admits(&mut self, now: Duration) -> bool {
        match self.rule {
            Rule::FixedWindow(number) => self.admits_in_window(now, number, 1),
            Rule::LongWindow(number, seconds) => self.admits_in_window(now, number, seconds),
            Rule::SlidingWindow(number) => {
                let is_old = |at: &Duration| *at + Duration::from_secs(1) <= now;
                while self.log.front().is_some_and(is_old) {
                    self.log.pop_front();
                }
                let is_admitted = self.log.len() < number as usize;
                if is_admitted {
                    self.log.push_back(now);
                }
                is_admitted
            }
            Rule::Bucket(..) | Rule::Changing(..) => {
                let (from, to) = (self.last.as_secs_f64(), now.as_secs_f64());
                self.tokens = (self.tokens + self.rule.earned(from, to)).min(self.rule.burst());
                self.last = now;
                // As much as is lost by counting in fractions.
                let is_admitted = self.tokens >= 1.0 - 1e-6;
                if is_admitted {
                    self.tokens -= 1.0;
                }
                is_admitted
            }
        }
    }
    fn admits_in_window(&mut self, now: Duration, number: u32, seconds: u64) -> bool {
        if now.as_secs() / seconds != self.last.as_secs() / seconds {
            self.admitted = 0;
        }
        self.last = now;
        let is_admitted = self.admitted < number;
        self.admitted += u32::from(is_admitted);
        is_admitted
    }
}
