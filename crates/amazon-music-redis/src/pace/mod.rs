//! A pace that all processes of an application share.

mod local;
mod queue;
mod script;
mod shared;

use std::{fmt, sync::Arc, time::Duration};

use amazon_music::{
    clock::Clock,
    pace::{Outcome, Pace, PaceFuture, Request, Status, TooLate, Turn},
};
use queue::Place;
use script::Reply;
use shared::Shared;

use crate::{keys, server::Redis};

/// How long requests go on without a look at the shared pace while nothing limits them.
const LOOK: Duration = Duration::from_secs(1);

/// The soonest that a turn is asked for again.
const SOONEST: Duration = Duration::from_millis(5);

/// Shares one pace among all processes of an application, over Redis.
///
/// ```
/// use std::sync::Arc;
///
/// use amazon_music_redis::{Redis, RedisPace};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let redis = Redis::builder("redis://127.0.0.1:6379").build()?;
/// let pace = RedisPace::new(redis, "amzn1.application.0123456789abcdef");
/// let music = amazon_music::AmazonMusic::builder()
///     .pace(Arc::new(pace))
///     .security_profile_id("amzn1.application.0123456789abcdef")
///     .token("Atza|...")
///     .build()?;
/// # drop(music);
/// # Ok(())
/// # }
/// ```
///
/// - Until a first 429 nobody waits: each process looks at the shared pace before its first request, and then at
///   most once a second. A 429 that any process meets is known to all within that second.
/// - From then on each request asks Redis for its turn, by one script and the server's clock; more often only
///   while a limit is searched, and after a 429. In each process the oldest call asks first, and processes take
///   turns. What is learned is what [`Pacer`](amazon_music::pace::Pacer) learns in one process.
/// - If Redis is away, each process goes on with a [`Pacer`](amazon_music::pace::Pacer) of its own, at its share
///   of the last rate, and looks for Redis once a second in the background.
///
/// Clients that share a pace must have one clock. Clones are one pace.
#[derive(Clone)]
pub struct RedisPace(Arc<Shared>);

impl RedisPace {
    /// Makes the pace of an application: of its security profile, whose id is kept as a hash only.
    #[must_use]
    pub fn new(redis: Redis, application: &str) -> Self {
        let key = keys::pace(redis.prefix(), application);
        Self(Arc::new(Shared::new(redis, key, None)))
    }

    /// Sets the limit, which all processes together never exceed, from the first request on. Processes that
    /// set none keep that of the others; a rate that is not above 0 is none.
    #[must_use]
    pub fn requests_per_second(self, rate: f64) -> Self {
        let set = Some(rate).filter(|rate| *rate > 0.0 && rate.is_finite());
        let (redis, key) = self.0.target();
        Self(Arc::new(Shared::new(redis, key, set)))
    }

    async fn turn(&self, request: Request<'_>) -> Result<Turn, TooLate> {
        let (shared, clock) = (&self.0, request.clock());
        let place = shared.queue.enter(request.since());
        let mut had_to_wait = false;
        loop {
            if let Some(turn) = self.admit_now(clock) {
                return Ok(turn);
            }
            if let Some(local) = shared.local(clock) {
                drop(place);
                return local.admit(request).await;
            }
            let now = clock.elapsed();
            if let Some(late) = shared.too_late(clock, &request, place.ahead()) {
                return Err(late);
            }
            if place.is_first()
                && let Some(turn) = shared.passed(clock)
            {
                return Ok(turn);
            }
            let Some(_asking) = shared.may_ask(place.is_first()) else {
                had_to_wait = true;
                let left = request.deadline().saturating_sub(now);
                place.changed_or(clock.timeout(left)).await;
                continue;
            };
            let Some(reply) = shared.ask(clock, &request, had_to_wait).await else {
                continue;
            };
            had_to_wait = true;
            if let Some(turn) = self.wait(&request, &place, reply).await {
                return turn;
            }
        }
    }

    /// Waits for the turn in a reply. Nothing if something else has to be done first.
    async fn wait(
        &self,
        request: &Request<'_>,
        place: &Place<'_>,
        reply: Reply,
    ) -> Option<Result<Turn, TooLate>> {
        let (shared, clock) = (&self.0, request.clock());
        if reply.is_free {
            return None;
        }
        let Some(at) = reply.turn else {
            if let Some(late) = shared.too_late(clock, request, 0) {
                return Some(Err(late));
            }
            // Comes back when its turn is near enough to be given.
            let near = shared.local_time(reply.next.saturating_sub(reply.lead));
            let near = near.max(clock.elapsed() + SOONEST).min(request.deadline());
            place
                .changed_or(clock.sleep(near.saturating_sub(clock.elapsed())))
                .await;
            return None;
        };
        loop {
            let wait = shared.local_time(at).saturating_sub(clock.elapsed());
            if wait.is_zero() {
                shared.pass(at);
                // An older call may have come meanwhile.
                return place
                    .is_first()
                    .then(|| shared.passed(clock))
                    .flatten()
                    .map(Ok);
            }
            let is_over = place.changed_or(clock.sleep(wait)).await;
            // A 429 came meanwhile, and may have begun a pause.
            if !is_over && shared.has_news() {
                let told = shared.look(clock).await;
                if told.is_none_or(|told| told.resume > at) {
                    return None;
                }
            }
        }
    }
}

impl Pace for RedisPace {
    fn admit_now(&self, clock: &dyn Clock) -> Option<Turn> {
        let now = clock.elapsed();
        self.0.is_free(now).then(|| Turn::at(now))
    }

    fn admit<'a>(&'a self, request: Request<'a>) -> PaceFuture<'a> {
        Box::pin(self.turn(request))
    }

    fn report(&self, clock: &dyn Clock, turn: Turn, outcome: Outcome) {
        Shared::report(&self.0, clock, turn, outcome);
    }

    fn status(&self, clock: &dyn Clock) -> Status {
        self.0.status(clock)
    }
}

impl fmt::Debug for RedisPace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisPace")
            .field("set", &self.0.set())
            .finish_non_exhaustive()
    }
}
