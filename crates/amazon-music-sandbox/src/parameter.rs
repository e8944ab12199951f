//! Query parameters: the values that a request may give them, and what they do.

use serde_json::Value;

use crate::spec::{
    Spec,
    operation::{Operation, Parameter},
    schema::Schema,
};

/// The effect of a query parameter, beyond the check of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect<'a> {
    /// The size of a page.
    Limit,
    /// The place in a list.
    Cursor,
    /// Selects the items that have the value in this property.
    Filter(&'a str),
    /// None.
    None,
}

impl<'a> Effect<'a> {
    /// The effect of a parameter of an operation.
    pub(crate) fn of(spec: &'a Spec, operation: &Operation, parameter: &Parameter) -> Self {
        match &*parameter.name {
            _ if !operation.payload.is_list => Self::None,
            "limit" => Self::Limit,
            "cursor" => Self::Cursor,
            _ => {
                let item = spec.schemas.get(&operation.payload.item);
                let property = item.and_then(|item| filtered(spec, item, parameter));
                property.map_or(Self::None, Self::Filter)
            }
        }
    }
}

/// The property that a parameter filters on: one of the same component, or a boolean of the same name.
fn filtered<'a>(spec: &Spec, item: &'a Schema, parameter: &Parameter) -> Option<&'a str> {
    let properties = || item.properties.iter();
    let is_boolean = |schema| spec.schemas.resolve(schema).kind == "boolean";
    if is_boolean(&parameter.schema) {
        let mut properties = properties();
        let found =
            properties.find(|(name, schema)| **name == parameter.name && is_boolean(schema));
        return found.map(|(name, _)| name.as_str());
    }
    let component = parameter.schema.component()?;
    let mut same =
        properties().filter(|(_, schema)| schema.component_or_items() == Some(component));
    let by_name = same.clone().find(|(name, _)| **name == parameter.name);
    by_name
        .or_else(|| same.next())
        .map(|(name, _)| name.as_str())
}

/// Whether an item has this value in a property, or in one of the elements of the property.
pub(crate) fn matches(item: &Value, property: &str, wanted: &str) -> bool {
    let is_wanted = |value: &Value| !value.is_null() && is_text(value, wanted);
    match &item[property] {
        Value::Array(values) => values.iter().any(is_wanted),
        value => is_wanted(value),
    }
}

/// Whether a text is the one that a query has for a value.
fn is_text(value: &Value, text: &str) -> bool {
    let other = value.to_string();
    value.as_str().unwrap_or(&other) == text
}

/// Whether a schema allows the text of a parameter.
pub(crate) fn allows(schema: &Schema, text: &str) -> bool {
    let is_in_bounds = |number: f64| {
        schema.minimum.is_none_or(|minimum| number >= minimum)
            && schema.maximum.is_none_or(|maximum| number <= maximum)
    };
    let has_type = match &*schema.kind {
        "boolean" => matches!(text, "true" | "false"),
        #[expect(clippy::cast_precision_loss, reason = "bounds are small numbers")]
        "integer" => text
            .parse()
            .is_ok_and(|number: i64| is_in_bounds(number as f64)),
        "number" => text.parse().is_ok_and(is_in_bounds),
        _ => {
            let length = text.chars().count();
            length >= schema.min_length && schema.max_length.is_none_or(|most| length <= most)
        }
    };
    let is_listed = |value: &Value| is_text(value, text);
    has_type && (schema.closed.is_empty() || schema.closed.iter().any(is_listed))
}

/// A sentence in HTML on each query parameter but those of paging: whether it selects items, or has no effect.
#[cfg(any(test, feature = "reference-page"))]
pub(crate) fn effects(spec: &Spec) -> String {
    let operations = spec.operations.iter();
    let sentences = operations.flat_map(|operation| {
        operation.query().filter_map(move |parameter| {
            let of = format!("<code>{}</code> of {}", parameter.name, operation.path);
            Some(match Effect::of(spec, operation, parameter) {
                Effect::Limit | Effect::Cursor => return None,
                Effect::Filter(property) => {
                    format!("\n{of} selects items by their <code>{property}</code>.")
                }
                Effect::None => format!("\n{of} is checked and has no effect."),
            })
        })
    });
    sentences.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema(schema: Value) -> Schema {
        serde_json::from_value(schema).unwrap()
    }

    #[test]
    fn a_value_has_the_type_the_bounds_and_the_closed_values_of_its_schema() {
        let limit = schema(json!({"type": "integer", "minimum": 1, "maximum": 20}));
        let flag = schema(json!({"type": "boolean"}));
        let number = schema(json!({"type": "number", "maximum": 1}));
        let text = schema(json!({"type": "string", "minLength": 1, "maxLength": 2}));
        let closed = schema(json!({"type": "string", "enum": ["A", "B"]}));
        let open = schema(json!({"type": "string", "x-extensible-enum": ["A"]}));
        for (schema, allowed, refused) in [
            (&limit, &["1", "20"][..], &["0", "21", "1.5", "", "x"][..]),
            (&flag, &["true", "false"], &["", "1", "TRUE"]),
            (&number, &["0.5", "-3"], &["1.5", "", "x", "NaN"]),
            (&text, &["é", "ab"], &["", "abc"]),
            (&closed, &["A"], &["", "C"]),
            (&open, &["A", "C", ""], &[]),
        ] {
            for text in allowed {
                assert!(allows(schema, text), "{text:?} {schema:?}");
            }
            for text in refused {
                assert!(!allows(schema, text), "{text:?} {schema:?}");
            }
        }
    }

    #[test]
    fn an_item_matches_by_a_value_or_by_one_of_several() {
        let item = json!({"a": "X", "b": ["Y", "X"], "c": true, "d": null});
        for (property, wanted, does) in [
            ("a", "X", true),
            ("a", "Y", false),
            ("b", "X", true),
            ("b", "Z", false),
            ("c", "true", true),
            ("c", "false", false),
            ("d", "null", false),
            ("e", "", false),
        ] {
            assert_eq!(
                matches(&item, property, wanted),
                does,
                "{property} {wanted}"
            );
        }
    }
}
