//! A file that only its owner can read, replaced as a whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Seek as _, Write as _},
    path::{Path, PathBuf},
};

use crate::files::{Before, Step, beside, create, place, remove_if_there, sync_folder_of};

/// How much room is made for a file before it is written.
const ROOM: usize = super::record::ROOM;

/// Room for a new file, which is removed unless it is filled.
pub(super) struct Reserved {
    path: PathBuf,
    file: Option<File>,
}

/// Makes room on the disk for a new file.
pub(super) fn reserve(path: &Path, before: Before<'_>) -> io::Result<Reserved> {
    let new = beside(path);
    let file = create(private(OpenOptions::new().write(true)), &new, &mut *before)?;
    let mut reserved = Reserved {
        path: path.to_owned(),
        file: Some(file),
    };
    before(Step::Allocate)?;
    if let Some(file) = &mut reserved.file {
        file.write_all(&[b' '; ROOM])?;
        file.sync_all()?;
    }
    Ok(reserved)
}

/// Replaces the file, or makes it.
pub(super) fn replace(path: &Path, bytes: &[u8], before: Before<'_>) -> io::Result<()> {
    reserve(path, &mut *before)?.fill(bytes, before)
}

impl Reserved {
    /// Puts a file with this text in the place of the old one.
    pub(super) fn fill(mut self, bytes: &[u8], before: Before<'_>) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        file.rewind()?;
        let (half, rest) = bytes.split_at(bytes.len() / 2);
        before(Step::WriteHalf)?;
        file.write_all(half)?;
        before(Step::WriteRest)?;
        file.write_all(rest)?;
        file.set_len(bytes.len() as u64)?;
        place(file, &beside(&self.path), &self.path, &mut *before)?;
        self.file = None;
        before(Step::SyncFolder)?;
        sync_folder_of(&self.path)
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // If it stays, the next writer removes it.
            let _ = fs::remove_file(beside(&self.path));
        }
    }
}

/// Removes the file, and what a crashed writer left beside it.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    remove_if_there(&beside(path))?;
    remove_if_there(path)?;
    sync_folder_of(path)
}

/// Opens with the mode 0600 if there are modes; elsewhere the folder protects the file.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Makes the folder, with the mode 0700 if there are modes. One that exists stays as it is.
pub(super) fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    const STEPS: [Step; 8] = [
        Step::RemoveLeftover,
        Step::Create,
        Step::Allocate,
        Step::WriteHalf,
        Step::WriteRest,
        Step::SyncFile,
        Step::Rename,
        Step::SyncFolder,
    ];

    /// Tells a child process which file to replace, and before which step to die.
    const PATH: &str = "REPLACE_TEST_PATH";
    const DIE_BEFORE: &str = "REPLACE_TEST_DIE_BEFORE";

    fn never(_: Step) -> io::Result<()> {
        Ok(())
    }

    #[test]
    fn all_steps_come_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let mut steps = Vec::new();
        let mut note = |step| {
            steps.push(step);
            Ok(())
        };
        replace(&folder.path().join("file"), b"new", &mut note).unwrap();
        assert_eq!(steps, STEPS);
    }

    #[test]
    fn a_failure_at_any_step_leaves_the_old_file_or_the_new_one_and_the_next_write_succeeds() {
        for failing in STEPS {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("file.json");
            replace(&path, b"old", &mut never).unwrap();
            let mut fail = |step| match step == failing {
                true => Err(io::ErrorKind::StorageFull.into()),
                false => Ok(()),
            };
            let outcome = replace(&path, b"new and longer", &mut fail);
            assert_eq!(outcome.unwrap_err().kind(), io::ErrorKind::StorageFull);
            check(&path, failing);
        }
    }

    /// Run by the test below in a process of its own, which dies; a success when run by itself.
    #[test]
    fn dies_where_it_is_told_to() {
        let (Ok(path), Ok(step)) = (std::env::var(PATH), std::env::var(DIE_BEFORE)) else {
            return;
        };
        let mut die = |next| match format!("{next:?}") == step {
            true => std::process::abort(),
            false => Ok(()),
        };
        replace(Path::new(&path), b"new and longer", &mut die).unwrap();
    }

    #[test]
    fn a_process_that_dies_at_any_step_leaves_the_old_file_or_the_new_one() {
        let this = std::env::current_exe().unwrap();
        for dying in STEPS {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("file.json");
            replace(&path, b"old", &mut never).unwrap();
            let name = "auth::store::atomic_file::tests::dies_where_it_is_told_to";
            let output = Command::new(&this)
                .args(["--exact", name])
                .env(PATH, &path)
                .env(DIE_BEFORE, format!("{dying:?}"))
                .output()
                .unwrap();
            assert!(!output.status.success(), "it did not die before {dying:?}");
            check(&path, dying);
        }
    }

    /// What is there after a writer stopped before `step`.
    fn check(path: &Path, step: Step) {
        let wanted: &[u8] = match step {
            Step::SyncFolder => b"new and longer",
            _ => b"old",
        };
        assert_eq!(fs::read(path).unwrap(), wanted, "{step:?}");
        replace(path, b"next", &mut never).unwrap();
        assert_eq!(fs::read(path).unwrap(), b"next");
        assert!(!beside(path).exists());
    }

    #[test]
    fn room_that_is_not_used_is_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.json");
        let reserved = reserve(&path, &mut never).unwrap();
        assert_eq!(fs::metadata(beside(&path)).unwrap().len(), ROOM as u64);
        drop(reserved);
        assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
    }

    #[test]
    fn what_is_removed_leaves_nothing_of_a_crashed_writer() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.json");
        fs::write(beside(&path), b"leftover").unwrap();
        remove(&path).unwrap();
        replace(&path, b"new", &mut never).unwrap();
        remove(&path).unwrap();
        assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it_whatever_was_there() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("tokens");
        private_folder(&inner).unwrap();
        let path = inner.join("file.json");
        // Left by somebody, readable for all.
        fs::write(beside(&path), b"leftover").unwrap();
        replace(&path, b"new", &mut never).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&inner)), (0o600, 0o700));
    }
}
