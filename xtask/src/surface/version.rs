//! Versions, and which one a change asks for.

use std::{fmt, fs, path::Path, str::FromStr};

use anyhow::{Context, Result};

use super::Changes;

/// A released version: three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    major: u64,
    minor: u64,
    patch: u64,
}

/// The smallest version after `old` that may have these changes. While the first number is 0, the second
/// says that something breaks.
#[must_use]
pub fn needed(old: &Version, changes: &Changes) -> Version {
    let (breaks, grows) = (!changes.removed.is_empty(), !changes.added.is_empty());
    let Version {
        major,
        minor,
        patch,
    } = *old;
    let (major, minor, patch) = match (major, breaks, grows) {
        (0, true, _) => (0, minor + 1, 0),
        (_, true, _) => (major + 1, 0, 0),
        (0, false, true) => (0, minor, patch + 1),
        (_, false, true) => (major, minor + 1, 0),
        (_, false, false) => (major, minor, patch),
    };
    Version {
        major,
        minor,
        patch,
    }
}

/// The one version of the workspace.
pub(super) fn of_workspace(root: &Path) -> Result<Version> {
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    let package = manifest.split("[workspace.package]").nth(1);
    let line = package.and_then(|text| text.lines().find(|line| line.starts_with("version")));
    let version = line.and_then(|line| line.split('"').nth(1));
    version
        .context("Cargo.toml has no version in [workspace.package]")?
        .parse()
}

impl FromStr for Version {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut numbers = text.split('.').map(str::parse);
        let mut next = || {
            let number = numbers
                .next()
                .with_context(|| format!("{text:?} is no version"))?;
            number.with_context(|| format!("{text:?} is no version"))
        };
        Ok(Self {
            major: next()?,
            minor: next()?,
            patch: next()?,
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_asks_for_the_next_breaking_version() {
        let line = || vec!["line".to_owned()];
        let after = |old: &str, added: Vec<String>, removed: Vec<String>| {
            let old = old.parse().unwrap();
            needed(&old, &Changes { added, removed }).to_string()
        };
        assert_eq!(after("0.1.3", line(), line()), "0.2.0");
        assert_eq!(after("1.2.3", line(), line()), "2.0.0");
        assert_eq!(after("0.1.3", line(), vec![]), "0.1.4");
        assert_eq!(after("1.2.3", line(), vec![]), "1.3.0");
        assert_eq!(after("1.2.3", vec![], vec![]), "1.2.3");
        assert!("1.10.0".parse::<Version>().unwrap() > "1.9.9".parse().unwrap());
        "1.2".parse::<Version>().unwrap_err();
    }
}
