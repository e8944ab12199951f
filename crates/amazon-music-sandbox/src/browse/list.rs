//! One page of one list.

use serde_json::{Value, json};

use crate::{
    cursor::{EXAMPLE, EXAMPLE_OFFSET},
    error::{ApiError, UNKNOWN_CURSOR},
    source::Source,
};

/// One page of one list, selected by validated parameters.
pub(crate) struct Page<'a> {
    source: Source<'a>,
    limit: usize,
    offset: usize,
}

impl<'a> Page<'a> {
    /// The page of this size from this cursor on.
    pub(crate) fn new(
        source: Source<'a>,
        limit: usize,
        cursor: Option<&str>,
    ) -> Result<Self, ApiError> {
        let offset = match cursor {
            None => 0,
            Some(cursor) => offset(&source, cursor).ok_or(UNKNOWN_CURSOR)?,
        };
        Ok(Self {
            source,
            limit,
            offset,
        })
    }

    /// The connection. Its edges have cursors if the documentation shows them for the list, and then the last
    /// one is the token.
    pub(crate) fn connection(&self) -> Value {
        let (source, length) = (&self.source, self.source.length());
        let end = length.min(self.offset.saturating_add(self.limit));
        let edges: Vec<Value> = (self.offset..end)
            .filter_map(|index| {
                let mut edge = json!({"node": source.item(index)?});
                if source.has_edge_cursors() {
                    edge["cursor"] = source.cursor(index + 1)?.into();
                }
                Some(edge)
            })
            .collect();
        let mut page_info = json!({"hasNextPage": end < length});
        if end < length {
            page_info["token"] = source.cursor(end).into();
        }
        json!({"pageInfo": page_info, "edgeCount": edges.len(), "edges": edges})
    }
}

/// The offset of a cursor that this list returned, or of the documented example.
fn offset(source: &Source<'_>, cursor: &str) -> Option<usize> {
    if cursor == EXAMPLE {
        return Some(EXAMPLE_OFFSET.min(source.length()));
    }
    let offset = source.shape().offset(cursor)?;
    let is_ours = offset < source.length() && source.cursor(offset)? == cursor;
    is_ours.then_some(offset)
}
