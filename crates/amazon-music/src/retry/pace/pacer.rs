//! The pace of one process: a queue around the learned rate.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use crate::{
    clock::{Clock, Sleep},
    retry::pace::{
        contract::{Outcome, Pace, PaceFuture, Request, Status, TooLate, Turn},
        rate::Rate,
    },
    sync::lock,
};

/// The pace of one process, shared by all clones of a client, and by clients that are given the same
/// one.
#[derive(Debug)]
pub struct Pacer {
    /// Whether requests are limited at all, so that a request that is not pays for no lock. Changed
    /// under the lock.
    is_limited: AtomicBool,
    state: Mutex<State>,
}

/// A rate that was learned, to go on with in the next process.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learned {
    /// Requests per second.
    pub per_second: f64,
    /// How long ago the last 429 came.
    pub age: Duration,
}

#[derive(Debug)]
struct State {
    rate: Rate,
    queue: BTreeMap<Place, Option<Waker>>,
    /// How many have come to wait so far.
    arrivals: u64,
    /// Whom to wake when the lock is free.
    woken: Vec<Waker>,
}

/// The place in the queue: since when the call runs, then the order in which it came to wait.
type Place = (Duration, u64);

impl Pacer {
    /// A pace that is free until a first 429.
    #[must_use]
    pub fn new() -> Self {
        Self::of(Rate::new(None))
    }

    /// Sets the limit, which is never exceeded then, and kept from the first request on. A rate that is
    /// not above 0 is none.
    #[must_use]
    pub fn requests_per_second(self, rate: f64) -> Self {
        Self::of(Rate::new(Some(rate)))
    }

    fn of(rate: Rate) -> Self {
        Self {
            is_limited: AtomicBool::new(rate.per_second().is_some()),
            state: Mutex::new(State {
                rate,
                queue: BTreeMap::new(),
                arrivals: 0,
                woken: Vec::new(),
            }),
        }
    }

    /// Goes on with a rate that an earlier process has learned, unless it is old enough to be forgotten.
    pub fn resume(&self, clock: &dyn Clock, learned: Learned) {
        let now = clock.elapsed();
        self.with(|state| {
            state.rate.resume(now, learned.per_second, learned.age);
            self.note_limit(state, now);
        });
    }

    /// The rate as it was learned so far, for [`resume`](Self::resume).
    #[must_use]
    pub fn learned(&self, clock: &dyn Clock) -> Option<Learned> {
        let now = clock.elapsed();
        let (per_second, age) = self.with(|state| state.rate.learned(now))?;
        Some(Learned { per_second, age })
    }

    fn is_limited(&self) -> bool {
        self.is_limited.load(Ordering::Acquire)
    }

    /// Notes whether requests are limited, and lets all go if they are not.
    fn note_limit(&self, state: &mut State, now: Duration) -> bool {
        let is_limited = !state.rate.is_free(now);
        self.is_limited.store(is_limited, Ordering::Release);
        if !is_limited {
            state.wake_all();
        }
        is_limited
    }

    /// Works under the lock, and wakes without it: whoever is woken may ask for it again.
    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        let mut state = lock(&self.state);
        let result = work(&mut state);
        let woken = std::mem::take(&mut state.woken);
        drop(state);
        woken.into_iter().for_each(Waker::wake);
        result
    }
}

impl Default for Pacer {
    fn default() -> Self {
        Self::new()
    }
}

impl Pace for Pacer {
    fn admit_now(&self, clock: &dyn Clock) -> Option<Turn> {
        (!self.is_limited()).then(|| Turn::at(clock.elapsed()))
    }

    fn admit<'a>(&'a self, request: Request<'a>) -> PaceFuture<'a> {
        Box::pin(Waiting {
            pacer: self,
            request,
            place: None,
            sleep: None,
        })
    }

    fn report(&self, clock: &dyn Clock, turn: Turn, outcome: Outcome) {
        if outcome == Outcome::Admitted && !self.is_limited() {
            return;
        }
        let now = clock.elapsed();
        self.with(|state| match outcome {
            Outcome::Admitted => {
                let before = state.rate.next_send();
                state.rate.on_admitted(now, turn.sent_at());
                if state.rate.next_send() < before {
                    state.wake_first();
                }
            }
            Outcome::Refused { retry_after } => {
                state.rate.on_refused(now, turn.sent_at(), retry_after);
                self.note_limit(state, now);
                // Who waits in vain from now on leaves, and wakes the next.
                state.wake_first();
            }
        });
    }

    fn status(&self, clock: &dyn Clock) -> Status {
        let now = clock.elapsed();
        self.with(|state| {
            if !self.note_limit(state, now) {
                return Status::default();
            }
            Status {
                per_second: state.rate.per_second(),
                waiting: state.queue.len(),
                until: Some(state.rate.next_send()).filter(|next| *next > now),
            }
        })
    }
}

impl State {
    /// Gives a request its place: the one that its call has had before, or one behind all calls that
    /// are as old.
    fn enqueue(&mut self, request: &Request<'_>) -> Place {
        let number = match request.last_turn().map_or(0, |turn| turn.mark()) {
            0 => {
                self.arrivals += 1;
                self.arrivals
            }
            number => number,
        };
        let place = (request.since(), number);
        self.queue.insert(place, None);
        place
    }

    fn step(&mut self, place: Place, held: bool, now: Duration, deadline: Duration) -> Step {
        // Counted once: whoever waits comes nearer to its turn.
        let ahead = if held {
            0
        } else {
            self.queue.range(..place).count()
        };
        let known = self.rate.known_send(now, ahead);
        let next = self.rate.next_send();
        if known >= deadline || now >= deadline {
            let until = Some(known.max(next));
            return Step::Done(Err(TooLate::new(self.rate.per_second(), until)));
        }
        if !self.is_first(place) {
            return Step::Others(deadline);
        }
        // A learned rate is a guess: a turn beyond the deadline is waited for until then.
        if next > now {
            return Step::Turn(next.min(deadline));
        }
        self.rate.on_send(now, held);
        Step::Done(Ok(Turn::at(now).with_mark(place.1)))
    }

    fn is_first(&self, place: Place) -> bool {
        self.queue.first_key_value().map(|(first, _)| *first) == Some(place)
    }

    /// Takes one out of the queue, and tells the one behind it.
    fn leave(&mut self, place: Place) {
        let was_first = self.is_first(place);
        self.queue.remove(&place);
        if was_first {
            self.wake_first();
        }
    }

    fn wake_first(&mut self) {
        let first = self.queue.values_mut().next();
        self.woken.extend(first.and_then(Option::take));
    }

    fn wake_all(&mut self) {
        let wakers = self.queue.values_mut().filter_map(Option::take);
        self.woken.extend(wakers);
    }
}

/// A request in the queue. Leaves it when dropped.
struct Waiting<'a> {
    pacer: &'a Pacer,
    request: Request<'a>,
    place: Option<Place>,
    /// The sleep, and the moment that it ends.
    sleep: Option<(Duration, Sleep)>,
}

/// The way on for a request that was looked at.
enum Step {
    Done(Result<Turn, TooLate>),
    /// Waits for the moment of its turn.
    Turn(Duration),
    /// Waits for what others do, at most until its deadline.
    Others(Duration),
}

impl Waiting<'_> {
    fn step(&mut self, now: Duration, waker: &Waker) -> Step {
        let (pacer, request) = (self.pacer, self.request);
        pacer.with(|state| {
            let is_limited = pacer.note_limit(state, now);
            let held = self.place.is_some();
            let place = *self.place.get_or_insert_with(|| state.enqueue(&request));
            let step = if is_limited {
                state.step(place, held, now, request.deadline())
            } else {
                Step::Done(Ok(Turn::at(now)))
            };
            match step {
                Step::Done(_) => {
                    self.place = None;
                    state.leave(place);
                }
                _ => {
                    state.queue.insert(place, Some(waker.clone()));
                }
            }
            step
        })
    }
}

impl Future for Waiting<'_> {
    type Output = Result<Turn, TooLate>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let clock = this.request.clock();
        loop {
            let now = clock.elapsed();
            let (end, is_turn) = match this.step(now, context.waker()) {
                Step::Done(result) => return Poll::Ready(result),
                Step::Turn(end) => (end, true),
                Step::Others(end) => (end, false),
            };
            let mut sleep = match this.sleep.take() {
                Some((until, sleep)) if until == end => sleep,
                _ if is_turn => clock.sleep(end - now),
                _ => clock.timeout(end - now),
            };
            if sleep.as_mut().poll(context).is_pending() {
                this.sleep = Some((end, sleep));
                return Poll::Pending;
            }
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(place) = self.place.take() {
            self.pacer.with(|state| state.leave(place));
        }
    }
}

#[cfg(test)]
mod tests;
