//! Time: delays of responses, and expiry of codes and tokens.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    time::{Duration, SystemTime},
};

/// A source of time. The default is the system clock; a test can inject its own.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Sleeps for this duration.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;

    /// The current time, by which codes and tokens expire. Defaults to the system clock.
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// The system clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}
