//! What comes after a failed attempt: a pure decision, without time or I/O.

use std::time::Duration;

use amazon_music_browse::types::ErrorCode;

use crate::{error::Error, retry::RetrySettings};

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
    /// After a 429: how long the pace holds all calls.
    pub(crate) pause: Option<Duration>,
    /// The longest that the pace holds all calls.
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
    /// Ask the pace for the next permit: it holds all calls, for about this long.
    WaitForPace(Duration),
    /// Wait this long after a 429, longer than the pace holds others, then ask for a permit.
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
    let own = failure
        .pause
        .unwrap_or_else(|| settings.backoff(failure.failures, random));
    let delay = own.max(advice);
    let has_attempts = settings.max_attempts > 1
        && (failure.pause.is_some() || failure.failures < settings.max_attempts);
    let has_time = advice <= settings.max_retry_after && delay < failure.left;
    if !has_attempts || !has_time || !settings.is_transient(failure.error) {
        return Next::Fail;
    }
    match failure.pause {
        Some(_) if delay <= failure.longest_pause => Next::WaitForPace(delay),
        Some(_) => Next::Wait(delay),
        None => Next::Backoff(delay),
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
