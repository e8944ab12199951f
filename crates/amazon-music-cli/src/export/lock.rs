//! The marker of an export, and the lock on it.
//!
//! The lock is the operating system's (`flock` on Unix, `LockFileEx` on Windows), so that it ends with its
//! process however that ends. It is taken on the marker, which is never replaced or removed: a lock on a file
//! that can be replaced holds only for those who have opened the same one. On Windows others cannot read a
//! locked file, so that who holds it is told by the state of the run, another file.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read as _, Write as _},
    path::Path,
};

use crate::{
    export::{
        documents::{self, Marker, Run, cannot, not_ours},
        names::{MARKER, WORKING},
    },
    failure::Failure,
};

/// Opens the marker, or makes it, and locks it. It stays locked until the file is closed.
pub(super) fn lock(folder: &Path) -> Result<File, Failure> {
    let path = folder.join(MARKER);
    match fs::symlink_metadata(&path) {
        Ok(metadata) if !metadata.is_file() => return Err(not_ours(&path, &metadata)),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(|error| cannot("create", &path, error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(busy(folder)),
        Err(TryLockError::Error(error)) => return Err(cannot("lock", &path, error)),
    }
    check(&mut file, &path)?;
    Ok(file)
}

/// Checks the content of the marker, and writes it where there is none: into a new file, or into one whose
/// maker was killed.
fn check(file: &mut File, path: &Path) -> Result<(), Failure> {
    let mut text = Vec::new();
    file.read_to_end(&mut text)
        .map_err(|error| cannot("read", path, error))?;
    if text.iter().any(|byte| *byte != 0) {
        return documents::parse::<Marker>(path, &text).map(drop);
    }
    let text = documents::text(&Marker {})?;
    file.set_len(0)
        .and_then(|()| io::Seek::rewind(file))
        .and_then(|()| file.write_all(text.as_bytes()))
        .and_then(|()| file.sync_all())
        .map_err(|error| cannot("write", path, error))
}

fn busy(folder: &Path) -> Failure {
    let run = documents::read::<Run>(&folder.join(WORKING).join(super::folder::RUN));
    let holder = match run {
        Ok(Some(run)) => format!("process {}, since {}", run.process, run.started_at),
        _ => "another process".to_owned(),
    };
    Failure::io(
        format!("cannot export to {}", folder.display()),
        io::Error::other(format!(
            "an export to it is running ({holder}): wait for its end, or name another folder"
        )),
    )
}
