//! A request of a list.

use crate::{
    call::{WithMeta, with_meta},
    client::{AmazonMusic, CallOptions},
    decode::{
        self, Page,
        connection::Found,
        context::{Context, Strict},
    },
    error::{Error, ErrorKind},
    operation::{ListOperation, PageRequest, error},
    paging::walk::{MAX_EMPTY_PAGES, Walk},
};

/// A request of a list, made by a method of [`AmazonMusic`] such as
/// [`top_tracks`](AmazonMusic::top_tracks).
///
/// Owns what it needs, so that it and its streams can be stored and sent to other tasks. Nothing is
/// sent before [`send`](Self::send), or before a stream is polled.
///
/// ```no_run
/// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
/// let list = music.category_albums("2iB4IU25").limit(50);
/// let page = list.send().await?;
/// if let Some(cursor) = page.next_cursor {
///     let next = list.clone().cursor(cursor).send().await?;
///     println!("{} and {} albums", page.items.len(), next.items.len());
/// }
/// // Or all of it, without a word about cursors.
/// let all = list.items().collect_all().await?;
/// # drop(all);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is sent or its stream is polled"]
pub struct List<O> {
    pub(crate) music: AmazonMusic,
    pub(crate) operation: O,
    pub(super) limit: Option<u32>,
    pub(super) cursor: Option<String>,
    read_ahead: bool,
    max_empty_pages: u32,
}

impl<O: ListOperation> List<O> {
    pub(crate) fn new(music: AmazonMusic, operation: O) -> Self {
        Self {
            music,
            operation,
            limit: None,
            cursor: None,
            read_ahead: false,
            max_empty_pages: MAX_EMPTY_PAGES,
        }
    }

    /// The size of a page, from 1 to the operation's [`max_limit`](crate::ListInfo::max_limit); where
    /// it is not set, the documented default. It is always sent, the same on every page of a walk,
    /// because the documentation's own sample shows a page smaller than the documented default.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Begins at this cursor instead of the first page. Cursors are opaque; use the ones that a page
    /// of the same list and limit gave.
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }

    /// Asks for one page.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Request`] where the limit or an id must not be sent; for the others see
    /// [`ErrorKind`].
    pub async fn send(&self) -> Result<Page<O::Item>, Error> {
        self.fetch(self.page()?, decode::page::<O>(self.cursor.is_some()))
            .await
    }

    /// Asks for one page, and keeps what it came with.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn send_with_meta(&self) -> Result<WithMeta<Page<O::Item>>, Error> {
        let read = decode::page::<O>(self.cursor.is_some());
        self.fetch(self.page()?, with_meta(read)).await
    }

    fn page(&self) -> Result<PageRequest, Error> {
        Ok(PageRequest {
            limit: self.check()?,
            cursor: self.cursor.clone(),
        })
    }

    /// Asks for the next page while the items of the last one are used, so that the network and the
    /// consumer work at the same time, also one that computes and never awaits. At most one page ahead,
    /// and never beyond the end. Needs a Tokio runtime, as all requests do.
    pub fn read_ahead(mut self) -> Self {
        self.read_ahead = true;
        self
    }

    /// How many empty pages in a row are followed before the list counts as broken
    /// ([`ErrorKind::Incomplete`]); 5 where nothing is set.
    pub fn max_empty_pages(mut self, pages: u32) -> Self {
        self.max_empty_pages = pages;
        self
    }

    /// Refuses what must not be sent, and gives the limit that will be.
    pub(crate) fn check(&self) -> Result<u32, Error> {
        let refuse = |message: String| error::<O>(ErrorKind::Request, message);
        let limit = self.page_size();
        let largest = O::LIST.max_limit;
        if !(1..=largest).contains(&limit) {
            return Err(refuse(format!("limit must be 1 to {largest}, not {limit}")));
        }
        if self.cursor.as_deref() == Some("") {
            return Err(refuse(
                "cursor must not be empty: leave it out for the first page".to_owned(),
            ));
        }
        self.operation.check()?;
        Ok(limit)
    }

    /// The same request with other settings for its calls.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.music = self.music.with_options(options);
        self
    }

    /// The limit that will be sent, if it is a good one.
    pub(crate) fn page_size(&self) -> u32 {
        self.limit.unwrap_or(O::LIST.default_limit)
    }

    pub(crate) fn reads_ahead(&self) -> bool {
        self.read_ahead
    }

    pub(crate) fn walk(&self) -> Walk {
        Walk::new(self.cursor.clone()).max_empty(self.max_empty_pages)
    }

    /// One checked request; `read` makes of its answer what is wanted of it.
    pub(crate) async fn fetch<T>(
        &self,
        page: PageRequest,
        read: impl Fn(Strict<Found<O>>, &Context<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let fetch = |client| self.operation.fetch(client, page.clone());
        self.music.attempts(Some(&O::INFO), fetch, read).await
    }
}
