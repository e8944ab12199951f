//! The query of a request, checked against the parameters of its operation.

use crate::{
    error::{ApiError, BAD_REQUEST},
    parameter::{Effect, allows},
    source::Filter,
    spec::{Spec, operation::Operation},
};

/// The values of a query. Parameters that the spec does not name are left out, as services do.
#[derive(Debug)]
pub(super) struct Query<'a> {
    pub(super) limit: usize,
    pub(super) cursor: Option<String>,
    pub(super) filters: Vec<Filter<'a>>,
}

impl<'a> Query<'a> {
    /// Checks each parameter: required ones are there, none is there twice, and its schema allows the value.
    pub(super) fn read(
        spec: &'a Spec,
        operation: &Operation,
        query: &str,
    ) -> Result<Self, ApiError> {
        let default = operation.limit(&spec.schemas);
        let mut read = Self {
            limit: default.map_or(0, |(default, _)| default),
            cursor: None,
            filters: Vec::new(),
        };
        for parameter in operation.query() {
            let Some(value) = single(query, &parameter.name)? else {
                if parameter.required {
                    return Err(BAD_REQUEST);
                }
                continue;
            };
            if !allows(spec.schemas.resolve(&parameter.schema), &value) {
                return Err(BAD_REQUEST);
            }
            match Effect::of(spec, operation, parameter) {
                Effect::Limit => read.limit = value.parse().map_err(|_| BAD_REQUEST)?,
                Effect::Cursor => read.cursor = Some(value),
                Effect::Filter(property) => read.filters.push((property, value)),
                Effect::None => {}
            }
        }
        Ok(read)
    }
}

/// A query parameter that may be given once.
fn single(query: &str, name: &str) -> Result<Option<String>, ApiError> {
    let mut values = form_urlencoded::parse(query.as_bytes())
        .filter(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned());
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(BAD_REQUEST),
    }
}
