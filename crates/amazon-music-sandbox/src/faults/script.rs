//! Scripts of faults.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{faults::fault::Fault, lock::lock, random::mix};

/// A script of faults: it decides for each request, in order of arrival, whether and how it fails.
///
/// Passed to a sandbox before it starts or while it runs. Clones share their progress.
///
/// ```
/// use amazon_music_sandbox::{Fault, Faults, Sandbox};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// // The first request is throttled, the second succeeds, the third breaks off, and all others succeed.
/// let faults = Faults::in_order([
///     Some(Fault::throttled("1")),
///     None,
///     Some(Fault::CutBody),
/// ]);
/// let sandbox = Sandbox::new().faults(faults).start().await?;
/// // One request in ten fails, and the same ones on every run.
/// sandbox.set_faults(Faults::random(42, 0.1, [Fault::BadGateway, Fault::Reset]));
/// # Ok(())
/// # }
/// ```
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

    /// One entry per request, `None` for no fault. All requests after the last entry succeed.
    pub fn in_order(faults: impl IntoIterator<Item = Option<Fault>>) -> Self {
        Self(Arc::new(Script {
            queue: Mutex::new(faults.into_iter().collect()),
            random: None,
        }))
    }

    /// Random faults: each request fails with this probability, with one of these faults. The same seed draws
    /// the same faults for the same sequence of requests.
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

    /// The fault of the next request.
    pub(crate) fn next(&self) -> Option<Fault> {
        if let Some(random) = &self.0.random {
            return random.draw();
        }
        lock(&self.0.queue).pop_front().flatten()
    }
}

impl Random {
    fn draw(&self) -> Option<Fault> {
        let number = mix(self.seed ^ mix(self.drawn.fetch_add(1, Ordering::Relaxed)));
        // The upper half decides whether it fails, the lower half with which fault.
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
    fn random_faults_follow_their_probability_and_repeat_with_their_seed() {
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
