//! One list of an export: read from the service, written to its file.

use std::{collections::BTreeMap, sync::Arc};

use amazon_music::{
    AmazonMusic, EntityOperation, Error, Get, List, ListOperation, RequestVisitor, ServedAs,
};
use futures_util::future::LocalBoxFuture;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::{
    arguments::FileFormat,
    catalog::CatalogList,
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
    output::{csv::Cells, layout::Layout, row::Row},
};

/// The form of the rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    pub(super) format: FileFormat,
    pub(super) csv_safe: bool,
}

impl Form {
    fn cells(self) -> Cells {
        Cells {
            is_safe: self.csv_safe,
            is_terminal: false,
        }
    }

    fn header(self, layout: &Layout) -> Result<Vec<u8>, Failure> {
        match self.format {
            FileFormat::Ndjson => Ok(Vec::new()),
            FileFormat::Csv => self.cells().header(&layout.fields),
        }
    }

    /// Rows with their line endings. As CSV they have the columns of the header that the file began with.
    fn rows(self, items: &[impl Row], header: &[String]) -> Result<Vec<u8>, Failure> {
        match self.format {
            FileFormat::Ndjson => {
                let mut rows = Vec::new();
                for item in items {
                    rows.extend_from_slice(item.json()?.as_bytes());
                    rows.push(b'\n');
                }
                Ok(rows)
            }
            FileFormat::Csv => self.cells().rows(items, header),
        }
    }
}

/// Which list it is.
#[derive(Clone, Debug)]
pub(super) struct Which {
    pub(super) file: String,
    pub(super) list: &'static CatalogList,
    /// The id of the entity that has the list.
    pub(super) id: Option<String>,
    /// Whether there is no export without it, because others need its ids.
    pub(super) is_essential: bool,
}

impl Which {
    /// The id under its name in a manifest: `categoryId`.
    fn parent(&self) -> BTreeMap<String, Value> {
        let parts = self.list.parent.zip(self.id.as_deref());
        let entry = parts.map(|(parent, id)| {
            let mut name = parent.schema.to_owned() + "Id";
            name[..1].make_ascii_lowercase();
            (name, Value::from(id))
        });
        entry.into_iter().collect()
    }
}

/// The outcome of a list in this run.
pub(super) struct Written {
    pub(super) entry: Entry,
    /// The ids of its items, if other lists need them.
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

/// Writes one list, whichever it is.
pub(super) async fn write(
    music: &AmazonMusic,
    folder: &Arc<Folder>,
    form: Form,
    which: Which,
) -> Result<Written, Failure> {
    let parent = which.list.parent.zip(which.id.clone());
    let id = parent
        .as_ref()
        .map(|(parent, id)| (parent.parameter, id.as_str()));
    let operation = which.list.operation.id;
    let write = Write {
        folder,
        form,
        which: which.clone(),
    };
    match music.request(operation, id.as_slice(), write) {
        Ok(written) => written.await,
        Err(error) => {
            // An id that no request can carry.
            notice!("warning: {}: skipped: {error}", which.file);
            let entry = skipped(folder, which, Some(error.to_string()));
            Ok(Written {
                entry,
                ids: Vec::new(),
                later: None,
            })
        }
    }
}

/// Writes the list of a request.
struct Write<'a> {
    folder: &'a Arc<Folder>,
    form: Form,
    which: Which,
}

impl<'a> RequestVisitor for Write<'a> {
    type Output = LocalBoxFuture<'a, Result<Written, Failure>>;

    fn list<O: ListOperation>(self, list: List<O>) -> Self::Output {
        let Self {
            folder,
            form,
            which,
        } = self;
        Box::pin(write_list(folder, form, which, list.served_as()))
    }

    fn get<O: EntityOperation>(self, _: Get<O>) -> Self::Output {
        let reason = format!("{} is no list", O::INFO.id);
        Box::pin(async { Err(Failure::Usage(reason)) })
    }
}

/// Writes one list, from its checkpoint on if there is one.
async fn write_list<O>(
    folder: &Arc<Folder>,
    form: Form,
    which: Which,
    list: List<ServedAs<O, IgnoredAny>>,
) -> Result<Written, Failure>
where
    O: ListOperation,
{
    let start = list.clone().items().position();
    let mut part = match Part::open(
        folder,
        &which.file,
        form.header(&Layout::of(&O::INFO))?,
        start,
    )? {
        Opened::Ended(record) => return Ok(written(folder, which, *record, None)),
        Opened::Part(part) => part,
    };
    loop {
        let (now, read) = read(part, form, list.clone(), which.is_essential).await?;
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
                let reason = Failure::reason(&error);
                notice!("warning: {}: skipped: {reason}", which.file);
                let record = blocking(move || part.skip(reason)).await?;
                return Ok(written(folder, which, record, None));
            }
            Read::CutShort(error) => {
                let reason = Failure::reason(&error);
                notice!("warning: {}: cut short: {reason}", which.file);
                Some(reason)
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
    let reason = Failure::reason(&error);
    notice!("warning: {}: skipped for now: {reason}", which.file);
    Ok(written(folder, which, record, Some(error.into())))
}

/// Reads the list from the position of the part on, and writes its rows.
async fn read<O>(
    mut part: Box<Part>,
    form: Form,
    list: List<ServedAs<O, IgnoredAny>>,
    has_ids: bool,
) -> Result<(Box<Part>, Read), Failure>
where
    O: ListOperation,
{
    let saved = part.record.position.clone();
    let mut is_untried = saved != list.clone().items().position();
    let mut items = list.resume(saved).map_err(|error| part.refused(&error))?;
    let columns = part.columns(form.format)?;
    let mut rows = Vec::new();
    while let Some(item) = items.next_item().await {
        match item {
            Ok(item) => {
                part.record.rows += 1;
                part.record
                    .ids
                    .extend(has_ids.then(|| item.id().to_owned()));
                rows.push(item);
            }
            Err(error) => match trouble::next(&error, is_untried) {
                Next::CountItem => part.record.malformed += 1,
                Next::BeginAgain => return Ok((part, Read::BeginAgain(error))),
                Next::Skip => return Ok((part, Read::Skip(error))),
                Next::Stop => return Err(error.into()),
                next => {
                    part.append(&form.rows(&rows, &columns)?, items.position())?;
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
            part.append(&form.rows(&rows, &columns)?, position)?;
            rows.clear();
            if part.is_due() {
                part = blocking(move || part.save().map(|()| part)).await?;
            }
        }
    }
    warn_if_missing::<O>(items.is_missing());
    part.append(&form.rows(&rows, &columns)?, items.position())?;
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
    let ids = std::mem::take(&mut record.ids);
    let mut entry = skipped(folder, which, later.as_ref().map(Failure::without_method));
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

/// The entry of a list that was not read.
fn skipped(folder: &Folder, which: Which, reason: Option<String>) -> Entry {
    let before = folder.before.get(&which.file);
    Entry {
        state: State::Skipped,
        reason,
        list: Some(which.list.name()),
        parent: which.parent(),
        file: which.file,
        rows: before.and_then(|entry| entry.rows),
        bytes: before.and_then(|entry| entry.bytes),
        sha256: before.and_then(|entry| entry.sha256.clone()),
        malformed: before.map_or(0, |entry| entry.malformed),
    }
}
