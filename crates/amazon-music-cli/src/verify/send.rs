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

/// The attempts of a call: their number, and their responses.
#[derive(Default)]
struct Attempts {
    sent: AtomicU32,
    responses: Mutex<Vec<RawResponse>>,
}

impl Attempts {
    fn keep(&self, response: RawResponse) {
        let mut responses = self
            .responses
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        responses.push(response);
    }

    fn take(&self) -> Vec<RawResponse> {
        let mut responses = self
            .responses
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *responses)
    }

    /// Whether one more was wanted than the plan allows.
    fn are_spent(&self) -> bool {
        self.sent.load(Ordering::Relaxed) > MOST
    }

    fn sent(&self) -> u32 {
        self.sent.load(Ordering::Relaxed).min(MOST)
    }
}

impl Sender<'_> {
    /// Sends a call. A 429 is a finding: the call is repeated at most twice.
    pub(super) async fn send(&self, call: Call) -> (Exchange, Option<Failure>) {
        let attempts = Attempts::default();
        let mut earlier = Vec::new();
        loop {
            let since = Instant::now();
            let outcome = self.attempt(&call, &attempts).await;
            let took = since.elapsed();
            let mut responses = attempts.take();
            let last = match outcome {
                // What came before the failure is told as such.
                Err(ref failure) if !is_of_response(failure) && !attempts.are_spent() => None,
                _ => responses.pop(),
            };
            earlier.extend(responses.into_iter().map(Response::read));
            let is_limited = |response: &RawResponse| response.status.as_u16() == 429;
            if last.as_ref().is_some_and(is_limited)
                && attempts.sent() < MOST
                && !matches!(outcome, Err(Failure::Stopped(_)))
            {
                earlier.extend(last.map(Response::read));
                continue;
            }
            let failure = outcome.err().filter(|_| !attempts.are_spent());
            let outcome = match (last, &failure) {
                (Some(response), _) => Outcome::Response(Response::read(response)),
                (None, Some(failure)) => {
                    Outcome::Nothing(failure.error().map_or("interrupted", reason))
                }
                // Each attempt keeps its response, or fails.
                (None, None) => Outcome::Nothing("no response"),
            };
            let exchange = Exchange {
                call,
                sent: attempts.sent(),
                earlier,
                took,
                at: SystemTime::now(),
                outcome,
            };
            return (exchange, failure);
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
            attempts.keep(response.clone());
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

/// Whether a failure is what the last response says.
fn is_of_response(failure: &Failure) -> bool {
    let status = failure.error().and_then(amazon_music::Error::status);
    matches!(status, Some(401 | 429))
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
