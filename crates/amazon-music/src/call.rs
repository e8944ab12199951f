//! The way of a call: leave to go, one attempt, and what to make of its outcome.

mod facts;

use std::{future::Future, pin::pin, time::Duration};

use amazon_music_browse::{
    Client, Probe, RequestSettings, ResponseValue, Seen,
    types::{ErrorCode, ErrorEnvelope},
};

use crate::{
    AmazonMusic, Error, ErrorKind, OperationInfo, RetrySettings, Secret, WithMeta,
    auth::cache::Token, clock::within, error::classify, observe, operation::Reply, retry::Refused,
};

pub(crate) use facts::{Answer, Facts, Secrets};

/// What becomes of one attempt.
pub(crate) enum Outcome<T> {
    Answered(ResponseValue<T>),
    Failed(Error),
}

impl AmazonMusic {
    /// Calls any operation of the generated client with this client's credentials, retries and errors.
    ///
    /// The closure is given a client that is good for one attempt, and is called again for the next.
    /// Decoding is strict, as the generated client has it.
    ///
    /// ```no_run
    /// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
    /// let answer = music
    ///     .call(|client| async move { client.get_top_tracks().limit(5).send().await })
    ///     .await?;
    /// println!("{:?}", answer.value.data);
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
        R: Future<Output = Result<ResponseValue<T>, amazon_music_browse::Error<ErrorEnvelope>>>,
    {
        let read = |answer: Answer<T>| Ok(answer?.into_inner());
        self.attempts(None, operation, |answer, facts| {
            facts.with_meta(answer, read)
        })
        .await
    }

    /// The one attempt loop. `read` makes of a good answer, or of one that could not be decoded, what
    /// the caller gets.
    pub(crate) async fn attempts<T, U, F, R>(
        &self,
        info: Option<&'static OperationInfo>,
        operation: F,
        read: impl Fn(Answer<T>, &Facts<'_>) -> Result<U, Error>,
    ) -> Result<U, Error>
    where
        F: Fn(Client) -> R,
        R: Future<Output = Reply<T>>,
    {
        let call = Call::new(self);
        let span = observe::Call::new(self, info);
        let run = pin!(call.run(&span, operation, read));
        let outcome = span.watch(run).await;
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
        span: &observe::Call,
        operation: F,
        read: impl Fn(Answer<T>, &Facts<'_>) -> Result<U, Error>,
    ) -> Result<U, Error>
    where
        F: Fn(Client) -> R,
        R: Future<Output = Reply<T>>,
    {
        let shared = &*self.music.shared;
        let clock = &*shared.clock;
        let mut last: Option<Error> = None;
        let (mut attempts, mut failures) = (0, 0);
        let mut replayed = false;
        loop {
            let permit = match shared.cooldown.enter(clock, self.deadline).await {
                Ok(permit) if attempts == 0 || clock.elapsed() < self.deadline => permit,
                Ok(_) => return Err(self.out_of_time(last, None)),
                Err(Refused(wait)) => return Err(self.out_of_time(last, wait)),
            };
            // After the leave to go, so that it cannot grow old while it waits for that.
            let token = self.token().await;
            let Token {
                secret,
                settings,
                generation,
            } = token.map_err(|error| error.with_attempts(attempts))?;
            attempts += 1;
            let probe = Probe::default();
            let attempt = pin!(self.attempt(&operation, settings, &secret, &probe));
            let outcome = span.attempt(attempts, &probe, attempt).await;
            let seen = probe.take();
            span.learn(&seen);
            let facts = Facts {
                seen: &seen,
                secrets: self.secrets(&secret),
            };
            let (error, permit) = match outcome {
                Outcome::Answered(answer) => {
                    permit.succeeded();
                    shared.budget.give();
                    match read(Ok(answer), &facts) {
                        Ok(answer) => {
                            span.succeeded(&seen);
                            return Ok(answer);
                        }
                        Err(error) => (error, None),
                    }
                }
                Outcome::Failed(error) if error.kind() == ErrorKind::Decode => {
                    permit.succeeded();
                    match read(Err(error), &facts) {
                        Ok(answer) => {
                            span.succeeded(&seen);
                            return Ok(answer);
                        }
                        Err(error) => (error, None),
                    }
                }
                Outcome::Failed(error) => (error, Some(permit)),
            };
            let error = error.with_attempts(attempts);
            // A token that was refused is renewed once; the call goes on as if nothing had been sent.
            if asks_for_another_token(&error) {
                drop(permit);
                if replayed || !self.music.tokens.refused(generation) {
                    return Err(error);
                }
                replayed = true;
                last = Some(error);
                continue;
            }
            let advice = error
                .retry_at()
                .map(|at| at.duration_since(clock.now()).unwrap_or_default());
            let throttled = error.kind() == ErrorKind::RateLimited;
            let wait = match (throttled, permit) {
                (true, Some(permit)) => {
                    // One answer, or one call's own patience, must not hold all others for hours.
                    let most = shared.retries.max_retry_after;
                    let shared_wait = permit.throttled(clock, advice.map(|wait| wait.min(most)));
                    shared_wait.max(advice.unwrap_or_default())
                }
                (_, permit) => {
                    drop(permit);
                    failures += 1;
                    let own = self.retries.wait(failures, fastrand::f64());
                    own.max(advice.unwrap_or_default())
                }
            };
            let may_retry = self.retries.max_attempts > 1
                && self.retries.is_transient(&error)
                && advice.is_none_or(|wait| wait <= self.retries.max_retry_after)
                && clock.elapsed().saturating_add(wait) < self.deadline
                && (throttled || (failures < self.retries.max_attempts && shared.budget.take()));
            if !may_retry {
                return Err(error);
            }
            span.retry(&error, wait);
            // A wait that all share is waited for with the others.
            if !throttled || wait > shared.retries.max_retry_after {
                clock.sleep(wait).await;
            }
            last = Some(error);
        }
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

    /// The token to send, where there is one in time.
    async fn token(&self) -> Result<Token, Error> {
        let clock = &*self.music.shared.clock;
        let left = || self.deadline.saturating_sub(clock.elapsed());
        match within(self.music.tokens.get(), || clock.timeout(left())).await {
            Some(Ok(token)) => Ok(token),
            Some(Err(error)) => {
                let text = format!("no access token: {error}");
                Err(Error::new(ErrorKind::Token, text).with_source(error))
            }
            None => Err(Error::new(
                ErrorKind::Timeout,
                "no access token within the overall timeout",
            )),
        }
    }

    /// What must not stand in an error, whoever sent it.
    fn secrets<'t>(&'t self, token: &'t Secret) -> Secrets<'t> {
        Secrets {
            token: token.expose(),
            profile: self.music.shared.security_profile_id.expose(),
            headers: &self.music.options.headers,
        }
    }

    /// One attempt, within what is left of the time.
    async fn attempt<T, F, R>(
        &self,
        operation: &F,
        settings: RequestSettings,
        token: &Secret,
        probe: &Probe,
    ) -> Outcome<T>
    where
        F: Fn(Client) -> R,
        R: Future<Output = Reply<T>>,
    {
        let (shared, options) = (&*self.music.shared, &*self.music.options);
        let clock = &*shared.clock;
        let mut settings = settings.probe(probe.clone());
        if !options.headers.is_empty() {
            settings = settings.extra_headers(options.headers.clone());
        }
        let client = Client::new_with_client(&shared.base_url, shared.http.clone(), settings);
        let left = self.deadline.saturating_sub(clock.elapsed());
        let limit = self.attempt_timeout.min(left);
        // The body of an error is read here too: nothing of an attempt is outside its timeout.
        let work = pin!(async {
            match operation(client).await {
                Ok(answer) => Outcome::Answered(answer),
                Err(error) => {
                    let secrets = self.secrets(token).list();
                    Outcome::Failed(classify(error, probe.seen(), &secrets, clock.now()).await)
                }
            }
        });
        let outcome = within(work, || clock.timeout(limit)).await;
        outcome.unwrap_or_else(|| Outcome::Failed(self.timed_out(limit, left, &probe.seen())))
    }

    fn timed_out(&self, limit: Duration, left: Duration, seen: &Seen) -> Error {
        let error = match seen.status {
            // A status that is an error says more than the body that did not follow.
            Some(status) if !status.is_success() => Error::of_status(status),
            status => {
                let whose = match limit < left {
                    true => "attempt",
                    false => "overall",
                };
                let error = Error::new(
                    ErrorKind::Timeout,
                    format!("no complete answer within the {whose} timeout"),
                );
                match status {
                    Some(status) => error.with_status(status),
                    None => error,
                }
            }
        };
        match seen.operation {
            Some(operation) => error.with_operation(operation),
            None => error,
        }
    }
}

/// Whether a 401 is about the token, which can be renewed, and not about how it was sent, which cannot.
fn asks_for_another_token(error: &Error) -> bool {
    let about_the_request = matches!(
        error.api_code(),
        Some(
            ErrorCode::InvalidAuthType
                | ErrorCode::InvalidAuthToken
                | ErrorCode::InvalidClientId
                | ErrorCode::NoXApiKey
        )
    );
    error.status() == Some(401) && !about_the_request
}
