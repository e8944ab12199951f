//! What `openapi/browse.yaml` must not hold, and what to write instead.
//!
//! Each rule stands for something that was seen to break: a panic of the Rust generator, an answer that
//! fails to decode although it is good, or a client in another language that does not compile.

mod document;
mod operations;
mod schemas;

use std::fmt;

use crate::spec::Spec;

/// One place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where, as a path through the document.
    pub place: String,
    /// What is wrong and what to write instead.
    pub advice: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.advice)
    }
}

/// Collects findings below one place.
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    pub(crate) fn add(&mut self, place: impl Into<String>, advice: impl Into<String>) {
        self.0.push(Finding {
            place: place.into(),
            advice: advice.into(),
        });
    }

    /// Adds a finding where something is wrong.
    pub(crate) fn add_if(&mut self, wrong: bool, place: &str, advice: &str) {
        if wrong {
            self.add(place, advice);
        }
    }
}

/// Everything that is wrong with the document, in document order.
#[must_use]
pub fn findings(spec: &Spec) -> Vec<Finding> {
    let mut findings = Findings(Vec::new());
    document::check(&spec.tree, &mut findings);
    schemas::check(&spec.tree, &mut findings);
    operations::check(&spec.tree, &mut findings);
    findings.0.dedup();
    findings.0
}
