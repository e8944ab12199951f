//! The one attempt loop: a turn, a token, an attempt, and what to do about its failure.

mod attempt;
mod meta;

use std::{future::Future, pin::pin, time::Duration};

use amazon_music_browse::{Client, Error as RawError, ResponseValue, Seen, types::ErrorEnvelope};
use tokio::sync::SemaphorePermit;

use crate::{
    auth::cache::Token,
    client::AmazonMusic,
    clock::{Clock, within},
    decode::context::{Context, Strict},
    error::{Error, ErrorKind, redact::message},
    observe,
    operation::{OperationInfo, Reply},
    retry::{
        RetrySettings,
        decision::{Failure, Next, decide},
        pace::{Outcome, Request, TooLate, Turn},
    },
};

pub(crate) use meta::with_meta;
pub use meta::{Meta, WithMeta};

impl AmazonMusic {
    /// Calls any operation of the generated client with this client's credentials, retries and errors.
    ///
    /// The closure is given a client for one attempt, and is called again for each retry. Decoding is
    /// strict, as it is in the generated client.
    ///
    /// ```no_run
    /// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
    /// let response = music
    ///     .call(|client| async move { client.get_top_tracks().limit(5).send().await })
    ///     .await?;
    /// println!("{:?}", response.value.data);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`].
    pub async fn call<T, F, R>(&self, operation: F) -> Result<WithMeta<T>, Error>
    where
        F: Fn(Client) -> R,
        R: Future<Output = Result<ResponseValue<T>, RawError<ErrorEnvelope>>>,
    {
        let read = |response: Strict<T>, _: &Context<'_>| Ok(response?.into_inner());
        self.attempts(None, operation, with_meta(read)).await
    }

    /// Runs an operation over all its attempts. `read` makes of a response, or of one that could not
    /// be decoded, what the caller gets.
    pub(crate) async fn attempts<T, U, F, R>(
        &self,
        info: Option<&'static OperationInfo>,
        operation: F,
        read: impl Fn(Strict<T>, &Context<'_>) -> Result<U, Error>,
    ) -> Result<U, Error>
    where
        F: Fn(Client) -> R,
        R: Future<Output = Reply<T>>,
    {
        let call = Call::new(self);
        let span = observe::Call::new(&self.shared.host, self.options.tag.as_deref(), info);
        let run = pin!(call.run(&span, operation, read));
        let outcome = span.watch(run).await.map_err(|error| match info {
            Some(info) => error.with_operation(info.name),
            None => error,
        });
        if let Err(error) = &outcome {
            span.failed(error);
        }
        outcome
    }
}

/// One call, over all its attempts.
struct Call<'a> {
    music: &'a AmazonMusic,
    retries: &'a RetrySettings,
    attempt_timeout: Duration,
    since: Duration,
    deadline: Duration,
}

/// The attempts of a call so far.
#[derive(Default)]
struct Progress<'a> {
    /// The place among the requests in flight, kept until a backoff.
    slot: Option<SemaphorePermit<'a>>,
    /// The turn of the last attempt.
    turn: Option<Turn>,
    /// Requests that were sent.
    attempts: u32,
    /// Attempts that failed for another reason than a 429 or a refused token.
    failures: u32,
    /// A refused token was refreshed, which is done once.
    refreshed: bool,
    last: Option<Error>,
}

impl<'a> Call<'a> {
    fn new(music: &'a AmazonMusic) -> Self {
        let (shared, options) = (&*music.shared, &*music.options);
        let since = shared.clock.elapsed();
        Self {
            music,
            retries: options.retries.as_ref().unwrap_or(&shared.retries),
            attempt_timeout: options.attempt_timeout.unwrap_or(shared.attempt_timeout),
            since,
            deadline: since.saturating_add(music.overall_timeout()),
        }
    }

    async fn run<T, U, F, R>(
        &self,
        span: &observe::Call<'_>,
        operation: F,
        read: impl Fn(Strict<T>, &Context<'_>) -> Result<U, Error>,
    ) -> Result<U, Error>
    where
        F: Fn(Client) -> R,
        R: Future<Output = Reply<T>>,
    {
        let mut progress = Progress::default();
        loop {
            let turn = self.admit(&mut progress).await?;
            // After the turn, so that it cannot grow old while that is waited for.
            let token = self.token().await;
            let token = token.map_err(|error| error.with_attempts(progress.attempts))?;
            progress.attempts += 1;
            let error = match self
                .once(span, turn, &token, progress.attempts, &operation, &read)
                .await
            {
                Ok(value) => return Ok(value),
                Err(error) => error.with_attempts(progress.attempts),
            };
            let delay = match self.next(&error, &progress, &token) {
                Next::Fail => return Err(error),
                Next::RefreshToken => {
                    progress.refreshed = true;
                    self.music.tokens.refused(token.generation);
                    None
                }
                Next::WaitForPace => {
                    span.retry(&error, None);
                    None
                }
                Next::Wait(delay) => Some(delay),
                Next::Backoff(_) if !self.music.shared.budget.take() => return Err(error),
                Next::Backoff(delay) => {
                    progress.failures += 1;
                    Some(delay)
                }
            };
            if let Some(delay) = delay {
                span.retry(&error, Some(delay));
                // Not with a place among the requests in flight.
                progress.slot = None;
                self.music.shared.clock.sleep(delay).await;
            }
            progress.last = Some(error);
        }
    }

    /// Sends one request, and reads its response.
    async fn once<T, U, F, R>(
        &self,
        span: &observe::Call<'_>,
        turn: Turn,
        token: &Token,
        number: u32,
        operation: &F,
        read: &impl Fn(Strict<T>, &Context<'_>) -> Result<U, Error>,
    ) -> Result<U, Error>
    where
        F: Fn(Client) -> R,
        R: Future<Output = Reply<T>>,
    {
        let probe = span.probe();
        let response = {
            let shared = &*self.music.shared;
            let redact = |text: &str| message(text, &self.secrets(&token.secret).list());
            let rate = || shared.pace.status(&*shared.clock).per_second;
            let attempt = pin!(self.attempt(operation, token, &probe));
            span.attempt(number, &probe, redact, rate, attempt).await
        };
        let seen = probe.take();
        span.learn(&seen);
        self.report(span, turn, &seen, response.as_ref().err());
        let context = Context {
            seen: &seen,
            secrets: self.secrets(&token.secret),
            drift: &self.music.shared.drift,
        };
        let value = self.received(response, token, &context, read)?;
        span.succeeded(&seen);
        Ok(value)
    }

    /// Waits for a place among the requests in flight and for the turn of the pace, at most until the
    /// deadline.
    async fn admit(&self, progress: &mut Progress<'a>) -> Result<Turn, Error> {
        let shared = &*self.music.shared;
        let clock = &*shared.clock;
        if progress.slot.is_none() {
            progress.slot = Some(self.slot(progress).await?);
        }
        let turn = match shared.pace.admit_now(clock) {
            Some(turn) => Ok(turn),
            None => {
                let request = Request::new(clock, self.since, self.deadline);
                let request = match progress.turn {
                    Some(turn) => request.after(turn),
                    None => request,
                };
                observe::paused(&*shared.pace, clock);
                shared.pace.admit(request).await
            }
        };
        match turn {
            Ok(turn) if progress.attempts == 0 || clock.elapsed() < self.deadline => {
                progress.turn = Some(turn);
                Ok(turn)
            }
            Ok(_) => Err(self.out_of_time(progress, TooLate::new(None, None))),
            Err(too_late) => Err(self.out_of_time(progress, too_late)),
        }
    }

    /// Waits for a place among the requests in flight.
    async fn slot(&self, progress: &mut Progress<'a>) -> Result<SemaphorePermit<'a>, Error> {
        let shared = &*self.music.shared;
        if let Ok(slot) = shared.in_flight.try_acquire() {
            return Ok(slot);
        }
        let left = self.deadline.saturating_sub(shared.clock.elapsed());
        let slot = within(shared.in_flight.acquire(), || shared.clock.timeout(left)).await;
        slot.and_then(Result::ok).ok_or_else(|| {
            progress.last.take().unwrap_or_else(|| {
                let text = "no place among the requests in flight within the overall timeout: allow more \
                            time or `max_in_flight`";
                Error::new(ErrorKind::Timeout, text)
            })
        })
    }

    /// Tells the pace of a response. What never got one says nothing of the limit.
    fn report(&self, span: &observe::Call<'_>, turn: Turn, seen: &Seen, error: Option<&Error>) {
        let shared = &*self.music.shared;
        let clock = &*shared.clock;
        let throttled = error.filter(|error| error.kind() == ErrorKind::RateLimited);
        if let Some(error) = throttled {
            // One response, or one call's own patience, must not hold all others for hours.
            let longest = shared.retries.max_retry_after;
            let retry_after = advice(error, clock).map(|wait| wait.min(longest));
            shared
                .pace
                .report(clock, turn, Outcome::Refused { retry_after });
            span.paced(&*shared.pace, clock);
        } else if seen.status.is_some() {
            shared.pace.report(clock, turn, Outcome::Admitted);
        }
    }

    /// Reads a response that was served.
    fn received<T, U>(
        &self,
        response: Strict<T>,
        token: &Token,
        context: &Context<'_>,
        read: impl Fn(Strict<T>, &Context<'_>) -> Result<U, Error>,
    ) -> Result<U, Error> {
        match response {
            Err(error) if error.kind() != ErrorKind::Decode => return Err(error),
            Ok(_) => self.music.shared.budget.give(),
            Err(_) => {}
        }
        self.music.tokens.accepted(token.generation);
        read(response, context)
    }

    /// Decides what comes after a failed attempt.
    fn next(&self, error: &Error, progress: &Progress<'_>, token: &Token) -> Next {
        let shared = &*self.music.shared;
        let clock = &*shared.clock;
        let failure = Failure {
            error,
            failures: progress.failures + 1,
            can_refresh: !progress.refreshed && self.music.tokens.can_refresh(token.generation),
            advice: advice(error, clock),
            longest_pause: shared.retries.max_retry_after,
            left: self.deadline.saturating_sub(clock.elapsed()),
        };
        decide(self.retries, &failure, fastrand::f64())
    }

    /// Why no further attempt is made.
    fn out_of_time(&self, progress: &mut Progress<'_>, too_late: TooLate) -> Error {
        let clock = &*self.music.shared.clock;
        let wait = too_late
            .until()
            .map(|until| until.saturating_sub(clock.elapsed()));
        let at = wait.and_then(|wait| clock.now().checked_add(wait));
        match progress.last.take() {
            Some(error) if error.kind() == ErrorKind::RateLimited => {
                error.with_rate(too_late.per_second()).with_retry_at(at)
            }
            Some(error) => error,
            None => Error::new(ErrorKind::RateLimited, too_late.to_string()).with_retry_at(at),
        }
    }
}

/// The delay that a server asks for.
fn advice(error: &Error, clock: &dyn Clock) -> Option<Duration> {
    let at = error.retry_at()?;
    Some(at.duration_since(clock.now()).unwrap_or_default())
}
