//! Tracing with the feature `tracing`.

use std::{borrow::Cow, fmt, future::Future, time::Duration};

use amazon_music_browse::{Probe, Seen, operations};
use reqwest::Url;
use sha2::{Digest as _, Sha256};
use tracing::{Instrument as _, Level, Span, field::Empty};

use crate::{
    clock::Clock, error::Error, observe::names, operation::OperationInfo, retry::pace::Pace,
};

/// The span of a call, with the attributes of its attempts.
pub(crate) struct Call<'a> {
    span: Span,
    host: &'a str,
    info: Option<&'static OperationInfo>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(
        host: &'a str,
        tag: Option<&str>,
        info: Option<&'static OperationInfo>,
    ) -> Self {
        let span = tracing::info_span!(
            target: names::CALLS,
            names::CALL,
            { names::METHOD } = "GET",
            { names::SERVER } = host,
            { names::TEMPLATE } = info.map(|info| info.path),
            { names::OPERATION } = info.map(|info| info.name),
            { names::TAG } = tag,
            { names::ATTEMPTS } = Empty,
            { names::STATUS } = Empty,
            { names::ERROR_TYPE } = Empty,
            { names::API_CODE } = Empty,
        );
        Self { span, host, info }
    }

    pub(crate) fn watch<F: Future>(&self, call: F) -> impl Future<Output = F::Output> + use<F> {
        call.instrument(self.span.clone())
    }

    /// The record of an attempt, with what its span tells of the request.
    pub(crate) fn probe(&self) -> Probe {
        if tracing::span_enabled!(target: names::CALLS, Level::DEBUG) {
            Probe::with_url()
        } else {
            Probe::default()
        }
    }

    /// Watches an attempt. `redact` takes credentials out of a text, and `rate` gives the rate of requests.
    pub(crate) async fn attempt<T, F>(
        &self,
        number: u32,
        probe: &Probe,
        redact: impl Fn(&str) -> String,
        rate: impl Fn() -> Option<f64>,
        attempt: F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let span = tracing::debug_span!(
            target: names::CALLS,
            names::ATTEMPT,
            { names::METHOD } = "GET",
            { names::SERVER } = self.host,
            { names::TEMPLATE } = self.info.map(|info| info.path),
            { names::PATH } = Empty,
            { names::RESEND_COUNT } = number - 1,
            { names::CURSOR } = Empty,
            { names::REQUESTS_PER_SECOND } = Empty,
            { names::STATUS } = Empty,
            { names::ERROR_TYPE } = Empty,
        );
        self.span.record(names::ATTEMPTS, number);
        let outcome = attempt.instrument(span.clone()).await;
        if !span.is_disabled() {
            let seen = probe.seen();
            if let Some(url) = &seen.url {
                span.record(names::PATH, redact(url.path()));
                span.record(names::CURSOR, cursor(url).map(|cursor| hash(&cursor)));
            }
            span.record(names::REQUESTS_PER_SECOND, rate());
            if let Some(status) = seen.status {
                span.record(names::STATUS, status.as_u16());
            }
            if let Some(info) = self.learnt(&seen) {
                span.record(names::TEMPLATE, info.path);
            }
            if let Err(error) = &outcome {
                span.record(names::ERROR_TYPE, error_type(error));
            }
        }
        outcome
    }

    /// The operation as observed on the wire, if it was not known before.
    fn learnt(&self, seen: &Seen) -> Option<&'static OperationInfo> {
        let name = seen.operation.filter(|_| self.info.is_none())?;
        operations::ALL
            .iter()
            .copied()
            .find(|info| info.name == name)
    }

    /// Records the operation observed on the wire.
    pub(crate) fn learn(&self, seen: &Seen) {
        if let Some(info) = self.learnt(seen) {
            self.span.record(names::OPERATION, info.name);
            self.span.record(names::TEMPLATE, info.path);
        }
    }

    /// Reports a retry. `wait` is none if the pace decides when it leaves.
    pub(crate) fn retry(&self, error: &Error, wait: Option<Duration>) {
        tracing::event!(
            target: names::RETRY,
            Level::DEBUG,
            amazon_music.reason = error_type(error),
            amazon_music.delay_ms = wait.map(millis),
            "retrying"
        );
    }

    /// Reports the pace after a 429.
    pub(crate) fn paced(&self, pace: &dyn Pace, clock: &dyn Clock) {
        let pace = pace.status(clock);
        tracing::event!(
            target: names::PACE,
            Level::INFO,
            amazon_music.requests_per_second = pace.per_second,
            amazon_music.waiting = u64::try_from(pace.waiting).unwrap_or(u64::MAX),
            "rate limited"
        );
    }

    pub(crate) fn succeeded(&self, seen: &Seen) {
        if let Some(status) = seen.status {
            self.span.record(names::STATUS, status.as_u16());
        }
    }

    pub(crate) fn failed(&self, error: &Error) {
        if let Some(status) = error.status() {
            self.span.record(names::STATUS, status);
        }
        self.span.record(names::ERROR_TYPE, error_type(error));
        if let Some(code) = error.api_code() {
            self.span.record(names::API_CODE, code.as_str());
        }
    }
}

fn millis(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)
}

/// The cursor of a request.
fn cursor(url: &Url) -> Option<Cow<'_, str>> {
    let mut pairs = url.query_pairs();
    pairs.find_map(|(name, value)| (name == "cursor").then_some(value))
}

/// Enough of a hash to tell one cursor from another, and nothing of the cursor.
fn hash(cursor: &str) -> String {
    let hash = Sha256::digest(cursor);
    hash.iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn error_type(error: &Error) -> String {
    match error.status() {
        Some(status) if status >= 300 => status.to_string(),
        _ => format!("{:?}", error.kind()),
    }
}

/// Reports that a request waits for its turn.
pub(crate) fn paused(pace: &dyn Pace, clock: &dyn Clock) {
    if !tracing::event_enabled!(target: names::PACE, Level::DEBUG) {
        return;
    }
    let pace = pace.status(clock);
    let wait = pace
        .until
        .map(|until| until.saturating_sub(clock.elapsed()));
    tracing::event!(
        target: names::PACE,
        Level::DEBUG,
        amazon_music.requests_per_second = pace.per_second,
        amazon_music.waiting = u64::try_from(pace.waiting).unwrap_or(u64::MAX),
        amazon_music.delay_ms = wait.map(millis),
        "waiting for a turn"
    );
}

/// Reports that a token is requested.
pub(crate) fn refreshing() {
    tracing::debug!(target: names::AUTH, "refreshing the access token");
}

/// Reports the end of a refresh.
pub(crate) fn refreshed(error: Option<&dyn fmt::Display>) {
    match error {
        None => tracing::debug!(target: names::AUTH, "the access token was refreshed"),
        Some(error) => {
            tracing::debug!(target: names::AUTH, %error, "the access token was not refreshed");
        }
    }
}

/// Reports that a refresh succeeded, but the store failed to save the tokens.
pub(crate) fn login_not_kept(error: &dyn fmt::Display) {
    tracing::warn!(target: names::AUTH, %error, "the refreshed tokens were not saved");
}

/// Reports tokens that other users of the machine can read or replace.
#[cfg(feature = "file-store")]
pub(crate) fn tokens_exposed(warning: &str) {
    tracing::warn!(target: names::AUTH, warning, "tokens are exposed");
}
