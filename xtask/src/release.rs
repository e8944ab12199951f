//! What a release would say and need: a dry run.

use std::{fmt::Write as _, path::Path};

use anyhow::Result;

use crate::surface::{PUBLIC_CRATES, Surface, needed};

/// How many lines of one kind are listed before the rest is counted only.
const MOST_LINES: usize = 40;

/// The section of the changelog about the surfaces, with the version that they ask for.
pub fn dry_run(root: &Path) -> Result<String> {
    let mut text = String::new();
    for name in PUBLIC_CRATES {
        let (old, new) = (Surface::kept(root, name)?, Surface::of_sources(root, name)?);
        let changes = new.changes_since(&old);
        let needed = needed(&old.version, &changes);
        let verdict = match new.version >= needed {
            true => "which it is",
            false => "raise `version` in Cargo.toml",
        };
        writeln!(
            text,
            "### {name} {} → {needed} or above ({verdict})\n",
            old.version
        )?;
        section(&mut text, "Removed", &changes.removed)?;
        section(&mut text, "Added", &changes.added)?;
        if changes.removed.is_empty() && changes.added.is_empty() {
            writeln!(text, "No change of the public surface.\n")?;
        }
    }
    Ok(text)
}

fn section(text: &mut String, title: &str, lines: &[String]) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(text, "#### {title}\n")?;
    for line in lines.iter().take(MOST_LINES) {
        writeln!(text, "- `{line}`")?;
    }
    if lines.len() > MOST_LINES {
        writeln!(text, "- and {} more", lines.len() - MOST_LINES)?;
    }
    writeln!(text)?;
    Ok(())
}

/// Keeps the surfaces as those of the release that is made now.
pub fn keep(root: &Path) -> Result<Vec<String>> {
    let findings = crate::surface::check(root)?;
    if findings.is_empty() {
        for name in PUBLIC_CRATES {
            Surface::of_sources(root, name)?.keep(root)?;
        }
    }
    Ok(findings)
}
