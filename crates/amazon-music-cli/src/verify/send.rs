//! The one place that sends: one call at a time, bounded, at the pace of the client.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Instant, SystemTime},
};

use amazon_music::{
    AmazonMusic, ErrorKind,
    browse::{self, Client, RawResponse, ResponseValue},
};

use super::{
    call::Call,
    exchange::{Exchange, Outcome, Response, reason},
    plan::MOST,
};
use crate::{failure::Failure, session::Session};

/// Sends calls.
pub(super) struct Sender<'a> {
    pub(super) music: &'a AmazonMusic,
    pub(super) session: &'a Session,
}

/// What the attempts of a call left.
#[derive(Default)]
struct Attempts {
    sent: AtomicU32,
    last: Mutex<Option<RawResponse>>,
}

impl Attempts {
    fn keep(&self, response: Option<RawResponse>) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = response;
    }

    fn take(&self) -> Option<RawResponse> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.take()
    }

    fn sent(&self) -> u32 {
        self.sent.load(Ordering::Relaxed).min(MOST)
    }
}

impl Sender<'_> {
    /// Sends a call. A 429 is a finding: the call is repeated at most twice.
    pub(super) async fn send(&self, call: Call) -> (Exchange, Option<Failure>) {
        let attempts = Attempts::default();
        let mut throttled = 0;
        loop {
            let since = Instant::now();
            attempts.keep(None);
            let outcome = self.attempt(&call, &attempts).await;
            let took = since.elapsed();
            let last = attempts.take();
            let is_limited = last
                .as_ref()
                .is_some_and(|response| response.status.as_u16() == 429);
            throttled += u32::from(is_limited);
            if is_limited && attempts.sent() < MOST {
                continue;
            }
            let exchange = |outcome| Exchange {
                call,
                sent: attempts.sent(),
                throttled,
                took,
                at: SystemTime::now(),
                outcome,
            };
            let (heard, failure) = match (last, outcome) {
                (Some(response), outcome) => {
                    (Outcome::Response(Response::read(response)), outcome.err())
                }
                (None, Err(failure)) => {
                    let words = failure.error().map_or("interrupted", reason);
                    (Outcome::Nothing(words), Some(failure))
                }
                // Each attempt keeps its response, or fails.
                (None, Ok(())) => (Outcome::Nothing("no response"), None),
            };
            return (exchange(heard), failure);
        }
    }

    async fn attempt(&self, call: &Call, attempts: &Attempts) -> Result<(), Failure> {
        let refusal = call.aim.refusal();
        let request = self.music.call(|client: Client| async move {
            if attempts.sent.fetch_add(1, Ordering::Relaxed) >= MOST {
                let text = "no request of the plan is left for this call";
                return Err(browse::Error::InvalidRequest(text.to_owned()));
            }
            let client = refusal.map_or_else(|| client.clone(), |it| it.client(&client));
            let response = client.get_raw(&call.path).await?;
            attempts.keep(Some(response.clone()));
            match response.status.as_u16() {
                // The library learns from these: a refused token is refreshed, a limit is kept to.
                401 if refusal.is_none() => response.checked(),
                429 => response.checked(),
                _ => Ok(ResponseValue::new(
                    response.body,
                    response.status,
                    response.headers,
                )),
            }
        });
        let signals = &self.session.signals;
        signals
            .interrupt(async { Ok(request.await?) })
            .await
            .map(drop)
    }
}

/// Whether nothing more should be sent after a failure: after a signal, and if a credential is refused for good.
pub(super) fn ends_the_run(failure: &Failure, has_response: bool) -> bool {
    let Some(error) = failure.error() else {
        return true;
    };
    match error.kind() {
        ErrorKind::Token | ErrorKind::Setup | ErrorKind::Request => true,
        // A limit that lasts longer than anybody waits.
        ErrorKind::RateLimited => !has_response,
        _ => error.status() == Some(401),
    }
}
