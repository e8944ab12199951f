//! The caller's own items, in place of the catalog's.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::{
    routes::{CATEGORIES, lists},
    setting::SettingError,
};

/// Own items, by the path of their list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Items(BTreeMap<String, Vec<Value>>);

impl Items {
    /// Sets the items of a list, in place of those set before.
    pub(crate) fn set<T: Serialize>(
        &mut self,
        path: &str,
        items: impl IntoIterator<Item = T>,
    ) -> Result<(), SettingError> {
        if !lists().any(|list| is_at(list, path)) {
            let lists: Vec<&str> = lists().collect();
            let lists = lists.join(", ");
            let text = format!("no list of items at {path:?}: the paths of lists are {lists}");
            return Err(SettingError::new(text));
        }
        let items = items.into_iter().enumerate();
        let items: Result<Vec<Value>, _> = items
            .map(|(index, item)| value(path, index, &item))
            .collect();
        self.0.insert(path.to_owned(), items?);
        Ok(())
    }

    /// The items of a list, if they were set.
    pub(crate) fn get(&self, path: &str) -> Option<&[Value]> {
        self.0.get(path).map(Vec::as_slice)
    }

    /// A category that was set.
    pub(crate) fn category(&self, id: &str) -> Option<Value> {
        let mut categories = self.get(CATEGORIES).into_iter().flatten();
        categories.find(|category| category["id"] == id).cloned()
    }

    /// Whether a list of this category was set.
    pub(crate) fn has_list_of(&self, id: &str) -> bool {
        let lists = format!("{CATEGORIES}/{id}/");
        self.0.keys().any(|path| path.starts_with(&lists))
    }
}

/// Whether a path is one of this list, whose `{id}` stands for any id.
fn is_at(list: &str, path: &str) -> bool {
    let (mut wanted, mut found) = (list.split('/'), path.split('/'));
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return true,
            (Some("{id}"), Some(id)) if !matches!(id, "" | "{id}") => {}
            (Some(wanted), Some(found)) if wanted == found && wanted != "{id}" => {}
            _ => return false,
        }
    }
}

fn value<T: Serialize>(path: &str, index: usize, item: &T) -> Result<Value, SettingError> {
    let wrong = |text: String| SettingError::new(format!("item {index} of {path}: {text}"));
    let item = serde_json::to_value(item)
        .map_err(|error| wrong(format!("cannot be serialized ({error})")))?;
    let id = item.get("id").and_then(Value::as_str).unwrap_or_default();
    if id.is_empty() {
        let text = "no id: every item needs a string `id` that is not empty";
        return Err(wrong(text.to_owned()));
    }
    Ok(item)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_are_found_by_their_path() {
        let mut items = Items::default();
        let tracks = "/browse/categories/mine/tracks";
        items.set(tracks, [json!({"id": "a"})]).unwrap();
        assert_eq!(items.get(tracks).unwrap().len(), 1);
        assert!(items.has_list_of("mine") && !items.has_list_of("min"));
        let category = json!({"id": "mine", "name": "Mine"});
        items.set(CATEGORIES, [&category]).unwrap();
        assert_eq!(items.category("mine"), Some(category));
    }

    #[test]
    fn an_unknown_list_is_refused_with_the_known_ones() {
        for path in [
            "",
            "getTopTracks",
            "/browse/tracks/top/",
            "/v1/browse/tracks/top",
            "/browse/categories/mine",
            "/browse/categories//tracks",
            "/browse/categories/{id}/tracks",
            "/browse/categories/mine/songs",
        ] {
            let error = Items::default()
                .set(path, [json!({"id": "a"})])
                .unwrap_err();
            let text = error.to_string();
            assert!(text.starts_with(&format!("no list of items at {path:?}: ")));
            assert!(text.contains("/browse/categories/{id}/tracks"));
        }
    }

    #[test]
    fn an_item_without_an_id_is_refused_by_its_index() {
        for item in [json!(1), json!({}), json!({"id": 1}), json!({"id": ""})] {
            let items = [json!({"id": "a"}), item];
            let error = Items::default()
                .set("/browse/tracks/top", items)
                .unwrap_err();
            assert_eq!(
                error.to_string(),
                "item 1 of /browse/tracks/top: no id: every item needs a string `id` that is not empty"
            );
        }
    }
}
