//! Scripts of faults.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use crate::{faults::fault::Fault, random::mix};

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
    entries: Vec<Entry>,
    random: Option<Random>,
    /// Number of requests so far.
    requests: AtomicU64,
}

/// One entry of a script, `None` for no fault.
#[derive(Debug)]
struct Entry {
    fault: Option<Fault>,
    met: AtomicU64,
}

#[derive(Debug)]
struct Random {
    seed: u64,
    probability: f64,
}

/// The fault of one request.
#[derive(Debug)]
pub(crate) struct Drawn {
    pub(crate) fault: Fault,
    script: Arc<Script>,
    index: usize,
}

impl Faults {
    /// No faults.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// One entry per request, `None` for no fault. All requests after the last entry succeed.
    pub fn in_order(faults: impl IntoIterator<Item = Option<Fault>>) -> Self {
        Self::new(faults, None)
    }

    /// Random faults: each request fails with this probability, with one of these faults. The same seed draws
    /// the same faults for the same sequence of requests.
    pub fn random(seed: u64, probability: f64, faults: impl IntoIterator<Item = Fault>) -> Self {
        let random = Random { seed, probability };
        Self::new(faults.into_iter().map(Some), Some(random))
    }

    fn new(faults: impl IntoIterator<Item = Option<Fault>>, random: Option<Random>) -> Self {
        let entry = |fault| Entry {
            fault,
            met: AtomicU64::new(0),
        };
        Self(Arc::new(Script {
            entries: faults.into_iter().map(entry).collect(),
            random,
            requests: AtomicU64::new(0),
        }))
    }

    /// The faults that no request has met so far, in the order of the script: no request came, random numbers did
    /// not choose them, or the response had nothing to change (a last page has no token that could be missing). A
    /// test that expects a fault is proven only if none is left.
    ///
    /// ```
    /// use amazon_music_sandbox::{Fault, Faults, Sandbox};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let faults = Faults::in_order([Some(Fault::Reset), Some(Fault::CutBody)]);
    /// let sandbox = Sandbox::new().faults(faults.clone()).start().await?;
    /// // The code under test sends no request: it has met nothing.
    /// assert_eq!(faults.unmet(), [Fault::Reset, Fault::CutBody]);
    /// assert_eq!(sandbox.unmet_faults(), faults.unmet());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn unmet(&self) -> Vec<Fault> {
        let entries = self.0.entries.iter();
        entries
            .filter(|entry| entry.met.load(Ordering::Relaxed) == 0)
            .filter_map(|entry| entry.fault.clone())
            .collect()
    }

    /// The fault of the next request, which counts as met.
    pub(crate) fn next(&self) -> Option<Drawn> {
        let request = self.0.requests.fetch_add(1, Ordering::Relaxed);
        let entries = &self.0.entries;
        let index = match &self.0.random {
            Some(random) => random.draw(request, entries.len())?,
            None => usize::try_from(request).ok()?,
        };
        let entry = entries.get(index)?;
        let fault = entry.fault.clone()?;
        entry.met.fetch_add(1, Ordering::Relaxed);
        Some(Drawn {
            fault,
            script: self.0.clone(),
            index,
        })
    }
}

impl Drawn {
    /// Counts the fault as not met after all: the response had nothing to change.
    pub(crate) fn had_no_effect(&self) {
        if let Some(entry) = self.script.entries.get(self.index) {
            entry.met.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Random {
    /// The index of the fault of a request, out of so many.
    fn draw(&self, request: u64, count: usize) -> Option<usize> {
        let number = mix(self.seed ^ mix(request));
        // The upper half decides whether it fails, the lower half with which fault.
        let fails = ((number >> 32) as f64) < self.probability * f64::from(u32::MAX);
        let index = (number & u64::from(u32::MAX)).checked_rem(count as u64)?;
        fails.then_some(index as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(faults: &Faults) -> Option<Fault> {
        faults.next().map(|drawn| drawn.fault)
    }

    #[test]
    fn a_script_is_played_once_and_in_order() {
        let faults = Faults::in_order([Some(Fault::Reset), None, Some(Fault::CutBody)]);
        let played: Vec<_> = (0..5).map(|_| next(&faults)).collect();
        let wanted = [Some(Fault::Reset), None, Some(Fault::CutBody), None, None];
        assert_eq!(played, wanted);
    }

    #[test]
    fn random_faults_follow_their_probability_and_repeat_with_their_seed() {
        let draw = |seed, probability| -> Vec<_> {
            let faults = Faults::random(seed, probability, [Fault::Reset, Fault::CutBody]);
            (0..1000).map(|_| next(&faults)).collect()
        };
        assert_eq!(draw(1, 0.2), draw(1, 0.2));
        assert_ne!(draw(1, 0.2), draw(2, 0.2));
        let count = draw(1, 0.2).iter().flatten().count();
        assert!((150..250).contains(&count), "{count}");
        assert!(draw(1, 0.0).iter().all(Option::is_none));
        assert!(draw(1, 1.0).iter().all(Option::is_some));
    }
    #[test]
    fn a_fault_is_met_when_it_is_drawn_and_has_an_effect() {
        let faults = Faults::in_order([Some(Fault::Reset), None, Some(Fault::CutBody)]);
        assert_eq!(faults.unmet(), [Fault::Reset, Fault::CutBody]);
        faults.next().unwrap();
        assert_eq!(faults.unmet(), [Fault::CutBody]);
        assert!(faults.next().is_none());
        faults.next().unwrap().had_no_effect();
        assert_eq!(faults.unmet(), [Fault::CutBody]);

        let faults = Faults::random(1, 1.0, [Fault::Reset]);
        faults.next().unwrap();
        faults.next().unwrap().had_no_effect();
        assert_eq!(faults.unmet(), []);
    }
}
