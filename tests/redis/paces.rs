//! A pace that many processes share.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use amazon_music::{
    AmazonMusic,
    clock::{Clock, ManualClock, SystemClock},
    pace::{Outcome, Pace, PaceFuture, Request, Status, Turn},
};
use amazon_music_redis::RedisPace;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use futures_util::{StreamExt as _, poll, stream};
use serde_json::{Value, json};

use crate::{MS, child, redis, server};

/// A service that admits so many requests a second, with a burst.
#[derive(Clone)]
struct Limiter(Arc<Limit>);

struct Limit {
    rate: f64,
    burst: f64,
    bucket: Mutex<(f64, Instant)>,
    body: String,
    /// The process and the outcome of each request, in the order in which they came.
    log: Mutex<Vec<(String, bool)>>,
}

impl Limiter {
    async fn start(rate: f64, burst: f64) -> (Self, String) {
        let sandbox = amazon_music_sandbox::start().await.unwrap();
        let music = AmazonMusic::builder()
            .base_url(sandbox.base_url())
            .security_profile_id(sandbox.security_profile_id())
            .token(sandbox.token())
            .build()
            .unwrap();
        let response = music.top_tracks().limit(1).send_with_meta().await.unwrap();
        let body = String::from_utf8(response.meta.body.to_vec()).unwrap();
        let limiter = Self(Arc::new(Limit {
            rate,
            burst,
            bucket: Mutex::new((burst, Instant::now())),
            body,
            log: Mutex::default(),
        }));
        let router = Router::new()
            .fallback(Self::respond)
            .with_state(limiter.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (limiter, url)
    }

    async fn respond(State(limiter): State<Self>, headers: HeaderMap) -> impl IntoResponse {
        let limit = &limiter.0;
        let is_admitted = {
            let mut bucket = limit.bucket.lock().unwrap();
            let now = Instant::now();
            let left = bucket.0 + limit.rate * (now - bucket.1).as_secs_f64();
            let left = left.min(limit.burst);
            let is_admitted = left >= 1.0;
            *bucket = (if is_admitted { left - 1.0 } else { left }, now);
            is_admitted
        };
        let process = headers
            .get("x-process")
            .map_or("", |value| value.to_str().unwrap());
        limit
            .log
            .lock()
            .unwrap()
            .push((process.to_owned(), is_admitted));
        match is_admitted {
            true => (StatusCode::OK, limit.body.clone()),
            false => (StatusCode::TOO_MANY_REQUESTS, "{}".to_owned()),
        }
    }
}

/// A pace that notes the turns it gives.
#[derive(Debug)]
struct Noted(RedisPace, Mutex<Vec<u64>>);

impl Pace for Noted {
    fn admit_now(&self, clock: &dyn Clock) -> Option<Turn> {
        let turn = self.0.admit_now(clock)?;
        self.1.lock().unwrap().push(turn.mark());
        Some(turn)
    }

    fn admit<'a>(&'a self, request: Request<'a>) -> PaceFuture<'a> {
        Box::pin(async move {
            let turn = self.0.admit(request).await?;
            self.1.lock().unwrap().push(turn.mark());
            Ok(turn)
        })
    }

    fn report(&self, clock: &dyn Clock, turn: Turn, outcome: Outcome) {
        self.0.report(clock, turn, outcome);
    }

    fn status(&self, clock: &dyn Clock) -> Status {
        self.0.status(clock)
    }
}

fn pace(url: &str, set: Option<f64>) -> RedisPace {
    let pace = RedisPace::new(redis(url), "amzn1.application.canary");
    match set {
        Some(set) => pace.requests_per_second(set),
        None => pace,
    }
}

/// The task of a process: so many calls, eight at a time.
pub(crate) async fn work(task: &Value) -> Value {
    let pace = pace(task["redis"].as_str().unwrap(), task["set"].as_f64());
    let noted = Arc::new(Noted(pace, Mutex::default()));
    let music = AmazonMusic::builder()
        .base_url(task["base_url"].as_str().unwrap())
        .security_profile_id("amzn1.application.canary")
        .token("Atza|canary")
        .header("x-process", task["process"].to_string())
        .pace(noted.clone())
        .build()
        .unwrap();
    let calls = stream::iter(0..task["calls"].as_u64().unwrap()).map(|_| {
        let music = music.clone();
        async move {
            let sent = music.top_tracks().limit(1).send().await;
            sent.map(drop).map_err(|error| error.to_string())
        }
    });
    let outcomes: Vec<Result<(), String>> = calls.buffer_unordered(8).collect().await;
    let served = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let errors: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
    let turns = noted.1.lock().unwrap().clone();
    json!({ "served": served, "errors": errors, "turns": turns })
}

/// Runs eight processes. Gives all turns, in order; 0 for requests that were free.
async fn eight(redis: &str, base_url: &str, calls: u64, set: Option<f64>) -> Vec<u64> {
    let task = |process| {
        json!({
            "kind": "paced", "redis": redis, "base_url": base_url, "calls": calls, "set": set,
            "process": process,
        })
    };
    let reports = child::all((0..8).map(task).collect()).await;
    let mut turns = Vec::new();
    for report in reports {
        assert_eq!(
            (&report["served"], &report["errors"]),
            (&json!(calls), &json!([]))
        );
        turns.extend(
            report["turns"]
                .as_array()
                .unwrap()
                .iter()
                .map(|turn| turn.as_u64().unwrap()),
        );
    }
    turns.sort_unstable();
    turns
}

fn refused(limiter: &Limiter) -> usize {
    limiter
        .0
        .log
        .lock()
        .unwrap()
        .iter()
        .filter(|(_, is_admitted)| !is_admitted)
        .count()
}

/// The least time between two turns.
fn closest(turns: &[u64]) -> Duration {
    let gaps = turns.windows(2).map(|pair| pair[1] - pair[0]);
    Duration::from_micros(gaps.min().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_keep_a_limit_that_is_set_from_the_first_request_on() {
    let Some(redis) = server::start() else { return };
    let (limiter, url) = Limiter::start(50.0, 10.0).await;
    let turns = eight(&redis.url(), &url, 20, Some(45.0)).await;
    assert_eq!(
        turns.len(),
        160,
        "one command for each request, and no request without a turn"
    );
    assert!(turns[0] > 0 && closest(&turns) >= Duration::from_secs_f64(1.0 / 45.1));
    assert_eq!(refused(&limiter), 0);
}

/// Eight processes find out a limit, and what was learned stays for those that come later.
async fn learns(rate: f64, burst: f64, calls: u64) {
    let Some(redis) = server::start() else { return };
    let (limiter, url) = Limiter::start(rate, burst).await;
    eight(&redis.url(), &url, calls, None).await;
    {
        let log = limiter.0.log.lock().unwrap();
        let first = log.iter().position(|(_, is_admitted)| !is_admitted);
        assert!(first.is_some(), "the limit was met");
        for process in 0..8 {
            let process = process.to_string();
            let served = log
                .iter()
                .filter(|(name, is_admitted)| *name == process && *is_admitted);
            assert_eq!(served.count() as u64, calls);
        }
    }
    // All start at once, and none of them goes without a turn.
    let before = refused(&limiter);
    let turns = eight(&redis.url(), &url, 2, None).await;
    assert!(turns[0] > 0, "a request left without asking");
    let since = refused(&limiter) - before;
    assert!(since <= 4, "{since} of 16 were refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_learn_a_limit_of_20_a_second_without_a_burst() {
    learns(20.0, 1.0, 12).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_learn_a_limit_of_50_a_second_with_a_burst_of_10() {
    learns(50.0, 10.0, 25).await;
}

const FAR: Duration = Duration::from_secs(1000);

#[tokio::test]
async fn a_429_of_one_process_is_known_to_the_others_within_a_second() {
    let Some(redis) = server::start() else { return };
    let (one, other) = (pace(&redis.url(), None), pace(&redis.url(), None));
    let clock = ManualClock::new();
    let request = || Request::new(&clock, Duration::ZERO, FAR);
    // The first request looks whether there is a limit; then there is none for a second.
    assert_eq!(one.admit_now(&clock), None);
    for pace in [&one, &other] {
        assert_eq!(pace.admit(request()).await.unwrap().mark(), 0);
        assert!(pace.admit_now(&clock).is_some());
    }
    let turn = one.admit_now(&clock).unwrap();
    let retry_after = Some(Duration::from_secs(50));
    one.report(&clock, turn, Outcome::Refused { retry_after });
    assert_eq!(one.admit_now(&clock), None, "it knows itself at once");
    while redis.ask::<u64>("DBSIZE").await == 0 {
        tokio::time::sleep(MS(1)).await;
    }
    clock.advance(MS(999));
    assert!(other.admit_now(&clock).is_some());
    clock.advance(MS(1));
    assert_eq!(other.admit_now(&clock), None);
    // A turn that is known to come later than the deadline is none.
    let late = other.admit(Request::new(
        &clock,
        Duration::ZERO,
        Duration::from_secs(20),
    ));
    assert!(late.await.unwrap_err().until().unwrap() > Duration::from_secs(40));
}

#[tokio::test]
async fn while_nothing_limits_requests_redis_is_asked_once_a_second() {
    let Some(redis) = server::start() else { return };
    let pace = pace(&redis.url(), None);
    let clock = ManualClock::new();
    let scripts = async || {
        let stats: String = redis.ask("INFO commandstats").await;
        let calls = |name: &str| {
            let line = stats.lines().find_map(|line| line.strip_prefix(name));
            line.map_or(0, |calls| {
                calls.split(',').next().unwrap().parse::<u64>().unwrap()
            })
        };
        calls("cmdstat_evalsha:calls=")
    };
    for second in 1..4 {
        for _ in 0..100 {
            let turn = match pace.admit_now(&clock) {
                Some(turn) => turn,
                None => pace
                    .admit(Request::new(&clock, Duration::ZERO, FAR))
                    .await
                    .unwrap(),
            };
            pace.report(&clock, turn, Outcome::Admitted);
            clock.advance(MS(10));
        }
        assert_eq!(scripts().await, second);
    }
}

#[tokio::test]
async fn a_turn_of_a_call_that_was_given_up_is_given_to_the_next() {
    let Some(redis) = server::start() else { return };
    let pace = pace(&redis.url(), Some(2.0));
    let clock = SystemClock::new();
    let request = |since| Request::new(&clock, MS(since), FAR);
    let first = pace.admit(request(0)).await.unwrap();
    let mut second = Box::pin(pace.admit(request(1)));
    let third = pace.admit(request(2));
    while pace.status(&clock).until.is_none() {
        assert!(poll!(&mut second).is_pending());
        tokio::time::sleep(MS(5)).await;
    }
    tokio::time::sleep(MS(20)).await;
    assert!(poll!(&mut second).is_pending());
    drop(second);
    let third = third.await.unwrap();
    let gap = Duration::from_micros(third.mark() - first.mark());
    assert!((MS(499)..MS(520)).contains(&gap), "{gap:?}");
}
