//! A pace that tells the user when a wait begins.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use amazon_music::{
    clock::Clock,
    pace::{Outcome, Pace, PaceFuture, Pacer, Request, Status, Turn},
};

use crate::{
    notice::notice,
    words::{rate_in_words, time_in_words},
};

/// A wait of this length is announced each time, not only the first.
const LONG: Duration = Duration::from_secs(5);

/// A learned pace. The first wait is announced in one line, and so is each long one.
#[derive(Debug)]
pub(super) struct Announced {
    pacer: Arc<Pacer>,
    /// Whether the user knows of the limit.
    is_known: AtomicBool,
    /// The end of the last wait that was announced, in milliseconds of the clock.
    until: AtomicU64,
}

impl Announced {
    /// `is_set` says that the user has set the rate, and knows of it.
    pub(super) fn new(pacer: Arc<Pacer>, is_set: bool) -> Self {
        Self {
            pacer,
            is_known: AtomicBool::new(is_set),
            until: AtomicU64::new(0),
        }
    }

    fn announce(&self, clock: &dyn Clock) {
        if let Some(line) = self.line(clock) {
            notice!("{line}");
        }
    }

    /// The line to print, if a wait begins of which the user does not know.
    fn line(&self, clock: &dyn Clock) -> Option<String> {
        let status = self.pacer.status(clock);
        let (rate, until) = (status.per_second?, status.until?);
        let wait = until.saturating_sub(clock.elapsed());
        let rate = rate_in_words(rate);
        if wait < LONG {
            let is_known = self.is_known.swap(true, Ordering::Relaxed);
            return (!is_known).then(|| format!("rate limited: {rate}"));
        }
        self.is_known.store(true, Ordering::Relaxed);
        let millis = u64::try_from(until.as_millis()).unwrap_or(u64::MAX);
        let announced = self.until.fetch_max(millis, Ordering::Relaxed);
        let time = time_in_words(wait);
        let is_later = millis > announced.saturating_add(1000);
        is_later.then(|| format!("rate limited: goes on in {time}, then {rate}"))
    }
}

impl Pace for Announced {
    fn admit_now(&self, clock: &dyn Clock) -> Option<Turn> {
        self.pacer.admit_now(clock)
    }

    fn admit<'a>(&'a self, request: Request<'a>) -> PaceFuture<'a> {
        self.announce(request.clock());
        self.pacer.admit(request)
    }

    fn report(&self, clock: &dyn Clock, turn: Turn, outcome: Outcome) {
        self.pacer.report(clock, turn, outcome);
    }

    fn status(&self, clock: &dyn Clock) -> Status {
        self.pacer.status(clock)
    }
}

#[cfg(test)]
mod tests {
    use amazon_music::clock::ManualClock;
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn the_first_wait_is_announced_and_each_long_one() {
        let (clock, pacer) = (ManualClock::new(), Arc::new(Pacer::new()));
        let pace = Announced::new(pacer.clone(), false);
        assert_eq!(pace.line(&clock), None, "nothing is limited");
        let refused = |seconds: Option<u64>| {
            let retry_after = seconds.map(Duration::from_secs);
            let turn = Turn::at(clock.elapsed());
            pace.report(&clock, turn, Outcome::Refused { retry_after });
        };
        refused(None);
        let first = pace.line(&clock).unwrap();
        assert!(first.starts_with("rate limited: about "), "{first}");
        assert_eq!(pace.line(&clock), None, "it is known");
        clock.advance(Duration::from_secs(10));
        refused(Some(20));
        let long = pace.line(&clock).unwrap();
        assert!(
            long.starts_with("rate limited: goes on in 20 s, then about "),
            "{long}"
        );
        assert_eq!(pace.line(&clock), None, "the others wait for the same");
        clock.advance(Duration::from_secs(30));
        refused(Some(600));
        let longer = pace.line(&clock).unwrap();
        assert!(
            longer.starts_with("rate limited: goes on in 10 min, then about "),
            "{longer}"
        );
    }

    #[test]
    fn a_rate_that_is_set_is_not_news() {
        let clock = ManualClock::new();
        let pacer = Pacer::new().requests_per_second(9.0);
        let pace = Announced::new(Arc::new(pacer), true);
        let request = Request::new(&clock, Duration::ZERO, Duration::from_secs(60));
        let first = pace.admit(request).now_or_never().unwrap().unwrap();
        assert!(pace.status(&clock).until.is_some(), "the next one waits");
        assert_eq!(pace.line(&clock), None);
        let retry_after = Some(Duration::from_secs(60));
        pace.report(&clock, first, Outcome::Refused { retry_after });
        assert!(pace.line(&clock).is_some());
    }
}
