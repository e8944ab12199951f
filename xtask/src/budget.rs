//! What the project may cost its dependents: limits in a file, and what exceeds them.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde::Deserialize;

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
    pub duplicates: std::collections::BTreeMap<String, String>,
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
