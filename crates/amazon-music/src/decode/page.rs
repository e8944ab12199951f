//! One page of a list.

use serde::{Serialize, Serializer};

use crate::{
    decode::connection::Connection,
    error::{Error, ErrorKind},
};

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
/// `Serialize` writes its fields by these names, and the text of its errors.
///
/// [`has_next_page`]: Self::has_next_page
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items in list order.
    pub items: Vec<T>,
    /// One error for each item that could not be read, in list order; [`Error::index`] tells its
    /// place. Empty on a good page.
    #[serde(serialize_with = "texts")]
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
    #[serde(serialize_with = "text")]
    pub end_unknown: Option<Error>,
    /// Whether the response held no list, only all that stands around it, which is read as an empty
    /// list.
    pub is_missing: bool,
}

fn texts<S: Serializer>(errors: &[Error], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(errors.iter().map(ToString::to_string))
}

fn text<S: Serializer>(error: &Option<Error>, serializer: S) -> Result<S::Ok, S::Error> {
    error
        .as_ref()
        .map(ToString::to_string)
        .serialize(serializer)
}

impl<T> Page<T> {
    /// The last page of a list, for a test of your own code. This crate makes its own from responses.
    ///
    /// ```
    /// use amazon_music::{Page, types::Track};
    ///
    /// let mut page = Page::fake([Track::new("a"), Track::new("b")]);
    /// page.has_next_page = true;
    /// page.next_cursor = Some("next".to_owned());
    /// assert_eq!(page.items.len(), 2);
    /// ```
    pub fn fake(items: impl IntoIterator<Item = T>) -> Self {
        let connection = Connection {
            items: items.into_iter().collect(),
            has_edges: true,
            ..Connection::default()
        };
        Self::from_connection(connection, |_| {
            Error::new(ErrorKind::Item, "the node is missing")
        })
    }

    /// A page of a connection; `skip` makes an error of a missing node, by its place.
    pub(crate) fn from_connection(
        connection: Connection<T>,
        skip: impl FnMut(usize) -> Error,
    ) -> Self {
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
