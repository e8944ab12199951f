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
use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::{Error, ErrorKind};

/// A small runtime: calls are waited for on the calling thread, and one thread of its own does what goes
/// on in the background, such as renewing a token.
///
/// Where tokens come from a provider, wait for [`AmazonMusic::settle`](crate::AmazonMusic::settle) before
/// it is dropped: dropping it stops a renewal that is under way.
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
    /// [`ErrorKind::Setup`] where the system has no more room for one.
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
    /// Those of the call; [`ErrorKind::Setup`] on a thread that already runs asynchronous code, which
    /// must `await` instead.
    pub fn wait<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let Some(runtime) = self.0.as_ref().filter(|_| Handle::try_current().is_err()) else {
            let text = "waiting inside an asynchronous runtime would stop it: await instead";
            return Err(Error::new(ErrorKind::Setup, text));
        };
        runtime.block_on(call)
    }

    /// A stream as an iterator. Between two items no request is sent: the thread is the caller's.
    pub fn iter<S, T>(&self, stream: S) -> Iter<'_, S>
    where
        S: Stream<Item = Result<T, Error>> + Unpin,
    {
        Iter {
            blocking: self,
            stream,
        }
    }
}

/// A stream as an iterator: made by [`Blocking::iter`].
#[must_use = "an iterator does nothing until it is asked"]
pub struct Iter<'a, S> {
    blocking: &'a Blocking,
    stream: S,
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
        let next = poll_fn(|context| Pin::new(&mut self.stream).poll_next(context));
        self.blocking
            .wait(async { Ok(next.await) })
            .unwrap_or_else(|error| Some(Err(error)))
    }
}

impl<S: fmt::Debug> fmt::Debug for Iter<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Iter").field(&self.stream).finish()
    }
}
