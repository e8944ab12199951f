//! Two hundred calls at once against a server that allows ten a second.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
    time::Duration,
};

use amazon_music::{
    AmazonMusic,
    clock::{Clock as _, ManualClock},
};
use amazon_music_browse::{Error, ResponseValue, types};
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use reqwest::{
    StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};

const CALLS: usize = 200;
const PER_SECOND: f64 = 10.0;
const LATENCY: Duration = Duration::from_millis(50);

/// A rate-limited service: a bucket of ten that refills by ten a second.
struct Service {
    clock: ManualClock,
    bucket: Mutex<(f64, Duration)>,
    sent: AtomicUsize,
    retry_after: Option<&'static str>,
}

type Reply = Result<ResponseValue<types::TopTracksResponse>, Error<types::ErrorEnvelope>>;

impl Service {
    fn new(clock: &ManualClock, retry_after: Option<&'static str>) -> Arc<Self> {
        Arc::new(Self {
            clock: clock.clone(),
            bucket: Mutex::new((PER_SECOND, Duration::ZERO)),
            sent: AtomicUsize::new(0),
            retry_after,
        })
    }

    fn admits(&self) -> bool {
        let now = self.clock.elapsed();
        let mut bucket = self.bucket.lock().unwrap();
        let refill = (now - bucket.1).as_secs_f64() * PER_SECOND;
        *bucket = ((bucket.0 + refill).min(PER_SECOND), now);
        let admitted = bucket.0 >= 1.0;
        if admitted {
            bucket.0 -= 1.0;
        }
        admitted
    }

    async fn respond(self: Arc<Self>) -> Reply {
        self.sent.fetch_add(1, Ordering::Relaxed);
        let admitted = self.admits();
        self.clock.sleep(LATENCY).await;
        let mut headers = HeaderMap::new();
        if admitted {
            let response = types::TopTracksResponse::default();
            return Ok(ResponseValue::new(response, StatusCode::OK, headers));
        }
        if let Some(value) = self.retry_after {
            headers.insert(RETRY_AFTER, value.parse().unwrap());
        }
        let status = StatusCode::TOO_MANY_REQUESTS;
        let envelope = types::ErrorEnvelope::default();
        Err(Error::ErrorResponse(ResponseValue::new(
            envelope, status, headers,
        )))
    }
}

/// Sends all calls at once. Returns the calls that succeeded, and the requests sent after the first
/// wave.
fn storm(retry_after: Option<&'static str>) -> (usize, usize, usize, Duration) {
    let clock = ManualClock::new();
    let service = Service::new(&clock, retry_after);
    let music = AmazonMusic::builder()
        .base_url("http://127.0.0.1:1")
        .security_profile_id("p")
        .token("t")
        .clock(clock.clone())
        .build()
        .unwrap();
    let mut calls: FuturesUnordered<_> = (0..CALLS)
        .map(|_| {
            let (music, service) = (music.clone(), service.clone());
            async move { music.call(|_| service.clone().respond()).await }
        })
        .collect();
    let mut served = 0;
    let mut after_first_wave = None;
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        match calls.poll_next_unpin(&mut context) {
            Poll::Ready(Some(outcome)) => {
                outcome.unwrap();
                served += 1;
            }
            Poll::Ready(None) => break,
            // All calls wait: time passes.
            Poll::Pending => {
                if after_first_wave.is_none() && clock.elapsed() >= LATENCY {
                    after_first_wave = Some(CALLS - served);
                }
                assert!(clock.advance_to_next(), "nobody waits and nothing happens");
            }
        }
    }
    let sent = service.sent.load(Ordering::Relaxed);
    (
        served,
        sent - CALLS,
        after_first_wave.unwrap(),
        clock.elapsed(),
    )
}

#[test]
fn all_calls_are_served_with_few_extra_requests() {
    for retry_after in [None, Some("1"), Some("3")] {
        let (served, sent, open, took) = storm(retry_after);
        assert_eq!(served, CALLS);
        assert_eq!(
            open,
            CALLS - 10,
            "the first wave takes what the service has"
        );
        assert!(
            sent * 2 <= open * 3,
            "{sent} requests for {open} calls (Retry-After {retry_after:?}, {took:?})"
        );
    }
}
