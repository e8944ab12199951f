//! Files that a crash leaves whole.
//!
//! For the [`Position`](crate::Position) of a program that may be killed at any moment, and for token stores of your
//! own. [`FileTokenStore`](crate::auth::FileTokenStore) and the CLI replace their files through this module.
//!
//! A file is replaced by renaming another one over it. What that rests on:
//!
//! - A rename within a folder is atomic on the file systems of Linux and macOS, and on NTFS: readers see the old
//!   file or the new one.
//! - On Windows it fails while somebody has the old file open without sharing its deletion, as some editors and
//!   virus scanners do for a moment. The old file stays, and the error says so.
//! - Rust's `sync_all` is `F_FULLFSYNC` on macOS and `FlushFileBuffers` on Windows: the disk's own cache is written.
//! - Only Unix lets a folder be synced. Windows has no such call; NTFS keeps a journal of names.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// The next step of a replacement. A crash before or after any of these leaves the old file or the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Removes what a crashed writer left.
    RemoveLeftover,
    /// Makes the new file beside the old one.
    Create,
    /// Fills it, so that there is room for what is to come.
    Allocate,
    /// Writes the first half of the text.
    WriteHalf,
    /// Writes the rest.
    WriteRest,
    /// Brings its bytes to the disk.
    SyncFile,
    /// Puts it in the place of the old one.
    Rename,
    /// Brings its name to the disk.
    SyncFolder,
}

/// Is asked before each step.
pub(crate) type Before<'a> = &'a mut dyn FnMut(Step) -> io::Result<()>;

/// Replaces a file as a whole, or creates it. After a crash or a power loss at any moment it holds the old content or
/// the new one, once this has returned the new one.
///
/// The new content is written beside the file first, under its name with `.amazon-music-new` added, and what a crashed
/// writer left there is removed. Two writers of one file must agree on a lock.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let file = folder.path().join("position.json");
/// amazon_music::files::replace(&file, "{\"page\": 1}")?;
/// amazon_music::files::replace(&file, "{\"page\": 2}")?;
/// assert_eq!(std::fs::read_to_string(&file)?, "{\"page\": 2}");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// Returns the error of the file system. The file is then as before, unless its folder could not be synced.
pub fn replace(path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> io::Result<()> {
    let path = path.as_ref();
    let new = beside(path);
    let mut file = create(OpenOptions::new().write(true), &new, &mut |_| Ok(()))?;
    let outcome = file
        .write_all(content.as_ref())
        .and_then(|()| put_in_place(&file, &new, path));
    if outcome.is_err() {
        // If it stays, the next writer removes it.
        let _ = fs::remove_file(&new);
    }
    outcome?;
    sync_folder_of(path)
}

/// Puts a file that is written, and open as `file`, in the place of another one on the same file system. Its bytes are
/// brought to the disk before, its name is not: see [`sync_folder_of`].
///
/// # Errors
///
/// Returns the error of the file system. The file at `path` is then as before.
pub fn put_in_place(file: &File, new: &Path, path: &Path) -> io::Result<()> {
    place(file, new, path, &mut |_| Ok(()))
}

/// Brings the names in the folder of a file to the disk: a rename is there once its folder is. Does nothing on systems
/// other than Unix, which do not let a folder be synced.
///
/// # Errors
///
/// Returns the error of the file system.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        _ if cfg!(not(unix)) => Ok(()),
        None => Ok(()),
        Some(folder) if folder.as_os_str().is_empty() => File::open(".")?.sync_all(),
        Some(folder) => File::open(folder)?.sync_all(),
    }
}

/// The place in which the new file is written before it takes that of the old one. One name is enough:
/// whoever replaces a file holds its lock.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(path.file_name().unwrap_or_default());
    name.push(".amazon-music-new");
    path.with_file_name(name)
}

/// Makes a file anew, with its mode from the first moment: nobody else can have it open.
pub(crate) fn create(
    options: &mut OpenOptions,
    new: &Path,
    before: Before<'_>,
) -> io::Result<File> {
    before(Step::RemoveLeftover)?;
    remove_if_there(new)?;
    before(Step::Create)?;
    options.create_new(true).open(new)
}

pub(crate) fn place(file: &File, new: &Path, path: &Path, before: Before<'_>) -> io::Result<()> {
    before(Step::SyncFile)?;
    file.sync_all()?;
    before(Step::Rename)?;
    fs::rename(new, path)
}

pub(crate) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replacement_that_fails_leaves_the_old_file_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        replace(&path, "old").unwrap();
        // A folder cannot be replaced by a file.
        let taken = folder.path().join("folder");
        fs::create_dir(&taken).unwrap();
        assert!(replace(&taken, "new").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn what_a_crashed_writer_left_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(beside(&path), "left behind, and longer").unwrap();
        replace(&path, "new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert!(!beside(&path).exists());
    }
}
