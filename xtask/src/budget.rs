//! What the project may cost its dependents: limits in a file, and what exceeds them.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::bench::dependents;

/// The limits, as `xtask/budget.toml` has them with their reasons.
#[derive(Debug, Deserialize)]
pub struct Budget {
    /// Crates that `amazon-music` adds to a dependent that has reqwest and Tokio already.
    pub added_crates: usize,
    /// CPU time of a first `cargo check` of a dependent, as a ratio to one of reqwest alone.
    pub check_ratio: f64,
    /// Licences that dependencies may have.
    pub licences: Vec<String>,
    /// Crates that are built in several major versions, with the reason for it.
    pub duplicates: BTreeMap<String, String>,
}

impl Budget {
    /// Reads the file.
    pub fn read(root: &Path) -> Result<Self> {
        let path = root.join("xtask/budget.toml");
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("in {}", path.display()))
    }
}

/// What is above its limit, a line each. `with_time` measures two cold builds, which takes minutes.
pub fn check(root: &Path, with_time: bool) -> Result<Vec<String>> {
    let budget = Budget::read(root)?;
    let mut findings = Vec::new();
    let (base, all) = dependents::crates(root)?;
    let added: Vec<&str> = all.difference(&base).map(String::as_str).collect();
    if added.len() > budget.added_crates {
        findings.push(format!(
            "amazon-music adds {} crates to a dependent of reqwest, and may add {}: {}",
            added.len(),
            budget.added_crates,
            added.join(", ")
        ));
    }
    for (name, versions) in duplicates(&all) {
        if !budget.duplicates.contains_key(&name) {
            let versions = versions.join(" and ");
            findings.push(format!(
                "{name} is built as {versions}: use one, or give the reason in xtask/budget.toml"
            ));
        }
    }
    if with_time {
        let ratio = dependents::check_ratio(root)?;
        if ratio > budget.check_ratio {
            let most = budget.check_ratio;
            findings.push(format!(
                "a first check of a dependent takes {ratio:.2} of one of reqwest, and may take {most}"
            ));
        }
    }
    Ok(findings)
}

/// The crates that come in several versions.
fn duplicates<'a>(crates: impl IntoIterator<Item = &'a String>) -> Vec<(String, Vec<String>)> {
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in crates {
        let (name, version) = line.split_once(' ').unwrap_or((line, ""));
        let of_name = versions.entry(name.to_owned()).or_default();
        of_name.push(version.to_owned());
    }
    let several = versions
        .into_iter()
        .filter(|(_, versions)| versions.len() > 1);
    several.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_in_two_versions_is_found() {
        let crates = ["a v1.0.0", "b v1.0.0", "b v2.0.0"].map(str::to_owned);
        let wanted = vec!["v1.0.0".to_owned(), "v2.0.0".to_owned()];
        assert_eq!(duplicates(&crates), [("b".to_owned(), wanted)]);
    }
}
