//! The source of time, replaceable in tests.
//!
//! Delays between attempts, timeouts, token lifetimes and dates from the server all go through one
//! [`Clock`], so that a test can stop time, or let a minute pass at once.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard},
    task::{Context, Poll, Waker},
    time::{Duration, Instant, SystemTime},
};

use crate::sync::lock;

/// A future that completes after a delay.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A source of time and of delays.
///
/// The default is [`SystemClock`]; tests use [`ManualClock`]. A clock that logs the delays of calls:
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use amazon_music::clock::{Clock, Sleep, SystemClock};
///
/// #[derive(Debug)]
/// struct LoggingClock(SystemClock);
///
/// impl Clock for LoggingClock {
///     fn elapsed(&self) -> Duration {
///         self.0.elapsed()
///     }
///
///     fn now(&self) -> SystemTime {
///         self.0.now()
///     }
///
///     fn sleep(&self, duration: Duration) -> Sleep {
///         println!("sleeping for {duration:?}");
///         self.0.sleep(duration)
///     }
/// }
///
/// let builder = amazon_music::AmazonMusic::builder().clock(LoggingClock(SystemClock::new()));
/// # drop(builder);
/// ```
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Returns the time elapsed since a fixed moment. Monotonic.
    fn elapsed(&self) -> Duration;

    /// Returns the current date and time of the system.
    fn now(&self) -> SystemTime;

    /// Completes after `duration`.
    fn sleep(&self, duration: Duration) -> Sleep;

    /// Completes after `duration`, as the timeout of other work.
    ///
    /// The same as [`sleep`](Self::sleep), unless a clock distinguishes delays from timeouts, as
    /// [`ManualClock::next_sleeper`] does.
    fn timeout(&self, duration: Duration) -> Sleep {
        self.sleep(duration)
    }
}

/// The clock of the system; needs a Tokio runtime with its timer enabled.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// Returns a clock whose [`elapsed`](Clock::elapsed) starts at zero now.
    #[must_use]
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// A clock that stands still until it is advanced, for tests. Clones share their time.
///
/// ```
/// use std::time::Duration;
///
/// use amazon_music::clock::{Clock as _, ManualClock};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let clock = ManualClock::new();
/// let wait = tokio::spawn(clock.sleep(Duration::from_secs(60)));
/// clock.next_sleeper().await;
/// clock.advance(Duration::from_secs(60));
/// wait.await.unwrap();
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct ManualClock(Arc<Mutex<Manual>>);

#[derive(Debug, Default)]
struct Manual {
    elapsed: Duration,
    /// Wakers of the sleepers, by due time and order of arrival.
    sleepers: BTreeMap<(Duration, u64), Waker>,
    /// Number of sleepers so far.
    arrivals: u64,
    /// Delays that `next_sleeper` has not reported yet.
    untold: VecDeque<Duration>,
    /// Wakers of tasks that wait in `next_sleeper`.
    watchers: Vec<Waker>,
}

impl ManualClock {
    /// Returns a clock with zero elapsed time, whose date is the beginning of 2026 (UTC).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Advances the time and wakes the sleepers that are due.
    pub fn advance(&self, duration: Duration) {
        let mut manual = self.lock();
        manual.elapsed += duration;
        let later = (manual.elapsed + Duration::from_nanos(1), 0);
        let rest = manual.sleepers.split_off(&later);
        let due = std::mem::replace(&mut manual.sleepers, rest);
        drop(manual);
        for waker in due.into_values() {
            waker.wake();
        }
    }

    /// Advances the time until the next sleeper is due. Returns `false` if there is none.
    pub fn advance_to_next(&self) -> bool {
        let first = {
            let manual = self.lock();
            let first = manual.sleepers.keys().next();
            first.map(|(due, _)| due.saturating_sub(manual.elapsed))
        };
        if let Some(wait) = first {
            self.advance(wait);
        }
        first.is_some()
    }

    /// Returns the remaining delays of all sleepers, shortest first.
    #[must_use]
    pub fn sleepers(&self) -> Vec<Duration> {
        let manual = self.lock();
        let due = manual.sleepers.keys();
        due.map(|(due, _)| due.saturating_sub(manual.elapsed))
            .collect()
    }

    /// Waits for the next sleeper that was not reported yet, and returns its delay.
    ///
    /// Timeouts are not reported. For use by one task at a time.
    pub async fn next_sleeper(&self) -> Duration {
        std::future::poll_fn(|context| {
            let mut manual = self.lock();
            if let Some(wait) = manual.untold.pop_front() {
                return Poll::Ready(wait);
            }
            manual.watchers.push(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    fn wait(&self, duration: Duration, told: bool) -> Sleep {
        Box::pin(ManualSleep {
            clock: self.clone(),
            due: self.elapsed().saturating_add(duration),
            told,
            key: None,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Manual> {
        lock(&self.0)
    }
}

impl Clock for ManualClock {
    fn elapsed(&self) -> Duration {
        self.lock().elapsed
    }

    fn now(&self) -> SystemTime {
        // 2026-01-01T00:00:00Z.
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600) + self.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.wait(duration, true)
    }

    fn timeout(&self, duration: Duration) -> Sleep {
        self.wait(duration, false)
    }
}

/// A sleeper of a manual clock, deregistered when dropped.
struct ManualSleep {
    clock: ManualClock,
    due: Duration,
    /// Whether `next_sleeper` reports it.
    told: bool,
    key: Option<(Duration, u64)>,
}

impl Future for ManualSleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let mut manual = this.clock.lock();
        if manual.elapsed >= this.due {
            return Poll::Ready(());
        }
        let key = *this.key.get_or_insert_with(|| {
            manual.arrivals += 1;
            let wait = this.due.saturating_sub(manual.elapsed);
            if this.told {
                manual.untold.push_back(wait);
                for watcher in std::mem::take(&mut manual.watchers) {
                    watcher.wake();
                }
            }
            (this.due, manual.arrivals)
        });
        manual.sleepers.insert(key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for ManualSleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.clock.lock().sleepers.remove(&key);
        }
    }
}

/// Returns the output of `work`, or `None` if the sleep ends first. If both are ready, `work` wins; if it is
/// ready at once, no sleep starts. Callers pass large futures pinned, so that they are not moved.
pub(crate) async fn within<T>(
    work: impl Future<Output = T>,
    sleep: impl FnOnce() -> Sleep,
) -> Option<T> {
    let mut work = std::pin::pin!(work);
    if let Some(done) = ready(work.as_mut()).await {
        return Some(done);
    }
    let mut sleep = sleep();
    std::future::poll_fn(move |context| {
        if let Poll::Ready(done) = work.as_mut().poll(context) {
            return Poll::Ready(Some(done));
        }
        sleep.as_mut().poll(context).map(|()| None)
    })
    .await
}

/// How late a timeout must be for the process to have stood still, as after SIGSTOP.
const STOOD_STILL: Duration = Duration::from_secs(1);

/// The outcome of `work`, or nothing if it takes longer than `limit`.
///
/// Unlike [`within`], which may count a timeout although a response has arrived that nobody has read yet:
/// after a process stood still, its timers and its connections are due at the same time. For requests that
/// must not be sent twice.
pub(crate) async fn in_time<T>(
    work: impl Future<Output = T>,
    clock: &dyn Clock,
    limit: Duration,
) -> Option<T> {
    let mut work = std::pin::pin!(work);
    let due = clock.elapsed().saturating_add(limit);
    if let Some(done) = within(work.as_mut(), || clock.timeout(limit)).await {
        return Some(done);
    }
    // Lets the connection read what has arrived; each turn polls the system once.
    for _ in 0..16 {
        tokio::task::yield_now().await;
        if let Some(done) = ready(work.as_mut()).await {
            return Some(done);
        }
    }
    // On several threads another one may be reading it.
    let late = clock.elapsed().saturating_sub(due);
    if late < STOOD_STILL {
        return None;
    }
    within(work, || clock.timeout(STOOD_STILL)).await
}

/// The outcome of work that is done.
async fn ready<T>(mut work: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    std::future::poll_fn(|context| {
        Poll::Ready(match work.as_mut().poll(context) {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn a_sleeper_wakes_when_its_time_has_come_and_not_before() {
        let clock = ManualClock::new();
        let task = tokio::spawn(clock.sleep(2 * SECOND));
        clock.next_sleeper().await;
        clock.advance(SECOND);
        assert_eq!(clock.sleepers(), [SECOND]);
        assert!(!task.is_finished());
        assert!(clock.advance_to_next());
        task.await.unwrap();
        assert!(!clock.advance_to_next());
        assert_eq!(clock.elapsed(), 2 * SECOND);
    }

    #[tokio::test]
    async fn work_that_is_done_wins_over_a_timeout_and_a_timeout_over_work_that_is_not() {
        let clock = ManualClock::new();
        let done = within(async { 1 }, || clock.sleep(Duration::ZERO)).await;
        assert_eq!(done, Some(1));
        let late = within(std::future::pending::<()>(), || clock.sleep(Duration::ZERO)).await;
        assert_eq!(late, None);
    }

    #[tokio::test]
    async fn a_dropped_sleeper_is_forgotten() {
        let clock = ManualClock::new();
        let mut sleep = clock.sleep(SECOND);
        assert!(futures_util::poll!(&mut sleep).is_pending());
        assert_eq!(clock.sleepers(), [SECOND]);
        drop(sleep);
        assert_eq!(clock.sleepers(), []);
    }
}
