//! The rate, learned from which requests a server admits: time in, decision out.
//!
//! ```text
//! free ──429──> search ──429──> climb ──429──> track ──429──> track ...
//!  ^            doubles         grows 12 %     holds, then probes
//!  └───────────── five minutes without a 429 ──────────────┘
//! ```
//!
//! A 429 of a request that was sent after the last cut is a new event, and cuts the rate; all others
//! belong to the event that the cut answered. Any response that is not a 429 was admitted. If nothing at all
//! is admitted for a second, the server counts in longer windows: requests pause until the next one, and the
//! rate becomes what was admitted from one to the next.

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
    /// Responses since the last cut.
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
        self.tally.admitted(sent_at);
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
                let least = from_seconds(HELD_REQUESTS / self.current());
                let start = start.saturating_add(hold.max(least));
                let growth = PROBE * f64::from(1 << doublings(start, now));
                let is_raised = self.current() > RAISED * self.tally.rate_before();
                let least = if is_raised { RECOVERY } else { 0.0 };
                self.grow(now, start, growth.clamp(least, FASTEST));
            }
        }
    }

    /// A request that left at `sent_at` met a 429, which may say how long to wait.
    pub fn on_refused(&mut self, now: Duration, sent_at: Duration, retry_after: Option<Duration>) {
        if let Some(wait) = retry_after {
            self.retry_at = self.retry_at.max(now + wait.min(LONGEST_ADVICE));
        }
        self.forgotten_at = now.max(self.retry_at) + FORGOTTEN;
        if self.phase != Phase::Free && self.tally.is_late(sent_at) {
            return;
        }
        self.tally.refused(sent_at);
        // To come back at once is no advice.
        let is_told = retry_after.is_some_and(|wait| !wait.is_zero());
        if self.is_blocked(now) {
            return self.pause(now, is_told);
        }
        if self.tally.blocked() > 0 {
            return self.cut_to_window(now, sent_at);
        }
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
            Phase::Climb | Phase::Track { .. } => self.cut_known(now, sent_at, is_told),
        }
    }

    /// Whether nothing at all is admitted since the last cut: a server that counts in windows of more than a
    /// second has admitted what it does in this one, and the rate says nothing.
    fn is_blocked(&self, now: Duration) -> bool {
        let is_tried = match self.phase {
            Phase::Free => false,
            Phase::Search { .. } => true,
            Phase::Climb | Phase::Track { .. } => now >= self.tally.cut_at() + EVENT,
        };
        is_tried && self.tally.is_nothing_admitted()
    }

    /// Waits for the next window: as long as the server says, or else longer each time. The rate stays.
    fn pause(&mut self, now: Duration, is_told: bool) {
        if !is_told {
            let pause = EVENT.saturating_mul(1 << self.tally.blocked().min(8));
            self.pause_until = now + pause.min(LONGEST_PAUSE);
        }
        let resumed_at = self.pause_until.max(self.retry_at);
        self.tally.pause(now, resumed_at);
    }

    /// Cuts the rate to what was admitted from the end of one window to that of the next.
    fn cut_to_window(&mut self, now: Duration, sent_at: Duration) {
        let most = self.current() * CUT.0;
        // Requests that nobody wanted to send sooner measure no limit.
        let least = if self.is_held { LEAST } else { START };
        let admitted = self.tally.per_second_with_pauses(now).max(least);
        self.phase = Phase::Track { hold: HOLD };
        self.cut(now, sent_at, admitted.min(most));
    }

    /// Cuts a rate that is about right, or counts the 429 towards the last cut.
    fn cut_known(&mut self, now: Duration, sent_at: Duration, is_told: bool) {
        let active = now.saturating_sub(self.tally.resumed_at());
        let Some((phase, rate)) = self.lower(now, active, is_told) else {
            return;
        };
        if !is_told && active < EVENT {
            self.pause_until = self.tally.resumed_at() + EVENT;
        }
        self.phase = phase;
        self.cut(now, sent_at, rate);
    }

    /// The phase and the rate after a 429, this long after the last cut. A server that said how long to
    /// wait (`is_told`) makes each 429 cost that long, so that there is no time to measure.
    fn lower(&self, now: Duration, active: Duration, is_told: bool) -> Option<(Phase, f64)> {
        let (rate, tally) = (self.current(), &self.tally);
        let admitted = tally.per_second(active.max(EVENT));
        let (least, most) = (rate * CUT.0, rate * CUT.1);
        let held = Phase::Track { hold: HOLD };
        Some(match (self.phase, is_told) {
            (Phase::Climb, false) if active < EVENT && tally.in_a_row() >= IN_A_ROW => {
                (Phase::Climb, admitted.clamp(rate * DEEPEST, least))
            }
            (_, false) if active < EVENT => return None,
            (_, false) if active < SOON && !tally.is_first() => {
                let every_second = match tally.is_scattered() {
                    true => rate * EVERY_SECOND,
                    false => 0.0,
                };
                (held, admitted.max(every_second).min(least))
            }
            (Phase::Climb, true) if active < SOON => {
                // Between what was admitted, with the wait, and what was sent.
                let admitted = tally.per_second(now.saturating_sub(tally.cut_at()));
                let is_near = admitted > rate * DEEPEST;
                let between = (admitted * rate).sqrt();
                let phase = if is_near { held } else { Phase::Climb };
                (phase, between.clamp(rate * DEEPEST, rate * CLIMB_CUT))
            }
            (Phase::Track { .. }, true) if active < EVENT => {
                (held, rate * tally.share().clamp(DEEPEST, CUT.0))
            }
            (Phase::Track { hold }, _) => {
                let hold = next_hold(hold, active);
                (Phase::Track { hold }, admitted.clamp(least, most))
            }
            _ => (held, rate * CLIMB_CUT),
        })
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
        self.learned = (self.current() * factor).clamp(LEAST, MOST);
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

#[cfg(test)]
mod tests;
