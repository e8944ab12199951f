//! The caller's own items, in place of the catalog's.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::{
    setting::SettingError,
    spec::{Spec, place::is_at},
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
        let lists = || Spec::get().lists().map(|list| list.path.as_str());
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

    /// An item that was set in one of the lists of this operation, whose ids stand for any.
    pub(crate) fn find(&self, template: &str, id: &str) -> Option<Value> {
        let lists = self.0.iter();
        let lists = lists.filter(|(path, _)| is_at(template, path));
        let mut items = lists.flat_map(|(_, items)| items);
        items.find(|item| item["id"] == id).cloned()
    }

    /// Whether a list below this path was set.
    pub(crate) fn has_list_below(&self, path: &str) -> bool {
        let lists = format!("{path}/");
        self.0.keys().any(|path| path.starts_with(&lists))
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
        let has_list_of = |id| items.has_list_below(&format!("/browse/categories/{id}"));
        assert!(has_list_of("mine") && !has_list_of("min"));
        let category = json!({"id": "mine", "name": "Mine"});
        items.set("/browse/categories", [&category]).unwrap();
        assert_eq!(items.find("/browse/categories", "mine"), Some(category));
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
