//! The whole catalog to files.
//!
//! Beside each file stands a checkpoint: how many bytes of the file are good, and the position in the
//! list behind them. It is replaced whole after each page, once the page is written. So whenever the
//! program is killed, the file is cut back to what its checkpoint says and the list resumed from there:
//! no row is missing, and none comes twice.

use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions},
    io::{self, IsTerminal as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use amazon_music::{AmazonMusic, ErrorKind, List, ListOperation, Position, types::Category};
use futures_util::{StreamExt as _, TryStreamExt as _, future::BoxFuture, stream};
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};

use crate::{
    Failure,
    arguments::{Export, FileFormat},
    output::{Row, csv_failure, csv_record, line},
};

/// Where the checkpoints stand, below the folder of the export. Gone once the export is whole.
const CHECKPOINTS: &str = ".checkpoints";

/// What is known of one file.
#[derive(Serialize, Deserialize)]
struct Checkpoint {
    bytes: u64,
    rows: u64,
    malformed: u64,
    position: Position,
}

/// What came of one list, or of all of them.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    lists: u64,
    rows: u64,
    malformed: u64,
    cut_short: u64,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.lists += other.lists;
        self.rows += other.rows;
        self.malformed += other.malformed;
        self.cut_short += other.cut_short;
    }
}

/// Writes the catalog, or goes on writing it.
pub(crate) async fn run(music: &AmazonMusic, export: &Export) -> Result<(), Failure> {
    whole(music, export).await.map_err(|failure| match failure {
        Failure::Call(_) | Failure::Io(_) => Failure::Interrupted(Box::new(failure)),
        other => other,
    })
}

async fn whole(music: &AmazonMusic, export: &Export) -> Result<(), Failure> {
    let target = Target::new(export)?;
    let mut total = target.write("categories", music.categories()).await?;
    let categories = music.categories().items();
    let mut seen = HashSet::new();
    // One that cannot be read was counted above; one that comes twice has one set of files.
    let categories: Vec<Category> = categories
        .filter(|category| {
            let is_malformed = matches!(category, Err(error) if error.kind() == ErrorKind::Item);
            std::future::ready(!is_malformed)
        })
        .try_filter(|category| std::future::ready(seen.insert(category.id.clone())))
        .try_collect()
        .await?;
    for category in &categories {
        check_id(&category.id)?;
    }
    let progress = Progress::new(3 * categories.len() as u64);
    let lists = categories.iter().flat_map(|category| {
        let id = &category.id;
        let list: [BoxFuture<'_, Result<Count, Failure>>; 3] = [
            Box::pin(target.write(name(id, "albums"), music.category_albums(id))),
            Box::pin(target.write(name(id, "playlists"), music.category_playlists(id))),
            Box::pin(target.write(name(id, "tracks"), music.category_tracks(id))),
        ];
        list
    });
    let mut lists = stream::iter(lists).buffer_unordered(usize::from(export.concurrency));
    while let Some(count) = lists.try_next().await? {
        total.add(count);
        progress.step(total);
    }
    drop(lists);
    progress.finish();
    fs::remove_dir_all(export.folder.join(CHECKPOINTS))?;
    anstream::println!(
        "{} lists, {} rows in {}{}",
        total.lists,
        total.rows,
        export.folder.display(),
        match total.malformed {
            0 => String::new(),
            count => format!(" ({count} malformed items left out)"),
        }
    );
    match total.cut_short {
        0 => Ok(()),
        count => Err(Failure::CutShort(count)),
    }
}

/// An id becomes part of a file's name.
fn check_id(id: &str) -> Result<(), Failure> {
    let checked = amazon_music::types::CategoryId::try_from(id);
    checked.map(drop).map_err(|reason| {
        let text = format!("a category has an id that cannot be exported: it {reason}");
        Failure::Io(io::Error::other(text))
    })
}

fn name(category: &str, collection: &str) -> String {
    format!("category-{category}-{collection}")
}

/// The folder, and the form of the files in it.
struct Target<'a> {
    folder: &'a Path,
    format: FileFormat,
}

impl<'a> Target<'a> {
    fn new(export: &'a Export) -> Result<Self, Failure> {
        fs::create_dir_all(export.folder.join(CHECKPOINTS))?;
        Ok(Self {
            folder: &export.folder,
            format: export.format,
        })
    }

    /// Writes one list, from its checkpoint on where there is one.
    async fn write<O>(&self, name: impl AsRef<str>, list: List<O>) -> Result<Count, Failure>
    where
        O: ListOperation,
        O::Item: Row + Serialize,
    {
        let mut file = ListFile::open::<O>(self, name.as_ref(), &list)?;
        let mut items = list.resume(file.checkpoint.position.clone())?;
        let mut rows = Vec::new();
        let mut cut_short = 0;
        loop {
            let item = items.next_item().await;
            match item {
                Some(Ok(item)) => {
                    rows.extend(encode(self.format, &item)?);
                    file.checkpoint.rows += 1;
                }
                Some(Err(error)) if error.kind() == ErrorKind::Item => {
                    file.checkpoint.malformed += 1;
                }
                // What came is all there is to have: kept, and told at the end.
                Some(Err(error))
                    if matches!(error.kind(), ErrorKind::Incomplete | ErrorKind::CursorLoop) =>
                {
                    cut_short = 1;
                    anstream::eprintln!("{}: {error}", name.as_ref());
                }
                Some(Err(error)) => return Err(error.into()),
                None => break,
            }
            let position = items.position();
            if position.is_page_boundary() {
                file.append(&mut rows, position)?;
            }
        }
        file.append(&mut rows, items.position())?;
        Ok(Count {
            lists: 1,
            rows: file.checkpoint.rows,
            malformed: file.checkpoint.malformed,
            cut_short,
        })
    }
}

/// One row, with its end of line.
fn encode<T: Row + Serialize>(format: FileFormat, item: &T) -> Result<Vec<u8>, Failure> {
    match format {
        FileFormat::Ndjson => Ok((line(item)? + "\n").into_bytes()),
        FileFormat::Csv => csv_line(csv_record(item)?),
    }
}

fn csv_line(fields: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Result<Vec<u8>, Failure> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(fields).map_err(csv_failure)?;
    csv.into_inner()
        .map_err(|error| Failure::Io(io::Error::other(error.to_string())))
}

/// A file with its checkpoint.
struct ListFile {
    file: File,
    checkpoint_path: PathBuf,
    checkpoint: Checkpoint,
}

impl ListFile {
    fn open<O>(target: &Target<'_>, name: &str, list: &List<O>) -> Result<Self, Failure>
    where
        O: ListOperation,
        O::Item: Row,
    {
        let (ending, header) = match target.format {
            FileFormat::Ndjson => ("ndjson", Vec::new()),
            FileFormat::Csv => ("csv", csv_line(O::Item::FIELDS)?),
        };
        let path = target.folder.join(format!("{name}.{ending}"));
        let checkpoint_path = target
            .folder
            .join(CHECKPOINTS)
            .join(format!("{name}.{ending}.json"));
        let known = match fs::read(&checkpoint_path) {
            Ok(text) => Some(serde_json::from_slice(&text).map_err(|error| {
                Failure::Usage(format!(
                    "{} is no checkpoint of this program ({error}): remove it to begin again",
                    checkpoint_path.display()
                ))
            })?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        let is_new = known.is_none();
        let checkpoint = known.unwrap_or_else(|| Checkpoint {
            bytes: 0,
            rows: 0,
            malformed: 0,
            position: list.clone().items().position(),
        });
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)?;
        if file.metadata()?.len() < checkpoint.bytes {
            return Err(Failure::Usage(format!(
                "{} is shorter than its checkpoint says: remove {} to begin again",
                path.display(),
                checkpoint_path.display()
            )));
        }
        file.set_len(checkpoint.bytes)?;
        file.seek(SeekFrom::Start(checkpoint.bytes))?;
        let mut opened = Self {
            file,
            checkpoint_path,
            checkpoint,
        };
        if is_new {
            let start = opened.checkpoint.position.clone();
            opened.append(&mut { header }, start)?;
        }
        Ok(opened)
    }

    /// Writes rows, and then that they are written.
    fn append(&mut self, rows: &mut Vec<u8>, position: Position) -> Result<(), Failure> {
        self.file.write_all(rows)?;
        self.checkpoint.bytes += rows.len() as u64;
        self.checkpoint.position = position;
        rows.clear();
        let temporary = self.checkpoint_path.with_extension("new");
        fs::write(&temporary, line(&self.checkpoint)?)?;
        fs::rename(&temporary, &self.checkpoint_path)?;
        Ok(())
    }
}

/// A bar on a terminal; elsewhere a line now and then.
enum Progress {
    Bar(ProgressBar),
    Lines(u64),
}

impl Progress {
    fn new(lists: u64) -> Self {
        if !io::stderr().is_terminal() {
            return Self::Lines(lists);
        }
        let bar = ProgressBar::new(lists);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} lists, {msg} rows") {
            bar.set_style(style);
        }
        Self::Bar(bar)
    }

    fn step(&self, total: Count) {
        match self {
            Self::Bar(bar) => {
                bar.inc(1);
                bar.set_message(total.rows.to_string());
            }
            // The categories themselves are one list more.
            Self::Lines(lists) if total.lists.is_multiple_of(60) => {
                anstream::eprintln!(
                    "{} of {} lists, {} rows",
                    total.lists,
                    lists + 1,
                    total.rows
                );
            }
            Self::Lines(_) => {}
        }
    }

    fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
