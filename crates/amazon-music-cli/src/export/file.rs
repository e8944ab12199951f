//! A file of an export, with its checkpoint.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use amazon_music::{List, ListOperation, Position};
use serde::{Deserialize, Serialize};

use crate::{
    arguments::FileFormat,
    atomic_file,
    failure::Failure,
    output::{csv, json::line, row::Row},
};

/// Folder of the checkpoints, inside the folder of the export. Deleted once the export is complete.
pub(super) const CHECKPOINTS: &str = ".checkpoints";

/// State of a file at the end of a page.
#[derive(Serialize, Deserialize)]
pub(super) struct Checkpoint {
    /// Bytes of the file that are valid.
    bytes: u64,
    pub(super) rows: u64,
    pub(super) malformed: u64,
    /// Position in the list after those bytes.
    pub(super) position: Position,
}

/// A file with its checkpoint.
pub(super) struct ListFile {
    file: File,
    path: PathBuf,
    checkpoint_path: PathBuf,
    pub(super) checkpoint: Checkpoint,
}

impl ListFile {
    /// Opens the file and truncates it to its checkpoint, or creates both.
    pub(super) fn open<O>(
        folder: &Path,
        format: FileFormat,
        name: &str,
        list: &List<O>,
    ) -> Result<Self, Failure>
    where
        O: ListOperation,
        O::Item: Row,
    {
        let (extension, header) = match format {
            FileFormat::Ndjson => ("ndjson", Vec::new()),
            FileFormat::Csv => ("csv", csv_line(O::Item::FIELDS)?),
        };
        let path = folder.join(format!("{name}.{extension}"));
        let checkpoint_path = folder
            .join(CHECKPOINTS)
            .join(format!("{name}.{extension}.json"));
        let saved = read_checkpoint(&checkpoint_path)?;
        let is_new = saved.is_none();
        let checkpoint = saved.unwrap_or_else(|| Checkpoint {
            bytes: 0,
            rows: 0,
            malformed: 0,
            position: list.clone().items().position(),
        });
        let mut opened = Self {
            file: open_truncated(&path, &checkpoint_path, checkpoint.bytes)?,
            path,
            checkpoint_path,
            checkpoint,
        };
        if is_new {
            let start = opened.checkpoint.position.clone();
            opened.append(&mut { header }, start)?;
        }
        Ok(opened)
    }

    /// Writes rows, and then the checkpoint after them.
    pub(super) fn append(&mut self, rows: &mut Vec<u8>, position: Position) -> Result<(), Failure> {
        self.file
            .write_all(rows)
            .map_err(|error| cannot("write", &self.path, error))?;
        self.checkpoint.bytes += rows.len() as u64;
        self.checkpoint.position = position;
        rows.clear();
        atomic_file::replace(&self.checkpoint_path, line(&self.checkpoint)?.as_bytes())
            .map_err(|error| cannot("write", &self.checkpoint_path, error))
    }
}

fn read_checkpoint(path: &Path) -> Result<Option<Checkpoint>, Failure> {
    match fs::read(path) {
        Ok(text) => serde_json::from_slice(&text).map(Some).map_err(|error| {
            Failure::Usage(format!(
                "{} is not a checkpoint of an export ({error}): remove it to start that list over",
                path.display()
            ))
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot("read", path, error)),
    }
}

fn open_truncated(path: &Path, checkpoint_path: &Path, bytes: u64) -> Result<File, Failure> {
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|error| cannot("open", path, error))?;
    let metadata = file.metadata();
    if metadata.map_err(|error| cannot("read", path, error))?.len() < bytes {
        return Err(Failure::Usage(format!(
            "{} is shorter than its checkpoint: remove {} to start that list over",
            path.display(),
            checkpoint_path.display()
        )));
    }
    file.set_len(bytes)
        .and_then(|()| file.seek(SeekFrom::Start(bytes)))
        .map_err(|error| cannot("write", path, error))?;
    Ok(file)
}

pub(super) fn cannot(action: &str, path: &Path, error: io::Error) -> Failure {
    Failure::io(format!("cannot {action} {}", path.display()), error)
}

/// One row with its line ending.
pub(super) fn encode<T: Row + Serialize>(format: FileFormat, item: &T) -> Result<Vec<u8>, Failure> {
    match format {
        FileFormat::Ndjson => Ok((line(item)? + "\n").into_bytes()),
        FileFormat::Csv => csv_line(csv::record(item)?),
    }
}

fn csv_line(fields: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Result<Vec<u8>, Failure> {
    let mut csv = ::csv::Writer::from_writer(Vec::new());
    csv.write_record(fields).map_err(csv::failure)?;
    csv.into_inner()
        .map_err(|error| Failure::io("cannot write CSV", io::Error::other(error.to_string())))
}
