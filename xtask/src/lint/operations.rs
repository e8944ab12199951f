//! Rules about operations.

use std::collections::BTreeSet;

use serde_json::Value;

use super::finding::{Findings, known_extensions};
use crate::spec::{PATH_ID_PATTERN, snake_case};

/// The only media type that the generator has types for.
const JSON: &str = "application/json";

/// Methods of `List` and `Get`, which a setter of the same name would hide; `limit` and `cursor` set the page.
const METHODS: [&str; 19] = [
    "check",
    "clone",
    "fetch",
    "items",
    "max_empty_pages",
    "new",
    "options",
    "page",
    "page_size",
    "pages",
    "read_ahead",
    "reads_ahead",
    "resume",
    "send",
    "send_with_meta",
    "served",
    "served_as",
    "take_items",
    "walk",
];

pub(super) fn check(tree: &Value, findings: &mut Findings) {
    let mut error_schemas = BTreeSet::new();
    for (path, item) in tree["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let place = format!("{method} {path}");
            findings.add_if(
                method != "get",
                &place,
                "only GET operations are generated: retries rely on it",
            );
            identity(operation, &place, findings);
            parameters(tree, operation, &place, findings);
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

fn identity(operation: &Value, place: &str, findings: &mut Findings) {
    let id = operation["operationId"].as_str().unwrap_or_default();
    let is_plain = id.chars().all(|letter| letter.is_ascii_alphanumeric());
    findings.add_if(
        !id.starts_with("get") || !is_plain,
        place,
        "write an operationId in camelCase that begins with `get`: method names come from it",
    );
    findings.add_if(
        operation["externalDocs"]["url"].is_null(),
        place,
        "link the section of the documentation with externalDocs",
    );
}

fn resolve<'a>(tree: &'a Value, value: &'a Value) -> &'a Value {
    value["$ref"]
        .as_str()
        .and_then(|reference| tree.pointer(reference.strip_prefix('#')?))
        .unwrap_or(value)
}

fn parameters(tree: &Value, operation: &Value, place: &str, findings: &mut Findings) {
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let parameter = resolve(tree, parameter);
        let name = parameter["name"].as_str().unwrap_or_default();
        let place = format!("{place} parameter {name}");
        let reference = &parameter["schema"]["$ref"];
        let schema = resolve(tree, &parameter["schema"]);
        let bounded = ["minimum", "maximum", "minLength", "maxLength", "pattern"]
            .iter()
            .any(|keyword| !schema[keyword].is_null());
        findings.add_if(
            bounded && reference.is_null(),
            &place,
            "bounds on an inline schema create a type for each operation: make it a component and \
             refer to it",
        );
        findings.add_if(
            parameter["required"] == true && ["limit", "cursor"].contains(&name),
            &place,
            "the first page has no cursor, and a limit has a default: make it optional",
        );
        findings.add_if(
            METHODS.contains(&&*snake_case(name)) && parameter["in"] == "query",
            &place,
            "request builders have a method of this name already: support it by hand in `amazon-music`",
        );
        match parameter["in"].as_str() {
            Some("path") => findings.add_if(
                schema["pattern"] != PATH_ID_PATTERN,
                &place,
                &format!(
                    "a path parameter could change the path: refer to a component with the pattern \
                     {PATH_ID_PATTERN}"
                ),
            ),
            Some("query" | "header") => {}
            _ => findings.add(
                &place,
                "only path, query and header parameters are generated",
            ),
        }
    }
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
            "a response has one media type, application/json, with a schema",
        );
        let Some(schema) = content[JSON]["schema"]["$ref"].as_str() else {
            findings.add(&place, "an inline schema has no name: refer to a component");
            continue;
        };
        if status != "200" {
            error_schemas.insert(schema.to_owned());
        }
    }
}

fn shape(tree: &Value, operation: &Value, place: &str, findings: &mut Findings) {
    known_extensions(
        operation,
        &["x-pagination", "x-entity", "x-command"],
        place,
        findings,
    );
    let list = &operation["x-pagination"];
    let entity = &operation["x-entity"];
    findings.add_if(
        list.is_null() == entity.is_null(),
        place,
        "name the place of the list in the response with `x-pagination`, or that of the entity with \
         `x-entity`",
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
