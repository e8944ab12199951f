//! A learned rate in a file.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use amazon_music::{
    clock::{Clock, SystemClock},
    pace::Learned,
};
use serde::{Deserialize, Serialize};

/// The file of a learned rate, which is replaced as a whole.
pub(super) struct Kept {
    file: PathBuf,
}

/// The content of the file.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    version: u32,
    requests_per_second: f64,
    /// The time of the last 429, in seconds since 1970.
    last_refused: u64,
}

const VERSION: u32 = 1;

impl Kept {
    pub(super) fn new(file: PathBuf) -> Self {
        Self { file }
    }

    /// The rate, unless the file is missing, unreadable, or from the future. The pace itself ignores what
    /// is too old.
    pub(super) fn load(&self, clock: &SystemClock) -> Option<Learned> {
        let record: Record = serde_json::from_slice(&fs::read(&self.file).ok()?).ok()?;
        if record.version != VERSION {
            return None;
        }
        let last = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(record.last_refused))?;
        Some(Learned {
            per_second: record.requests_per_second,
            age: clock.now().duration_since(last).ok()?,
        })
    }

    pub(super) fn save(&self, clock: &SystemClock, learned: Learned) -> io::Result<()> {
        let last = clock.now().checked_sub(learned.age);
        let last = last.and_then(|last| last.duration_since(SystemTime::UNIX_EPOCH).ok());
        let Some(last) = last else { return Ok(()) };
        let record = Record {
            version: VERSION,
            requests_per_second: learned.per_second,
            last_refused: last.as_secs(),
        };
        if let Some(folder) = self.file.parent() {
            create(folder)?;
        }
        amazon_music::files::replace(&self.file, &serde_json::to_vec(&record)?)
    }
}

/// Creates the folder as that of the saved logins: for its owner alone.
fn create(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 9.25;

    fn kept(folder: &Path) -> Kept {
        Kept::new(folder.join("tokens").join("a.pace"))
    }

    #[test]
    fn a_rate_comes_back_with_its_age() {
        let (folder, clock) = (tempfile::tempdir().unwrap(), SystemClock::new());
        let kept = kept(folder.path());
        assert_eq!(kept.load(&clock), None);
        let age = Duration::from_secs(40);
        kept.save(
            &clock,
            Learned {
                per_second: RATE,
                age,
            },
        )
        .unwrap();
        let learned = kept.load(&clock).unwrap();
        assert!((learned.per_second - RATE).abs() < f64::EPSILON);
        assert!((40..50).contains(&learned.age.as_secs()), "{learned:?}");
        let files = fs::read_dir(folder.path().join("tokens")).unwrap();
        assert_eq!(files.count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_file_that_makes_no_sense_is_ignored() {
        let (folder, clock) = (tempfile::tempdir().unwrap(), SystemClock::new());
        let kept = kept(folder.path());
        create(kept.file.parent().unwrap()).unwrap();
        for text in [
            "",
            "{",
            r#"{"version":2,"requestsPerSecond":9,"lastRefused":1}"#,
            r#"{"version":1,"requestsPerSecond":"9","lastRefused":1}"#,
            r#"{"version":1,"requestsPerSecond":9,"lastRefused":99999999999}"#,
            r#"{"version":1,"requestsPerSecond":9,"lastRefused":18446744073709551615}"#,
        ] {
            fs::write(&kept.file, text).unwrap();
            assert_eq!(kept.load(&clock), None, "{text}");
        }
    }
}
