//! The requests of this process that wait, the oldest call first.

use std::{
    collections::BTreeMap,
    future::{Future, poll_fn},
    pin::pin,
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

use tokio::sync::Notify;

use crate::sync::lock;

/// Since when the call runs, then the order in which it came.
type Key = (Duration, u64);

#[derive(Debug, Default)]
pub(super) struct Queue(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    places: BTreeMap<Key, Arc<Notify>>,
    arrivals: u64,
}

/// A place in the queue, left when this is dropped.
pub(super) struct Place<'a> {
    queue: &'a Queue,
    key: Key,
    notify: Arc<Notify>,
}

impl Queue {
    /// Takes the place of a call that runs since then, behind calls that are as old.
    pub(super) fn enter(&self, since: Duration) -> Place<'_> {
        let mut waiting = lock(&self.0);
        waiting.arrivals += 1;
        let key = (since, waiting.arrivals);
        let notify: Arc<Notify> = Arc::default();
        waiting.places.insert(key, Arc::clone(&notify));
        Place {
            queue: self,
            key,
            notify,
        }
    }

    pub(super) fn len(&self) -> usize {
        lock(&self.0).places.len()
    }

    /// Wakes the first, to look again whether it still has to wait.
    pub(super) fn wake_first(&self) {
        if let Some((_, first)) = lock(&self.0).places.first_key_value() {
            first.notify_one();
        }
    }

    /// Wakes all, to look again whether they still have to wait.
    pub(super) fn wake_all(&self) {
        lock(&self.0)
            .places
            .values()
            .for_each(|notify| notify.notify_one());
    }
}

impl Place<'_> {
    /// How many are in front.
    pub(super) fn ahead(&self) -> usize {
        lock(&self.queue.0).places.range(..self.key).count()
    }

    pub(super) fn is_first(&self) -> bool {
        let waiting = lock(&self.queue.0);
        waiting.places.first_key_value().map(|(first, _)| *first) == Some(self.key)
    }

    /// Waits until something has changed, or for this sleep. Returns whether the sleep ended.
    pub(super) async fn changed_or(&self, sleep: impl Future<Output = ()>) -> bool {
        let (mut changed, mut sleep) = (pin!(self.notify.notified()), pin!(sleep));
        poll_fn(|context| {
            if sleep.as_mut().poll(context).is_ready() {
                return Poll::Ready(true);
            }
            changed.as_mut().poll(context).map(|()| false)
        })
        .await
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut waiting = lock(&self.queue.0);
        waiting.places.remove(&self.key);
        if let Some((_, first)) = waiting.places.first_key_value() {
            first.notify_one();
        }
    }
}
