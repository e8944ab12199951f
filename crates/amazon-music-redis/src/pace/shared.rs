//! The state of the shared pace as one process knows it.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use amazon_music::{
    clock::Clock,
    pace::{Outcome, Pace as _, Pacer, Request, Status, TooLate, Turn},
};
use tokio::runtime::Handle;

use crate::{
    pace::{
        LOOK,
        local::{self, Away},
        queue::Queue,
        script::{self, Ask, Reply, Report, micros},
    },
    server::Redis,
    sync::lock,
};

/// The most responses that are told in one command. Older ones are left out.
const MOST_REPORTS: usize = 256;

/// How long after its moment a turn can be used.
const GOOD: Duration = Duration::from_millis(20);

pub(super) struct Shared {
    redis: Redis,
    key: String,
    set: Option<f64>,
    pub(super) queue: Queue,
    /// Until when requests go on without a look, in microseconds of the client's clock; 0 if they are limited.
    free_until: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The last reply of the server.
    last: Option<Reply>,
    /// The server's clock less the client's, in microseconds.
    offset: i64,
    reports: Vec<Report>,
    /// Whether one of them is a 429, which others must hear of.
    has_news: bool,
    /// Whether a request asks for a turn, or waits for the one that it was given.
    is_asking: bool,
    /// A turn that was given and has not come yet.
    held: Option<u64>,
    /// A turn that has come, for the first in the queue.
    passed: Option<u64>,
    away: Option<Away>,
    /// Turns of this process, and of all before its first.
    own: u64,
    before: Option<u64>,
    is_telling: bool,
}

impl Shared {
    pub(super) fn new(redis: Redis, key: String, set: Option<f64>) -> Self {
        Self {
            redis,
            key,
            set,
            queue: Queue::default(),
            free_until: AtomicU64::new(0),
            state: Mutex::default(),
        }
    }

    pub(super) fn target(&self) -> (Redis, String) {
        (self.redis.clone(), self.key.clone())
    }

    pub(super) fn set(&self) -> Option<f64> {
        self.set
    }

    pub(super) fn is_free(&self, now: Duration) -> bool {
        micros(now) < self.free_until.load(Ordering::Acquire)
    }

    /// Whether there is a 429 that others have not heard of.
    pub(super) fn has_news(&self) -> bool {
        lock(&self.state).has_news
    }

    /// A moment of the server's clock, by the client's.
    pub(super) fn local_time(&self, at: u64) -> Duration {
        lock(&self.state).local_time(at)
    }

    /// The error of a request that, as far as facts tell, gets no turn before its deadline.
    pub(super) fn too_late(
        &self,
        clock: &dyn Clock,
        request: &Request<'_>,
        ahead: usize,
    ) -> Option<TooLate> {
        let state = lock(&self.state);
        let now = clock.elapsed();
        let known = state.last.filter(|last| !last.is_free).map(|last| {
            let behind = self.set.map_or(0.0, |set| ahead as f64 / set);
            let behind = Duration::try_from_secs_f64(behind).unwrap_or(Duration::MAX);
            state.local_time(last.known).max(now).saturating_add(behind)
        });
        let known = known.unwrap_or(now);
        (known >= request.deadline() || now >= request.deadline()).then(|| {
            let next = state.last.map(|last| state.local_time(last.next));
            let per_second = state.last.and_then(|last| last.per_second);
            TooLate::new(per_second, Some(known.max(next.unwrap_or_default())))
        })
    }

    /// The right to ask, for the first in the queue, unless another asks.
    pub(super) fn may_ask(&self, is_first: bool) -> Option<Asking<'_>> {
        let mut state = lock(&self.state);
        if !is_first || state.is_asking {
            return None;
        }
        state.is_asking = true;
        Some(Asking(self))
    }

    /// Passes a turn that has come to the first in the queue.
    pub(super) fn pass(&self, at: u64) {
        let mut state = lock(&self.state);
        state.held.take_if(|held| *held == at);
        state.passed = Some(at);
    }

    /// Takes a turn that has come, unless it is long gone.
    pub(super) fn passed(&self, clock: &dyn Clock) -> Option<Turn> {
        let mut state = lock(&self.state);
        let at = state.passed.take()?;
        let now = clock.elapsed();
        let is_good = now <= state.local_time(at).saturating_add(GOOD);
        is_good.then(|| Turn::at(now).with_mark(at))
    }

    /// Asks for a turn, and tells what was learned. Nothing if Redis is away: then there is a local pace.
    pub(super) async fn ask(
        &self,
        clock: &dyn Clock,
        request: &Request<'_>,
        had_to_wait: bool,
    ) -> Option<Reply> {
        let ask = {
            let mut state = lock(&self.state);
            state.has_news = false;
            Ask {
                set: self.set,
                wants_turn: true,
                had_to_wait,
                patience: request.deadline().saturating_sub(clock.elapsed()),
                given_back: state.held.take(),
                reports: std::mem::take(&mut state.reports),
            }
        };
        self.run(clock, &ask).await
    }

    /// Tells what was learned, and looks at the shared pace. Nothing if Redis is away.
    pub(super) async fn look(&self, clock: &dyn Clock) -> Option<Reply> {
        let ask = self.telling(&mut lock(&self.state));
        self.run(clock, &ask).await
    }

    /// The request of a process that only reports and reads.
    fn telling(&self, state: &mut State) -> Ask {
        state.has_news = false;
        Ask {
            set: self.set,
            reports: std::mem::take(&mut state.reports),
            ..Ask::default()
        }
    }

    async fn run(&self, clock: &dyn Clock, ask: &Ask) -> Option<Reply> {
        match script::run(&self.redis, &self.key, ask).await {
            Ok(reply) => {
                self.heard(clock, reply);
                Some(reply)
            }
            Err(_) => {
                let mut state = lock(&self.state);
                let share = state.share();
                let last = state.last.take();
                state.away = Some(Away::new(clock, self.set, last, share));
                drop(state);
                self.queue.wake_all();
                None
            }
        }
    }

    /// Takes what the server said.
    fn heard(&self, clock: &dyn Clock, reply: Reply) {
        let now = clock.elapsed();
        let mut state = lock(&self.state);
        state.offset = signed(reply.now).saturating_sub(signed(micros(now)));
        state.away = None;
        if reply.turn.is_some() {
            state.own += 1;
            state.held = reply.turn;
        }
        state.note(reply);
        let is_free = reply.is_free && !state.has_news;
        drop(state);
        let until = if is_free { micros(now + LOOK) } else { 0 };
        self.free_until.store(until, Ordering::Release);
        if is_free {
            self.queue.wake_all();
        }
    }

    /// The pace to go on with while Redis is away. Looks for it once a second, in the background.
    pub(super) fn local(self: &Arc<Self>, clock: &dyn Clock) -> Option<Arc<Pacer>> {
        let mut state = lock(&self.state);
        let away = state.away.as_mut()?;
        let pacer = away.pacer();
        if away.is_look_due(clock.elapsed()) {
            self.tell(&mut state);
        }
        Some(pacer)
    }

    pub(super) fn report(self: &Arc<Self>, clock: &dyn Clock, turn: Turn, outcome: Outcome) {
        let (is_refused, retry_after) = match outcome {
            Outcome::Admitted => (false, None),
            Outcome::Refused { retry_after } => (true, retry_after),
        };
        let now = clock.elapsed();
        // Nothing is learned from what is admitted while nothing is limited.
        if !is_refused && self.is_free(now) {
            return;
        }
        let mut state = lock(&self.state);
        if let Some(away) = &state.away {
            let pacer = away.pacer();
            drop(state);
            return pacer.report(clock, turn, outcome);
        }
        let report = Report {
            is_refused,
            // One without a turn left before the limit was known here, and says nothing of the rate since.
            sent_at: Some(turn.mark()).filter(|&mark| is_turn(mark)).unwrap_or(0),
            came_at: state.server_time(now),
            retry_after,
        };
        if state.reports.len() == MOST_REPORTS {
            state.reports.remove(0);
        }
        state.reports.push(report);
        if !is_refused {
            if state.last.is_some_and(|last| last.is_searching) {
                self.tell(&mut state);
            }
            return;
        }
        self.free_until.store(0, Ordering::Release);
        state.has_news = true;
        // Whoever is first in the queue tells it with the request for its turn.
        if self.queue.len() == 0 {
            self.tell(&mut state);
        }
        drop(state);
        self.queue.wake_all();
    }

    /// Tells in a task of its own what was learned, and looks at the shared pace.
    fn tell(self: &Arc<Self>, state: &mut State) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        if std::mem::replace(&mut state.is_telling, true) {
            return;
        }
        let shared = Arc::clone(self);
        runtime.spawn(async move {
            loop {
                let ask = shared.telling(&mut lock(&shared.state));
                let reply = script::run(&shared.redis, &shared.key, &ask).await;
                let mut state = lock(&shared.state);
                if let Ok(reply) = reply {
                    state.away = None;
                    state.note(reply);
                    // The rate may have doubled.
                    if reply.is_searching {
                        shared.queue.wake_all();
                    }
                    if state.has_news && shared.queue.len() == 0 {
                        continue;
                    }
                }
                state.is_telling = false;
                return;
            }
        });
    }

    pub(super) fn status(&self, clock: &dyn Clock) -> Status {
        let state = lock(&self.state);
        if let Some(away) = &state.away {
            return away.pacer().status(clock);
        }
        let mut status = Status::default();
        status.waiting = self.queue.len();
        if let Some(last) = state.last.filter(|last| !last.is_free) {
            let next = state.local_time(last.next);
            status.per_second = last.per_second;
            status.until = Some(next).filter(|next| *next > clock.elapsed());
        }
        status
    }
}

impl State {
    fn note(&mut self, reply: Reply) {
        self.before
            .get_or_insert(reply.grants.saturating_sub(self.own));
        self.last = Some(reply);
    }

    /// This process's share of the turns that were given to all.
    fn share(&self) -> f64 {
        let all = self
            .last
            .zip(self.before)
            .map_or(0, |(last, before)| last.grants.saturating_sub(before));
        local::share(self.own, all)
    }

    fn server_time(&self, at: Duration) -> u64 {
        u64::try_from(signed(micros(at)).saturating_add(self.offset)).unwrap_or_default()
    }

    fn local_time(&self, at: u64) -> Duration {
        let micros = signed(at).saturating_sub(self.offset);
        Duration::from_micros(u64::try_from(micros).unwrap_or_default())
    }
}

/// Whether this mark is a turn, and not a place in the queue of a local pace.
fn is_turn(mark: u64) -> bool {
    mark > 1_000_000_000_000
}

fn signed(micros: u64) -> i64 {
    i64::try_from(micros).unwrap_or(i64::MAX)
}

/// The right to ask for a turn, which one request of a process has at a time.
pub(super) struct Asking<'a>(&'a Shared);

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        lock(&self.0.state).is_asking = false;
        self.0.queue.wake_first();
    }
}
