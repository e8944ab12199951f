//! Settings of retries.

use std::{fmt, sync::Arc, time::Duration};

use crate::error::Error;

type Predicate = Arc<dyn Fn(&Error) -> bool + Send + Sync>;

/// Settings of retries: attempts, backoff and budget.
///
/// Every operation is a `GET`, so a retry is always safe. By default these failures are retried:
///
/// - a connection that fails or breaks, and an attempt that times out; not a certificate that is not
///   trusted, nor a proxy that wants a login;
/// - 429;
/// - 500 with the error code `INTERNAL`, or without an error code;
/// - 408, 421, 425, 502 to 504, 507, 520 to 524 and 529.
///
/// The delay before a retry is random, from zero to [`base_delay`](Self::base_delay), doubled with each
/// failure up to [`max_delay`](Self::max_delay) (full jitter), or the `Retry-After` of the response if that
/// is longer.
///
/// A 429 does not count as an attempt: the call keeps its place among those that wait, and is sent again at
/// the learned rate ([`pace`](crate::pace)) until its overall timeout.
///
/// ```
/// use std::time::Duration;
///
/// use amazon_music::{AmazonMusic, RetrySettings};
///
/// let builder = AmazonMusic::builder().retries(
///     RetrySettings::new()
///         .max_attempts(5)
///         .base_delay(Duration::from_millis(200)),
/// );
/// ```
#[derive(Clone)]
#[must_use = "settings do nothing until they are passed to a builder"]
pub struct RetrySettings {
    pub(crate) max_attempts: u32,
    pub(crate) base_delay: Duration,
    pub(crate) max_delay: Duration,
    pub(crate) max_retry_after: Duration,
    pub(crate) budget: u32,
    predicate: Option<Predicate>,
}

impl RetrySettings {
    /// Default number of attempts, 3: enough for a transient fault, and too few to make an outage worse.
    pub const DEFAULT_MAX_ATTEMPTS: u32 = 3;
    /// Default upper bound of the first delay, 500 ms: 250 ms on average.
    pub const DEFAULT_BASE_WAIT: Duration = Duration::from_millis(500);
    /// Default upper bound of delays that the client chooses, 20 s: about as long as a user waits.
    pub const DEFAULT_MAX_WAIT: Duration = Duration::from_secs(20);
    /// Default upper bound of a `Retry-After` that is honoured, 30 s. Beyond it the call fails and reports
    /// when to come back, because clients that honour any value can hang for hours.
    pub const DEFAULT_MAX_RETRY_AFTER: Duration = Duration::from_secs(30);
    /// Default retry budget, 500: 100 retries in a row at 5 each, refilled by successes at 1 each. During
    /// an outage this bounds the load to one retry for five successes, instead of two for each call.
    pub const DEFAULT_BUDGET: u32 = 500;

    /// Returns the default settings.
    pub fn new() -> Self {
        Self {
            max_attempts: Self::DEFAULT_MAX_ATTEMPTS,
            base_delay: Self::DEFAULT_BASE_WAIT,
            max_delay: Self::DEFAULT_MAX_WAIT,
            max_retry_after: Self::DEFAULT_MAX_RETRY_AFTER,
            budget: Self::DEFAULT_BUDGET,
            predicate: None,
        }
    }

    /// Sets the number of attempts of a call; 3 by default. With 1 (or 0) nothing is retried, not even a 429.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the upper bound of the delay before the first retry; 500 ms by default.
    pub fn base_delay(mut self, wait: Duration) -> Self {
        self.base_delay = wait;
        self
    }

    /// Sets the upper bound of delays that the client chooses; 20 s by default.
    pub fn max_delay(mut self, wait: Duration) -> Self {
        self.max_delay = wait;
        self
    }

    /// Sets the longest `Retry-After` that is honoured; 30 s by default.
    ///
    /// If the service asks for more, the call fails at once, and [`Error::retry_at`] tells when to come
    /// back.
    pub fn max_retry_after(mut self, wait: Duration) -> Self {
        self.max_retry_after = wait;
        self
    }

    /// Sets the retry budget that all clones share; 500 by default.
    ///
    /// A retry costs 5, and a success refunds 1. Once the budget is spent, failures are not retried.
    pub fn budget(mut self, budget: u32) -> Self {
        self.budget = budget;
        self
    }

    /// Replaces the default decision about which errors are retried.
    ///
    /// ```
    /// use amazon_music::RetrySettings;
    ///
    /// // As by default, but never after a timeout.
    /// let settings = RetrySettings::new().retry_if(|error| {
    ///     error.is_transient() && error.kind() != amazon_music::ErrorKind::Timeout
    /// });
    /// # drop(settings);
    /// ```
    pub fn retry_if(mut self, predicate: impl Fn(&Error) -> bool + Send + Sync + 'static) -> Self {
        self.predicate = Some(Arc::new(predicate));
        self
    }

    pub(crate) fn is_transient(&self, error: &Error) -> bool {
        match &self.predicate {
            Some(predicate) => predicate(error),
            None => error.is_transient(),
        }
    }

    /// The delay after a number of failures: the fraction `random`, from 0 to 1, of the longest allowed.
    pub(crate) fn backoff(&self, failures: u32, random: f64) -> Duration {
        let doublings = failures.saturating_sub(1).min(20);
        let longest = self.base_delay.saturating_mul(1 << doublings);
        longest.min(self.max_delay).mul_f64(random.clamp(0.0, 1.0))
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
            .field("base_delay", &self.base_delay)
            .field("max_delay", &self.max_delay)
            .field("max_retry_after", &self.max_retry_after)
            .field("budget", &self.budget)
            .field("retry_if", &self.predicate.is_some())
            .finish()
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
            .map(|failures| settings.backoff(failures, 1.0))
            .collect();
        let wanted = [500, 1000, 2000, 4000, 8000, 16000, 20000, 20000].map(MS);
        assert_eq!(longest, wanted);
        assert_eq!(settings.backoff(3, 0.25), MS(500));
        assert_eq!(settings.backoff(3, 0.0), Duration::ZERO);
        assert_eq!(settings.backoff(u32::MAX, 1.0), MS(20000));
    }
}
