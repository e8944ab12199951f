//! The findings of the lint.

use std::fmt;

use serde_json::Value;

/// A place in the spec that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// The path of the place in the spec.
    pub place: String,
    /// The problem and its remedy.
    pub advice: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.advice)
    }
}

/// Collects findings.
#[derive(Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn add(&mut self, place: impl Into<String>, advice: impl Into<String>) {
        self.0.push(Finding {
            place: place.into(),
            advice: advice.into(),
        });
    }

    pub(super) fn add_if(&mut self, wrong: bool, place: &str, advice: &str) {
        if wrong {
            self.add(place, advice);
        }
    }

    pub(super) fn into_list(mut self) -> Vec<Finding> {
        self.0.dedup();
        self.0
    }
}

/// A misspelt extension is accepted by every tool, and does nothing.
pub(super) fn known_extensions(
    value: &Value,
    known: &[&str],
    place: &str,
    findings: &mut Findings,
) {
    for name in value
        .as_object()
        .into_iter()
        .flat_map(serde_json::Map::keys)
    {
        findings.add_if(
            name.starts_with("x-") && !known.contains(&name.as_str()),
            &format!("{place} {name}"),
            &format!("no extension of this spec: write {}", known.join(" or ")),
        );
    }
}
