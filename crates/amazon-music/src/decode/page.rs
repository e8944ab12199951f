//! One page of a list.

use crate::{decode::connection::Connection, error::Error};

/// One page of a list.
///
/// `items` may be shorter than the limit, or empty, on any page: only [`has_next_page`] tells whether
/// the list goes on.
///
/// ```no_run
/// # async fn example(music: amazon_music::AmazonMusic) -> Result<(), amazon_music::Error> {
/// let page = music.top_playlists().send().await?;
/// for playlist in &page {
///     println!("{}", playlist.id);
/// }
/// for error in &page.skipped {
///     println!("left out: {error}");
/// }
/// # Ok(())
/// # }
/// ```
///
/// [`has_next_page`]: Self::has_next_page
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items in list order.
    pub items: Vec<T>,
    /// One error for each item that could not be read, in list order; [`Error::index`] tells its
    /// place. Empty on a good page.
    pub skipped: Vec<Error>,
    /// Whether the service says that the list goes on. Where it says nothing, whether it gave a
    /// token.
    pub has_next_page: bool,
    /// Where the list goes on: the token of the page, or else the cursor of its last edge. May be
    /// missing although there is a next page; the documentation's own sample shows such a page.
    pub next_cursor: Option<String>,
    /// How many edges the service says this page has. For information only; it is not a total.
    pub edge_count: Option<i64>,
    /// Why it cannot be told whether the list goes on, where the service's word on that could not be
    /// read.
    pub end_unknown: Option<Error>,
    /// Whether the response held no list, only all that stands around it, which is read as an empty
    /// list.
    pub is_missing: bool,
}

impl<T> Page<T> {
    /// A page of a connection; `skip` makes an error of a missing node, by its place.
    pub(crate) fn new(connection: Connection<T>, skip: impl FnMut(usize) -> Error) -> Self {
        let mut page = Self {
            items: Vec::new(),
            skipped: Vec::new(),
            has_next_page: false,
            next_cursor: None,
            edge_count: None,
            end_unknown: None,
            is_missing: !connection.has_edges,
        };
        page.items = connection.items;
        page.skipped = connection.missing.into_iter().map(skip).collect();
        let filled = |text: &String| !text.is_empty();
        if let Some(info) = connection.page_info {
            let token = info.token.filter(filled);
            page.has_next_page = info.has_next_page.unwrap_or(token.is_some());
            if page.has_next_page {
                page.next_cursor = token.or(connection.last_cursor.filter(filled));
            }
        }
        page.edge_count = connection.edge_count;
        page
    }

    /// Whether the page holds nothing, not even an item that could not be read.
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty() && self.skipped.is_empty()
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Page<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}
