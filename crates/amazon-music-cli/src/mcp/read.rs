//! The requests of a call, and what is returned of their responses.

use amazon_music::{
    EntityOperation, ErrorKind, Get, Items, List, ListOperation, Position, RequestVisitor, Served,
};
use futures_util::future::BoxFuture;
use serde::{Serialize, de::IgnoredAny};
use serde_json::{Value, json};

use crate::mcp::{arguments::Page, cursor, failure::ToolError};

/// The most bytes of the items of a result, as JSON.
const MAX_BYTES: usize = 64 * 1024;

/// The longest id of an item that is left out.
const MAX_ID: usize = 256;

/// Reads what an operation returns.
pub(super) struct Read {
    pub(super) page: Page,
}

impl RequestVisitor for Read {
    type Output = BoxFuture<'static, Result<Value, ToolError>>;

    fn list<O: ListOperation>(self, request: List<O>) -> Self::Output {
        let Page { limit, position } = self.page;
        Box::pin(async move {
            let request = request.served_as::<IgnoredAny>();
            let items = match position {
                Some(position) => request.resume(position)?,
                None => request
                    .limit(u32::try_from(limit).unwrap_or(u32::MAX))
                    .items(),
            };
            Part::read(items, limit).await
        })
    }

    fn get<O: EntityOperation>(self, request: Get<O>) -> Self::Output {
        Box::pin(async move {
            let item = request.served_as::<IgnoredAny>().send().await?;
            match of(&item) {
                Ok((_, bytes)) if bytes > MAX_BYTES => Err(ToolError::too_large()),
                Ok((item, _)) => Ok(json!({ "item": item })),
                Err(_) => Err(ToolError::unreadable()),
            }
        })
    }
}

/// An item as a value, and its size as JSON. Fails if it holds what no value can: half of a surrogate pair.
fn of(item: &Served<IgnoredAny>) -> serde_json::Result<(Value, usize)> {
    Ok((item.parse()?, item.json_line().len()))
}

/// Part of a list.
#[derive(Debug, Default, Serialize)]
struct Part {
    items: Vec<Value>,
    complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cut: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    omitted: Vec<Value>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    changed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ToolError>,
    /// Size of the items.
    #[serde(skip)]
    bytes: usize,
}

/// The way to go on after an item.
enum Next {
    Item,
    /// The item did not fit.
    Full,
}

impl Part {
    async fn read<O>(mut items: Items<O>, limit: usize) -> Result<Value, ToolError>
    where
        O: ListOperation<Item = Served<IgnoredAny>>,
    {
        let mut part = Self::default();
        while part.len() < limit {
            let before = items.position();
            match items.next_item().await {
                None => break,
                Some(Ok(item)) => {
                    if let Next::Full = part.take(&item) {
                        return part.end(&before, "bytes");
                    }
                }
                Some(Err(error)) => match error.kind() {
                    ErrorKind::Item => part.omitted.push(json!({"reason": "unreadable"})),
                    ErrorKind::Changed => part.changed = true,
                    _ if part.len() == 0 => return Err(error.into()),
                    _ => {
                        part.error = Some(error.into());
                        return part.end(&items.position(), "error");
                    }
                },
            }
        }
        let cut = if items.is_missing() {
            "missing"
        } else {
            "limit"
        };
        part.end(&items.position(), cut)
    }

    /// The number of items that were read, those that are left out among them.
    fn len(&self) -> usize {
        self.items.len() + self.omitted.len()
    }

    fn take(&mut self, item: &Served<IgnoredAny>) -> Next {
        let id = || Some(item.id()).filter(|id| id.len() <= MAX_ID);
        match of(item) {
            Ok((_, bytes)) if bytes > MAX_BYTES => {
                let omitted = json!({"reason": "too_large", "id": id(), "bytes": bytes});
                self.omitted.push(omitted);
            }
            Ok((_, bytes)) if self.bytes + bytes > MAX_BYTES => return Next::Full,
            Ok((value, bytes)) => {
                self.bytes += bytes;
                self.items.push(value);
            }
            Err(_) => self
                .omitted
                .push(json!({"reason": "unreadable", "id": id()})),
        }
        Next::Item
    }

    /// The part as a value. `cut` is the reason if the list goes on.
    fn end(mut self, position: &Position, cut: &'static str) -> Result<Value, ToolError> {
        self.complete = position.is_end() && cut != "missing";
        if !self.complete {
            self.cut = Some(cut);
        }
        if !position.is_end() {
            self.next_cursor = cursor::encode(position);
        }
        serde_json::to_value(self).map_err(|_| ToolError::unreadable())
    }
}
