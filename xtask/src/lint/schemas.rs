//! Rules about schemas.

use std::collections::BTreeSet;

use serde_json::Value;

use super::finding::{Findings, known_extensions};
use crate::spec::{OPEN_ENUM, upper_camel_case};

pub(super) fn check(tree: &Value, findings: &mut Findings) {
    for (name, schema) in tree["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
    {
        let place = format!("components.schemas.{name}");
        any_schema(schema, &place, findings);
        component(schema, &place, findings);
    }
    for (name, parameter) in tree["components"]["parameters"]
        .as_object()
        .into_iter()
        .flatten()
    {
        any_schema(
            &parameter["schema"],
            &format!("components.parameters.{name}.schema"),
            findings,
        );
    }
}

/// Rules for any schema.
fn any_schema(schema: &Value, place: &str, findings: &mut Findings) {
    known_extensions(schema, &[OPEN_ENUM, "x-column"], place, findings);
    let column = &schema["x-column"];
    findings.add_if(
        !column.is_null() && (!column.is_boolean() || !schema["$ref"].is_null()),
        &format!("{place}.x-column"),
        "write `x-column: false`, in the component if the property refers to one",
    );
    for keyword in ["oneOf", "anyOf", "not", "discriminator"] {
        findings.add_if(
            !schema[keyword].is_null(),
            &format!("{place}.{keyword}"),
            "the generated clients pick the wrong variant or reject every value: write one object \
             with optional properties",
        );
    }
    findings.add_if(
        !schema["enum"].is_null(),
        &format!("{place}.enum"),
        "a closed enum fails the whole page on a new value: write `type: string` with \
         `x-extensible-enum`, as a component",
    );
    findings.add_if(
        schema["additionalProperties"] == false,
        &format!("{place}.additionalProperties"),
        "a new field of the service would fail the page: leave it out",
    );
    findings.add_if(
        schema["nullable"] == true && !schema["$ref"].is_null(),
        &format!("{place}.nullable"),
        "other tools reject `nullable` beside `$ref`: leave it out, null is read as absent",
    );
    if let Some(format) = schema["format"].as_str() {
        findings.add_if(
            !["int32", "int64", "double"].contains(&format),
            &format!("{place}.format"),
            "the service's own samples violate such formats (URLs with spaces, dates without offset): \
             write a plain string, or int32, int64, double for numbers",
        );
    }
    findings.add_if(
        schema["type"] == "integer" && schema["format"].is_null(),
        place,
        "an integer without a format has another size in each language: write int32 or int64",
    );
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let place = format!("{place}.properties.{name}");
        any_schema(property, &place, findings);
        property_of(property, &place, findings);
    }
    if !schema["items"].is_null() {
        let place = format!("{place}.items");
        any_schema(&schema["items"], &place, findings);
        named(&schema["items"], &place, findings);
    }
}

/// Rules for components.
fn component(schema: &Value, place: &str, findings: &mut Findings) {
    findings.add_if(
        schema["description"]
            .as_str()
            .unwrap_or_default()
            .is_empty(),
        place,
        "every component needs a description: it becomes the documentation of the type",
    );
    if schema["type"] == "object" {
        for required in schema["required"].as_array().into_iter().flatten() {
            findings.add_if(
                required != "id",
                &format!("{place}.required"),
                "every documented field may be missing: require `id` only",
            );
        }
    }
    if let Some(values) = schema[OPEN_ENUM].as_array() {
        let names: BTreeSet<String> = values
            .iter()
            .filter_map(Value::as_str)
            .map(upper_camel_case)
            .filter(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))
            .collect();
        findings.add_if(
            names.len() != values.len() || names.contains("Unknown"),
            &format!("{place}.{OPEN_ENUM}"),
            "each value becomes a Rust variant: write distinct words that begin with a letter, not \
             UNKNOWN",
        );
    }
}

/// Rules for properties of objects.
fn property_of(schema: &Value, place: &str, findings: &mut Findings) {
    findings.add_if(
        !schema["default"].is_null(),
        &format!("{place}.default"),
        "a null fails to decode if a default is declared: describe it in words",
    );
    findings.add_if(
        !schema[OPEN_ENUM].is_null(),
        &format!("{place}.{OPEN_ENUM}"),
        "an open enum needs a name: make it a component and refer to it",
    );
    for keyword in ["pattern", "minLength", "maxLength", "minimum", "maximum"] {
        findings.add_if(
            !schema[keyword].is_null(),
            &format!("{place}.{keyword}"),
            "clients enforce this on responses, so that a longer title fails the page: leave it out",
        );
    }
    named(schema, place, findings);
}

/// Requires objects to be components.
fn named(schema: &Value, place: &str, findings: &mut Findings) {
    findings.add_if(
        schema["type"] == "object",
        place,
        "an inline object gets a made-up name in every language: make it a component and refer to it",
    );
}
