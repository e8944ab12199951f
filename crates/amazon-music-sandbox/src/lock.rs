//! Locking without poison.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks the mutex, and takes its data over from a thread that panicked with it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
