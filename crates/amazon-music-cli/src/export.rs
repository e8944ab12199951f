//! Export of the whole catalog to files.
//!
//! Each file has a checkpoint: how many bytes of the file are valid, and the position in the list after
//! them. A checkpoint is replaced atomically after each page, once the page is written. Whenever the process
//! is killed, the next run truncates the file to its checkpoint and resumes the list from there: no row is
//! missing or duplicated.

mod file;
mod progress;

use std::{collections::HashSet, fs, future::ready, io, path::Path};

use amazon_music::{AmazonMusic, ErrorKind, List, ListOperation, types::Category};
use futures_util::{StreamExt as _, TryStreamExt as _, future::BoxFuture, stream};
use serde::Serialize;

use crate::{
    arguments::{Export, FileFormat},
    export::{
        file::{CHECKPOINTS, ListFile, cannot, encode},
        progress::Progress,
    },
    failure::Failure,
    missing::warn_if_missing,
    output::row::Row,
};

/// Totals of one list, or of several.
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

/// Exports the catalog, or resumes the export.
pub(crate) async fn run(music: &AmazonMusic, export: &Export) -> Result<(), Failure> {
    whole(music, export).await.map_err(|failure| match failure {
        Failure::Call(_) | Failure::Output(_) | Failure::Io { .. } => {
            Failure::Interrupted(Box::new(failure))
        }
        other => other,
    })
}

async fn whole(music: &AmazonMusic, export: &Export) -> Result<(), Failure> {
    let target = Target::new(export)?;
    let mut total = target.write("categories", music.categories()).await?;
    let categories = categories(music).await?;
    let progress = Progress::new(3 * categories.len() as u64);
    let lists = categories
        .iter()
        .flat_map(|category| target.write_category(music, &category.id));
    let mut lists = stream::iter(lists).buffer_unordered(usize::from(export.concurrency));
    while let Some(count) = lists.try_next().await? {
        total.add(count);
        progress.step(total.lists, total.rows, music.pace().per_second);
    }
    drop(lists);
    progress.finish();
    let checkpoints = export.folder.join(CHECKPOINTS);
    fs::remove_dir_all(&checkpoints).map_err(|error| cannot("remove", &checkpoints, error))?;
    report(total, &export.folder)
}

/// The categories, each once. Malformed ones are left out: they are counted where the list is written.
async fn categories(music: &AmazonMusic) -> Result<Vec<Category>, Failure> {
    let mut seen = HashSet::new();
    let categories: Vec<Category> = music
        .categories()
        .items()
        .filter(|category| {
            let is_malformed = matches!(category, Err(error) if error.kind() == ErrorKind::Item);
            ready(!is_malformed)
        })
        .try_filter(|category| ready(seen.insert(category.id.clone())))
        .try_collect()
        .await?;
    for category in &categories {
        check_id(&category.id)?;
    }
    Ok(categories)
}

/// Checks an ID that becomes part of a file name.
fn check_id(id: &str) -> Result<(), Failure> {
    let checked = amazon_music::types::CategoryId::try_from(id);
    checked.map(drop).map_err(|reason| {
        let reason = io::Error::other(format!("its id {reason}"));
        Failure::io("cannot export a category", reason)
    })
}

/// Prints the totals; fails if a list was cut short.
fn report(total: Count, folder: &Path) -> Result<(), Failure> {
    let skipped = match total.malformed {
        0 => String::new(),
        count => format!(" ({count} malformed items skipped)"),
    };
    anstream::println!(
        "{} lists, {} rows in {}{skipped}",
        total.lists,
        total.rows,
        folder.display(),
    );
    match total.cut_short {
        0 => Ok(()),
        count => Err(Failure::CutShort(count)),
    }
}

/// Folder of an export, and the format of the files in it.
struct Target<'a> {
    folder: &'a Path,
    format: FileFormat,
}

impl<'a> Target<'a> {
    fn new(export: &'a Export) -> Result<Self, Failure> {
        let checkpoints = export.folder.join(CHECKPOINTS);
        fs::create_dir_all(&checkpoints).map_err(|error| cannot("create", &checkpoints, error))?;
        Ok(Self {
            folder: &export.folder,
            format: export.format,
        })
    }

    /// Writes the three lists of a category.
    fn write_category<'b>(
        &'b self,
        music: &'b AmazonMusic,
        id: &'b str,
    ) -> [BoxFuture<'b, Result<Count, Failure>>; 3] {
        let name = |list| format!("category-{id}-{list}");
        [
            Box::pin(self.write(name("albums"), music.category_albums(id))),
            Box::pin(self.write(name("playlists"), music.category_playlists(id))),
            Box::pin(self.write(name("tracks"), music.category_tracks(id))),
        ]
    }

    /// Writes one list, from its checkpoint on if there is one.
    async fn write<O>(&self, name: impl AsRef<str>, list: List<O>) -> Result<Count, Failure>
    where
        O: ListOperation,
        O::Item: Row + Serialize,
    {
        let name = name.as_ref();
        let mut file = ListFile::open::<O>(self.folder, self.format, name, &list)?;
        let mut items = list.resume(file.checkpoint.position.clone())?;
        let mut rows = Vec::new();
        let mut cut_short = 0;
        while let Some(item) = items.next_item().await {
            match item {
                Ok(item) => {
                    rows.extend(encode(self.format, &item)?);
                    file.checkpoint.rows += 1;
                }
                Err(error) => match error.kind() {
                    ErrorKind::Item => file.checkpoint.malformed += 1,
                    // The items so far are all there is: they are kept, and the list is reported at the end.
                    ErrorKind::Incomplete | ErrorKind::CursorLoop => {
                        cut_short = 1;
                        anstream::eprintln!("warning: {name}: {error}");
                    }
                    _ => return Err(error.into()),
                },
            }
            let position = items.position();
            if position.is_page_boundary() {
                file.append(&mut rows, position)?;
            }
        }
        warn_if_missing::<O>(items.is_missing());
        file.append(&mut rows, items.position())?;
        Ok(Count {
            lists: 1,
            rows: file.checkpoint.rows,
            malformed: file.checkpoint.malformed,
            cut_short,
        })
    }
}
