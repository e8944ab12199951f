//! Sources of the items of a list: the catalog, or the caller's own items.

use serde_json::Value;

use crate::{
    catalog::{entity::Kind, list::List},
    cursor::Shape,
};

/// The source of the items of one list.
pub(crate) struct Source<'a> {
    list: List,
    own: Option<&'a [Value]>,
    is_rich: bool,
}

impl<'a> Source<'a> {
    /// A list of the catalog, whose items are replaced by the caller's own, if there are any.
    pub(crate) fn new(list: List, own: Option<&'a [Value]>, is_rich: bool) -> Self {
        Self { list, own, is_rich }
    }

    pub(crate) fn length(&self) -> usize {
        self.own.map_or(self.list.length, <[Value]>::len)
    }

    pub(crate) fn item(&self, index: usize) -> Option<Value> {
        match self.own {
            Some(own) => own.get(index).cloned(),
            None => Some(self.list.item(index, self.is_rich)),
        }
    }

    pub(crate) fn shape(&self) -> Shape {
        self.list.shape()
    }

    /// The cursor of an offset; the first item needs none.
    pub(crate) fn cursor(&self, offset: usize) -> Option<String> {
        let before = self.item(offset.checked_sub(1)?)?;
        let id = before["id"].as_str().unwrap_or_default();
        Some(self.shape().encode(&self.list.name, offset, id))
    }

    /// Whether each edge has a cursor, as the documentation shows for categories.
    pub(crate) fn has_edge_cursors(&self) -> bool {
        self.list.kind == Kind::Category
    }
}
