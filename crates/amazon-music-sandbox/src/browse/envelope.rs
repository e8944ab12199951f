//! The objects around a payload, as the schema of the response has them.

use serde_json::{Map, Value, json};

use crate::{
    browse::entity::Entity,
    spec::{Spec, operation::Operation, schema::Schema},
};

/// Puts a payload where the spec has it. An object on the way that has an `id` is the entity of the path.
pub(super) fn envelope(
    spec: &Spec,
    operation: &Operation,
    payload: Value,
    owner: Option<&Entity>,
) -> Value {
    let schema = spec.schemas.get(&operation.response);
    nest(spec, schema, &operation.payload.path, payload, owner)
}

fn nest(
    spec: &Spec,
    schema: Option<&Schema>,
    path: &[String],
    payload: Value,
    owner: Option<&Entity>,
) -> Value {
    let [name, rest @ ..] = path else {
        return payload;
    };
    let mut object = match (schema, owner) {
        (Some(schema), Some(owner)) => fields(spec, schema, owner),
        _ => json!({}),
    };
    let schema = schema.and_then(|schema| schema.properties.get(name));
    let schema = schema.map(|schema| spec.schemas.resolve(schema));
    object[name] = nest(spec, schema, rest, payload, owner);
    object
}

/// The fields of an entity in an object with an `id`: all but those that the spec has on the entity alone.
fn fields(spec: &Spec, schema: &Schema, owner: &Entity) -> Value {
    if !schema.properties.contains_key("id") {
        return json!({});
    }
    let component = owner
        .component
        .and_then(|component| spec.schemas.get(component));
    let is_left_out = |name: &str| {
        let is_of_entity = component.is_some_and(|entity| entity.properties.contains_key(name));
        is_of_entity && !schema.properties.contains_key(name)
    };
    let fields = owner.value.as_object().into_iter().flatten();
    let fields = fields.filter(|(name, _)| !is_left_out(name));
    let fields: Map<_, _> = fields
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    fields.into()
}
