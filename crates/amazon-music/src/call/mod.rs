//! The one attempt loop: a permit, a token, an attempt, and what to do about its failure.

mod attempt;
mod meta;

use std::{future::Future, pin::pin, time::Duration};

use amazon_music_browse::{Client, Error as RawError, Probe, ResponseValue, types::ErrorEnvelope};

use crate::{
    auth::cache::Token,
    client::AmazonMusic,
    decode::context::{Context, Strict},
    error::{Error, ErrorKind},
    observe,
    operation::{OperationInfo, Reply},
    retry::{
        RetrySettings,
        cooldown::{Permit, Refused},
        decision::{Failure, Next, decide},
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
    deadline: Duration,
}

/// What a call has behind it.
#[derive(Default)]
struct Progress {
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
        let overall = options.overall_timeout.unwrap_or(shared.overall_timeout);
        Self {
            music,
            retries: options.retries.as_ref().unwrap_or(&shared.retries),
            attempt_timeout: options.attempt_timeout.unwrap_or(shared.attempt_timeout),
            deadline: shared.clock.elapsed().saturating_add(overall),
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
            let permit = self.admit(&mut progress).await?;
            // After the permit, so that it cannot grow old while that is waited for.
            let token = self.token().await;
            let token = token.map_err(|error| error.with_attempts(progress.attempts))?;
            progress.attempts += 1;
            let probe = Probe::default();
            let attempt = pin!(self.attempt(&operation, &token, &probe));
            let response = span.attempt(progress.attempts, &probe, attempt).await;
            let seen = probe.take();
            span.learn(&seen);
            let context = Context {
                seen: &seen,
                secrets: self.secrets(&token.secret),
                drift: &self.music.shared.drift,
            };
            let (result, permit) = self.received(response, permit, &context, &read);
            if permit.is_none() {
                self.music.tokens.accepted(token.generation);
            }
            let error = match result {
                Ok(value) => {
                    span.succeeded(&seen);
                    return Ok(value);
                }
                Err(error) => error.with_attempts(progress.attempts),
            };
            match self.next(&error, permit, &progress, &token) {
                Next::Fail => return Err(error),
                Next::RefreshToken => {
                    progress.refreshed = true;
                    self.music.tokens.refused(token.generation);
                }
                Next::WaitForPace(delay) => span.retry(&error, delay),
                Next::Wait(delay) => {
                    span.retry(&error, delay);
                    self.music.shared.clock.sleep(delay).await;
                }
                Next::Backoff(_) if !self.music.shared.budget.take() => return Err(error),
                Next::Backoff(delay) => {
                    progress.failures += 1;
                    span.retry(&error, delay);
                    self.music.shared.clock.sleep(delay).await;
                }
            }
            progress.last = Some(error);
        }
    }

    /// Waits for a permit, at most until the deadline.
    async fn admit(&self, progress: &mut Progress) -> Result<Permit<'_>, Error> {
        let shared = &*self.music.shared;
        let clock = &*shared.clock;
        match shared.cooldown.enter(clock, self.deadline).await {
            Ok(permit) if progress.attempts == 0 || clock.elapsed() < self.deadline => Ok(permit),
            Ok(_) => Err(self.out_of_time(progress.last.take(), None)),
            Err(Refused(wait)) => Err(self.out_of_time(progress.last.take(), wait)),
        }
    }

    /// Reads a response that was served, and gives its permit back; a failure keeps its permit.
    fn received<'p, T, U>(
        &self,
        response: Strict<T>,
        permit: Permit<'p>,
        context: &Context<'_>,
        read: impl Fn(Strict<T>, &Context<'_>) -> Result<U, Error>,
    ) -> (Result<U, Error>, Option<Permit<'p>>) {
        match response {
            Err(error) if error.kind() != ErrorKind::Decode => return (Err(error), Some(permit)),
            Ok(_) => self.music.shared.budget.give(),
            Err(_) => {}
        }
        permit.succeeded();
        (read(response, context), None)
    }

    /// Decides what comes after a failed attempt, and tells the pace of a 429.
    fn next(
        &self,
        error: &Error,
        permit: Option<Permit<'_>>,
        progress: &Progress,
        token: &Token,
    ) -> Next {
        let shared = &*self.music.shared;
        let clock = &*shared.clock;
        let advice = error
            .retry_at()
            .map(|at| at.duration_since(clock.now()).unwrap_or_default());
        let longest = shared.retries.max_retry_after;
        let pause = permit
            .filter(|_| error.kind() == ErrorKind::RateLimited)
            // One response, or one call's own patience, must not hold all others for hours.
            .map(|permit| permit.throttled(clock, advice.map(|wait| wait.min(longest))));
        let failure = Failure {
            error,
            failures: progress.failures + 1,
            can_refresh: !progress.refreshed && self.music.tokens.can_refresh(token.generation),
            advice,
            pause,
            longest_pause: longest,
            left: self.deadline.saturating_sub(clock.elapsed()),
        };
        decide(self.retries, &failure, fastrand::f64())
    }

    /// Why no further attempt is made.
    fn out_of_time(&self, last: Option<Error>, wait: Option<Duration>) -> Error {
        let at = wait.and_then(|wait| self.music.shared.clock.now().checked_add(wait));
        match last {
            Some(error) if error.kind() == ErrorKind::RateLimited => error.with_retry_at(at),
            Some(error) => error,
            None => Error::new(
                ErrorKind::RateLimited,
                "the client waits after a 429, for longer than this call may take",
            )
            .with_retry_at(at),
        }
    }
}
