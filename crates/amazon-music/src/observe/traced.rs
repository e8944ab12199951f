//! With the feature `tracing`: spans.

use std::{future::Future, time::Duration};

use amazon_music_browse::{Probe, Seen};
use tracing::{Instrument as _, Span, field::Empty};

use super::names;
use crate::{AmazonMusic, Error, OperationInfo, operations};

/// The span of one call.
pub(crate) struct Call {
    span: Span,
    /// The operation is known from the start, and need not be learnt.
    known: bool,
}

impl Call {
    pub(crate) fn new(music: &AmazonMusic, info: Option<&'static OperationInfo>) -> Self {
        let span = tracing::info_span!(
            names::CALL,
            { names::METHOD } = "GET",
            { names::SERVER } = music.shared.host.as_str(),
            { names::TEMPLATE } = info.map(|info| info.path),
            { names::OPERATION } = info.map(|info| info.name),
            { names::TAG } = music.options.tag.as_deref(),
            { names::ATTEMPTS } = Empty,
            { names::STATUS } = Empty,
            { names::ERROR_TYPE } = Empty,
            { names::API_CODE } = Empty,
        );
        Self {
            span,
            known: info.is_some(),
        }
    }

    pub(crate) fn watch<F: Future>(&self, call: F) -> impl Future<Output = F::Output> + use<F> {
        call.instrument(self.span.clone())
    }

    pub(crate) async fn attempt<F: Future>(
        &self,
        number: u32,
        probe: &Probe,
        attempt: F,
    ) -> F::Output {
        let span = tracing::debug_span!(
            names::ATTEMPT,
            { names::RESEND_COUNT } = number - 1,
            { names::STATUS } = Empty,
        );
        self.span.record(names::ATTEMPTS, number);
        let outcome = attempt.instrument(span.clone()).await;
        if !span.is_disabled()
            && let Some(status) = probe.seen().status
        {
            span.record(names::STATUS, status.as_u16());
        }
        outcome
    }

    /// What the wire showed.
    pub(crate) fn learn(&self, seen: &Seen) {
        if let Some(status) = seen.status {
            self.span.record(names::STATUS, status.as_u16());
        }
        if let (false, Some(name)) = (self.known, seen.operation) {
            self.span.record(names::OPERATION, name);
            let info = operations::ALL.iter().find(|info| info.name == name);
            if let Some(info) = info {
                self.span.record(names::TEMPLATE, info.path);
            }
        }
    }

    pub(crate) fn retry(&self, error: &Error, wait: Duration) {
        tracing::debug!(
            amazon_music.reason = error_type(error),
            amazon_music.wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
            "trying again"
        );
    }

    pub(crate) fn end<T>(&self, outcome: &Result<T, Error>) {
        if let Err(error) = outcome {
            self.span.record(names::ERROR_TYPE, error_type(error));
            if let Some(code) = error.api_code() {
                self.span.record(names::API_CODE, code.as_str());
            }
        }
    }
}

fn error_type(error: &Error) -> String {
    match error.status() {
        Some(status) if status >= 300 => status.to_string(),
        _ => format!("{:?}", error.kind()),
    }
}
