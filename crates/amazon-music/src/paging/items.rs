//! The stream of the items of a list.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use futures_core::{FusedStream, Stream};

use crate::{
    decode::Page,
    error::{Error, ErrorKind},
    operation::{ListOperation, error},
    paging::{
        list::List,
        pages::Pages,
        position::{Position, fingerprint},
        walk::Next,
    },
};

/// A stream of the items of a list.
///
/// Returned by [`List::items`], [`List::take_items`] and [`List::resume`]. `Send` and `'static`; works with
/// the combinators of `futures_util::TryStreamExt`, or without any trait in scope through
/// [`next_item`](Self::next_item):
///
/// ```no_run
/// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
/// use futures_util::TryStreamExt as _;
///
/// music
///     .top_tracks()
///     .items()
///     .try_for_each(async |track| {
///         println!("{}", track.id);
///         Ok(())
///     })
///     .await?;
///
/// let mut tracks = music.top_tracks().items();
/// while let Some(track) = tracks.next_item().await {
///     println!("{}", track?.id);
/// }
/// # Ok(())
/// # }
/// ```
///
/// Holds one page in memory, two with [`List::read_ahead`].
///
/// # Errors
///
/// The same as for [`Pages`]. In addition, an item that could not be decoded yields one error in its place
/// ([`ErrorKind::Item`]), and the stream continues.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<O: ListOperation> {
    pages: Pages<O>,
    page: vec::IntoIter<O::Item>,
    /// Errors of the items of the page that could not be decoded, to be yielded in their places.
    skipped: vec::IntoIter<Error>,
    /// The index of the next item on its page.
    index: usize,
    /// The id of the last item yielded from this page.
    last: Option<String>,
    /// Number of items still to be yielded.
    left: usize,
    /// The position to seek to on the first page.
    resume: Option<Position>,
    /// An error to yield before anything else.
    first: Option<Error>,
    /// Whether the first page held no list.
    is_missing: bool,
    /// The position at the start of the list, the base of all others.
    start: Position,
}

impl<O: ListOperation> List<O> {
    /// Returns a stream of all items, which requests one page at a time.
    pub fn items(self) -> Items<O> {
        Items::new(self, usize::MAX)
    }

    /// Returns a stream of the first `count` items.
    ///
    /// No more pages are requested than needed. If `count` is smaller than the page size, it becomes the
    /// limit.
    ///
    /// ```no_run
    /// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
    /// let tracks = music.category_tracks("2iB4IU25").take_items(150).collect_all().await?;
    /// println!("{} tracks", tracks.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn take_items(mut self, count: usize) -> Items<O> {
        if let Ok(count @ 1..) = u32::try_from(count)
            && count < self.page_size()
        {
            self.limit = Some(count);
        }
        Items::new(self, count)
    }

    /// Returns a stream that continues from a persisted [`Position`], without repeating or skipping items.
    ///
    /// The page at the position is requested again. If it has changed, the stream yields one error
    /// ([`ErrorKind::Changed`]) and continues after the last item that was yielded before.
    ///
    /// ```no_run
    /// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut items = music.categories().items();
    /// let first = items.next_item().await;
    /// let saved = serde_json::to_string(&items.position())?;
    ///
    /// // Later, in another process.
    /// let position = serde_json::from_str(&saved)?;
    /// let rest = music.categories().resume(position)?.collect_all().await?;
    /// # let _ = (first, rest);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Position`] if the position was taken from another list, has another limit than the one
    /// set here, or was written in an unsupported format version.
    pub fn resume(mut self, position: Position) -> Result<Items<O>, Error> {
        position.check(&self.operation)?;
        if let Some(limit) = self.limit
            && limit != position.limit
        {
            return Err(error::<O>(
                ErrorKind::Position,
                format!(
                    "the position was taken with limit {}, not {limit}: leave out `limit` to resume it",
                    position.limit
                ),
            ));
        }
        self.limit = Some(position.limit);
        self.cursor.clone_from(&position.cursor);
        Ok(Items::resumed(self, position))
    }
}

impl<O: ListOperation> Items<O> {
    pub(crate) fn new(list: List<O>, wanted: usize) -> Self {
        let start = Position::new(&list.operation, list.page_size());
        let mut pages = list.pages();
        pages.wanted = wanted;
        Self {
            pages,
            page: Vec::new().into_iter(),
            skipped: Vec::new().into_iter(),
            index: 0,
            last: None,
            left: wanted,
            resume: None,
            first: None,
            is_missing: false,
            start,
        }
    }

    pub(crate) fn resumed(list: List<O>, position: Position) -> Self {
        let wanted = match position.end {
            true => 0,
            false => usize::MAX,
        };
        let mut items = Self::new(list, wanted);
        items.resume = Some(position);
        items
    }

    /// Returns the next item, or `None` at the end; needs no trait in scope.
    pub async fn next_item(&mut self) -> Option<Result<O::Item, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Collects the remaining items.
    ///
    /// # Errors
    ///
    /// Returns the first error of the stream and drops the items before it. To keep them, or to skip items
    /// that cannot be decoded, consume the stream item by item.
    pub async fn collect_all(mut self) -> Result<Vec<O::Item>, Error> {
        let mut all = Vec::new();
        while let Some(item) = self.next_item().await {
            all.push(item?);
        }
        Ok(all)
    }

    /// Returns the position before the next item, to be persisted and given to [`List::resume`] later.
    ///
    /// Available at any time, even after an error. All items yielded so far lie before the position.
    #[must_use]
    pub fn position(&self) -> Position {
        if let Some(position) = &self.resume {
            return position.clone();
        }
        let mut position = self.start.clone();
        let is_drained = self.page.len() == 0 && self.skipped.len() == 0;
        if !is_drained || self.pages.place().is_stuck {
            position.cursor.clone_from(&self.pages.place().cursor);
            position.offset = self.index;
            position.last = self.last.as_deref().map(fingerprint);
            return position;
        }
        match &self.pages.place().next {
            Next::Page(cursor) => position.cursor.clone_from(cursor),
            Next::End => position.end = true,
        }
        position
    }

    /// Returns whether the first page held no list, which is read as an empty one: see
    /// [`Page::is_missing`](crate::Page::is_missing).
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.is_missing
    }

    /// Starts on a new page.
    fn take_in(&mut self, page: Page<O::Item>) {
        self.is_missing |= page.is_missing;
        self.page = page.items.into_iter();
        self.skipped = page.skipped.into_iter();
        self.index = 0;
        self.last = None;
        if let Some(position) = self.resume.take() {
            self.go_to(&position);
        }
    }

    /// Seeks to a position on the current page. If the page has changed, queues an error and looks for the
    /// last item before the position.
    fn go_to(&mut self, position: &Position) {
        let items = self.page.as_slice();
        let is_passed = |error: &&Error| error.index().is_some_and(|index| index < position.offset);
        let errors = self.skipped.as_slice().iter().filter(is_passed).count();
        let passed = position.offset.saturating_sub(errors).min(items.len());
        let before = passed
            .checked_sub(1)
            .map(|last| fingerprint(O::id(&items[last])));
        let mut target = passed;
        if before != position.last {
            let text = "the list has changed since the position was taken: items may be missing or repeated";
            self.first = Some(error::<O>(ErrorKind::Changed, text));
            // After the last item before the position, or its copy nearest to the old place.
            let found = items
                .iter()
                .enumerate()
                .filter(|(_, item)| position.last == Some(fingerprint(O::id(item))));
            let nearest = found.min_by_key(|(index, _)| (index + 1).abs_diff(passed));
            target = nearest.map_or(passed, |(index, _)| index + 1);
        }
        self.last = target
            .checked_sub(1)
            .map(|last| O::id(&items[last]).to_owned());
        self.index = target + errors;
        if target > 0 {
            self.page.nth(target - 1);
        }
        if errors > 0 {
            self.skipped.nth(errors - 1);
        }
    }
}

impl<O: ListOperation> Stream for Items<O> {
    type Item = Result<O::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(error) = this.first.take() {
                return Poll::Ready(Some(Err(error)));
            }
            if this.left == 0 {
                return Poll::Ready(None);
            }
            let next_skipped = this.skipped.as_slice().first().map(Error::index);
            if next_skipped.is_some_and(|index| index <= Some(this.index) || this.page.len() == 0)
                && let Some(error) = this.skipped.next()
            {
                this.index += 1;
                return Poll::Ready(Some(Err(error)));
            }
            if let Some(item) = this.page.next() {
                this.index += 1;
                let last = this.last.get_or_insert_default();
                last.clear();
                last.push_str(O::id(&item));
                this.left -= 1;
                return Poll::Ready(Some(Ok(item)));
            }
            this.pages.wanted = this.left;
            match ready!(Pin::new(&mut this.pages).poll_next(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => this.take_in(page),
            }
        }
    }
}

impl<O: ListOperation> FusedStream for Items<O> {
    fn is_terminated(&self) -> bool {
        let is_drained = self.page.len() == 0 && self.skipped.len() == 0 && self.first.is_none();
        self.left == 0 || is_drained && self.pages.is_terminated()
    }
}

impl<O: ListOperation> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Items").field(&O::INFO.name).finish()
    }
}
