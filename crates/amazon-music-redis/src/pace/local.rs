//! The pace of one process while Redis is away.

use std::{sync::Arc, time::Duration};

use amazon_music::{
    clock::Clock,
    pace::{Learned, Pacer},
};

use crate::pace::{LOOK, script::Reply};

/// The local pace, and when Redis is looked for.
pub(super) struct Away {
    pacer: Arc<Pacer>,
    looked_at: Duration,
}

impl Away {
    /// Goes on with this share of the last rate.
    pub(super) fn new(
        clock: &dyn Clock,
        set: Option<f64>,
        last: Option<Reply>,
        share: f64,
    ) -> Self {
        let pacer = match set {
            Some(set) => Pacer::new().requests_per_second(set * share),
            None => Pacer::new(),
        };
        let learned = last.and_then(|last| {
            Some(Learned {
                per_second: last.per_second? * share,
                age: last.age,
            })
        });
        if let Some(learned) = learned {
            pacer.resume(clock, learned);
        }
        Self {
            pacer: Arc::new(pacer),
            looked_at: clock.elapsed(),
        }
    }

    pub(super) fn pacer(&self) -> Arc<Pacer> {
        Arc::clone(&self.pacer)
    }

    /// Whether it is time to look for Redis; notes that it is done then.
    pub(super) fn is_look_due(&mut self, now: Duration) -> bool {
        let is_due = now >= self.looked_at.saturating_add(LOOK);
        if is_due {
            self.looked_at = now;
        }
        is_due
    }
}

/// The share of a process: all that there is, until others are known.
pub(super) fn share(own: u64, all: u64) -> f64 {
    if all == 0 || own >= all {
        return 1.0;
    }
    own.max(1) as f64 / all as f64
}
