//! Workers that make calls through a pace against a limiter; time is a queue of events.

use std::{cmp::Reverse, collections::BinaryHeap, time::Duration};

use fastrand::Rng;

use super::limiter::{Limiter, Rule};

/// A way to decide when requests leave.
pub(crate) trait Contender {
    /// A call wants to leave.
    fn enter(&mut self, now: Duration, call: usize);
    /// Which call leaves now, or when to ask again. Nothing if that depends on a response.
    fn next(&mut self, now: Duration) -> Option<Next>;
    /// A request that left at `sent_at` was admitted.
    fn admitted(&mut self, now: Duration, call: usize, sent_at: Duration);
    /// A request that left at `sent_at` met a 429. The call wants to leave again.
    fn refused(
        &mut self,
        now: Duration,
        call: usize,
        sent_at: Duration,
        retry_after: Option<Duration>,
    );
}

/// The way on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Next {
    Send(usize),
    At(Duration),
}

/// What is simulated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scenario {
    pub(crate) rule: Rule,
    pub(crate) latency: Duration,
    /// The share by which the way to and from the server varies.
    pub(crate) jitter: f64,
    pub(crate) concurrency: usize,
    pub(crate) calls: usize,
    pub(crate) retry_after: Option<Duration>,
}

/// How it went.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Course {
    /// The time that all calls took together, as a ratio to the ideal.
    pub(crate) wall: f64,
    /// How many calls were not served when the simulation was given up.
    pub(crate) left: usize,
    /// Refused requests, whenever they were sent.
    pub(crate) refused: usize,
    /// The share of refused requests among those that were sent after the first 429 came.
    pub(crate) refused_later: f64,
    /// The longest time that one call took.
    pub(crate) longest: Duration,
}

/// The simulation is given up after so many times the ideal.
pub(crate) const GIVEN_UP: f64 = 10.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrival(usize),
    Response(usize, bool),
    Look,
}

impl Scenario {
    /// The larger of 600 calls and a minute's worth.
    pub(crate) fn calls(rule: Rule) -> usize {
        ((60.0 * rule.rate()) as usize).max(600)
    }

    /// The best there is, in seconds: what the limit and what the latency allow.
    fn ideal(&self) -> f64 {
        let rounds = self.calls as f64 / self.concurrency as f64;
        let by_latency = rounds * self.latency.as_secs_f64();
        by_latency.max(self.rule.ideal(self.calls))
    }

    /// Simulates it.
    pub(crate) fn run(&self, contender: &mut dyn Contender) -> Course {
        let mut world = World {
            scenario: self,
            limiter: Limiter::new(self.rule),
            events: BinaryHeap::new(),
            scheduled: 0,
            rng: Rng::with_seed(429),
            now: Duration::ZERO,
            next_look: None,
        };
        let mut calls = Calls::default();
        for _ in 0..self.concurrency.min(self.calls) {
            calls.begin(world.now, contender);
        }
        let ideal = self.ideal();
        while calls.served < self.calls && world.now.as_secs_f64() < GIVEN_UP * ideal {
            world.send_all(&mut calls, contender);
            match world.next_event() {
                Some(event) => world.take(event, &mut calls, contender),
                None => break,
            }
        }
        calls.course(self.calls, world.now.as_secs_f64() / ideal)
    }
}

/// The calls so far.
#[derive(Debug, Default)]
struct Calls {
    began: Vec<Duration>,
    sent_at: Vec<Duration>,
    served: usize,
    first_429: Option<Duration>,
    refused: usize,
    sent_later: usize,
    refused_later: usize,
    longest: Duration,
}

impl Calls {
    fn begin(&mut self, now: Duration, contender: &mut dyn Contender) {
        let call = self.began.len();
        self.began.push(now);
        self.sent_at.push(now);
        contender.enter(now, call);
    }

    fn is_later(&self, sent_at: Duration) -> bool {
        self.first_429.is_some_and(|first| sent_at >= first)
    }

    fn course(&self, calls: usize, wall: f64) -> Course {
        Course {
            wall,
            left: calls - self.served,
            refused: self.refused,
            refused_later: self.refused_later as f64 / self.sent_later.max(1) as f64,
            longest: self.longest,
        }
    }
}

#[derive(Debug)]
struct World<'a> {
    scenario: &'a Scenario,
    limiter: Limiter,
    events: BinaryHeap<Reverse<(Duration, usize, Event)>>,
    scheduled: usize,
    rng: Rng,
    now: Duration,
    next_look: Option<Duration>,
}

impl World<'_> {
    fn schedule(&mut self, at: Duration, event: Event) {
        self.scheduled += 1;
        self.events.push(Reverse((at, self.scheduled, event)));
    }

    fn next_event(&mut self) -> Option<Event> {
        let Reverse((at, _, event)) = self.events.pop()?;
        self.now = at;
        Some(event)
    }

    /// The time to the server, or from it.
    fn way(&mut self) -> Duration {
        let varied = 1.0 + self.scenario.jitter * (2.0 * self.rng.f64() - 1.0);
        (self.scenario.latency / 2).mul_f64(varied)
    }

    fn send_all(&mut self, calls: &mut Calls, contender: &mut dyn Contender) {
        while let Some(next) = contender.next(self.now) {
            match next {
                Next::Send(call) => {
                    calls.sent_at[call] = self.now;
                    calls.sent_later += usize::from(calls.is_later(self.now));
                    let way = self.way();
                    self.schedule(self.now + way, Event::Arrival(call));
                }
                Next::At(at) => {
                    if self.next_look.is_none_or(|look| at < look) {
                        self.next_look = Some(at);
                        self.schedule(at, Event::Look);
                    }
                    return;
                }
            }
        }
    }

    fn take(&mut self, event: Event, calls: &mut Calls, contender: &mut dyn Contender) {
        let now = self.now;
        match event {
            Event::Look => {
                if self.next_look.is_some_and(|look| look <= now) {
                    self.next_look = None;
                }
            }
            Event::Arrival(call) => {
                let is_admitted = self.limiter.admits(now);
                let way = self.way();
                self.schedule(now + way, Event::Response(call, is_admitted));
            }
            Event::Response(call, true) => {
                contender.admitted(now, call, calls.sent_at[call]);
                calls.served += 1;
                calls.longest = calls.longest.max(now - calls.began[call]);
                if calls.began.len() < self.scenario.calls {
                    calls.begin(now, contender);
                }
            }
            Event::Response(call, false) => {
                let sent_at = calls.sent_at[call];
                calls.refused += 1;
                calls.refused_later += usize::from(calls.is_later(sent_at));
                calls.first_429.get_or_insert(now);
                contender.refused(now, call, sent_at, self.scenario.retry_after);
            }
        }
    }
}
