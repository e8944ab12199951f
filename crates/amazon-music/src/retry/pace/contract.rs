//! The seam between a client and the pace of its requests.

use std::{error, fmt, future::Future, pin::Pin, time::Duration};

use crate::clock::Clock;

/// A turn on its way.
pub type PaceFuture<'a> = Pin<Box<dyn Future<Output = Result<Turn, TooLate>> + Send + 'a>>;

/// Admits requests one by one, and learns from their responses.
///
/// Every attempt of a call is a request. All moments are those of the client's clock
/// ([`Clock::elapsed`]). A pace of another kind, one request every tenth of a second:
///
/// ```
/// use std::{sync::Mutex, time::Duration};
///
/// use amazon_music::{
///     clock::Clock,
///     pace::{Outcome, Pace, PaceFuture, Request, Status, TooLate, Turn},
/// };
///
/// #[derive(Debug, Default)]
/// struct Metronome(Mutex<Duration>);
///
/// impl Pace for Metronome {
///     fn admit<'a>(&'a self, request: Request<'a>) -> PaceFuture<'a> {
///         Box::pin(async move {
///             let now = request.clock().elapsed();
///             let beat = {
///                 let mut next = self.0.lock().unwrap();
///                 let beat = (*next).max(now);
///                 if beat >= request.deadline() {
///                     return Err(TooLate::new(Some(10.0), Some(beat)));
///                 }
///                 *next = beat + Duration::from_millis(100);
///                 beat
///             };
///             request.clock().sleep(beat - now).await;
///             Ok(Turn::at(beat))
///         })
///     }
///
///     fn report(&self, _: &dyn Clock, _: Turn, _: Outcome) {}
///
///     fn status(&self, _: &dyn Clock) -> Status {
///         Status::default()
///     }
/// }
/// ```
pub trait Pace: fmt::Debug + Send + Sync + 'static {
    /// Admits a request at once, if nothing limits requests. The cheap way: [`admit`](Self::admit) is
    /// only called if this gives nothing.
    fn admit_now(&self, clock: &dyn Clock) -> Option<Turn> {
        let _ = clock;
        None
    }

    /// Waits for the turn of a request, until its deadline. Dropping the future gives the turn back.
    ///
    /// # Errors
    ///
    /// Returns [`TooLate`] at the deadline, or before, if the turn is known to come later than that.
    fn admit<'a>(&'a self, request: Request<'a>) -> PaceFuture<'a>;

    /// Learns from a response. Called once for each turn whose request got one, and must not block: an
    /// implementation that tells others does so in a task of its own.
    fn report(&self, clock: &dyn Clock, turn: Turn, outcome: Outcome);

    /// The pace as it is now, for health endpoints.
    fn status(&self, clock: &dyn Clock) -> Status;
}

/// A request that wants to leave.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    clock: &'a dyn Clock,
    since: Duration,
    deadline: Duration,
    last_turn: Option<Turn>,
}

impl<'a> Request<'a> {
    /// A request of a call that began at `since` and must not wait beyond `deadline`. Calls are admitted
    /// in the order in which they began.
    #[must_use]
    pub fn new(clock: &'a dyn Clock, since: Duration, deadline: Duration) -> Self {
        Self {
            clock,
            since,
            deadline,
            last_turn: None,
        }
    }

    /// Adds the turn of the last attempt, so that a call that was refused keeps its place.
    #[must_use]
    pub fn after(mut self, turn: Turn) -> Self {
        self.last_turn = Some(turn);
        self
    }

    /// The clock of the client.
    #[must_use]
    pub fn clock(&self) -> &'a dyn Clock {
        self.clock
    }

    /// When the call began.
    #[must_use]
    pub fn since(&self) -> Duration {
        self.since
    }

    /// When the call ends.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        self.deadline
    }

    /// The turn of the last attempt, if there was one.
    #[must_use]
    pub fn last_turn(&self) -> Option<Turn> {
        self.last_turn
    }
}

/// A request that may leave now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a turn that no request uses is lost"]
pub struct Turn {
    sent_at: Duration,
    mark: u64,
}

impl Turn {
    /// A request that leaves at this moment.
    pub fn at(sent_at: Duration) -> Self {
        Self { sent_at, mark: 0 }
    }

    /// Adds a number that an implementation finds again in [`Pace::report`].
    pub fn with_mark(mut self, mark: u64) -> Self {
        self.mark = mark;
        self
    }

    /// When the request left.
    #[must_use]
    pub fn sent_at(&self) -> Duration {
        self.sent_at
    }

    /// The number that the implementation has added, or 0.
    #[must_use]
    pub fn mark(&self) -> u64 {
        self.mark
    }
}

/// The response of a request, as far as its pace is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Any response that is not a 429: a 404 was admitted too.
    Admitted,
    /// A 429, which may say how long nobody should be sent.
    Refused {
        /// The wait that the server asks for.
        retry_after: Option<Duration>,
    },
}

/// The pace of requests at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Status {
    /// Requests per second, set or learned; nothing while requests are free.
    pub per_second: Option<f64>,
    /// How many requests wait for their turn.
    pub waiting: usize,
    /// When the next request may leave, if not now.
    pub until: Option<Duration>,
}

/// The error of a request that gets no turn before its deadline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TooLate {
    per_second: Option<f64>,
    until: Option<Duration>,
}

impl TooLate {
    /// No turn in time: at this rate, or before this moment.
    #[must_use]
    pub fn new(per_second: Option<f64>, until: Option<Duration>) -> Self {
        Self { per_second, until }
    }

    /// Requests per second, set or learned.
    #[must_use]
    pub fn per_second(&self) -> Option<f64> {
        self.per_second
    }

    /// When the turn would have come, if known.
    #[must_use]
    pub fn until(&self) -> Option<Duration> {
        self.until
    }
}

impl fmt::Display for TooLate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no turn before the deadline of the call")?;
        match self.per_second {
            Some(rate) => write!(f, ", at {} requests a second", rounded(rate)),
            None => Ok(()),
        }
    }
}

impl error::Error for TooLate {}

/// A rate as a person reads it: two digits, and three decimals below one.
fn rounded(rate: f64) -> f64 {
    if rate < 1.0 {
        (rate * 1000.0).round() / 1000.0
    } else if rate < 10.0 {
        (rate * 10.0).round() / 10.0
    } else {
        rate.round()
    }
}
