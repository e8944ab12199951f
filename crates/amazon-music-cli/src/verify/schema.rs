//! The schemas of the spec, with the pointers that name them.

use std::sync::LazyLock;

use amazon_music::OperationInfo;
use serde_json::Value;

use super::allowed::{Allowed, say};

/// The spec. All that is read from it lives as long as the process: it is the text of this program.
static SPEC: LazyLock<Value> = LazyLock::new(|| {
    let spec = serde_json::from_str(amazon_music_sandbox::openapi_json());
    // It is a part of this program, and tests read it.
    spec.unwrap_or_default()
});

/// A schema, without a reference: the one that it refers to.
#[derive(Clone, Debug)]
pub(super) struct Schema {
    value: &'static Value,
    pointer: Allowed,
}

/// The version of the spec.
pub(super) fn version() -> &'static str {
    SPEC.pointer("/info/version")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The pointer of the GET operation of a path.
pub(super) fn of_operation(info: &OperationInfo) -> Allowed {
    let segments = info.path.split('/').map(|part| say!(part));
    say!("#/paths/", Allowed::joined(segments, "~1"), "/get")
}

/// The name of a list in the documentation's table, if it is another.
pub(super) fn table_name(info: &OperationInfo) -> Option<&'static str> {
    SPEC["paths"][info.path]["get"]["x-pagination"]["table"].as_str()
}

/// A name that the spec has, wherever it has it.
pub(super) fn word(name: &str) -> Option<Allowed> {
    let schemas = SPEC["components"]["schemas"].as_object()?;
    let mut properties = schemas
        .values()
        .filter_map(|it| it["properties"].as_object());
    properties.find_map(|properties| {
        let (name, _) = properties.get_key_value(name)?;
        let name: &'static str = name;
        Some(say!(name))
    })
}

/// The documented samples of an operation's body.
pub(super) fn samples(info: &OperationInfo) -> impl Iterator<Item = &'static Value> {
    let get = &SPEC["paths"][info.path]["get"];
    let content = &get["responses"]["200"]["content"]["application/json"];
    let examples = content["examples"].as_object().into_iter().flatten();
    examples.map(|(_, example)| match example["$ref"].as_str() {
        Some(reference) => SPEC
            .pointer(reference.trim_start_matches('#'))
            .map_or(&Value::Null, |example| &example["value"]),
        None => &example["value"],
    })
}

impl Schema {
    fn new(value: &'static Value, pointer: Allowed) -> Self {
        let Some(reference) = value["$ref"].as_str() else {
            return Self { value, pointer };
        };
        let target = SPEC.pointer(reference.trim_start_matches('#'));
        Self {
            value: target.unwrap_or(&Value::Null),
            pointer: say!(reference),
        }
    }

    /// The component of this name.
    pub(super) fn component(name: &'static str) -> Self {
        let value = &SPEC["components"]["schemas"][name];
        Self::new(value, say!("#/components/schemas/", name))
    }

    /// The body of an operation's 200.
    pub(super) fn of_body(info: &OperationInfo) -> Self {
        let get = &SPEC["paths"][info.path]["get"];
        let value = &get["responses"]["200"]["content"]["application/json"]["schema"];
        Self::new(value, of_operation(info))
    }

    /// The connection or entity of an operation.
    pub(super) fn of_payload(info: &OperationInfo) -> Option<Self> {
        let mut schema = Self::of_body(info);
        for name in info.payload {
            schema = schema.property(name)?.1;
        }
        Some(schema)
    }

    /// An item of a list, or an entity.
    #[cfg(test)]
    pub(super) fn of_item(info: &OperationInfo) -> Option<Self> {
        let payload = Self::of_payload(info)?;
        if info.shape == amazon_music::Shape::Entity {
            return Some(payload);
        }
        let (_, edges) = payload.property("edges")?;
        Some(edges.items()?.1.property("node")?.1)
    }

    pub(super) fn pointer(&self) -> &Allowed {
        &self.pointer
    }

    /// A property: its pointer, and its schema.
    pub(super) fn property(&self, name: &str) -> Option<(Allowed, Self)> {
        let (name, value) = self.value["properties"].as_object()?.get_key_value(name)?;
        let name: &'static str = name;
        let pointer = say!(self.pointer, "/properties/", name);
        Some((pointer.clone(), Self::new(value, pointer)))
    }

    /// The names of the properties, in alphabetical order.
    pub(super) fn properties(&self) -> impl Iterator<Item = &'static str> {
        let properties = self.value["properties"].as_object();
        properties.into_iter().flatten().map(|(name, _)| &**name)
    }

    /// The properties that no object may lack.
    pub(super) fn required(&self) -> impl Iterator<Item = &'static str> {
        let required = self.value["required"].as_array();
        required.into_iter().flatten().filter_map(Value::as_str)
    }

    /// The items of an array, unless they may be anything: their pointer, and their schema.
    pub(super) fn items(&self) -> Option<(Allowed, Self)> {
        let items = &self.value["items"];
        let is_anything = items.as_object().is_none_or(serde_json::Map::is_empty);
        let pointer = say!(self.pointer, "/items");
        (!is_anything).then(|| (pointer.clone(), Self::new(items, pointer)))
    }

    /// The declared type; none if any will do.
    pub(super) fn kind(&self) -> Option<&'static str> {
        self.value["type"].as_str()
    }

    /// Whether an object may have names beside its properties.
    pub(super) fn is_free(&self) -> bool {
        !matches!(
            self.value["additionalProperties"],
            Value::Null | Value::Bool(false)
        )
    }

    pub(super) fn is_nullable(&self) -> bool {
        self.value["nullable"] == true
    }

    /// The documented values of a string, closed or open; none if any will do.
    pub(super) fn values(&self) -> Option<Vec<&'static str>> {
        let known = [&self.value["enum"], &self.value["x-extensible-enum"]];
        let known = known.into_iter().find_map(Value::as_array)?;
        Some(known.iter().filter_map(Value::as_str).collect())
    }
}

#[cfg(test)]
mod tests {
    use amazon_music::operations;

    use super::*;

    #[test]
    fn each_operation_has_a_body_a_payload_and_an_item() {
        for info in operations::ALL {
            assert_eq!(Schema::of_body(info).kind(), Some("object"), "{}", info.id);
            let item = Schema::of_item(info).unwrap();
            let expected = format!("#/components/schemas/{}", info.item);
            assert_eq!(item.pointer().as_str(), expected);
            assert!(item.properties().eq({
                let mut names: Vec<_> = info.properties.iter().map(|it| it.name).collect();
                names.sort_unstable();
                names
            }));
        }
        let tracks = operations::ALL
            .iter()
            .find(|info| info.id == "getCategoryTracks");
        assert_eq!(table_name(tracks.unwrap()), Some("playlists"));
        assert_eq!(
            of_operation(tracks.unwrap()).as_str(),
            "#/paths/~1browse~1categories~1{id}~1tracks/get"
        );
    }
}
