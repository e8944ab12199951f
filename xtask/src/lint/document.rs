//! Rules about the spec as a whole.

use serde_json::Value;

use super::finding::Findings;

pub(super) fn check(tree: &Value, findings: &mut Findings) {
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
}
