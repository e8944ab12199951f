//! When a server that fails is asked again: arithmetic, without I/O.

use std::time::{Duration, Instant};

/// The longest pause, as a multiple of the first.
const LONGEST: u32 = 32;

/// Leaves a server alone that failed several times in a row.
#[derive(Debug)]
pub(super) struct Circuit {
    threshold: u32,
    pause: Duration,
    /// Failures in a row.
    failures: u32,
    open_until: Option<Instant>,
    /// Whether a command is under way that finds out whether the server is back.
    is_probed: bool,
}

impl Circuit {
    /// Opens after `threshold` failures in a row, for `pause`, doubled with each further one.
    pub(super) fn new(threshold: u32, pause: Duration) -> Self {
        Self {
            threshold: threshold.max(1),
            pause,
            failures: 0,
            open_until: None,
            is_probed: false,
        }
    }

    /// Lets a command through; or says in what time one will be.
    pub(super) fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        let Some(until) = self.open_until else {
            return Ok(());
        };
        if now < until || self.is_probed {
            return Err(until.saturating_duration_since(now));
        }
        self.is_probed = true;
        Ok(())
    }

    /// Notes how a command ended.
    pub(super) fn note(&mut self, now: Instant, failed: bool) {
        self.is_probed = false;
        if !failed {
            self.failures = 0;
            self.open_until = None;
            return;
        }
        self.failures = self.failures.saturating_add(1);
        let Some(further) = self.failures.checked_sub(self.threshold) else {
            return;
        };
        // Commands that were under way when it opened belong to the same outage.
        if self.open_until.is_some_and(|until| now < until) {
            self.failures = self.failures.saturating_sub(1);
            return;
        }
        let factor = 1_u32.checked_shl(further).unwrap_or(LONGEST).min(LONGEST);
        self.open_until = now.checked_add(self.pause.saturating_mul(factor));
    }

    /// Notes that a command was given up before it ended.
    pub(super) fn abandon(&mut self) {
        self.is_probed = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    #[test]
    fn it_opens_after_failures_in_a_row_and_asks_again_ever_later() {
        let start = Instant::now();
        let mut circuit = Circuit::new(3, MS(100));
        for _ in 0..2 {
            circuit.note(start, true);
            assert_eq!(circuit.admit(start), Ok(()));
        }
        circuit.note(start, true);
        assert_eq!(circuit.admit(start + MS(40)), Err(MS(60)));
        // One probe, and nobody beside it.
        let probed = start + MS(100);
        assert_eq!(circuit.admit(probed), Ok(()));
        assert!(circuit.admit(probed).is_err());
        circuit.note(probed, true);
        assert_eq!(circuit.admit(probed), Err(MS(200)));
        // One that was under way before makes the pause no longer.
        circuit.note(probed, true);
        assert_eq!(circuit.admit(probed), Err(MS(200)));
        let again = probed + MS(200);
        assert_eq!(circuit.admit(again), Ok(()));
        circuit.note(again, false);
        assert_eq!(circuit.admit(again), Ok(()));
    }

    #[test]
    fn the_pause_has_a_bound_and_a_probe_that_is_given_up_is_no_failure() {
        let mut now = Instant::now();
        let mut circuit = Circuit::new(1, MS(1));
        for _ in 0..50 {
            circuit.note(now, true);
            let left = circuit.admit(now).unwrap_err();
            assert!(left <= MS(32), "{left:?}");
            now += left;
            assert_eq!(circuit.admit(now), Ok(()));
        }
        circuit.abandon();
        assert_eq!(circuit.admit(now), Ok(()));
    }
}
