//! A list, page by page.

use std::{
    fmt,
    future::{Future, poll_fn},
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::{FusedStream, Stream};
use tokio::{runtime::Handle, task::JoinHandle};

use crate::{
    decode::{self, Page},
    error::{Error, ErrorKind},
    operation::{ListOperation, PageRequest, error},
    paging::{
        list::List,
        walk::{Next, Stuck, Walk},
    },
};

/// How often the stream lets others run after it has asked for the next page, before it hands out the
/// one it has. Once for the task that asks, once for the connection that sends: a consumer that computes
/// and never awaits would otherwise keep the request from leaving.
const YIELDS: u8 = 2;

/// A list, page by page: made by [`List::pages`].
///
/// The end of the list ends the stream. A failed request does not: it is one error in the stream, and
/// polling again asks for the same page. So stop at an error (`try_next` and `?` do), or poll again to
/// try again, but do not collect such a stream into a `Vec<Result<…>>`, which would ask for ever.
/// A list that cannot be continued ([`ErrorKind::Incomplete`], [`ErrorKind::CursorLoop`]) gives what
/// it had, then the error, and ends.
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
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<O: ListOperation> {
    state: State<O>,
    place: Place,
    read_ahead: bool,
    /// How many items are wanted in all, as far as that is known: no page is asked for beyond them.
    pub(super) wanted: usize,
    /// A page that is handed out as soon as others had their turn.
    held: Option<(Page<O::Item>, Place)>,
    yields: u8,
}

/// Where the page stands that was given last.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The cursor it was asked for with.
    pub(super) cursor: Option<String>,
    /// What comes after it.
    pub(super) next: Next,
    /// The list goes on, and it could not be told where: asked for again, the page may tell.
    pub(super) is_stuck: bool,
}

enum State<O: ListOperation> {
    Idle(Box<Walker<O>>),
    /// An error that comes after the page that was just given.
    Last(Error),
    Busy(Request<Step<O>>),
    Done,
}

/// The list with the place it is read at.
struct Walker<O> {
    list: List<O>,
    walk: Walk,
}

struct Step<O: ListOperation> {
    walker: Box<Walker<O>>,
    cursor: Option<String>,
    outcome: Result<Page<O::Item>, Error>,
    /// What comes after the page, and ends the stream.
    last: Option<Error>,
}

impl<O: ListOperation> List<O> {
    /// The list, page by page.
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
            read_ahead: list.reads_ahead(),
            wanted: usize::MAX,
            held: None,
            yields: 0,
            state: State::Idle(Box::new(Walker { list, walk })),
        }
    }

    /// The next page, for those who do not want to name a trait.
    pub async fn next_page(&mut self) -> Option<Result<Page<O::Item>, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Asks for the next page in a task of its own, where there is a runtime to have one.
    fn ask_ahead(&mut self) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        self.state = match mem::replace(&mut self.state, State::Done) {
            State::Idle(walker) => match walker.walk.next().clone() {
                Next::Page(cursor) => {
                    let task = runtime.spawn(walker.step(cursor));
                    self.yields = YIELDS;
                    State::Busy(Request::Task(task))
                }
                Next::End => State::Idle(walker),
            },
            other => other,
        };
    }
}

/// A request that is under way; dropping it ends it.
enum Request<T> {
    Own(Pin<Box<dyn Future<Output = T> + Send>>),
    Task(JoinHandle<T>),
}

impl<T> Request<T> {
    /// The outcome; nothing where a task ended without one.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<T>> {
        match self {
            Self::Own(request) => request.as_mut().poll(context).map(Some),
            Self::Task(task) => Pin::new(task).poll(context).map(Result::ok),
        }
    }
}

impl<T> Drop for Request<T> {
    fn drop(&mut self) {
        if let Self::Task(task) = self {
            task.abort();
        }
    }
}

impl<O: ListOperation> Walker<O> {
    /// Asks for the next page, which there must be.
    async fn step(mut self: Box<Self>, cursor: Option<String>) -> Step<O> {
        let limit = match self.list.check() {
            Ok(limit) => limit,
            Err(error) => {
                // Asking again would not change it.
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
                // Only now: until it is handed out, the page is still ahead of every position.
                this.place = place;
                return Poll::Ready(Some(Ok(page)));
            }
            match mem::replace(&mut this.state, State::Done) {
                State::Done => return Poll::Ready(None),
                State::Last(error) => return Poll::Ready(Some(Err(error))),
                State::Idle(walker) => match walker.walk.next().clone() {
                    Next::End => return Poll::Ready(None),
                    Next::Page(cursor) => {
                        this.state = State::Busy(Request::Own(Box::pin(walker.step(cursor))));
                    }
                },
                State::Busy(mut step) => {
                    let Poll::Ready(step) = step.poll(context) else {
                        this.state = State::Busy(step);
                        return Poll::Pending;
                    };
                    let Some(step) = step else {
                        let text = "the request for the next page was broken off with its runtime";
                        return Poll::Ready(Some(Err(error::<O>(ErrorKind::Transport, text))));
                    };
                    let next = step.walker.walk.next().clone();
                    let is_stuck = step.last.is_some();
                    this.state = match step.last {
                        Some(error) => State::Last(error),
                        None => State::Idle(step.walker),
                    };
                    let page = match step.outcome {
                        Ok(page) => page,
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    };
                    let place = Place {
                        cursor: step.cursor,
                        next,
                        is_stuck,
                    };
                    if this.read_ahead && this.wanted > page.items.len() {
                        this.ask_ahead();
                    }
                    this.held = Some((page, place));
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

fn stuck_error<O: ListOperation>(stuck: Stuck) -> Error {
    let (kind, text) = match stuck {
        Stuck::NoCursor => (
            ErrorKind::Incomplete,
            "the service says there are more items and not where: what came so far is all there is to have",
        ),
        Stuck::Empty => (
            ErrorKind::Incomplete,
            "too many empty pages in a row, and still no end: try again later",
        ),
        Stuck::Repeated => (
            ErrorKind::CursorLoop,
            "the service gave a cursor that this walk has been at: the list would never end",
        ),
    };
    error::<O>(kind, text)
}
