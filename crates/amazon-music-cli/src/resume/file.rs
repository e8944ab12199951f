//! The file of a position.

use std::{
    fs::{self, OpenOptions},
    io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use amazon_music::{Position, files};

use crate::{failure::Failure, output::json::line};

/// The shortest time between two saves at the ends of pages. Each is brought to the disk, which may take as
/// long as a page does.
const INTERVAL: Duration = Duration::from_millis(250);

/// A file that a position is saved in.
pub(super) struct PositionFile {
    /// The path as it was given.
    name: PathBuf,
    /// The file itself: what a link leads to.
    path: PathBuf,
    saved: Option<Instant>,
}

impl PositionFile {
    /// Reads the position, if there is one. Fails if it could not be saved later.
    pub(super) fn open(name: &Path) -> Result<(Self, Option<Position>), Failure> {
        let position = read(name)?;
        let path = match position {
            Some(_) => fs::canonicalize(name).map_err(|error| failure("read", name, error))?,
            None => name.to_owned(),
        };
        let file = Self {
            name: name.to_owned(),
            path,
            saved: None,
        };
        file.try_out()?;
        Ok((file, position))
    }

    /// Makes a file in the folder and removes it again.
    fn try_out(&self) -> Result<(), Failure> {
        let mut probe = self.path.as_os_str().to_owned();
        probe.push(".amazon-music-probe");
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&probe)
            .and_then(|_| fs::remove_file(&probe))
            .map_err(|error| failure("create", &self.name, error))
    }

    /// Saves the position, unless another one was saved a moment ago.
    pub(super) fn save_if_due(&mut self, position: &Position) -> Result<(), Failure> {
        match self.saved {
            Some(saved) if saved.elapsed() < INTERVAL => Ok(()),
            _ => self.save(position),
        }
    }

    /// Saves the position.
    pub(super) fn save(&mut self, position: &Position) -> Result<(), Failure> {
        files::replace(&self.path, line(position)?)
            .map_err(|error| failure("write", &self.name, error))?;
        self.saved = Some(Instant::now());
        Ok(())
    }
}

fn read(name: &Path) -> Result<Option<Position>, Failure> {
    let is_file = match fs::metadata(name) {
        Ok(metadata) => metadata.is_file(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failure("read", name, error)),
    };
    if !is_file {
        return Err(Failure::Usage(format!(
            "--resume: {} is not a regular file: name another one",
            name.display()
        )));
    }
    let text = fs::read(name).map_err(|error| failure("read", name, error))?;
    let position = serde_json::from_slice(&text).map_err(|error| {
        Failure::Usage(format!(
            "{file} is not a position saved by --resume ({error}): remove it to start over, or name \
             another file",
            file = name.display()
        ))
    })?;
    Ok(Some(position))
}

fn failure(action: &str, name: &Path, error: io::Error) -> Failure {
    Failure::io(
        format!("--resume: cannot {action} {}", name.display()),
        error,
    )
}
