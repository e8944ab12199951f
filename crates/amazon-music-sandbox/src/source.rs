//! Sources of the items of a list: the catalog, or the caller's own items.

use serde_json::Value;

use crate::{catalog::list::List, cursor::Shape, parameter::matches};

/// A property, and the value that an item has in it.
pub(crate) type Filter<'a> = (&'a str, String);

/// The source of the items of one list.
pub(crate) struct Source<'a> {
    list: List,
    own: Option<&'a [Value]>,
    is_rich: bool,
    filters: Vec<Filter<'a>>,
    /// The indices of the items that the filters select, if there are filters.
    selected: Option<Vec<usize>>,
    /// The name of what is listed: cursors belong to it.
    name: String,
}

impl<'a> Source<'a> {
    /// A list of the catalog, whose items are replaced by the caller's own, if there are any.
    pub(crate) fn new(
        list: List,
        own: Option<&'a [Value]>,
        is_rich: bool,
        filters: Vec<Filter<'a>>,
    ) -> Self {
        let name = filters
            .iter()
            .fold(list.name.clone(), |name, (property, value)| {
                format!("{name}?{property}={value}")
            });
        let mut source = Self {
            list,
            own,
            is_rich,
            filters,
            selected: None,
            name,
        };
        if !source.filters.is_empty() {
            let all = 0..source.length();
            let selected = all.filter(|index| source.is_selected(*index)).collect();
            source.selected = Some(selected);
        }
        source
    }

    fn is_selected(&self, index: usize) -> bool {
        let item = match self.own {
            Some(own) => own.get(index).cloned(),
            None => Some(self.list.whole(index)),
        };
        let mut filters = self.filters.iter();
        item.is_some_and(|item| filters.all(|(property, value)| matches(&item, property, value)))
    }

    pub(crate) fn length(&self) -> usize {
        let all = || self.own.map_or(self.list.length, <[Value]>::len);
        self.selected.as_ref().map_or_else(all, Vec::len)
    }

    /// An item. It has the properties that it was selected by, also if its list does not show them otherwise.
    pub(crate) fn item(&self, index: usize) -> Option<Value> {
        let index = match &self.selected {
            Some(selected) => *selected.get(index)?,
            None => index,
        };
        if let Some(own) = self.own {
            return own.get(index).cloned();
        }
        let mut item = self.list.item(index, self.is_rich);
        if !self.filters.is_empty() {
            let whole = self.list.whole(index);
            for (property, _) in &self.filters {
                item[*property] = whole[*property].clone();
            }
        }
        Some(item)
    }

    pub(crate) fn shape(&self) -> Shape {
        self.list.shape()
    }

    /// The cursor of an offset; the first item needs none.
    pub(crate) fn cursor(&self, offset: usize) -> Option<String> {
        let before = self.item(offset.checked_sub(1)?)?;
        let id = before["id"].as_str().unwrap_or_default();
        Some(self.shape().encode(&self.name, offset, id))
    }

    pub(crate) fn has_edge_cursors(&self) -> bool {
        self.list.has_edge_cursors()
    }
}
