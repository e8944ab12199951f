//! The next step after a failed attempt: a pure decision, without time or I/O.

use std::time::Duration;

use amazon_music_browse::types::ErrorCode;

use crate::{
    error::{Error, ErrorKind},
    retry::RetrySettings,
};

/// A failed attempt, and the state of its call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure<'a> {
    pub(crate) error: &'a Error,
    /// How many attempts of the call have failed, with this one. A 429 and a refused token do not count.
    pub(crate) failures: u32,
    /// The token comes from a provider, and was not refreshed for this call before.
    pub(crate) can_refresh: bool,
    /// The delay the server asks for with `Retry-After`.
    pub(crate) advice: Option<Duration>,
    /// The longest delay that a server may ask of all calls together.
    pub(crate) longest_pause: Duration,
    /// The time left until the deadline of the call.
    pub(crate) left: Duration,
}

/// The next step of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Return the error.
    Fail,
    /// Refresh the token and send the request again, as if it had not been sent.
    RefreshToken,
    /// Ask the pace for the next turn: it knows of the 429.
    WaitForPace,
    /// Wait this long after a 429, longer than the pace holds others, then ask for a turn.
    Wait(Duration),
    /// Wait this long after a failure, if the retry budget allows it.
    Backoff(Duration),
}

/// Decides what comes after a failed attempt. `random`, from 0 to 1, is the jitter of the backoff.
pub(crate) fn decide(settings: &RetrySettings, failure: &Failure<'_>, random: f64) -> Next {
    if refuses_token(failure.error) {
        return if failure.can_refresh {
            Next::RefreshToken
        } else {
            Next::Fail
        };
    }
    let advice = failure.advice.unwrap_or_default();
    let is_throttled = failure.error.kind() == ErrorKind::RateLimited;
    let delay = if is_throttled {
        advice
    } else {
        let backoff = settings.backoff(failure.failures, random);
        backoff.max(advice)
    };
    let has_attempts =
        settings.max_attempts > 1 && (is_throttled || failure.failures < settings.max_attempts);
    let has_time = advice <= settings.max_retry_after && delay < failure.left;
    if !has_attempts || !has_time || !settings.is_transient(failure.error) {
        return Next::Fail;
    }
    if !is_throttled {
        Next::Backoff(delay)
    } else if advice > failure.longest_pause {
        Next::Wait(delay)
    } else {
        Next::WaitForPace
    }
}

/// Whether a 401 is about the token, which a refresh can mend, and not about how it was sent.
fn refuses_token(error: &Error) -> bool {
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

#[cfg(test)]
mod tests;
