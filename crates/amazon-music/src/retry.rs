//! Whether a failed attempt is tried again, and when.

mod budget;
mod cooldown;
pub mod pace;
mod retry_after;

use std::{fmt, sync::Arc, time::Duration};

pub(crate) use budget::Budget;
pub(crate) use cooldown::{Cooldown, Refused};
pub(crate) use retry_after::retry_at;

use crate::{Error, ErrorKind, types::ErrorCode};

type Predicate = Arc<dyn Fn(&Error) -> bool + Send + Sync>;

/// How failed attempts are tried again. All operations are GETs, so that trying again is safe.
///
/// Tried again are: no connection, a connection that broke, an attempt that took too long, 429, 500
/// unless its code is another than `INTERNAL`, 502, 503 and 504. Between two attempts lies a random
/// wait of up to `base_wait`, doubled with each failure (full jitter), or what the server asks for with
/// `Retry-After`, whichever is longer.
///
/// A 429 is not counted as an attempt: the calls of all clones wait together, then go on one by one,
/// until the overall timeout ends them.
///
/// ```
/// use std::time::Duration;
///
/// use amazon_music::{AmazonMusic, RetrySettings};
///
/// let builder = AmazonMusic::builder().retries(
///     RetrySettings::new()
///         .max_attempts(5)
///         .base_wait(Duration::from_millis(200)),
/// );
/// ```
#[derive(Clone)]
#[must_use = "settings do nothing until they are given to a builder"]
pub struct RetrySettings {
    pub(crate) max_attempts: u32,
    pub(crate) base_wait: Duration,
    pub(crate) max_wait: Duration,
    pub(crate) max_retry_after: Duration,
    pub(crate) budget: u32,
    predicate: Option<Predicate>,
}

impl RetrySettings {
    /// Three attempts: a passing fault is over by then, and a real one is not made worse.
    pub const DEFAULT_MAX_ATTEMPTS: u32 = 3;
    /// Half a second before the second attempt, on average a quarter.
    pub const DEFAULT_BASE_WAIT: Duration = Duration::from_millis(500);
    /// No wait of our own is longer than a person would sit through.
    pub const DEFAULT_MAX_WAIT: Duration = Duration::from_secs(20);
    /// A server that asks for more is not waited for: the caller is told when to come back. Users of
    /// other clients were left hanging for hours.
    pub const DEFAULT_MAX_RETRY_AFTER: Duration = Duration::from_secs(30);
    /// A hundred retries in a row (5 each), won back by successes (1 each): a service that is down
    /// then sees one retry for five good answers, not two for each call.
    pub const DEFAULT_BUDGET: u32 = 500;

    /// The defaults.
    pub fn new() -> Self {
        Self {
            max_attempts: Self::DEFAULT_MAX_ATTEMPTS,
            base_wait: Self::DEFAULT_BASE_WAIT,
            max_wait: Self::DEFAULT_MAX_WAIT,
            max_retry_after: Self::DEFAULT_MAX_RETRY_AFTER,
            budget: Self::DEFAULT_BUDGET,
            predicate: None,
        }
    }

    /// How many attempts a call has. With 1 (or 0) nothing is tried again, not even after a 429.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The longest wait before the second attempt.
    pub fn base_wait(mut self, wait: Duration) -> Self {
        self.base_wait = wait;
        self
    }

    /// The longest wait that this client chooses by itself.
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    /// The longest wait that a server may ask for. Beyond it the call returns at once, with
    /// [`Error::retry_at`].
    pub fn max_retry_after(mut self, wait: Duration) -> Self {
        self.max_retry_after = wait;
        self
    }

    /// The retry budget that all clones share: a retry takes 5, a success gives 1 back. Where it is
    /// empty, failures are not tried again.
    pub fn budget(mut self, budget: u32) -> Self {
        self.budget = budget;
        self
    }

    /// Decides in place of the list above which errors are worth another attempt.
    pub fn retry_if(mut self, predicate: impl Fn(&Error) -> bool + Send + Sync + 'static) -> Self {
        self.predicate = Some(Arc::new(predicate));
        self
    }

    pub(crate) fn is_transient(&self, error: &Error) -> bool {
        match &self.predicate {
            Some(predicate) => predicate(error),
            None => is_transient(error),
        }
    }

    /// The wait after this many failures, at a point between 0 and 1 of what is allowed.
    pub(crate) fn wait(&self, failures: u32, random: f64) -> Duration {
        let doublings = failures.saturating_sub(1).min(20);
        let longest = self.base_wait.saturating_mul(1 << doublings);
        longest.min(self.max_wait).mul_f64(random.clamp(0.0, 1.0))
    }
}

impl Default for RetrySettings {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for RetrySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetrySettings")
            .field("max_attempts", &self.max_attempts)
            .field("base_wait", &self.base_wait)
            .field("max_wait", &self.max_wait)
            .field("max_retry_after", &self.max_retry_after)
            .field("budget", &self.budget)
            .field("retry_if", &self.predicate.is_some())
            .finish()
    }
}

/// What is tried again where nobody says otherwise. The documentation calls only `INTERNAL` worth
/// another attempt among the codes of a 500; one without a code comes from a gateway.
pub(crate) fn is_transient(error: &Error) -> bool {
    match (error.kind(), error.status()) {
        (ErrorKind::Connect | ErrorKind::Transport | ErrorKind::Timeout, _) => true,
        (ErrorKind::RateLimited, _) => true,
        (ErrorKind::Api, Some(500)) => {
            matches!(error.api_code(), None | Some(ErrorCode::Internal))
        }
        (ErrorKind::Api, Some(502..=504)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    #[test]
    fn waits_double_up_to_their_bound_and_are_random_below_it() {
        let settings = RetrySettings::new();
        let longest: Vec<Duration> = (1..9)
            .map(|failures| settings.wait(failures, 1.0))
            .collect();
        let wanted = [500, 1000, 2000, 4000, 8000, 16000, 20000, 20000].map(MS);
        assert_eq!(longest, wanted);
        assert_eq!(settings.wait(3, 0.25), MS(500));
        assert_eq!(settings.wait(3, 0.0), Duration::ZERO);
        assert_eq!(settings.wait(u32::MAX, 1.0), MS(20000));
    }

    #[test]
    fn what_is_tried_again() {
        let status = |kind, status: u16, code: Option<ErrorCode>| {
            Error::new(kind, "")
                .with_status(reqwest::StatusCode::from_u16(status).unwrap())
                .with_code(code)
        };
        let api = |code| status(ErrorKind::Api, code, None);
        for error in [
            Error::new(ErrorKind::Connect, ""),
            Error::new(ErrorKind::Transport, ""),
            Error::new(ErrorKind::Timeout, ""),
            status(ErrorKind::RateLimited, 429, None),
            api(500),
            status(ErrorKind::Api, 500, Some(ErrorCode::Internal)),
            api(502),
            api(503),
            api(504),
        ] {
            assert!(is_transient(&error), "{error:?}");
        }
        for error in [
            Error::new(ErrorKind::Setup, ""),
            Error::new(ErrorKind::Request, ""),
            Error::new(ErrorKind::Decode, ""),
            Error::new(ErrorKind::TooLarge, ""),
            status(ErrorKind::Api, 500, Some(ErrorCode::Dependency)),
            api(400),
            api(401),
            api(403),
            api(404),
            api(422),
            api(501),
        ] {
            assert!(!is_transient(&error), "{error:?}");
        }
    }
}
