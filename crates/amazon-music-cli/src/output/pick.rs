//! Fields that the user chose.

use std::borrow::Cow;

use amazon_music::json;

use crate::{
    failure::Failure,
    output::{
        json::{escaped_line, line},
        layout::Layout,
        row::Row,
    },
};

/// An item reduced to the chosen fields: an object with a member for each, in their order.
pub(super) struct Picked(String);

impl Picked {
    /// Picks fields of an item by their paths: `images.url` is the `url` of each of the `images`.
    pub(super) fn new(item: &impl Row, paths: &[String]) -> Result<Self, Failure> {
        let item = item.served()?;
        let mut object = String::from("{");
        for path in paths {
            let separator = if object.len() > 1 { "," } else { "" };
            let value = value(&item, path).unwrap_or_else(|| "null".to_owned());
            object.push_str(&format!("{separator}{}:{value}", line(path)?));
        }
        object.push('}');
        Ok(Self(object))
    }
}

/// The JSON of the value at a path; of an array the values of its elements.
fn value(json: &str, path: &str) -> Option<String> {
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    let found = json::fields(json, &[name]).into_iter().next()??;
    let Some(rest) = rest else {
        return Some(escaped_line(json::compact(found)).into_owned());
    };
    if !found.starts_with('[') {
        return value(found, rest);
    }
    let elements: Vec<&serde_json::value::RawValue> = serde_json::from_str(found).ok()?;
    let values = elements
        .into_iter()
        .filter_map(|element| value(element.get(), rest));
    Some(format!("[{}]", values.collect::<Vec<_>>().join(",")))
}

impl Row for Picked {
    fn json(&self) -> Result<Cow<'_, str>, Failure> {
        Ok(self.0.as_str().into())
    }

    fn cells(&self, layout: &Layout) -> Vec<String> {
        layout.cells(&json::fields(&self.0, &layout.fields))
    }
}

#[cfg(test)]
mod tests {
    use amazon_music::Served;
    use serde::de::IgnoredAny;

    use super::*;

    #[test]
    fn fields_are_picked_by_their_paths_as_served() {
        let item = r#"{"id":"a", "n": 1.50, "album": {"title": "x \ud83d", "of": {"id": "b"}},
            "images": [{"url": "1"}, {"width": 2}, {"url": "3"}], "none": null}"#;
        let item: Served<IgnoredAny> = serde_json::from_str(item).unwrap();
        let pick = |paths: &[&str]| {
            let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
            Picked::new(&item, &paths).unwrap().0
        };
        assert_eq!(pick(&["n", "id"]), r#"{"n":1.50,"id":"a"}"#);
        assert_eq!(pick(&["album.title"]), r#"{"album.title":"x \ud83d"}"#);
        assert_eq!(pick(&["album.of.id"]), r#"{"album.of.id":"b"}"#);
        assert_eq!(pick(&["images.url"]), r#"{"images.url":["1","3"]}"#);
        for missing in ["none", "other", "id.x", "none.x", "album.x"] {
            assert_eq!(pick(&[missing]), format!("{{\"{missing}\":null}}"));
        }
    }
}
