//! The request builder of a list.

use std::fmt;

use serde::de::DeserializeOwned;

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
    served::ServedAs,
};

/// The request builder of a list.
///
/// Returned by methods of [`AmazonMusic`] such as [`top_tracks`](AmazonMusic::top_tracks). It and its
/// streams are `'static` and can be moved to other tasks. Nothing is sent before [`send`](Self::send), or
/// before a stream is polled.
///
/// ```no_run
/// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
/// let list = music.category_albums("2iB4IU25").limit(50);
/// let page = list.send().await?;
/// if let Some(cursor) = page.next_cursor {
///     let next = list.clone().cursor(cursor).send().await?;
///     println!("{} and {} albums", page.items.len(), next.items.len());
/// }
/// // Or all items; the stream handles the cursors.
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

    /// Sets the page size, from 1 to the [`max_limit`](crate::ListInfo::max_limit) of the operation.
    ///
    /// The default is the documented one ([`default_limit`](crate::ListInfo::default_limit)). The limit is
    /// sent with every request, because the documentation's own sample shows a page smaller than the
    /// documented default.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Starts at a cursor instead of the first page.
    ///
    /// Cursors are opaque: use a [`next_cursor`](Page::next_cursor) of the same list and limit.
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }

    /// Sends the request and returns one page.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Request`] if the limit, the cursor or an id is not valid, before anything is sent; for
    /// the other kinds see [`ErrorKind`].
    pub async fn send(&self) -> Result<Page<O::Item>, Error> {
        self.fetch(self.page()?, decode::page::<O>(self.cursor.is_some()))
            .await
    }

    /// Sends the request and returns one page with the status, headers and body of the response.
    ///
    /// ```no_run
    /// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
    /// let response = music.top_tracks().send_with_meta().await?;
    /// println!("{} items in {} bytes", response.value.items.len(), response.meta.body_bytes);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The same as for [`send`](Self::send).
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

    /// Prefetches the next page while the items of the current one are consumed.
    ///
    /// Reads at most one page ahead and never beyond the end, in a task of its own, so that a consumer that
    /// computes without awaiting overlaps with the request too. Needs a Tokio runtime, as all requests do.
    ///
    /// ```no_run
    /// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
    /// let mut tracks = music.category_tracks("2iB4IU25").read_ahead().items();
    /// while let Some(track) = tracks.next_item().await {
    ///     println!("{}", track?.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn read_ahead(mut self) -> Self {
        self.read_ahead = true;
        self
    }

    /// Sets how many empty pages in a row a stream follows before it fails with
    /// [`ErrorKind::Incomplete`]; 5 by default.
    pub fn max_empty_pages(mut self, pages: u32) -> Self {
        self.max_empty_pages = pages;
        self
    }

    /// Validates the parameters and returns the limit to send.
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

    /// Reads the items with their JSON as served, beside the decoded value: see [`Served`](crate::Served).
    ///
    /// Pages, streams, retries and errors are the same, and a [`Position`](crate::Position) of one reading
    /// can be resumed by the other.
    ///
    /// ```no_run
    /// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
    /// let mut tracks = music.top_tracks().served().items();
    /// while let Some(track) = tracks.next_item().await {
    ///     let track = track?;
    ///     println!("{}: {}", track.value.title.as_deref().unwrap_or("-"), track.json());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn served(self) -> List<ServedAs<O, O::Item>> {
        self.served_as()
    }

    /// Reads the items into a type of the caller's own, with their JSON as served.
    ///
    /// An item needs a string `id` all the same, for its place in the list. A part of an item that does not
    /// match `T` is left out if `T` can do without it; otherwise the item is one error
    /// ([`ErrorKind::Item`]). If the item before a [`Position`](crate::Position) is one that this reading
    /// cannot read and the other could, resuming reports [`ErrorKind::Changed`].
    ///
    /// With [`serde::de::IgnoredAny`] as `T` only the texts are read, which takes less time than decoding.
    ///
    /// ```no_run
    /// #[derive(Clone, Debug, serde::Deserialize)]
    /// #[serde(rename_all = "camelCase")]
    /// struct Ranked {
    ///     title: String,
    ///     chart_position: Option<u32>,
    /// }
    ///
    /// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
    /// for track in music.top_tracks().served_as::<Ranked>().send().await? {
    ///     println!("{} {:?} {}", track.id(), track.value.chart_position, track.value.title);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn served_as<T>(self) -> List<ServedAs<O, T>>
    where
        T: DeserializeOwned + Clone + fmt::Debug + Send + Unpin + 'static,
    {
        List {
            music: self.music,
            operation: ServedAs::new(self.operation),
            limit: self.limit,
            cursor: self.cursor,
            read_ahead: self.read_ahead,
            max_empty_pages: self.max_empty_pages,
        }
    }

    /// Sets options for the requests of this list, in place of those of the client.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.music = self.music.with_options(options);
        self
    }

    /// The limit to send, not yet validated.
    pub(crate) fn page_size(&self) -> u32 {
        self.limit.unwrap_or(O::LIST.default_limit)
    }

    pub(crate) fn reads_ahead(&self) -> bool {
        self.read_ahead
    }

    pub(crate) fn walk(&self) -> Walk {
        Walk::new(self.cursor.clone()).max_empty(self.max_empty_pages)
    }

    /// Sends a request whose parameters are valid; `read` decodes its response.
    pub(crate) async fn fetch<T>(
        &self,
        page: PageRequest,
        read: impl Fn(Strict<Found<O>>, &Context<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let fetch = |client| self.operation.fetch(client, page.clone());
        self.music.attempts(Some(&O::INFO), fetch, read).await
    }
}
