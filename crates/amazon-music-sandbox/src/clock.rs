//! The time that latency and slow bodies take, and that tokens go by.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    time::{Duration, SystemTime},
};

/// Waits and tells the date. The system's time, unless a test brings its own.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Waits that long.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;

    /// The date, by which codes and tokens end. The system's, unless a clock says otherwise.
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// The system's time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}
