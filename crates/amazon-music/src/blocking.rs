//! For scripts without an asynchronous runtime: the same calls and streams, waited for.
//!
//! ```no_run
//! use amazon_music::{AmazonMusic, blocking::Blocking};
//!
//! # fn example(music: AmazonMusic) -> Result<(), amazon_music::Error> {
//! let blocking = Blocking::new()?;
//! let page = blocking.wait(music.top_tracks().send())?;
//! println!("{} on the first page", page.items.len());
//! for track in blocking.iter(music.top_tracks().items()) {
//!     println!("{}", track?.id);
//! }
//! # Ok(())
//! # }
//! ```

use std::{
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
};

use futures_core::Stream;
use tokio::{
    runtime::{Builder, Handle, Runtime, RuntimeFlavor},
    task::block_in_place,
};

use crate::error::{Error, ErrorKind};

/// A small runtime: calls are waited for on the calling thread, and one thread of its own does what goes
/// on in the background, such as refreshing a token.
///
/// It works on a thread without a runtime, and on those of a multi-thread runtime: in `spawn_blocking`, in
/// `block_in_place`, and in asynchronous code, whose other tasks go on elsewhere meanwhile.
///
/// If tokens come from a provider, wait for [`AmazonMusic::settle`](crate::AmazonMusic::settle) before it
/// is dropped: dropping it stops a refresh that is under way.
#[derive(Debug)]
pub struct Blocking(Option<Runtime>);

impl Drop for Blocking {
    fn drop(&mut self) {
        // Waiting for it here would panic on a thread that runs asynchronous code.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Blocking {
    /// Makes the runtime.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::Setup`] if the system has no more room for one.
    pub fn new() -> Result<Self, Error> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("amazon-music")
            .enable_all()
            .build();
        runtime.map(|runtime| Self(Some(runtime))).map_err(|error| {
            Error::new(
                ErrorKind::Setup,
                "the runtime for waiting could not be made",
            )
            .with_source(error)
        })
    }

    /// Waits for a call.
    ///
    /// # Errors
    ///
    /// Returns those of the call, and one of the kind [`ErrorKind::Setup`] on a thread of a current-thread
    /// runtime, which waiting would stop: `await` there, or wait on a thread of its own
    /// (`std::thread::spawn`).
    ///
    /// # Panics
    ///
    /// Tokio panics in a `LocalSet` of a multi-thread runtime, which it cannot tell from its other places.
    pub fn wait<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        self.run(call)?
    }

    /// Waits for work, if this thread may.
    fn run<T>(&self, work: impl Future<Output = T>) -> Result<T, Error> {
        let here = Handle::try_current().map(|runtime| runtime.runtime_flavor());
        match (&self.0, here) {
            (Some(own), Err(_)) => Ok(own.block_on(work)),
            // Also where it would not be needed, as in `spawn_blocking`: then it does nothing.
            (Some(own), Ok(RuntimeFlavor::MultiThread)) => {
                Ok(block_in_place(|| own.block_on(work)))
            }
            _ => Err(Error::new(
                ErrorKind::Setup,
                "waiting on a thread of a current-thread runtime would stop the runtime: await instead, or \
                 wait on a thread of `std::thread::spawn`",
            )),
        }
    }

    /// Makes an iterator of a stream. Between two items no request is sent: the thread is the caller's. If
    /// this thread may not wait, the iterator yields one error and ends.
    pub fn iter<S, T>(&self, stream: S) -> Iter<'_, S>
    where
        S: Stream<Item = Result<T, Error>> + Unpin,
    {
        Iter {
            blocking: self,
            stream,
            refused: false,
        }
    }
}

/// A stream as an iterator: made by [`Blocking::iter`].
#[must_use = "an iterator does nothing until it is asked"]
pub struct Iter<'a, S> {
    blocking: &'a Blocking,
    stream: S,
    /// This thread may not wait.
    refused: bool,
}

impl<S> Iter<'_, S> {
    /// The stream itself, for its position.
    pub fn get_ref(&self) -> &S {
        &self.stream
    }
}

impl<S, T> Iterator for Iter<'_, S>
where
    S: Stream<Item = Result<T, Error>> + Unpin,
{
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.refused {
            return None;
        }
        let next = poll_fn(|context| Pin::new(&mut self.stream).poll_next(context));
        self.blocking.run(next).unwrap_or_else(|error| {
            self.refused = true;
            Some(Err(error))
        })
    }
}

impl<S: fmt::Debug> fmt::Debug for Iter<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Iter").field(&self.stream).finish()
    }
}
