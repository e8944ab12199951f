//! Lists as streams: a thin asynchronous shell over the state machine.

use std::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use futures_core::{FusedStream, Stream};

use crate::{
    Error, ErrorKind, List, ListOperation, Page,
    operation::PageRequest,
    walk::{MAX_EMPTY_PAGES, Next, Stuck, Walk},
};

/// A list, page by page: made by [`List::pages`].
///
/// The end of the list ends the stream. A failed request does not: it is one error in the stream, and
/// polling again asks for the same page. So stop at an error (`try_next` and `?` do), or poll again to
/// try again, but do not collect such a stream into a `Vec<Result<…>>`, which would ask for ever.
/// A list that cannot be continued ([`ErrorKind::Incomplete`], [`ErrorKind::CursorLoop`]) gives what
/// it had, then the error, and ends.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<O: ListOperation>(State<O>);

enum State<O: ListOperation> {
    Idle(Box<Walker<O>>),
    /// An error that comes after the page that was just given.
    Last(Error),
    Busy(Pin<Box<dyn Future<Output = Step<O>> + Send>>),
    Done,
}

/// The list with the place it is read at.
struct Walker<O> {
    list: List<O>,
    walk: Walk,
}

struct Step<O: ListOperation> {
    walker: Box<Walker<O>>,
    outcome: Result<Page<O::Item>, Error>,
    /// What comes after the page, and ends the stream.
    last: Option<Error>,
}

impl<O: ListOperation> Pages<O> {
    pub(crate) fn new(list: List<O>) -> Self {
        let walk = Walk::new(list.start());
        Self(State::Idle(Box::new(Walker { list, walk })))
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
                return self.failed(error);
            }
        };
        match self.list.fetch(PageRequest { limit, cursor }).await {
            Err(error) => self.failed(error),
            Ok(answer) => {
                let page = answer.value;
                let next = page.next_cursor.as_deref();
                let stuck = self
                    .walk
                    .advance(page.is_empty(), page.has_next_page, next)
                    .err();
                let last = match stuck {
                    Some(stuck) => Some(stuck_error::<O>(stuck)),
                    None => page.end_unknown.clone(),
                };
                Step {
                    walker: self,
                    outcome: Ok(page),
                    last,
                }
            }
        }
    }

    fn failed(self: Box<Self>, error: Error) -> Step<O> {
        Step {
            walker: self,
            outcome: Err(error),
            last: None,
        }
    }
}

impl<O: ListOperation> Stream for Pages<O> {
    type Item = Result<Page<O::Item>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let state = &mut self.get_mut().0;
        loop {
            match mem::replace(state, State::Done) {
                State::Done => return Poll::Ready(None),
                State::Last(error) => return Poll::Ready(Some(Err(error))),
                State::Idle(walker) => match walker.walk.next().clone() {
                    Next::End => return Poll::Ready(None),
                    Next::Page(cursor) => *state = State::Busy(Box::pin(walker.step(cursor))),
                },
                State::Busy(mut step) => {
                    let Poll::Ready(step) = step.as_mut().poll(context) else {
                        *state = State::Busy(step);
                        return Poll::Pending;
                    };
                    *state = match step.last {
                        Some(error) => State::Last(error),
                        None => State::Idle(step.walker),
                    };
                    return Poll::Ready(Some(step.outcome));
                }
            }
        }
    }
}

impl<O: ListOperation> FusedStream for Pages<O> {
    fn is_terminated(&self) -> bool {
        matches!(self.0, State::Done)
    }
}

impl<O: ListOperation> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pages").field(&O::INFO.name).finish()
    }
}

/// A list, item by item: made by [`List::items`].
///
/// Holds one page at a time. Errors are as for [`Pages`]; besides, an item that could not be read is one
/// error in its place ([`ErrorKind::Item`]), after which the stream goes on.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<O: ListOperation> {
    pages: Pages<O>,
    page: vec::IntoIter<O::Item>,
    /// The items of the page that could not be read, to be told in their places.
    skipped: vec::IntoIter<Error>,
    /// The place of the next item on its page.
    index: usize,
}

impl<O: ListOperation> Items<O> {
    pub(crate) fn new(list: List<O>) -> Self {
        Self {
            pages: list.pages(),
            page: Vec::new().into_iter(),
            skipped: Vec::new().into_iter(),
            index: 0,
        }
    }
}

impl<O: ListOperation> Stream for Items<O> {
    type Item = Result<O::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            let next_skipped = this.skipped.as_slice().first().map(Error::index);
            if next_skipped.is_some_and(|index| index <= Some(this.index) || this.page.len() == 0)
                && let Some(error) = this.skipped.next()
            {
                this.index += 1;
                return Poll::Ready(Some(Err(error)));
            }
            if let Some(item) = this.page.next() {
                this.index += 1;
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut this.pages).poll_next(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => {
                    this.page = page.items.into_iter();
                    this.skipped = page.skipped.into_iter();
                    this.index = 0;
                }
            }
        }
    }
}

impl<O: ListOperation> FusedStream for Items<O> {
    fn is_terminated(&self) -> bool {
        self.page.len() == 0 && self.skipped.len() == 0 && self.pages.is_terminated()
    }
}

impl<O: ListOperation> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Items").field(&O::INFO.name).finish()
    }
}

fn stuck_error<O: ListOperation>(stuck: Stuck) -> Error {
    let error = match stuck {
        Stuck::NoCursor => Error::new(
            ErrorKind::Incomplete,
            "the service says there are more items and not where: what came so far is all there is to have",
        ),
        Stuck::Empty => Error::new(
            ErrorKind::Incomplete,
            format!(
                "{} empty pages in a row, and still no end: try again later",
                MAX_EMPTY_PAGES + 1
            ),
        ),
        Stuck::Repeated => Error::new(
            ErrorKind::CursorLoop,
            "the service gave a cursor that this walk has been at: the list would never end",
        ),
    };
    error.with_operation(O::INFO.name)
}
