//! Faults on request: everything that a network and a service can do to a client.
//!
//! A [`Faults`] script is given to a sandbox before it starts or while it runs. It decides for each
//! request, in the order they arrive, whether and how it fails.
//!
//! ```
//! use amazon_music_sandbox::{Fault, Faults, Sandbox};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! // The first request is throttled, the second answered, the third cut off; then all is well.
//! let faults = Faults::in_order([
//!     Some(Fault::throttled("1")),
//!     None,
//!     Some(Fault::CutBody),
//! ]);
//! let sandbox = Sandbox::new().faults(faults).start().await?;
//! // One request in ten fails, in a way that is the same on every run.
//! sandbox.set_faults(Faults::random(42, 0.1, [Fault::BadGateway, Fault::Reset]));
//! # Ok(())
//! # }
//! ```

mod answer;

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

pub(crate) use answer::inject;

use crate::catalog::mix;

/// One way to fail.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// The documented error object with this status and code, and perhaps a `Retry-After`.
    Error {
        /// The HTTP status.
        status: u16,
        /// The code in the body.
        code: String,
        /// The value of a `Retry-After` header, sent as it is.
        retry_after: Option<String>,
    },
    /// A gateway's 502 with an HTML page.
    BadGateway,
    /// A gateway's 503 with an HTML page, and perhaps a `Retry-After`.
    Unavailable {
        /// The value of a `Retry-After` header, sent as it is.
        retry_after: Option<String>,
    },
    /// The good answer, after waiting this long.
    Latency(Duration),
    /// Half of the good body, then the end of the connection.
    CutBody,
    /// Half of the good body, and the rest after waiting this long.
    SlowBody(Duration),
    /// The good body, called `text/plain`.
    WrongContentType,
    /// The good body with a byte in a string that is not UTF-8.
    InvalidUtf8,
    /// The good body followed by this many bytes of blanks.
    Oversized(u64),
    /// The end of the connection, without a word.
    Reset,
    /// A page that names as its next the cursor it was asked with. A first page stays as it is.
    DuplicateCursor,
    /// A page that has a next one and does not say where. A last page stays as it is.
    MissingToken,
    /// A page whose second item has a title of the wrong type. Other answers stay as they are.
    MalformedItem,
}

impl Fault {
    /// A 429 with a `Retry-After`: seconds, a date, or nonsense.
    pub fn throttled(retry_after: impl Into<String>) -> Self {
        Self::Error {
            status: 429,
            code: "THROTTLED".to_owned(),
            retry_after: Some(retry_after.into()),
        }
    }

    /// The documented error object.
    pub fn error(status: u16, code: impl Into<String>) -> Self {
        Self::Error {
            status,
            code: code.into(),
            retry_after: None,
        }
    }
}

/// Which requests fail, and how. Clones are one script.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Script>);

#[derive(Debug, Default)]
struct Script {
    queue: Mutex<VecDeque<Option<Fault>>>,
    random: Option<Random>,
}

#[derive(Debug)]
struct Random {
    seed: u64,
    probability: f64,
    faults: Vec<Fault>,
    drawn: AtomicU64,
}

impl Faults {
    /// No faults.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// One entry for each request; after the last one all is well.
    pub fn in_order(faults: impl IntoIterator<Item = Option<Fault>>) -> Self {
        Self(Arc::new(Script {
            queue: Mutex::new(faults.into_iter().collect()),
            random: None,
        }))
    }

    /// Each request fails with this probability, in one of these ways. The same seed gives the same
    /// faults to the same sequence of requests.
    pub fn random(seed: u64, probability: f64, faults: impl IntoIterator<Item = Fault>) -> Self {
        Self(Arc::new(Script {
            queue: Mutex::default(),
            random: Some(Random {
                seed,
                probability,
                faults: faults.into_iter().collect(),
                drawn: AtomicU64::new(0),
            }),
        }))
    }

    /// What happens to the next request.
    pub(crate) fn next(&self) -> Option<Fault> {
        if let Some(random) = &self.0.random {
            return random.draw();
        }
        let mut queue = self.0.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.pop_front().flatten()
    }
}

impl Random {
    fn draw(&self) -> Option<Fault> {
        let number = mix(self.seed ^ mix(self.drawn.fetch_add(1, Ordering::Relaxed)));
        // The upper half decides whether, the lower half which.
        let fails = ((number >> 32) as f64) < self.probability * f64::from(u32::MAX);
        let count = self.faults.len() as u64;
        if !fails || count == 0 {
            return None;
        }
        let index = (number & u64::from(u32::MAX)) % count;
        self.faults.get(index as usize).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_played_once_and_in_order() {
        let faults = Faults::in_order([Some(Fault::Reset), None, Some(Fault::CutBody)]);
        let played: Vec<_> = (0..5).map(|_| faults.next()).collect();
        let wanted = [Some(Fault::Reset), None, Some(Fault::CutBody), None, None];
        assert_eq!(played, wanted);
    }

    #[test]
    fn random_faults_come_as_often_as_asked_and_the_same_way_again() {
        let draw = |seed, probability| -> Vec<_> {
            let faults = Faults::random(seed, probability, [Fault::Reset, Fault::CutBody]);
            (0..1000).map(|_| faults.next()).collect()
        };
        assert_eq!(draw(1, 0.2), draw(1, 0.2));
        assert_ne!(draw(1, 0.2), draw(2, 0.2));
        let count = draw(1, 0.2).iter().flatten().count();
        assert!((150..250).contains(&count), "{count}");
        assert!(draw(1, 0.0).iter().all(Option::is_none));
        assert!(draw(1, 1.0).iter().all(Option::is_some));
    }
}
