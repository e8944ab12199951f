//! A request in a task of its own, which goes on while nobody waits for it.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use tokio::{runtime::Handle, task::JoinHandle};

use crate::clock::{Clock, in_time};

/// How much longer than a call may take a prefetch is waited for. A runtime that is driven has ended the call
/// before.
const MARGIN: Duration = Duration::from_secs(5);

/// The outcome of a request, or the reason why there is none. Dropping it cancels the request.
pub(super) type Awaited<T> = Pin<Box<dyn Future<Output = Result<T, &'static str>> + Send>>;

/// Aborts its task when it is dropped.
struct Task<T>(JoinHandle<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Sends a request whose call takes at most `longest` in a task of this runtime. From the moment on that the
/// outcome is waited for, the wait is bounded: the runtime may be one that nobody drives.
pub(super) fn spawn<T: Send + 'static>(
    runtime: &Handle,
    request: impl Future<Output = T> + Send + 'static,
    clock: Arc<dyn Clock>,
    longest: Duration,
) -> Awaited<T> {
    let mut task = Task(runtime.spawn(request));
    Box::pin(async move {
        match in_time(&mut task.0, &*clock, longest.saturating_add(MARGIN)).await {
            Some(Ok(outcome)) => Ok(outcome),
            Some(Err(_)) => {
                Err("the prefetch of the next page was cancelled: its runtime shut down")
            }
            None => Err(
                "the prefetch of the next page was given up: its runtime stands still; poll the stream on a \
                 runtime that is driven",
            ),
        }
    })
}
