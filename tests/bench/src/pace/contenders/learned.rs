//! This SDK: the learned rate, and a queue that keeps the order of the calls.

use std::{collections::BTreeMap, time::Duration};

use amazon_music::pace::Rate;

use super::{Contender, Next};

#[derive(Debug)]
pub(crate) struct Learned {
    rate: Rate,
    /// Since when calls wait.
    queue: BTreeMap<usize, Duration>,
}

impl Learned {
    pub(crate) fn new(set: Option<f64>) -> Self {
        Self {
            rate: Rate::new(set),
            queue: BTreeMap::new(),
        }
    }
}

impl Contender for Learned {
    fn enter(&mut self, now: Duration, call: usize) {
        self.queue.insert(call, now);
    }

    fn next(&mut self, now: Duration) -> Option<Next> {
        let (&call, &since) = self.queue.first_key_value()?;
        if !self.rate.is_free(now) {
            let at = self.rate.next_send();
            if at > now {
                return Some(Next::At(at));
            }
            self.rate.on_send(now, since < now);
        }
        self.queue.remove(&call);
        Some(Next::Send(call))
    }

    fn admitted(&mut self, now: Duration, _: usize, sent_at: Duration) {
        self.rate.on_admitted(now, sent_at);
    }

    fn refused(
        &mut self,
        now: Duration,
        call: usize,
        sent_at: Duration,
        retry_after: Option<Duration>,
    ) {
        self.rate.on_refused(now, sent_at, retry_after);
        self.enter(now, call);
    }
}
