//! One page of a list, decoded straight into what a page is made of.
//!
//! The wire types of the generated client have an edge around each item and an envelope around the list.
//! To build them only to take them apart again moves every item twice; here an item lands in its place
//! as it is read. Strict all the same: what has the wrong type is an error, and is then read leniently.

use std::{fmt, marker::PhantomData};

use amazon_music_browse::types::PageInfo;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::operation::ListOperation;

/// One page as it came.
#[derive(Debug)]
pub(crate) struct Connection<T> {
    /// Whether the list goes on, and where.
    pub(crate) page_info: Option<PageInfo>,
    /// How many edges the service says there are on this page.
    pub(crate) edge_count: Option<i64>,
    /// Whether there is a list at all, be it an empty one.
    pub(crate) has_edges: bool,
    /// The nodes, in list order.
    pub(crate) items: Vec<T>,
    /// The places of the edges without one.
    pub(crate) missing: Vec<usize>,
    /// The cursor of the last edge.
    pub(crate) last_cursor: Option<String>,
}

impl<T> Default for Connection<T> {
    fn default() -> Self {
        Self {
            page_info: None,
            edge_count: None,
            has_edges: false,
            items: Vec::new(),
            missing: Vec::new(),
            last_cursor: None,
        }
    }
}

/// The most items that room is made for before they are read: the largest documented page. The service's
/// word on its size must not take memory.
const MAX_RESERVED: usize = 100;

impl<T> Connection<T> {
    /// Makes room for as many items as the service says there are, so that a growing list does not move
    /// them time and again.
    fn reserve(&mut self) {
        let count = self
            .edge_count
            .and_then(|count| usize::try_from(count).ok());
        self.items
            .reserve(count.unwrap_or_default().min(MAX_RESERVED));
    }
}

/// The connection in a response, or nothing if there is none.
#[derive(Debug)]
pub(crate) struct Found<O: ListOperation>(pub(crate) Option<Connection<O::Item>>);

impl<'de, O: ListOperation> Deserialize<'de> for Found<O> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_map(Around::new(O::LIST.connection))
            .map(Self)
    }
}

/// The object around what stands at a path.
struct Around<T>(&'static [&'static str], PhantomData<T>);

impl<T> Around<T> {
    fn new(path: &'static [&'static str]) -> Self {
        Self(path, PhantomData)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Around<T> {
    type Value = Option<Connection<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (name, rest) = self.0.split_at(1);
        let mut found = None;
        while let Some(known) = map.next_key_seed(Name(name))? {
            match known {
                // Passed over, but not if it is no text: such a body is not to be trusted.
                None => drop(map.next_value::<&RawValue>()?),
                Some(_) if found.is_some() => return Err(A::Error::duplicate_field(name[0])),
                Some(_) => found = Some(map.next_value_seed(At::new(rest))?),
            }
        }
        Ok(found.flatten())
    }
}

/// What stands at a path, which may be null.
struct At<T>(&'static [&'static str], PhantomData<T>);

impl<T> At<T> {
    fn new(path: &'static [&'static str]) -> Self {
        Self(path, PhantomData)
    }
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for At<T> {
    type Value = Option<Connection<T>>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for At<T> {
    type Value = Option<Connection<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or null")
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        match self.0 {
            [] => deserializer.deserialize_map(Inside(PhantomData)).map(Some),
            path => deserializer.deserialize_map(Around::new(path)),
        }
    }
}

/// The connection itself.
struct Inside<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Inside<T> {
    type Value = Connection<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        const NAMES: &[&str] = &["pageInfo", "edgeCount", "edges"];
        let mut connection = Connection::default();
        let mut seen = [false; 3];
        while let Some(known) = map.next_key_seed(Name(NAMES))? {
            if let Some(known) = known
                && std::mem::replace(&mut seen[known], true)
            {
                return Err(A::Error::duplicate_field(NAMES[known]));
            }
            match known {
                Some(0) => connection.page_info = map.next_value()?,
                Some(1) => connection.edge_count = map.next_value()?,
                Some(_) => map.next_value_seed(Edges(&mut connection))?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(connection)
    }
}

/// The edges, whose nodes are added to the connection.
struct Edges<'a, T>(&'a mut Connection<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Edges<'_, T> {
    type Value = ();

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Edges<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, mut edges: A) -> Result<(), A::Error> {
        self.0.has_edges = true;
        self.0.reserve();
        let mut index = 0;
        while let Some(has_node) = edges.next_element_seed(Edge(self.0))? {
            if !has_node {
                self.0.missing.push(index);
            }
            index += 1;
        }
        Ok(())
    }
}

/// One edge; tells whether it has a node.
struct Edge<'a, T>(&'a mut Connection<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Edge<'_, T> {
    type Value = bool;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Edge<'_, T> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        const NAMES: &[&str] = &["node", "cursor"];
        let mut seen = [false; 2];
        let mut has_node = false;
        self.0.last_cursor = None;
        while let Some(known) = map.next_key_seed(Name(NAMES))? {
            if let Some(known) = known
                && std::mem::replace(&mut seen[known], true)
            {
                return Err(A::Error::duplicate_field(NAMES[known]));
            }
            match known {
                Some(0) => has_node = map.next_value_seed(Node(&mut self.0.items))?,
                Some(_) => self.0.last_cursor = map.next_value()?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(has_node)
    }
}

/// A node, which may be null; tells whether there is one. Added where it lands, without a move on the way.
struct Node<'a, T>(&'a mut Vec<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Node<'_, T> {
    type Value = bool;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Node<'_, T> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or null")
    }

    fn visit_none<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        self.0.push(T::deserialize(deserializer)?);
        Ok(true)
    }
}

/// The name of a member: its place among those that are known.
struct Name(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Option<usize>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    #[inline]
    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|known| *known == name))
    }
}

#[cfg(test)]
mod tests;
