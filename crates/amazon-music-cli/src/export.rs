//! Export of the whole catalog to files: a snapshot that can be refreshed.
//!
//! Each list is written beside its file, in the working folder, and takes the file's place when it is whole
//! and on the disk. A record says how far each list is. Whenever the process is killed, the next run goes on
//! from the records: no row is missing or duplicated, and a file that was whole before stays until its new
//! content is.

mod adopt;
mod compare;
mod documents;
mod folder;
mod list;
mod lock;
mod look;
mod names;
mod part;
mod plan;
mod progress;
mod record;
mod state;
mod summary;
mod trouble;

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use amazon_music::{AmazonMusic, Served};
use futures_util::{StreamExt as _, future::BoxFuture, stream};

use crate::{
    arguments::{Export, Output},
    export::{
        documents::{Manifest, Parameters, extension, now},
        folder::Folder,
        list::{Form, Which, Written, write},
        names::LISTS,
        plan::Flags,
        progress::Progress,
        state::{Entry, State},
        summary::{report, totals},
        trouble::Streak,
    },
    failure::Failure,
    session::Session,
};

/// Exports the catalog, resumes an export, or refreshes one.
pub(crate) async fn run(
    music: &AmazonMusic,
    export: &Export,
    session: &Session,
) -> Result<(), Failure> {
    let job = Job::open(music, export, session)?;
    let outcome = session.signals.interrupt(job.run()).await;
    outcome.map_err(|failure| match failure {
        Failure::Call(_) | Failure::Output(_) | Failure::Io { .. } | Failure::Stopped(_) => {
            Failure::Interrupted(Box::new(failure))
        }
        other => other,
    })
}

/// An export.
struct Job<'a> {
    music: &'a AmazonMusic,
    folder: Arc<Folder>,
    form: Form,
    concurrency: usize,
    output: Output,
}

impl<'a> Job<'a> {
    fn open(music: &'a AmazonMusic, export: &Export, session: &Session) -> Result<Self, Failure> {
        let output = session.output;
        let parameters = Parameters::new(export, session, music.base_url());
        let flags = Flags {
            restart: export.restart,
            adopt: export.adopt,
        };
        Ok(Self {
            music,
            folder: Arc::new(Folder::open(&export.folder, flags, parameters)?),
            form: Form {
                format: export.format,
                csv_safe: output.csv_safe,
            },
            concurrency: usize::from(export.concurrency),
            output,
        })
    }

    async fn run(&self) -> Result<(), Failure> {
        let categories = match self.categories().await {
            Ok(categories) => categories,
            Err(failure) => {
                if self.folder.is_fresh() {
                    self.folder.forget()?;
                }
                return Err(failure);
            }
        };
        let is_whole = !categories.entry.state.is_lacking() && categories.entry.malformed == 0;
        let mut seen = HashSet::new();
        let ids: Vec<&String> = categories
            .ids
            .iter()
            .filter(|id| seen.insert(*id))
            .collect();
        let (mut lists, later) = self.lists(&ids).await?;
        lists.insert(categories.entry.file.clone(), categories.entry);
        self.end(lists, is_whole, later)
    }

    /// Writes the list of categories, without which nothing else can be read.
    async fn categories(&self) -> Result<Written, Failure> {
        let which = Which {
            file: names::categories(extension(self.form.format)),
            list: "categories",
            category_id: None,
            is_essential: true,
        };
        let list = self.music.categories().served();
        write(&self.folder, self.form, which, list, Some(Served::id)).await
    }

    /// Writes the lists of all categories; returns those that were dealt with, and how many may work later.
    async fn lists(&self, ids: &[&String]) -> Result<(BTreeMap<String, Entry>, u64), Failure> {
        let progress = Progress::new(3 * ids.len() as u64);
        let all = ids.iter().flat_map(|id| self.of_category(id));
        let mut all = stream::iter(all).buffer_unordered(self.concurrency);
        let (mut lists, mut later, mut streak, mut rows) =
            (BTreeMap::new(), 0, Streak::default(), 0);
        while let Some(written) = all.next().await {
            let Written {
                entry,
                later: failure,
                ..
            } = written?;
            match failure {
                None => streak.read(),
                Some(failure) if streak.failed() => return Err(failure),
                Some(_) => later += 1,
            }
            rows += entry.rows.unwrap_or(0);
            lists.insert(entry.file.clone(), entry);
            progress.step(lists.len() as u64, rows, self.music.pace().per_second);
        }
        drop(all);
        progress.finish();
        Ok((lists, later))
    }

    /// Writes the three lists of a category.
    fn of_category<'b>(&'b self, id: &'b str) -> [BoxFuture<'b, Result<Written, Failure>>; 3] {
        let [albums, playlists, tracks] = LISTS.map(|list| Which {
            file: names::of_category(id, list, extension(self.form.format)),
            list,
            category_id: Some(id.to_owned()),
            is_essential: false,
        });
        let (folder, form, music) = (&self.folder, self.form, self.music);
        [
            Box::pin(write(
                folder,
                form,
                albums,
                music.category_albums(id).served(),
                None,
            )),
            Box::pin(write(
                folder,
                form,
                playlists,
                music.category_playlists(id).served(),
                None,
            )),
            Box::pin(write(
                folder,
                form,
                tracks,
                music.category_tracks(id).served(),
                None,
            )),
        ]
    }

    /// Ends the export: with a manifest, unless lists are left that may work when it goes on.
    fn end(
        &self,
        mut lists: BTreeMap<String, Entry>,
        is_whole: bool,
        later: u64,
    ) -> Result<(), Failure> {
        let is_first = self.folder.before.is_empty();
        for (file, before) in &self.folder.before {
            // A list that was never written is told only as long as it is in the catalog.
            if !lists.contains_key(file) && before.bytes.is_some() {
                lists.insert(file.clone(), left(before, is_whole));
            }
        }
        let lists: Vec<Entry> = lists.into_values().collect();
        let goes_on = later > 0 && self.folder.run.attempts == 0;
        if goes_on {
            self.folder.sync()?;
        } else {
            self.folder.finish(&Manifest {
                parameters: Some(self.folder.run.parameters.clone()),
                started_at: self.folder.run.started_at.clone(),
                finished_at: now(),
                totals: totals(&lists),
                lists: lists.clone(),
            })?;
        }
        report(
            &lists,
            &self.folder.path().display().to_string(),
            is_first,
            self.output,
        )?;
        match lists
            .iter()
            .filter(|entry| entry.state.is_lacking())
            .count()
        {
            0 => Ok(()),
            lists => Err(Failure::Incomplete { lists, later }),
        }
    }
}

/// The entry of a list that this export did not come across.
fn left(before: &Entry, is_whole: bool) -> Entry {
    let mut entry = before.clone();
    (entry.state, entry.reason) = match is_whole {
        true => (State::Gone, None),
        false => {
            let reason = "its category could not be read".to_owned();
            (State::Skipped, Some(reason))
        }
    };
    entry
}
