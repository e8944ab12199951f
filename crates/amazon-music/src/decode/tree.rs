//! A JSON value taken apart as far as mending it needs, with its text as it came.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize,
    de::{Deserializer as _, MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// How deep a value is taken apart. Documented objects are 4 deep; without a bound, nested brackets
/// would exhaust the stack.
const MAX_DEPTH: usize = 32;

/// A JSON value, in the order it came.
#[derive(Debug)]
pub(crate) enum Tree<'a> {
    Object(Vec<(Cow<'a, str>, Tree<'a>)>),
    Array(Vec<Tree<'a>>),
    /// Anything else, or what is too deep to be taken apart: its text.
    Leaf(Cow<'a, str>),
}

/// The members of an object in their order. Of members of one name the last counts.
pub(crate) struct Members<'a>(pub(crate) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    pub(crate) fn of(raw: &'a RawValue) -> serde_json::Result<Self> {
        let mut deserializer = serde_json::Deserializer::from_str(raw.get());
        deserializer.deserialize_map(MembersVisitor).map(Self)
    }

    /// The member of this name, unless it is null.
    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        let found = self.0.iter().find(|(own, _)| own == name);
        found.map(|(_, raw)| *raw).filter(|raw| !is_null(raw))
    }
}

pub(crate) fn is_null(raw: &RawValue) -> bool {
    raw.get() == "null"
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        /// A name, borrowed unless it has escapes.
        #[derive(Deserialize)]
        #[serde(transparent)]
        struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

        let mut members: Self::Value = Vec::new();
        let mut places = std::collections::HashMap::new();
        while let Some((Name(name), value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
            match places.get(&name) {
                Some(place) => {
                    let place: &usize = place;
                    members[*place].1 = value;
                }
                None => {
                    places.insert(name.clone(), members.len());
                    members.push((name, value));
                }
            }
        }
        Ok(members)
    }
}

impl<'a> Tree<'a> {
    /// Takes a value apart.
    pub(crate) fn new(raw: &'a RawValue) -> Self {
        Self::at_depth(raw, 0)
    }

    fn at_depth(raw: &'a RawValue, depth: usize) -> Self {
        let text = raw.get();
        let apart = match text.as_bytes().first() {
            _ if depth == MAX_DEPTH => None,
            Some(b'{') => Members::of(raw).ok().map(|members| {
                let members = members.0.into_iter();
                Self::Object(
                    members
                        .map(|(name, raw)| (name, Self::at_depth(raw, depth + 1)))
                        .collect(),
                )
            }),
            Some(b'[') => serde_json::from_str::<Vec<&RawValue>>(text)
                .ok()
                .map(|items| {
                    let items = items.into_iter();
                    Self::Array(items.map(|raw| Self::at_depth(raw, depth + 1)).collect())
                }),
            _ => None,
        };
        apart.unwrap_or(Self::Leaf(Cow::Borrowed(text)))
    }

    /// The JSON text.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        match self {
            Self::Leaf(leaf) => text.push_str(leaf),
            Self::Array(items) => {
                text.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    item.write(text);
                }
                text.push(']');
            }
            Self::Object(members) => {
                text.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    text.push_str(&serde_json::Value::from(&**name).to_string());
                    text.push(':');
                    value.write(text);
                }
                text.push('}');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_written_as_it_came_but_for_spaces() {
        let sent = r#"{"b": [1.50, {"x": null}, []], "a\"": 1e400, "b2": "\u00e9"}"#;
        let raw: &RawValue = serde_json::from_str(sent).unwrap();
        let wanted = r#"{"b":[1.50,{"x":null},[]],"a\"":1e400,"b2":"\u00e9"}"#;
        assert_eq!(Tree::new(raw).text(), wanted);
    }

    #[test]
    fn of_members_of_one_name_the_last_counts() {
        let raw: &RawValue = serde_json::from_str(r#"{"a":1,"b":2,"a":3}"#).unwrap();
        assert_eq!(Tree::new(raw).text(), r#"{"a":3,"b":2}"#);
    }

    #[test]
    fn what_is_too_deep_stays_text() {
        let deep = "[".repeat(100) + &"]".repeat(100);
        let raw: &RawValue = serde_json::from_str(&deep).unwrap();
        assert_eq!(Tree::new(raw).text(), deep);
    }
}
