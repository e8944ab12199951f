//! Rules about operations.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Findings;
use crate::values::PATH_ID_PATTERN;

/// The only media type that the generator types.
const JSON: &str = "application/json";

pub(crate) fn check(tree: &Value, findings: &mut Findings) {
    let mut ids = BTreeSet::new();
    let mut error_schemas = BTreeSet::new();
    for (path, item) in tree["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let place = format!("{method} {path}");
            findings.add_if(
                method != "get",
                &place,
                "only GET operations are generated: retries rest on it",
            );
            identity(tree, operation, &place, &mut ids, findings);
            parameters(tree, path, operation, &place, findings);
            responses(tree, operation, &place, &mut error_schemas, findings);
            shape(tree, operation, &place, findings);
        }
    }
    findings.add_if(
        error_schemas.len() > 1,
        "paths",
        "two error schemas make the generator panic: use one for every status",
    );
}

fn identity(
    tree: &Value,
    operation: &Value,
    place: &str,
    ids: &mut BTreeSet<String>,
    findings: &mut Findings,
) {
    let id = operation["operationId"].as_str().unwrap_or_default();
    findings.add_if(
        !id.starts_with("get")
            || !id
                .chars()
                .all(|character| character.is_ascii_alphanumeric()),
        place,
        "write an operationId in camelCase that begins with `get`: method names come from it",
    );
    findings.add_if(
        !ids.insert(id.to_owned()),
        place,
        "another operation has this operationId: make it unique",
    );
    for field in ["summary", "description"] {
        findings.add_if(
            operation[field].as_str().unwrap_or_default().is_empty(),
            place,
            "write a summary and a description: they become the documentation of the call",
        );
    }
    findings.add_if(
        operation["externalDocs"]["url"].is_null(),
        place,
        "link the section of the documentation with externalDocs",
    );
    let tags = operation["tags"].as_array().map_or(&[][..], Vec::as_slice);
    findings.add_if(
        tags.len() != 1,
        place,
        "write exactly one tag: with two, Go and TypeScript clients do not compile",
    );
    let defined = |tag: &Value| {
        let tags = tree["tags"].as_array();
        tags.is_some_and(|tags| tags.iter().any(|defined| &defined["name"] == tag))
    };
    findings.add_if(
        !tags.iter().all(defined),
        place,
        "the tag is not defined: add it to `tags`",
    );
}

fn resolve<'a>(tree: &'a Value, value: &'a Value) -> &'a Value {
    value["$ref"]
        .as_str()
        .and_then(|reference| tree.pointer(reference.strip_prefix('#')?))
        .unwrap_or(value)
}

fn parameters(tree: &Value, path: &str, operation: &Value, place: &str, findings: &mut Findings) {
    let mut in_path = BTreeSet::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let parameter = resolve(tree, parameter);
        let name = parameter["name"].as_str().unwrap_or_default();
        let place = format!("{place} parameter {name}");
        findings.add_if(
            parameter["description"].is_null(),
            &place,
            "write a description: it becomes the documentation of the setter",
        );
        let reference = &parameter["schema"]["$ref"];
        let schema = resolve(tree, &parameter["schema"]);
        let bounded = ["minimum", "maximum", "minLength", "maxLength", "pattern"]
            .iter()
            .any(|keyword| !schema[keyword].is_null());
        findings.add_if(
            bounded && reference.is_null(),
            &place,
            "bounds on an inline schema make a new type for each operation: make it a component and \
             refer to it",
        );
        if let (Some(default), Some(minimum), Some(maximum)) = (
            schema["default"].as_i64(),
            schema["minimum"].as_i64(),
            schema["maximum"].as_i64(),
        ) {
            findings.add_if(
                !(minimum..=maximum).contains(&default),
                &place,
                "the default is out of bounds",
            );
        }
        match parameter["in"].as_str() {
            Some("path") => {
                in_path.insert(name.to_owned());
                findings.add_if(
                    schema["pattern"] != PATH_ID_PATTERN || schema["maxLength"].is_null(),
                    &place,
                    &format!(
                        "a path parameter could change the path: refer to a component with the \
                         pattern {PATH_ID_PATTERN} and a maxLength"
                    ),
                );
            }
            Some("query" | "header") => {}
            _ => findings.add(
                &place,
                "only path, query and header parameters are generated",
            ),
        }
    }
    let in_template: BTreeSet<String> = path
        .split(['{', '}'])
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    findings.add_if(
        in_path != in_template,
        place,
        "the parameters in the path and the declared path parameters differ",
    );
}

fn responses(
    tree: &Value,
    operation: &Value,
    place: &str,
    error_schemas: &mut BTreeSet<String>,
    findings: &mut Findings,
) {
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        let place = format!("{place} response {status}");
        if status == "default" {
            findings.add(
                &place,
                "`default` beside 200 makes the generator panic: list the statuses one by one",
            );
            continue;
        }
        findings.add_if(
            status.parse::<u16>().is_err(),
            &place,
            "a range hides what is documented and breaks clients on a gateway's page: list the \
             statuses one by one",
        );
        let content = &resolve(tree, response)["content"];
        findings.add_if(
            content.as_object().is_none_or(|content| content.len() != 1) || content[JSON].is_null(),
            &place,
            "an answer has one media type, application/json, with a schema",
        );
        let Some(schema) = content[JSON]["schema"]["$ref"].as_str() else {
            findings.add(&place, "an inline schema has no name: refer to a component");
            continue;
        };
        if status != "200" {
            error_schemas.insert(schema.to_owned());
        }
    }
    findings.add_if(
        operation["responses"]["200"].is_null(),
        place,
        "an operation answers with 200",
    );
}

fn shape(tree: &Value, operation: &Value, place: &str, findings: &mut Findings) {
    let list = &operation["x-pagination"];
    let entity = &operation["x-entity"];
    findings.add_if(
        list.is_null() == entity.is_null(),
        place,
        "say with `x-pagination` where the list stands in the answer, or with `x-entity` where the \
         one thing does",
    );
    let names: BTreeSet<&str> = operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|parameter| resolve(tree, parameter)["name"].as_str())
        .collect();
    findings.add_if(
        list.is_null() == (names.contains("limit") || names.contains("cursor")),
        place,
        "a list takes `limit` and `cursor` and has `x-pagination`; nothing else does",
    );
}
