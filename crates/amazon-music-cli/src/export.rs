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
    time::{Duration, Instant},
};

use amazon_music::AmazonMusic;
use futures_util::{StreamExt as _, stream};

use crate::{
    arguments::{Export, Output},
    catalog::{CatalogList, LISTS, Parent},
    export::{
        documents::{Manifest, Parameters, extension, now},
        folder::Folder,
        list::{Form, Which, Written, write},
        plan::Flags,
        progress::Progress,
        state::{Entry, State},
        summary::{report, totals},
        trouble::Streak,
    },
    failure::Failure,
    notice::hint,
    session::Session,
    words::{size_in_words, things_in_words, time_in_words},
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
    started: Instant,
}

impl<'a> Job<'a> {
    fn open(music: &'a AmazonMusic, export: &Export, session: &Session) -> Result<Self, Failure> {
        let output = session.output.clone();
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
            started: Instant::now(),
        })
    }

    async fn run(&self) -> Result<(), Failure> {
        let (sources, others): (Vec<_>, Vec<_>) =
            LISTS.iter().partition(|list| list.is_source(&LISTS));
        let mut is_whole = true;
        let mut written = BTreeMap::new();
        let mut ids = BTreeMap::new();
        for source in sources {
            let outcome = self.write(self.which(source, None, true)).await;
            if outcome.is_err() && self.folder.is_fresh() {
                self.folder.forget()?;
            }
            let Written {
                entry, ids: all, ..
            } = outcome?;
            is_whole &= !entry.state.is_lacking() && entry.malformed == 0;
            written.insert(entry.file.clone(), entry);
            ids.insert(source.operation.id, all);
        }
        let all = self.others(&others, &ids);
        let later = self.lists(all, &mut written).await?;
        self.end(written, is_whole, later).await
    }

    /// The lists that need no ids, and those of each entity, one entity after the other.
    fn others(
        &self,
        lists: &[&'static CatalogList],
        ids: &BTreeMap<&str, Vec<String>>,
    ) -> Vec<Which> {
        let free = lists.iter().filter(|list| list.parent.is_none());
        let mut all: Vec<_> = free.map(|list| self.which(list, None, false)).collect();
        for (source, ids) in ids {
            let is_below = |parent: Parent| parent.source.id == *source;
            let below = lists
                .iter()
                .filter(|list| list.parent.is_some_and(is_below));
            let mut seen = HashSet::new();
            for id in ids.iter().filter(|id| seen.insert(*id)) {
                let of_entity = below
                    .clone()
                    .map(|list| self.which(list, Some(id.clone()), false));
                all.extend(of_entity);
            }
        }
        all
    }

    fn which(&self, list: &'static CatalogList, id: Option<String>, is_essential: bool) -> Which {
        Which {
            file: names::file(list, id.as_deref(), extension(self.form.format)),
            list,
            id,
            is_essential,
        }
    }

    async fn write(&self, which: Which) -> Result<Written, Failure> {
        write(self.music, &self.folder, self.form, which).await
    }

    /// Writes lists that do not need each other; returns how many may work later.
    async fn lists(
        &self,
        all: Vec<Which>,
        lists: &mut BTreeMap<String, Entry>,
    ) -> Result<u64, Failure> {
        let progress = Progress::new(all.len() as u64);
        let all = all.into_iter().map(|which| self.write(which));
        let mut all = stream::iter(all).buffer_unordered(self.concurrency);
        let (mut count, mut later, mut streak, mut rows) = (0, 0, Streak::default(), 0);
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
            count += 1;
            lists.insert(entry.file.clone(), entry);
            progress.step(count, rows, self.music.pace().per_second);
        }
        drop(all);
        progress.finish();
        Ok(later)
    }

    /// Ends the export: with a manifest, unless lists are left that may work when it goes on.
    async fn end(
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
            self.output.clone(),
        )
        .await?;
        hint!("{}", size(&lists, self.started.elapsed()));
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

/// The size of the files, and the time that the export took: `8.1 MB in 361 files, took 2 s`.
fn size(lists: &[Entry], time: Duration) -> String {
    let bytes = lists.iter().filter_map(|entry| entry.bytes);
    format!(
        "{} in {}, took {}",
        size_in_words(bytes.clone().fold(0, u64::saturating_add)),
        things_in_words(bytes.count() as u64, "file"),
        time_in_words(time)
    )
}

/// The entry of a list that this export did not come across.
fn left(before: &Entry, is_whole: bool) -> Entry {
    let mut entry = before.clone();
    (entry.state, entry.reason) = match is_whole {
        true => (State::Gone, None),
        false => {
            let parent = entry.parent.keys().next();
            let parent = parent.and_then(|name| name.strip_suffix("Id"));
            let reason = format!("its {} could not be read", parent.unwrap_or("id"));
            (State::Skipped, Some(reason))
        }
    };
    entry
}
