//! A list that is being written, beside the file whose place it will take.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use amazon_music::{Position, files};

use crate::{
    arguments::FileFormat,
    export::{
        compare::{Compared, compare, sha256},
        documents::cannot,
        folder::Folder,
        record::{End, Record},
        state::State,
    },
    failure::Failure,
    output::json::line,
};

/// The shortest time between two checkpoints of a list. Each brings the rows and itself to the disk, so that
/// it is true after a power loss as well; a list that is read in less has none.
const INTERVAL: Duration = Duration::from_secs(1);

/// A list at the start of a run.
pub(super) enum Opened {
    /// It has ended in this export already, before an interruption.
    Ended(Box<Record>),
    /// It is to be read from the position of its record on.
    Part(Box<Part>),
}

/// A list that is being written.
pub(super) struct Part {
    folder: Arc<Folder>,
    name: String,
    file: File,
    path: PathBuf,
    /// Bytes of the header, which is there before the first row.
    header: Vec<u8>,
    start: Position,
    pub(super) record: Record,
    saved: Instant,
}

impl Part {
    /// Opens a list: where it was interrupted, or anew.
    pub(super) fn open(
        folder: &Arc<Folder>,
        name: &str,
        header: Vec<u8>,
        start: Position,
    ) -> Result<Opened, Failure> {
        let saved = match Record::read(&folder.record(name))? {
            Some(record) if record.end.is_some() => {
                if is_ended(folder, name, &record)? {
                    return Ok(Opened::Ended(Box::new(record)));
                }
                None
            }
            saved => saved,
        };
        let path = folder.part(name);
        let mut options = OpenOptions::new();
        let file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(saved.is_none())
            .open(&path)
            .map_err(|error| cannot("create", &path, error))?;
        let mut part = Self {
            folder: Arc::clone(folder),
            name: name.to_owned(),
            file,
            path,
            header,
            record: Record::new(start.clone()),
            start,
            saved: Instant::now(),
        };
        match saved {
            Some(record) => part.seek(record)?,
            None => part.begin()?,
        }
        Ok(Opened::Part(Box::new(part)))
    }

    /// Goes to the end of what a record vouches for, and cuts off the rest.
    fn seek(&mut self, record: Record) -> Result<(), Failure> {
        let metadata = self.file.metadata();
        let length = metadata
            .map_err(|error| cannot("read", &self.path, error))?
            .len();
        if length < record.bytes {
            return Err(Failure::Usage(format!(
                "{} is shorter than its checkpoint says: remove {} to start that list over",
                self.path.display(),
                self.folder.record(&self.name).display()
            )));
        }
        self.file
            .set_len(record.bytes)
            .and_then(|()| self.file.seek(SeekFrom::Start(record.bytes)))
            .map_err(|error| cannot("write", &self.path, error))?;
        self.record = record;
        Ok(())
    }

    /// Begins the list, with nothing but the header.
    pub(super) fn begin(&mut self) -> Result<(), Failure> {
        self.seek(Record::new(self.start.clone()))?;
        let header = std::mem::take(&mut self.header);
        let outcome = self.append(&header, self.start.clone());
        self.header = header;
        outcome
    }

    /// Writes rows; the position is that after them.
    pub(super) fn append(&mut self, rows: &[u8], position: Position) -> Result<(), Failure> {
        self.file
            .write_all(rows)
            .map_err(|error| cannot("write", &self.path, error))?;
        self.record.bytes += rows.len() as u64;
        self.record.position = position;
        Ok(())
    }

    /// The columns of the rows: those of the header, which an earlier release may have begun.
    pub(super) fn columns(&self, format: FileFormat) -> Result<Vec<String>, Failure> {
        if format != FileFormat::Csv {
            return Ok(Vec::new());
        }
        File::open(&self.path)
            .and_then(|file| {
                let mut csv = csv::Reader::from_reader(file);
                let header = csv.headers().map_err(io::Error::other)?;
                Ok(header.iter().map(str::to_owned).collect())
            })
            .map_err(|error| cannot("read", &self.path, error))
    }

    /// Whether the file of an earlier export holds rows, or may: nobody has counted those of an adopted one.
    pub(super) fn had_rows(&self) -> bool {
        let before = self.folder.before.get(&self.name);
        before.is_some_and(|entry| entry.bytes.is_some() && entry.rows != Some(0))
    }

    /// Whether it is time for a checkpoint.
    pub(super) fn is_due(&self) -> bool {
        self.saved.elapsed() >= INTERVAL
    }

    /// Saves how far the list is: first the rows, then the record of them.
    pub(super) fn save(&mut self) -> Result<(), Failure> {
        self.file
            .sync_data()
            .map_err(|error| cannot("write", &self.path, error))?;
        let path = self.folder.record(&self.name);
        files::replace(&path, line(&self.record)?)
            .map_err(|error| cannot("write", &path, error))?;
        self.saved = Instant::now();
        Ok(())
    }

    /// Saves how far the list is, if anything of it was read.
    pub(super) fn save_progress(&mut self) -> Result<(), Failure> {
        if self.record.position == self.start {
            return Ok(());
        }
        self.save()
    }

    /// Ends a list that was read, to its end unless a reason is given why not.
    pub(super) fn end(mut self, cut_short: Option<String>) -> Result<Record, Failure> {
        let place = self.folder.file(&self.name);
        let (compared, sha256) = compare(&mut self.file, &self.path, &place)?;
        let before = self.folder.before.get(&self.name).map(|entry| entry.state);
        let (state, replaces) = outcome(compared, cut_short.is_some(), before);
        self.record.end = Some(End {
            state,
            reason: cut_short,
            replaces,
            sha256,
        });
        // The record is first: from it the file is known as ours, and a put-in-place that was cut off is
        // completed. It is not synced: if a power loss takes it, the list is read again.
        self.write_record()?;
        if replaces {
            files::put_in_place(&self.file, &self.path, &place)
                .map_err(|error| cannot("write", &place, error))?;
            self.folder.sync_if_due()?;
        } else {
            remove(&self.path)?;
        }
        Ok(self.record)
    }

    /// Ends a list that cannot be read.
    pub(super) fn skip(mut self, reason: String) -> Result<Record, Failure> {
        self.record.end = Some(End {
            state: State::Skipped,
            reason: Some(reason),
            replaces: false,
            sha256: String::new(),
        });
        self.write_record()?;
        remove(&self.path)?;
        Ok(self.record)
    }

    /// Refuses a position that is not one of this list.
    pub(super) fn refused(&self, error: &amazon_music::Error) -> Failure {
        Failure::Usage(format!(
            "{} cannot be gone on with ({error}): remove it to start that list over",
            self.folder.record(&self.name).display()
        ))
    }

    fn write_record(&self) -> Result<(), Failure> {
        let path = self.folder.record(&self.name);
        fs::write(&path, line(&self.record)?).map_err(|error| cannot("write", &path, error))
    }
}

/// Decides the outcome of a list, and whether what was read takes the place of the file. What is not whole never
/// replaces what was.
fn outcome(compared: Compared, is_cut_short: bool, before: Option<State>) -> (State, bool) {
    let was_cut_short = before == Some(State::CutShort);
    match (compared, is_cut_short) {
        (Compared::NoFile, false) => (State::New, true),
        (Compared::Same, false) => (State::Unchanged, false),
        (Compared::Different, false) => (State::Changed, true),
        (Compared::NoFile, true) => (State::CutShort, true),
        (Compared::Same, true) => (State::CutShort, false),
        (Compared::Different, true) => (State::CutShort, was_cut_short),
    }
}

/// Whether a list that has ended is as its record says. Completes the last step, if it was killed before it.
fn is_ended(folder: &Folder, name: &str, record: &Record) -> Result<bool, Failure> {
    let Some(end) = record.end.as_ref() else {
        return Ok(false);
    };
    let (place, part) = (folder.file(name), folder.part(name));
    if matches!(end.state, State::Skipped) || (end.state == State::CutShort && !end.replaces) {
        return Ok(true);
    }
    if !end.replaces || !part.exists() {
        return Ok(length(&place)? == Some(record.bytes));
    }
    let mut file = File::open(&part).map_err(|error| cannot("read", &part, error))?;
    if sha256(&mut file, &part)? != end.sha256 {
        return Ok(false);
    }
    files::put_in_place(&file, &part, &place).map_err(|error| cannot("write", &place, error))?;
    Ok(true)
}

fn length(path: &Path) -> Result<Option<u64>, Failure> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot("read", path, error)),
    }
}

fn remove(path: &Path) -> Result<(), Failure> {
    fs::remove_file(path).map_err(|error| cannot("remove", path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_whole_never_replaces_what_was() {
        use Compared::{Different, NoFile, Same};
        let rows = [
            (NoFile, false, None, (State::New, true)),
            (Same, false, Some(State::New), (State::Unchanged, false)),
            (
                Same,
                false,
                Some(State::CutShort),
                (State::Unchanged, false),
            ),
            (Different, false, Some(State::New), (State::Changed, true)),
            (
                Different,
                false,
                Some(State::Adopted),
                (State::Changed, true),
            ),
            (NoFile, true, None, (State::CutShort, true)),
            (Same, true, Some(State::CutShort), (State::CutShort, false)),
            (Different, true, Some(State::New), (State::CutShort, false)),
            (
                Different,
                true,
                Some(State::Adopted),
                (State::CutShort, false),
            ),
            (Different, true, None, (State::CutShort, false)),
            (
                Different,
                true,
                Some(State::CutShort),
                (State::CutShort, true),
            ),
        ];
        for (compared, is_cut_short, before, wanted) in rows {
            let got = outcome(compared, is_cut_short, before);
            assert_eq!(got, wanted, "{compared:?} {is_cut_short} {before:?}");
        }
    }
}
