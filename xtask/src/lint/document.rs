//! Rules about the document as a whole.

use serde_json::Value;

use super::Findings;

pub(crate) fn check(tree: &Value, findings: &mut Findings) {
    let version = tree["openapi"].as_str().unwrap_or_default();
    findings.add_if(
        !version.starts_with("3.0."),
        "openapi",
        "the generator reads OpenAPI 3.0 only: write 3.0.3",
    );
    let version = tree["info"]["version"].as_str().unwrap_or_default();
    findings.add_if(
        version.is_empty() || !version.is_ascii(),
        "info.version",
        "the generator puts the version into a header: write plain ASCII such as 1.0.0",
    );
    references(tree, tree, "", findings);
    security(tree, findings);
}

/// Every reference must resolve inside the document.
fn references(root: &Value, value: &Value, place: &str, findings: &mut Findings) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let place = join(place, key);
                match value.as_str() {
                    Some(reference) if key == "$ref" => {
                        let target = reference.strip_prefix('#');
                        if target.is_none_or(|pointer| root.pointer(pointer).is_none()) {
                            findings.add(
                                place,
                                format!(
                                    "`{reference}` does not resolve: refer to a component of this \
                                     document"
                                ),
                            );
                        }
                    }
                    _ => references(root, value, &place, findings),
                }
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                references(root, value, &join(place, &index.to_string()), findings);
            }
        }
        _ => {}
    }
}

/// Both schemes are sent together, with a scope that is defined.
fn security(tree: &Value, findings: &mut Findings) {
    let requirements = tree["security"].as_array().map_or(0, Vec::len);
    findings.add_if(
        requirements != 1,
        "security",
        "both credentials go with every request: write one item that names both schemes (two items \
         would mean one or the other)",
    );
    let schemes = &tree["components"]["securitySchemes"];
    for (name, scopes) in tree["security"][0].as_object().into_iter().flatten() {
        let place = format!("security.{name}");
        if schemes[name].is_null() {
            findings.add(&place, "no such security scheme: define it in components");
        }
        for scope in scopes.as_array().into_iter().flatten() {
            let scope = scope.as_str().unwrap_or_default();
            let defined = schemes[name]["flows"]
                .as_object()
                .into_iter()
                .flatten()
                .any(|(_, flow)| !flow["scopes"][scope].is_null());
            if !defined {
                findings.add(&place, format!("`{scope}` is not a scope of this scheme"));
            }
        }
    }
}

pub(crate) fn join(place: &str, key: &str) -> String {
    match place {
        "" => key.to_owned(),
        _ => format!("{place}.{key}"),
    }
}
