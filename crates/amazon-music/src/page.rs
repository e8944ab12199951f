//! One page of a list.

use crate::operation::Connection;

/// One page of a list.
///
/// `items` may be shorter than the limit, or empty, on any page: only [`has_next_page`] tells whether
/// the list goes on.
///
/// [`has_next_page`]: Self::has_next_page
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items in list order.
    pub items: Vec<T>,
    /// Whether the service says that the list goes on. Where it says nothing, whether it gave a
    /// token.
    pub has_next_page: bool,
    /// Where the list goes on: the token of the page, or else the cursor of its last edge. May be
    /// missing although there is a next page; the documentation's own sample shows such a page.
    pub next_cursor: Option<String>,
    /// How many edges the service says this page has. For information only; it is not a total.
    pub edge_count: Option<i64>,
}

impl<T> Page<T> {
    pub(crate) fn new(connection: Option<Connection<T>>) -> Self {
        let Some(connection) = connection else {
            return Self {
                items: Vec::new(),
                has_next_page: false,
                next_cursor: None,
                edge_count: None,
            };
        };
        let filled = |text: &String| !text.is_empty();
        let (has_next_page, token) = match connection.page_info {
            Some(info) => {
                let token = info.token.filter(filled);
                (info.has_next_page.unwrap_or(token.is_some()), token)
            }
            None => (false, None),
        };
        let mut last_cursor = None;
        let mut items = Vec::with_capacity(connection.edges.len());
        for (node, cursor) in connection.edges {
            last_cursor = cursor;
            items.extend(node);
        }
        let next_cursor = match has_next_page {
            true => token.or(last_cursor.filter(filled)),
            false => None,
        };
        Self {
            items,
            has_next_page,
            next_cursor,
            edge_count: connection.edge_count,
        }
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
