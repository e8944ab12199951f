//! The folder of an export.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Mutex,
    time::{Duration, Instant},
};

use amazon_music::files;

use crate::{
    export::{
        adopt,
        documents::{self, Manifest, Parameters, Run, cannot},
        lock::lock,
        look::{Look, look},
        names::{MANIFEST, WORKING},
        plan::{Flags, Found, Plan, plan},
        state::Entry,
    },
    failure::Failure,
};

/// The state of the export under way, inside the working folder.
pub(super) const RUN: &str = "run.json";

/// The longest time that the names of files that were put in place stay off the disk.
const SYNC: Duration = Duration::from_secs(1);

/// A folder that this process exports to. Nobody else does until it is dropped.
pub(super) struct Folder {
    path: PathBuf,
    _locked: File,
    pub(super) run: Run,
    /// The lists of the last finished export, by file.
    pub(super) before: BTreeMap<String, Entry>,
    synced: Mutex<Instant>,
}

impl Folder {
    /// Opens the folder, or makes it, and prepares it for this export.
    pub(super) fn open(path: &Path, flags: Flags, now: Parameters) -> Result<Self, Failure> {
        fs::create_dir_all(path).map_err(|error| cannot("create", path, error))?;
        let refuse =
            |reason| Failure::Usage(format!("cannot export to {}: {reason}", path.display()));
        // Before anything is written: what is not an export gets no marker.
        let seen = look(path)?;
        if !seen.has_marker {
            let found = Found {
                stranger: seen.lists.first().map(String::as_str),
                in_the_way: seen.in_the_way(),
                ..Found::default()
            };
            plan(found, flags, &now).map_err(refuse)?;
        }
        let locked = lock(path)?;
        // Once more: whoever held the lock before may have changed it.
        let seen = look(path)?;
        let manifest: Option<Manifest> = documents::read(&path.join(MANIFEST))?;
        let run: Option<Run> = match seen.has_working {
            true => documents::read(&path.join(WORKING).join(RUN))?,
            false => None,
        };
        let plan = plan(found(&seen, &manifest, &run), flags, &now).map_err(refuse)?;
        let manifest = match plan {
            Plan::Adopt => Some(adopt::adopt(path, &seen)?),
            Plan::Begin | Plan::Resume | Plan::Restart => manifest,
        };
        let entries = manifest.map(|manifest| manifest.lists).unwrap_or_default();
        let by_file = |entry: Entry| (entry.file.clone(), entry);
        let folder = Self {
            path: path.to_owned(),
            _locked: locked,
            run: match (plan, run) {
                (Plan::Resume, Some(run)) => Run {
                    process: std::process::id(),
                    attempts: run.attempts.saturating_add(1),
                    ..run
                },
                _ => new_run(now),
            },
            before: entries.into_iter().map(by_file).collect(),
            synced: Mutex::new(Instant::now()),
        };
        folder.start(plan)?;
        Ok(folder)
    }

    /// Makes the working folder, and says there who works on it.
    fn start(&self, plan: Plan) -> Result<(), Failure> {
        let working = self.working();
        if plan != Plan::Resume {
            self.forget()?;
        }
        fs::create_dir_all(&working).map_err(|error| cannot("create", &working, error))?;
        let path = working.join(RUN);
        files::replace(&path, documents::text(&self.run)?)
            .map_err(|error| cannot("write", &path, error))
    }

    /// Removes what is not whole.
    pub(super) fn forget(&self) -> Result<(), Failure> {
        let working = self.working();
        match fs::remove_dir_all(&working) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(cannot("remove", &working, error))
            }
            _ => Ok(()),
        }
    }

    /// Whether nothing of this run is worth to be gone on with.
    pub(super) fn is_fresh(&self) -> bool {
        let entries = fs::read_dir(self.working());
        entries.is_ok_and(|entries| {
            let mut names = entries.flatten().map(|entry| entry.file_name());
            names.all(|name| name == RUN || !name.to_string_lossy().ends_with(".json"))
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn working(&self) -> PathBuf {
        self.path.join(WORKING)
    }

    /// The place of a list.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The place of a list that is not whole.
    pub(super) fn part(&self, name: &str) -> PathBuf {
        self.working().join(format!("{name}.part"))
    }

    /// The place of the record of a list.
    pub(super) fn record(&self, name: &str) -> PathBuf {
        self.working().join(format!("{name}.json"))
    }

    /// Brings the names of files that were put in place to the disk, unless that was done a moment ago.
    pub(super) fn sync_if_due(&self) -> Result<(), Failure> {
        // A poisoned lock is no reason not to sync.
        let mut synced = self
            .synced
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        if synced.elapsed() < SYNC {
            return Ok(());
        }
        *synced = Instant::now();
        drop(synced);
        self.sync()
    }

    pub(super) fn sync(&self) -> Result<(), Failure> {
        files::sync_folder_of(&self.file(MANIFEST))
            .map_err(|error| cannot("sync", &self.path, error))
    }

    /// Ends the export: from here on the folder is whole.
    pub(super) fn finish(&self, manifest: &Manifest) -> Result<(), Failure> {
        self.sync()?;
        let path = self.path.join(MANIFEST);
        files::replace(&path, documents::text(manifest)?)
            .map_err(|error| cannot("write", &path, error))?;
        self.forget()
    }
}

fn new_run(parameters: Parameters) -> Run {
    Run {
        parameters,
        started_at: now(),
        process: std::process::id(),
        attempts: 0,
    }
}

/// This moment, as RFC 3339.
pub(super) fn now() -> String {
    humantime::format_rfc3339_seconds(std::time::SystemTime::now()).to_string()
}

fn found<'a>(seen: &'a Look, manifest: &'a Option<Manifest>, run: &'a Option<Run>) -> Found<'a> {
    let entries = manifest.iter().flat_map(|manifest| &manifest.lists);
    // An entry without bytes is that of a list that has no file.
    let written = entries.filter(|entry| entry.bytes.is_some());
    let mut known: BTreeSet<&str> = written.map(|entry| entry.file.as_str()).collect();
    known.extend(seen.records.iter().map(String::as_str));
    let stranger = seen
        .lists
        .iter()
        .find(|name| !known.contains(name.as_str()));
    Found {
        has_marker: true,
        manifest: manifest.as_ref(),
        run: run.as_ref(),
        stranger: stranger.map(String::as_str),
        in_the_way: None,
    }
}
