//! The licences of everything that is built into what is published.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{budget::Budget, cargo::metadata};

/// The packages whose licence is not allowed, a line each.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let allowed = Budget::read(root)?.licences;
    let metadata = metadata(root, true)?;
    let members: BTreeSet<&str> = texts(&metadata["workspace_members"])?.collect();
    let packages = metadata["packages"].as_array().context("no packages")?;
    let mut findings = Vec::new();
    for package in packages {
        let text = |field: &str| package[field].as_str().unwrap_or_default();
        if members.contains(text("id")) {
            continue;
        }
        if !allows(&allowed, text("license"))? {
            let (name, version, licence) = (text("name"), text("version"), text("license"));
            findings.push(format!(
                "{name} {version} is under `{licence}`, which xtask/budget.toml does not allow"
            ));
        }
    }
    Ok(findings)
}

/// Whether the allowed licences are enough for this expression.
fn allows(allowed: &[String], expression: &str) -> Result<bool> {
    // As some old packages write it.
    let expression = expression.replace('/', " OR ");
    let parsed = spdx::Expression::parse(&expression);
    let parsed = parsed.map_err(|error| anyhow::anyhow!("`{expression}`: {}", error.reason))?;
    Ok(parsed.evaluate(|wanted| {
        let name = wanted.license.to_string();
        let with = wanted
            .addition
            .as_ref()
            .map(|addition| format!("{name} WITH {addition}"));
        allowed
            .iter()
            .any(|allowed| *allowed == name || Some(allowed) == with.as_ref())
    }))
}

fn texts(list: &Value) -> Result<impl Iterator<Item = &str>> {
    let list = list.as_array().context("not a list")?;
    Ok(list.iter().filter_map(Value::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_several_is_enough_and_all_of_several_are_needed() {
        let allowed = ["MIT", "Apache-2.0"].map(str::to_owned);
        let allows = |expression: &str| allows(&allowed, expression).unwrap();
        assert!(allows("MIT OR GPL-3.0-only") && allows("MIT/Apache-2.0"));
        assert!(allows("(MIT OR ISC) AND Apache-2.0"));
        assert!(!allows("MIT AND ISC") && !allows("GPL-3.0-only"));
        assert!(super::allows(&allowed, "").is_err());
    }
}
