//! One list of an export: read from the service, written to its file.

use std::sync::Arc;

use amazon_music::{Error, List, ListOperation};

use crate::{
    arguments::FileFormat,
    export::{
        folder::Folder,
        part::{Opened, Part},
        record::Record,
        state::{Entry, State},
        trouble::{self, Next},
    },
    failure::Failure,
    missing::warn_if_missing,
    notice::notice,
    output::{csv, row::Row},
};

/// The form of the rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    pub(super) format: FileFormat,
    pub(super) csv_safe: bool,
}

impl Form {
    fn header<T: Row>(self) -> Result<Vec<u8>, Failure> {
        match self.format {
            FileFormat::Ndjson => Ok(Vec::new()),
            FileFormat::Csv => csv::line(T::FIELDS.iter().copied(), self.csv_safe),
        }
    }

    /// One row with its line ending.
    fn row<T: Row>(self, item: &T) -> Result<Vec<u8>, Failure> {
        match self.format {
            FileFormat::Ndjson => Ok((item.json()? + "\n").into_bytes()),
            FileFormat::Csv => {
                let fields = item.fields()?;
                csv::line(fields.iter().map(String::as_str), self.csv_safe)
            }
        }
    }
}

/// Which list it is.
#[derive(Clone, Debug)]
pub(super) struct Which {
    pub(super) file: String,
    pub(super) list: &'static str,
    pub(super) category_id: Option<String>,
    /// Whether there is no export without it.
    pub(super) is_essential: bool,
}

/// The outcome of a list in this run.
pub(super) struct Written {
    pub(super) entry: Entry,
    /// The ids of its items, of the list of categories alone.
    pub(super) ids: Vec<String>,
    /// Why it was not read, if that may pass.
    pub(super) later: Option<Failure>,
}

/// How reading a list ended.
enum Read {
    Whole,
    /// The response held no list.
    Missing,
    CutShort(Error),
    Skip(Error),
    Later(Error),
    BeginAgain(Error),
}

/// Writes one list, from its checkpoint on if there is one.
pub(super) async fn write<O>(
    folder: &Arc<Folder>,
    form: Form,
    which: Which,
    list: List<O>,
    id: Option<fn(&O::Item) -> &str>,
) -> Result<Written, Failure>
where
    O: ListOperation,
    O::Item: Row,
{
    let start = list.clone().items().position();
    let mut part = match Part::open(folder, &which.file, form.header::<O::Item>()?, start)? {
        Opened::Ended(record) => return Ok(written(folder, which, *record, None)),
        Opened::Part(part) => part,
    };
    loop {
        let (now, read) = read(part, form, list.clone(), id).await?;
        part = now;
        let reason = match read {
            Read::BeginAgain(error) => {
                notice!(
                    "{}: begins again, its saved position is of no use: {error}",
                    which.file
                );
                part.begin()?;
                continue;
            }
            Read::Skip(error) if which.is_essential => return Err(error.into()),
            Read::Later(error) => return later(folder, which, part, error).await,
            Read::Skip(error) => {
                notice!("warning: {}: skipped: {error}", which.file);
                let record = blocking(move || part.skip(error.to_string())).await?;
                return Ok(written(folder, which, record, None));
            }
            Read::CutShort(error) => {
                notice!("warning: {}: cut short: {error}", which.file);
                Some(error.to_string())
            }
            Read::Missing if which.is_essential || part.had_rows() => {
                Some("the response held no list".to_owned())
            }
            Read::Missing | Read::Whole => None,
        };
        let record = blocking(move || part.end(reason)).await?;
        return Ok(written(folder, which, record, None));
    }
}

async fn later(
    folder: &Folder,
    which: Which,
    mut part: Box<Part>,
    error: Error,
) -> Result<Written, Failure> {
    let record = blocking(move || part.save_progress().map(|()| part.record)).await?;
    if which.is_essential {
        return Err(error.into());
    }
    notice!("warning: {}: skipped for now: {error}", which.file);
    Ok(written(folder, which, record, Some(error.into())))
}

/// Reads the list from the position of the part on, and writes its rows.
async fn read<O>(
    mut part: Box<Part>,
    form: Form,
    list: List<O>,
    id: Option<fn(&O::Item) -> &str>,
) -> Result<(Box<Part>, Read), Failure>
where
    O: ListOperation,
    O::Item: Row,
{
    let saved = part.record.position.clone();
    let mut is_untried = saved != list.clone().items().position();
    let mut items = list.resume(saved).map_err(|error| part.refused(&error))?;
    let mut rows = Vec::new();
    while let Some(item) = items.next_item().await {
        match item {
            Ok(item) => {
                rows.extend(form.row(&item)?);
                part.record.rows += 1;
                part.record.ids.extend(id.map(|id| id(&item).to_owned()));
            }
            Err(error) => match trouble::next(&error, is_untried) {
                Next::CountItem => part.record.malformed += 1,
                Next::BeginAgain => return Ok((part, Read::BeginAgain(error))),
                Next::Skip => return Ok((part, Read::Skip(error))),
                Next::Stop => return Err(error.into()),
                next => {
                    part.append(&rows, items.position())?;
                    let read = match next {
                        Next::CutShort => Read::CutShort(error),
                        _ => Read::Later(error),
                    };
                    return Ok((part, read));
                }
            },
        }
        is_untried = false;
        let position = items.position();
        if position.is_page_boundary() {
            part.append(&rows, position)?;
            rows.clear();
            if part.is_due() {
                part = blocking(move || part.save().map(|()| part)).await?;
            }
        }
    }
    warn_if_missing::<O>(items.is_missing());
    part.append(&rows, items.position())?;
    let read = match items.is_missing() {
        true => Read::Missing,
        false => Read::Whole,
    };
    Ok((part, read))
}

/// Work on files that may take as long as a disk does, in a thread: other lists go on meanwhile.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(error) => Err(Failure::io(
            "cannot write a list",
            std::io::Error::other(error),
        )),
    }
}

/// The entry of a list: it tells of the file that is there, be it of this run or of an earlier one.
fn written(folder: &Folder, which: Which, mut record: Record, later: Option<Failure>) -> Written {
    let before = folder.before.get(&which.file);
    let ids = std::mem::take(&mut record.ids);
    let mut entry = Entry {
        file: which.file,
        state: State::Skipped,
        reason: later.as_ref().map(ToString::to_string),
        list: Some(which.list.to_owned()),
        category_id: which.category_id,
        rows: before.and_then(|entry| entry.rows),
        bytes: before.and_then(|entry| entry.bytes),
        sha256: before.and_then(|entry| entry.sha256.clone()),
        malformed: before.map_or(0, |entry| entry.malformed),
    };
    if let Some(end) = record.end {
        entry.state = end.state;
        entry.reason = end.reason;
        if end.replaces || end.state == State::Unchanged {
            entry.rows = Some(record.rows);
            entry.bytes = Some(record.bytes);
            entry.sha256 = Some(end.sha256);
            entry.malformed = record.malformed;
        }
    }
    Written { entry, ids, later }
}
