//! The count of what was admitted and refused since the rate was cut.

use std::time::Duration;

/// Admitted and refused requests since the last cut of the rate. Requests that were sent before it are
/// late, and tell nothing of the new rate.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tally {
    cut_at: Duration,
    /// Requests that were sent until then are late.
    late_until: Duration,
    /// When the first request was sent that is not late.
    began_at: Option<Duration>,
    /// How many pauses there were because nothing at all was admitted.
    blocked: u32,
    /// When requests could be sent again: the end of a pause, or the cut.
    resumed_at: Duration,
    /// The rate that was cut.
    rate_before: f64,
    admitted: u32,
    refused: u32,
    in_a_row: u32,
    /// Whether ever two were refused in a row.
    is_clustered: bool,
    grown_at: Duration,
}

impl Tally {
    pub(super) fn new(cut_at: Duration, resumed_at: Duration, rate_before: f64) -> Self {
        Self {
            cut_at,
            late_until: cut_at,
            resumed_at,
            rate_before,
            ..Self::default()
        }
    }

    pub(super) fn is_late(&self, sent_at: Duration) -> bool {
        sent_at <= self.late_until
    }

    pub(super) fn admitted(&mut self, sent_at: Duration) {
        self.began_at.get_or_insert(sent_at);
        self.admitted = self.admitted.saturating_add(1);
        self.in_a_row = 0;
    }

    pub(super) fn refused(&mut self, sent_at: Duration) {
        self.began_at.get_or_insert(sent_at);
        self.refused = self.refused.saturating_add(1);
        self.in_a_row = self.in_a_row.saturating_add(1);
        self.is_clustered |= self.in_a_row > 1;
    }

    /// Whether nothing at all was admitted.
    pub(super) fn is_nothing_admitted(&self) -> bool {
        self.admitted == 0
    }

    /// Notes a pause because nothing at all is admitted. The count goes on, from what comes after it.
    pub(super) fn pause(&mut self, now: Duration, resumed_at: Duration) {
        self.late_until = now;
        self.resumed_at = resumed_at;
        self.blocked = self.blocked.saturating_add(1);
        self.refused = 0;
        self.in_a_row = 0;
        self.is_clustered = false;
    }

    /// How many such pauses there were.
    pub(super) fn blocked(&self) -> u32 {
        self.blocked
    }

    /// The admitted requests per second since the first one was sent, with the pauses in between.
    pub(super) fn per_second_with_pauses(&self, now: Duration) -> f64 {
        self.per_second(now.saturating_sub(self.began_at.unwrap_or(now)))
    }

    /// How many were refused in a row, up to now.
    pub(super) fn in_a_row(&self) -> u32 {
        self.in_a_row
    }

    /// Whether the last refused one is the first.
    pub(super) fn is_first(&self) -> bool {
        self.refused == 1
    }

    /// Whether never two were refused in a row.
    pub(super) fn is_scattered(&self) -> bool {
        !self.is_clustered
    }

    pub(super) fn cut_at(&self) -> Duration {
        self.cut_at
    }

    pub(super) fn resumed_at(&self) -> Duration {
        self.resumed_at
    }

    pub(super) fn rate_before(&self) -> f64 {
        self.rate_before
    }

    /// The admitted requests per second of this time.
    pub(super) fn per_second(&self, time: Duration) -> f64 {
        f64::from(self.admitted) / time.as_secs_f64().max(1e-3)
    }

    /// The share that was admitted.
    pub(super) fn share(&self) -> f64 {
        let all = self.admitted.saturating_add(self.refused).max(1);
        f64::from(self.admitted) / f64::from(all)
    }

    /// Notes that the rate grows now; gives when it grew last.
    pub(super) fn grown(&mut self, now: Duration) -> Duration {
        std::mem::replace(&mut self.grown_at, now)
    }
}
