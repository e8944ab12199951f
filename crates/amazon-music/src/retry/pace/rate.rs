//! The rate, learned from which requests a server admits: time in, decision out.
//!
//! ```text
//! free ──429──> search ──429──> climb ──429──> track ──429──> track ...
//!  ^            doubles         grows 12 %     holds, then probes
//!  └───────────── five minutes without a 429 ──────────────┘
//! ```
//!
//! A 429 of a request that was sent after the last cut is a new event, and cuts the rate; all others
//! belong to the event that the cut answered. Any response that is not a 429 was admitted.

use std::time::Duration;

use super::{parameters::*, tally::Tally};

/// How many requests a second a server admits, as far as it has shown by 429s.
///
/// Pure: each method is told the time, by one clock that never goes back. For an implementation of
/// [`Pace`](super::Pace), which keeps it wherever its callers share it.
#[derive(Clone, Debug, PartialEq)]
pub struct Rate {
    phase: Phase,
    /// Requests per second, if not free.
    learned: f64,
    /// The rate that the user has set.
    set: Option<f64>,
    last_sent: Option<Duration>,
    sent_before: Option<Duration>,
    /// Whether the last request had to wait: nothing is learned from requests that nobody wanted to
    /// send sooner.
    is_held: bool,
    /// Nobody is sent before this, for a server said so.
    retry_at: Duration,
    /// Nobody is sent before this, for a guess of ours.
    pause_until: Duration,
    forgotten_at: Duration,
    /// What was seen since the last cut.
    tally: Tally,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    /// No 429 is known.
    Free,
    /// Doubles until a 429. `proven` is the rate before the last doubling.
    Search {
        proven: Option<f64>,
        doubled_at: Duration,
    },
    /// Grows fast from a rate that may be half of what is possible.
    Climb,
    /// Holds, then probes.
    Track { hold: Duration },
}

impl Rate {
    /// Starts free, or at the rate that a user has set, if it is above 0.
    #[must_use]
    pub fn new(set: Option<f64>) -> Self {
        Self {
            phase: Phase::Free,
            learned: MOST,
            set: set.filter(|set| *set > 0.0),
            last_sent: None,
            sent_before: None,
            is_held: false,
            retry_at: Duration::ZERO,
            pause_until: Duration::ZERO,
            forgotten_at: Duration::ZERO,
            tally: Tally::default(),
        }
    }

    /// Goes on with a rate that was learned before, unless it is old enough to be forgotten.
    pub fn resume(&mut self, now: Duration, per_second: f64, age: Duration) {
        let left = FORGOTTEN.saturating_sub(age);
        if left.is_zero() || !per_second.is_finite() {
            return;
        }
        self.phase = Phase::Track { hold: HOLD };
        self.learned = per_second.clamp(LEAST, MOST);
        self.forgotten_at = now + left;
        self.tally = Tally::new(now, now, self.learned);
    }

    /// Whether requests are limited at all. Forgets what was learned long ago.
    pub fn is_free(&mut self, now: Duration) -> bool {
        if self.phase != Phase::Free && now >= self.forgotten_at {
            self.phase = Phase::Free;
            self.learned = MOST;
        }
        self.phase == Phase::Free && self.set.is_none()
    }

    /// The requests per second, if limited.
    #[must_use]
    pub fn per_second(&self) -> Option<f64> {
        (self.phase != Phase::Free || self.set.is_some()).then(|| self.current())
    }

    /// The rate that was learned, and how long ago its last 429 came.
    #[must_use]
    pub fn learned(&self, now: Duration) -> Option<(f64, Duration)> {
        let left = self.forgotten_at.saturating_sub(now);
        let is_known = self.phase != Phase::Free && !left.is_zero();
        is_known.then(|| (self.learned, FORGOTTEN.saturating_sub(left)))
    }

    /// The earliest time of the next request.
    #[must_use]
    pub fn next_send(&self) -> Duration {
        let spaced = match (self.last_sent, self.per_second()) {
            (Some(last), Some(rate)) => last.saturating_add(interval(rate)),
            _ => Duration::ZERO,
        };
        spaced.max(self.retry_at).max(self.pause_until)
    }

    /// The earliest time of a request behind `ahead` others as far as facts tell: what a server has
    /// said, and the rate that was set.
    #[must_use]
    pub fn known_send(&self, now: Duration, ahead: usize) -> Duration {
        let first = match (self.last_sent, self.set) {
            (Some(last), Some(set)) => last.saturating_add(interval(set)).max(now),
            _ => now,
        };
        let behind = match self.set {
            Some(set) => from_seconds(ahead as f64 / set),
            None => Duration::ZERO,
        };
        first.max(self.retry_at).saturating_add(behind)
    }

    /// A request leaves, which had to wait if `held`.
    pub fn on_send(&mut self, now: Duration, held: bool) {
        self.is_held = held;
        self.sent_before = self.last_sent;
        self.last_sent = Some(now);
    }

    /// A request that left at `sent_at` was admitted: its response is not a 429.
    pub fn on_admitted(&mut self, now: Duration, sent_at: Duration) {
        if self.phase == Phase::Free || self.tally.is_late(sent_at) {
            return;
        }
        self.tally.admitted();
        let start = self.tally.resumed_at();
        match self.phase {
            Phase::Free => {}
            Phase::Search { doubled_at, .. } => {
                let is_proven = sent_at >= doubled_at && now >= doubled_at + DOUBLING;
                if is_proven && self.is_held {
                    self.phase = Phase::Search {
                        proven: Some(self.current()),
                        doubled_at: now,
                    };
                    self.raise(2.0);
                }
            }
            Phase::Climb => {
                let doublings = doublings(start, now).saturating_sub(1);
                self.grow(now, start, CLIMB * f64::from(1 << doublings));
            }
            Phase::Track { hold } => {
                let least = Duration::from_secs_f64(HELD_REQUESTS / self.current());
                let start = start + hold.max(least);
                let growth = PROBE * f64::from(1 << doublings(start, now));
                let is_raised = self.current() > RAISED * self.tally.rate_before();
                let least = if is_raised { RECOVERY } else { 0.0 };
                self.grow(now, start, growth.max(least));
            }
        }
    }

    /// A request that left at `sent_at` met a 429, which may say how long to wait.
    pub fn on_refused(&mut self, now: Duration, sent_at: Duration, retry_after: Option<Duration>) {
        if let Some(wait) = retry_after {
            self.retry_at = self.retry_at.max(now.saturating_add(wait));
        }
        self.forgotten_at = now + FORGOTTEN;
        if self.phase != Phase::Free && self.tally.is_late(sent_at) {
            return;
        }
        self.tally.refused();
        match self.phase {
            Phase::Free => {
                self.pause_until = now + FIRST_PAUSE;
                self.cut(now, sent_at, START);
                self.phase = Phase::Search {
                    proven: None,
                    doubled_at: self.tally.resumed_at(),
                };
            }
            Phase::Search { proven, .. } => {
                self.phase = match proven {
                    Some(_) => Phase::Climb,
                    None => Phase::Track { hold: HOLD },
                };
                self.cut(now, sent_at, proven.unwrap_or(self.current() / 2.0));
            }
            Phase::Climb | Phase::Track { .. } => {
                self.cut_known(now, sent_at, retry_after.is_some())
            }
        }
    }

    /// Cuts a rate that is about right. `is_told` if the 429 said how long to wait: then each costs that
    /// long, and there is no event in which to measure.
    fn cut_known(&mut self, now: Duration, sent_at: Duration, is_told: bool) {
        let (rate, tally) = (self.current(), &self.tally);
        let active = now.saturating_sub(tally.resumed_at());
        let measured = tally.per_second(active.max(EVENT));
        let (least, most) = (rate * CUT.0, rate * CUT.1);
        let (hold, cut) = match self.phase {
            _ if !is_told && active < EVENT => {
                if self.phase == Phase::Climb && tally.in_a_row() >= IN_A_ROW {
                    self.pause_until = tally.resumed_at() + EVENT;
                    self.cut(now, sent_at, measured.clamp(rate * DEEPEST, least));
                }
                return;
            }
            _ if !is_told && active < SOON && !tally.is_first() => {
                let every_second = if tally.is_scattered() {
                    rate * EVERY_SECOND
                } else {
                    0.0
                };
                (Some(HOLD), measured.max(every_second).min(least))
            }
            Phase::Track { .. } if is_told && active < EVENT => {
                (Some(HOLD), rate * tally.share().clamp(DEEPEST, CUT.0))
            }
            Phase::Track { hold } => (Some(next_hold(hold, active)), measured.clamp(least, most)),
            _ if is_told && active < SOON => {
                // Between what was admitted in all that time and what was sent.
                let admitted = tally.per_second(now.saturating_sub(tally.cut_at()));
                let between = (admitted * rate).sqrt();
                let hold = (admitted > rate / 2.0).then_some(HOLD);
                (hold, between.clamp(rate * DEEPEST, rate * CLIMB_CUT))
            }
            _ => (Some(HOLD), rate * CLIMB_CUT),
        };
        self.phase = hold.map_or(Phase::Climb, |hold| Phase::Track { hold });
        self.cut(now, sent_at, cut);
    }

    /// Sets a lower rate, and begins a new tally.
    fn cut(&mut self, now: Duration, sent_at: Duration, per_second: f64) {
        let before = self.current();
        self.learned = per_second.clamp(LEAST, MOST);
        if self.last_sent == Some(sent_at) {
            // It took nothing from the limit, so the next request follows the one before it.
            self.last_sent = self.sent_before;
        }
        let resumed_at = now.max(self.retry_at).max(self.pause_until);
        self.tally = Tally::new(now, resumed_at, before);
    }

    /// Grows by this share for each second since it grew last, or since `start`.
    fn grow(&mut self, now: Duration, start: Duration, share: f64) {
        if now <= start {
            return;
        }
        let since = self.tally.grown(now).max(start);
        let passed = now.saturating_sub(since).min(EVENT);
        if self.is_held {
            self.raise(1.0 + (share * passed.as_secs_f64()).min(0.5));
        }
    }

    fn raise(&mut self, factor: f64) {
        self.learned = (self.current() * factor).min(MOST);
    }

    fn current(&self) -> f64 {
        self.learned.min(self.set.unwrap_or(MOST))
    }
}

/// The time between two requests.
fn interval(per_second: f64) -> Duration {
    from_seconds(1.0 / per_second)
}

fn from_seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}

/// How often the growth has doubled.
fn doublings(start: Duration, now: Duration) -> u32 {
    let times = now.saturating_sub(start).as_millis() / FASTER.as_millis();
    u32::try_from(times).unwrap_or(u32::MAX).min(16)
}

/// The hold after a probe: longer if it found the limit where it was, as at first if the limit fell.
fn next_hold(hold: Duration, active: Duration) -> Duration {
    match active < hold {
        true => HOLD,
        false => hold.mul_f64(LONGER_HOLD).min(LONGEST_HOLD),
    }
}
