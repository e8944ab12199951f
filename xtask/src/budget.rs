//! Limits on what `amazon-music` costs its dependents, and what exceeds them.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::bench::dependents;

/// The limits in `xtask/budget.toml`, where each has its reason.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Number of crates that `amazon-music` adds to a dependent of reqwest and Tokio.
    pub added_crates: usize,
    /// CPU time of a cold `cargo check` of a dependent, relative to a dependent of reqwest.
    pub check_ratio: f64,
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

/// Lists each exceeded limit, one line each. `with_time` runs two cold builds, which takes minutes.
pub fn check(root: &Path, with_time: bool) -> Result<Vec<String>> {
    let budget = Budget::read(root)?;
    let mut findings = Vec::new();
    let (base, all) = dependents::crates(root)?;
    let added: Vec<&str> = all.difference(&base).map(String::as_str).collect();
    if added.len() > budget.added_crates {
        findings.push(format!(
            "amazon-music adds {} crates to a dependent of reqwest, {} more than xtask/budget.toml allows: {}",
            added.len(),
            added.len() - budget.added_crates,
            added.join(", ")
        ));
    }
    if with_time {
        let ratio = dependents::check_ratio(root)?;
        if ratio > budget.check_ratio {
            findings.push(format!(
                "a cold check of a dependent takes {ratio:.2} times as long as that of a dependent of reqwest: \
                 xtask/budget.toml allows {}",
                budget.check_ratio
            ));
        }
    }
    Ok(findings)
}
