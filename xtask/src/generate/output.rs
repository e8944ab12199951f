//! One generated file and its committed counterpart.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use similar::TextDiff;

/// A generated file.
pub struct Output {
    /// The path below the workspace root.
    pub path: &'static str,
    /// The whole content.
    pub text: String,
}

impl Output {
    /// Writes the file if it differs from the committed one, and returns a line that says whether it did.
    pub fn write(&self, root: &Path) -> Result<String> {
        if self.committed(root) == self.text {
            return Ok(format!("✓ {} (unchanged)", self.path));
        }
        let path = root.join(self.path);
        fs::write(&path, &self.text).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(format!("✓ {} (written)", self.path))
    }

    /// Returns the difference from the committed file as a unified diff, if there is one.
    pub(super) fn difference(&self, root: &Path) -> Option<String> {
        let committed = self.committed(root);
        let difference = TextDiff::from_lines(&committed, &self.text)
            .unified_diff()
            .context_radius(2)
            .header("committed", "generated")
            .to_string();
        (committed != self.text).then_some(difference)
    }

    fn committed(&self, root: &Path) -> String {
        fs::read_to_string(root.join(self.path))
            .unwrap_or_default()
            .replace("\r\n", "\n")
    }
}
