//! The stream of the pages of a list.

use std::{
    fmt,
    future::poll_fn,
    mem,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_core::{FusedStream, Stream};
use tokio::runtime::Handle;

use crate::{
    decode::{self, Page},
    error::{Error, ErrorKind},
    operation::{ListOperation, PageRequest, error},
    paging::{
        list::List,
        prefetch::{self, Awaited},
        walk::{Next, Stuck, Walk},
    },
};

/// How many times the stream yields to the runtime after it has spawned a prefetch, before it returns the
/// page it holds: once for the task of the request, once for the connection that sends it. Otherwise a
/// consumer that computes without awaiting would keep the request from being sent.
const YIELDS: u8 = 2;

/// A stream of the pages of a list, returned by [`List::pages`].
///
/// ```no_run
/// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
/// let mut pages = music.categories().pages();
/// while let Some(page) = pages.next_page().await {
///     println!("{} more", page?.items.len());
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// An error that may pass ([`Error::is_transient`]) does not end the stream: the next poll requests the
/// same page again, after a backoff that grows with each failure. Any other error ends it; the position of
/// [`Items`](crate::Items) stays resumable.
///
/// A list that cannot be continued ([`ErrorKind::Incomplete`], [`ErrorKind::CursorLoop`]) yields its last
/// page, then the error, and ends.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<O: ListOperation> {
    state: State<O>,
    place: Place,
    /// Requests that have failed since the last page.
    failures: u32,
    read_ahead: bool,
    /// Number of items wanted: no page is requested beyond them.
    pub(super) wanted: usize,
    /// A page to yield after the other tasks had their turn.
    held: Option<(Page<O::Item>, Place)>,
    yields: u8,
}

/// The place of the last page that was yielded.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The cursor of its request.
    pub(super) cursor: Option<String>,
    /// The next step after it.
    pub(super) next: Next,
    /// The list goes on, but the page did not say where. Requested again, it may.
    pub(super) is_stuck: bool,
}

enum State<O: ListOperation> {
    Idle(Box<Walker<O>>),
    /// An error to yield after the page that was just yielded; the last item of the stream.
    Last(Error),
    Busy(Awaited<Step<O>>),
    Done,
}

/// The list and the state of its walk.
struct Walker<O> {
    list: List<O>,
    walk: Walk,
}

struct Step<O: ListOperation> {
    walker: Box<Walker<O>>,
    cursor: Option<String>,
    outcome: Result<Page<O::Item>, Error>,
    /// The error that follows the page and ends the stream.
    last: Option<Error>,
}

impl<O: ListOperation> List<O> {
    /// Returns a stream of the pages.
    pub fn pages(self) -> Pages<O> {
        Pages::new(self)
    }
}

impl<O: ListOperation> Pages<O> {
    pub(crate) fn new(list: List<O>) -> Self {
        let walk = list.walk();
        Self {
            place: Place {
                cursor: None,
                next: walk.next().clone(),
                is_stuck: false,
            },
            failures: 0,
            read_ahead: list.reads_ahead(),
            wanted: usize::MAX,
            held: None,
            yields: 0,
            state: State::Idle(Box::new(Walker { list, walk })),
        }
    }

    /// Returns the next page, or `None` at the end; needs no trait in scope.
    pub async fn next_page(&mut self) -> Option<Result<Page<O::Item>, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Takes in the outcome of a request: a page to yield, after the prefetch of the next one has begun.
    fn settle(&mut self, step: Step<O>) -> Result<(Page<O::Item>, Place), Error> {
        let next = step.walker.walk.next().clone();
        let is_stuck = step.last.is_some();
        self.state = match step.last {
            Some(error) => State::Last(error),
            None => State::Idle(step.walker),
        };
        let page = step.outcome.inspect_err(|error| {
            self.failures += 1;
            if !may_pass(error) {
                self.state = State::Done;
            }
        })?;
        self.failures = 0;
        let place = Place {
            cursor: step.cursor,
            next,
            is_stuck,
        };
        if self.read_ahead && self.wanted > page.items.len() {
            self.ask_ahead();
        }
        Ok((page, place))
    }

    /// Requests the next page in a task of its own, if there is a runtime to spawn it on.
    fn ask_ahead(&mut self) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        self.state = match mem::replace(&mut self.state, State::Done) {
            State::Idle(walker) => match walker.walk.next().clone() {
                Next::Page(cursor) => {
                    let clock = walker.list.music.shared.clock.clone();
                    let longest = walker.list.music.overall_timeout();
                    let step = walker.step(cursor, Duration::ZERO);
                    self.yields = YIELDS;
                    State::Busy(prefetch::spawn(&runtime, step, clock, longest))
                }
                Next::End => State::Idle(walker),
            },
            other => other,
        };
    }
}

impl<O: ListOperation> Walker<O> {
    /// Requests the page at `cursor`.
    async fn step(mut self: Box<Self>, cursor: Option<String>, delay: Duration) -> Step<O> {
        if !delay.is_zero() {
            self.list.music.shared.clock.sleep(delay).await;
        }
        let limit = match self.list.check() {
            Ok(limit) => limit,
            Err(error) => {
                // A retry would fail the same way.
                self.walk.stop();
                return self.stepped(cursor, Err(error), None);
            }
        };
        let request = PageRequest {
            limit,
            cursor: cursor.clone(),
        };
        let read = decode::page::<O>(cursor.is_some());
        match self.list.fetch(request, read).await {
            Err(error) => self.stepped(cursor, Err(error), None),
            Ok(page) => {
                let next = page.next_cursor.as_deref();
                let stuck = self
                    .walk
                    .advance(page.is_empty(), page.has_next_page, next)
                    .err();
                let last = match stuck {
                    Some(stuck) => Some(stuck_error::<O>(stuck)),
                    None => page.end_unknown.clone(),
                };
                self.stepped(cursor, Ok(page), last)
            }
        }
    }

    /// The delay before the next request after this many failures in a row: at least half of what the
    /// backoff of retries allows, so that a consumer that polls on does not hammer the service.
    fn backoff(&self, failures: u32) -> Duration {
        let music = &self.list.music;
        let retries = music.options.retries.as_ref();
        let retries = retries.unwrap_or(&music.shared.retries);
        if failures == 0 {
            return Duration::ZERO;
        }
        retries.backoff(failures, 0.5 + fastrand::f64() / 2.0)
    }

    fn stepped(
        self: Box<Self>,
        cursor: Option<String>,
        outcome: Result<Page<O::Item>, Error>,
        last: Option<Error>,
    ) -> Step<O> {
        Step {
            walker: self,
            cursor,
            outcome,
            last,
        }
    }
}

impl<O: ListOperation> Stream for Pages<O> {
    type Item = Result<Page<O::Item>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if this.yields > 0 {
                this.yields -= 1;
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            if let Some((page, place)) = this.held.take() {
                // Only now: until the page is yielded, positions lie before it.
                this.place = place;
                return Poll::Ready(Some(Ok(page)));
            }
            match mem::replace(&mut this.state, State::Done) {
                State::Done => return Poll::Ready(None),
                State::Last(error) => return Poll::Ready(Some(Err(error))),
                State::Idle(walker) => match walker.walk.next().clone() {
                    Next::End => return Poll::Ready(None),
                    Next::Page(cursor) => {
                        let delay = walker.backoff(this.failures);
                        let step = walker.step(cursor, delay);
                        this.state = State::Busy(Box::pin(async { Ok(step.await) }));
                    }
                },
                State::Busy(mut step) => {
                    let Poll::Ready(step) = step.as_mut().poll(context) else {
                        this.state = State::Busy(step);
                        return Poll::Pending;
                    };
                    let step = match step {
                        Ok(step) => step,
                        Err(text) => {
                            return Poll::Ready(Some(Err(error::<O>(ErrorKind::Transport, text))));
                        }
                    };
                    match this.settle(step) {
                        Ok(held) => this.held = Some(held),
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    }
                }
            }
        }
    }
}

impl<O: ListOperation> FusedStream for Pages<O> {
    fn is_terminated(&self) -> bool {
        self.held.is_none() && matches!(self.state, State::Done)
    }
}

impl<O: ListOperation> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pages").field(&O::INFO.name).finish()
    }
}

/// Whether the request for a page may succeed later, so that a stream goes on after its error. A list that
/// broke off does not pass by asking again at once, whatever the service says: its position can be resumed.
fn may_pass(error: &Error) -> bool {
    error.kind() != ErrorKind::Incomplete && error.is_transient()
}

fn stuck_error<O: ListOperation>(stuck: Stuck) -> Error {
    let (kind, text) = match stuck {
        Stuck::NoCursor => (
            ErrorKind::Incomplete,
            "the service reported a next page but no cursor for it: the list cannot be continued",
        ),
        Stuck::Empty => (
            ErrorKind::Incomplete,
            "too many empty pages in a row: retry later, or raise `max_empty_pages`",
        ),
        Stuck::Repeated => (
            ErrorKind::CursorLoop,
            "the service returned a cursor that was already used: the list would never end",
        ),
    };
    error::<O>(kind, text)
}
