//! Atomic replacement of files.

use std::{fs, io, path::Path};

/// Replaces a file as a whole: it holds the old content or the new one, and never a part.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    fs::write(&temporary, content)?;
    fs::rename(&temporary, path)
}
