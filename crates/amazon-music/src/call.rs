//! The way of a call: leave to go, one attempt, and what to make of its outcome.

use std::{future::Future, time::Duration};

use amazon_music_browse::{
    Client, Probe, ResponseValue, Seen,
    types::{ErrorCode, ErrorEnvelope},
};

use crate::{
    AmazonMusic, Error, ErrorKind, OperationInfo, RetrySettings, auth::cache::Token, clock::within,
    error::classify, meta::WithMeta, observe, operation::Reply, retry::Refused,
};

/// An answer as it came: decoded, or the body that strict decoding refused.
pub(crate) type Answer<T> = Result<T, Error>;

/// What becomes of one attempt.
enum Outcome<T> {
    Answered(WithMeta<T>),
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
        self.attempts(None, operation, |answer, _| answer).await
    }

    /// The one attempt loop. `read` makes of a good answer, or of one that could not be decoded, what
    /// the caller gets.
    pub(crate) async fn attempts<T, U, F, R>(
        &self,
        info: Option<&'static OperationInfo>,
        operation: F,
        read: impl Fn(Answer<T>, &Facts<'_>) -> Result<U, Error>,
    ) -> Result<WithMeta<U>, Error>
    where
        F: Fn(Client) -> R,
        R: Future<Output = Reply<T>>,
    {
        let call = Call::new(self);
        let span = observe::Call::new(self, info);
        let outcome = span.watch(call.run(&span, operation, read)).await;
        span.end(&outcome);
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
    ) -> Result<WithMeta<U>, Error>
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
            let token = self.token().await?;
            let permit = match shared.cooldown.enter(clock, self.deadline).await {
                Ok(permit) => permit,
                Err(refused) => return Err(last.unwrap_or_else(|| self.refused(refused))),
            };
            attempts += 1;
            let probe = Probe::default();
            let attempt = self.attempt(&operation, &token, &probe);
            let outcome = span.attempt(attempts, &probe, attempt).await;
            let seen = probe.seen();
            span.learn(&seen);
            let facts = Facts {
                seen: &seen,
                secrets: self.secrets(&token),
            };
            let error = match outcome {
                Outcome::Answered(answer) => {
                    permit.succeeded();
                    shared.budget.give();
                    return answer
                        .try_map(|answer, _| read(Ok(answer), &facts))
                        .map_err(|error| error.with_attempts(attempts));
                }
                Outcome::Failed(error) => error.with_attempts(attempts),
            };
            if error.kind() == ErrorKind::Decode {
                permit.succeeded();
                let meta = WithMeta::of_undecoded(&seen);
                return meta
                    .try_map(|(), _| read(Err(error), &facts))
                    .map_err(|error| error.with_attempts(attempts));
            }
            // A token that was refused is renewed once; the call goes on as if nothing had been sent.
            if !replayed && asks_for_another_token(&error) {
                drop(permit);
                if self.music.tokens.refused(token.generation) {
                    replayed = true;
                    last = Some(error);
                    continue;
                }
                return Err(error);
            }
            let advice = error
                .retry_at()
                .map(|at| at.duration_since(clock.now()).unwrap_or_default());
            let throttled = error.kind() == ErrorKind::RateLimited;
            let too_long = advice.is_some_and(|wait| wait > self.retries.max_retry_after);
            let wait = match throttled {
                // A wait that is too long for this call is not imposed on the others.
                true if too_long => Duration::ZERO,
                true => permit.throttled(clock, advice),
                false => {
                    drop(permit);
                    failures += 1;
                    let own = self.retries.wait(failures, fastrand::f64());
                    own.max(advice.unwrap_or_default())
                }
            };
            let now = clock.elapsed();
            let may_retry = self.retries.max_attempts > 1
                && self.retries.is_transient(&error)
                && !too_long
                && now.saturating_add(wait) < self.deadline
                && (throttled || (failures < self.retries.max_attempts && shared.budget.take()));
            if !may_retry {
                return Err(error);
            }
            span.retry(&error, wait);
            if !throttled {
                clock.sleep(wait).await;
            }
            last = Some(error);
        }
    }

    /// The token to send, where there is one in time.
    async fn token(&self) -> Result<Token, Error> {
        let clock = &*self.music.shared.clock;
        let left = self.deadline.saturating_sub(clock.elapsed());
        match within(self.music.tokens.get(), clock.timeout(left)).await {
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
    fn secrets<'t>(&'t self, token: &'t Token) -> [&'t str; 2] {
        [
            token.secret.expose(),
            self.music.shared.security_profile_id.expose(),
        ]
    }

    /// One attempt, within what is left of the time.
    async fn attempt<T, F, R>(&self, operation: &F, token: &Token, probe: &Probe) -> Outcome<T>
    where
        F: Fn(Client) -> R,
        R: Future<Output = Reply<T>>,
    {
        let (shared, options) = (&*self.music.shared, &*self.music.options);
        let clock = &*shared.clock;
        let mut settings = token.settings.clone().probe(probe.clone());
        if !options.headers.is_empty() {
            settings = settings.extra_headers(options.headers.clone());
        }
        let client = Client::new_with_client(&shared.base_url, shared.http.clone(), settings);
        let left = self.deadline.saturating_sub(clock.elapsed());
        let limit = self.attempt_timeout.min(left);
        let reply = within(operation(client), clock.timeout(limit)).await;
        let seen = probe.seen();
        match reply {
            Some(Ok(answer)) => Outcome::Answered(WithMeta::new(answer, &seen)),
            Some(Err(error)) => {
                let secrets = self.secrets(token);
                Outcome::Failed(classify(error, seen, &secrets, clock.now()).await)
            }
            None => Outcome::Failed(self.timed_out(limit, left, &seen)),
        }
    }

    fn timed_out(&self, limit: Duration, left: Duration, seen: &Seen) -> Error {
        let whose = match limit < left {
            true => "attempt",
            false => "overall",
        };
        let error = Error::new(
            ErrorKind::Timeout,
            format!("no complete answer within the {whose} timeout"),
        );
        let error = match seen.status {
            Some(status) => error.with_status(status),
            None => error,
        };
        match seen.operation {
            Some(operation) => error.with_operation(operation),
            None => error,
        }
    }

    /// The other calls of the client have been told to wait longer than this one can.
    fn refused(&self, Refused(wait): Refused) -> Error {
        let at = self.music.shared.clock.now().checked_add(wait);
        Error::new(
            ErrorKind::RateLimited,
            "the client waits after a 429, for longer than this call may take",
        )
        .with_retry_at(at)
    }
}

/// What is known beside an answer while it is read.
pub(crate) struct Facts<'a> {
    pub(crate) seen: &'a Seen,
    /// What must not stand in an error.
    pub(crate) secrets: [&'a str; 2],
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
