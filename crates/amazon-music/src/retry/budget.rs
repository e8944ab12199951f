//! The retry budget, shared by all calls of a client and its clones.

use std::sync::atomic::{AtomicU32, Ordering};

/// Cost of a retry.
const RETRY: u32 = 5;

/// Refund for a success.
const SUCCESS: u32 = 1;

/// A token bucket that retries drain and successes fill.
#[derive(Debug)]
pub(crate) struct Budget {
    left: AtomicU32,
    full: u32,
}

impl Budget {
    pub(crate) fn new(full: u32) -> Self {
        Self {
            left: AtomicU32::new(full),
            full,
        }
    }

    /// Withdraws the cost of one retry; `false` if the budget is too low.
    pub(crate) fn take(&self) -> bool {
        let take = |left: u32| left.checked_sub(RETRY);
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
            .is_ok()
    }

    /// Deposits the refund for one success.
    pub(crate) fn give(&self) {
        // While nothing fails the bucket is full, and clones do not contend for its cache line.
        if self.left.load(Ordering::Relaxed) == self.full {
            return;
        }
        let give = |left: u32| Some(left.saturating_add(SUCCESS).min(self.full));
        let _ = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, give);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_emptied_by_retries_and_filled_by_successes() {
        let budget = Budget::new(10);
        assert!(budget.take() && budget.take());
        assert!(!budget.take());
        for _ in 0..4 {
            budget.give();
        }
        assert!(!budget.take());
        budget.give();
        assert!(budget.take());
    }

    #[test]
    fn it_is_never_more_than_full() {
        let budget = Budget::new(5);
        for _ in 0..100 {
            budget.give();
        }
        assert!(budget.take());
        assert!(!budget.take());
    }
}
