//! An earlier report, to compare with.

use std::{fs, path::Path};

use serde::Deserialize;

use super::report::Report;
use crate::failure::Failure;

/// The parts of an earlier report that are compared.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Old {
    differences: Vec<Difference>,
    questions: Vec<Question>,
}

#[derive(Debug, Deserialize)]
struct Difference {
    kind: String,
    pointer: String,
    found: String,
}

#[derive(Debug, Deserialize)]
struct Question {
    id: String,
    answer: Option<String>,
}

impl Old {
    /// Reads a report that `--report` wrote.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text = fs::read(path).map_err(|error| {
            Failure::io(format!("--against: cannot read {}", path.display()), error)
        })?;
        serde_json::from_slice(&text).map_err(|error| {
            Failure::Usage(format!(
                "--against: {} is no report of `amazon-music verify` in JSON: {error}",
                path.display()
            ))
        })
    }

    /// Lists the changes since, one line each: `+` is new, `-` is gone, `~` is an answer that is another one.
    pub(super) fn changes(&self, new: &Report) -> Vec<String> {
        let old: Vec<String> = self
            .differences
            .iter()
            .map(|it| format!("{}  {}  {}", it.kind, it.pointer, it.found))
            .collect();
        let keys = new.keys();
        let added = keys.iter().filter(|key| !old.contains(key));
        let gone = old.iter().filter(|key| !keys.contains(key));
        let added = added.map(|key| format!("+ {key}"));
        let gone = gone.map(|key| format!("- {key}"));
        // What only one of both runs asked is no change of the service.
        let answers = new.questions.iter().filter_map(|question| {
            let before = self.questions.iter().find(|old| old.id == question.id)?;
            let (before, now) = (before.answer.as_deref()?, question.answer.as_ref()?);
            (before != now.as_str()).then(|| format!("~ {}: {before} -> {now}", question.id))
        });
        added.chain(gone).chain(answers).collect()
    }
}
