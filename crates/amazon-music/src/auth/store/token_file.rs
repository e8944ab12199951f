//! One token file and its lock, as they are found on a disk: perhaps as links, perhaps as something else.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::auth::{
    error::TokenError,
    lwa::TokenSet,
    store::{atomic_file, contract::TokenKey, record},
};

/// The bound of a token file. A large one has two tokens of 2 KiB.
const MAX_BYTES: u64 = 64 * 1024;

/// Reads the tokens of a key, if its file is there.
pub(super) fn read_own(path: &Path, key: &TokenKey) -> Result<Option<TokenSet>, TokenError> {
    match read(path)? {
        None => Ok(None),
        Some((found, tokens)) if found == *key => Ok(Some(tokens)),
        Some(_) => Err(refused(
            path,
            "holds the tokens of another user or security profile",
        )),
    }
}

/// Reads a token file, if it is there. A link is followed.
pub(super) fn read(path: &Path) -> Result<Option<(TokenKey, TokenSet)>, TokenError> {
    let not_ours = || refused(path, record::NOT_OURS);
    match fs::metadata(path) {
        // Opening a pipe would wait for a writer.
        Ok(found) if !found.is_file() => return Err(refused(path, "is not a file")),
        Ok(found) if found.len() > MAX_BYTES => return Err(not_ours()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        _ => {}
    }
    let mut text = Zeroizing::new(Vec::with_capacity(record::ROOM));
    let read = File::open(path).and_then(|file| file.take(MAX_BYTES).read_to_end(&mut text));
    match read {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed("read", path, error)),
    }
    let read = record::read(&text);
    read.map(Some).map_err(|reason| refused(path, reason))
}

/// The file to replace: the target of a link, so that the link stays.
pub(super) fn target(path: &Path) -> Result<PathBuf, TokenError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => fs::canonicalize(path).map_err(|error| {
            TokenError::terminal(format!(
                "{} is a link to a file that is not there: remove it",
                path.display()
            ))
            .with_source(error)
        }),
        _ => Ok(path.to_owned()),
    }
}

/// Removes the file, and the link to it.
pub(super) fn remove(path: &Path) -> Result<(), TokenError> {
    let target = target(path)?;
    atomic_file::remove(&target)
        .and_then(|()| atomic_file::remove(path))
        .map_err(|error| failed("remove", path, error))
}

/// Opens the lock of a key, and makes it and its folder if they are not there. Nothing in a folder that
/// cannot be written: nobody else can change its tokens then.
pub(super) fn open_lock(folder: &Path, lock: &Path) -> Result<Option<File>, TokenError> {
    match fs::symlink_metadata(lock) {
        // A link would be followed to a file of somebody else.
        Ok(found) if !found.is_file() => {
            let path = lock.display();
            return Err(TokenError::terminal(format!(
                "{path} is not a file: remove it"
            )));
        }
        _ => {}
    }
    let mut options = OpenOptions::new();
    let options = options.write(true).create(true).truncate(false);
    let made =
        atomic_file::private_folder(folder).and_then(|()| atomic_file::private(options).open(lock));
    match made {
        Ok(file) => Ok(Some(file)),
        Err(error) if is_read_only(&error) => Ok(File::open(lock).ok()),
        Err(error) => Err(failed("open", lock, error)),
    }
}

/// Whether a write failed as it will until somebody changes the folder.
fn is_read_only(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
    )
}

/// The failure of a write that has not been tried yet: terminal if the folder cannot be written at all.
pub(super) fn cannot_reserve(path: &Path, error: io::Error) -> TokenError {
    let mut failure = failed("write", path, error);
    failure.is_terminal = std::error::Error::source(&failure)
        .and_then(|source| source.downcast_ref())
        .is_some_and(is_read_only);
    failure.is_transient = !failure.is_terminal;
    failure
}

/// Says how other users of this machine could read or replace the tokens, and what to do about it.
#[cfg(unix)]
pub(super) fn exposed(folder: &Path, path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = |path: &Path| fs::metadata(path).map(|found| found.permissions().mode() & 0o777);
    // No file, no tokens.
    let file = mode(path).ok()?;
    let mut warnings = Vec::new();
    if file & 0o077 != 0 {
        let path = path.display();
        warnings.push(format!(
            "{path} has the mode {file:o}, so other users of this machine may have its tokens: \
             `chmod 600` it"
        ));
    }
    if let Some(folder_mode) = mode(folder).ok().filter(|mode| mode & 0o022 != 0) {
        let folder = folder.display();
        warnings.push(format!(
            "{folder} has the mode {folder_mode:o}, so other users of this machine can replace tokens in \
             it: `chmod 700` it"
        ));
    }
    (!warnings.is_empty()).then(|| warnings.join("; "))
}

/// Elsewhere the folder protects the file, in ways that are not read here.
#[cfg(not(unix))]
pub(super) fn exposed(_: &Path, _: &Path) -> Option<String> {
    None
}

fn refused(path: &Path, reason: &str) -> TokenError {
    let path = path.display();
    TokenError::terminal(format!("{path} {reason}: move it away, and log in again"))
}

pub(super) fn failed(what: &str, path: &Path, error: io::Error) -> TokenError {
    let text = format!("cannot {what} {}: {error}", path.display());
    TokenError::passing(text).with_source(error)
}
