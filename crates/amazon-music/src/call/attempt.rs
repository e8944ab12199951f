//! One attempt, within its time.

use std::{future::Future, pin::pin};

use amazon_music_browse::{Client, Probe, Seen};

use crate::{
    auth::{cache::Token, secret::Secret},
    call::Call,
    clock::within,
    decode::{context::Strict, secrets::Secrets},
    error::{Error, ErrorKind, classify},
    operation::Reply,
};

impl Call<'_> {
    /// The token to send, if there is one in time.
    pub(super) async fn token(&self) -> Result<Token, Error> {
        let clock = &*self.music.shared.clock;
        let left = || self.deadline.saturating_sub(clock.elapsed());
        match within(self.music.tokens.get(), || clock.timeout(left())).await {
            Some(Ok(token)) => Ok(token),
            Some(Err(error)) => {
                let text = format!("no access token: {error}");
                Err(Error::new(ErrorKind::Token, text)
                    .with_transient(error.is_transient())
                    .with_retry_at(error.retry_at())
                    .with_source(error))
            }
            None => Err(Error::new(
                ErrorKind::Timeout,
                "no access token within the overall timeout",
            )),
        }
    }

    /// Credentials that no error may show.
    pub(super) fn secrets<'t>(&'t self, token: &'t Secret) -> Secrets<'t> {
        Secrets {
            token: token.expose(),
            profile: self.music.shared.security_profile_id.expose(),
            headers: [&self.music.shared.headers, &self.music.options.headers],
        }
    }

    /// Sends one request, within what is left of the time.
    pub(super) async fn attempt<T, F, R>(
        &self,
        operation: &F,
        token: &Token,
        probe: &Probe,
    ) -> Strict<T>
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
        let mut request = pin!(operation(client));
        // The body of an error is read here too: nothing of an attempt is outside its timeout.
        let work = pin!(async {
            let error = match request.as_mut().await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            let secrets = self.secrets(&token.secret).list();
            // Boxed: it would make every call larger, and few need it.
            Err(Box::pin(classify(error, probe.seen(), &secrets, clock.now())).await)
        });
        let outcome = within(work, || clock.timeout(limit)).await;
        outcome.unwrap_or_else(|| Err(timed_out(limit < left, &probe.seen())))
    }
}

fn timed_out(is_attempt_timeout: bool, seen: &Seen) -> Error {
    match seen.status {
        // A status that is an error says more than the body that did not follow.
        Some(status) if !status.is_success() => Error::of_status(status),
        _ => {
            let whose = if is_attempt_timeout {
                "attempt"
            } else {
                "overall"
            };
            let text = format!("no complete response within the {whose} timeout");
            Error::new(ErrorKind::Timeout, text)
        }
    }
    .with_seen(seen)
}
