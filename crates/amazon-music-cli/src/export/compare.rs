//! Compares what was read with the file that is there.

use std::{
    fmt::Write as _,
    fs::File,
    io::{self, Read, Seek as _},
    path::Path,
};

use sha2::{Digest as _, Sha256};

use crate::{export::documents::cannot, failure::Failure};

/// Bytes that are read at a time.
const CHUNK: usize = 64 * 1024;

/// How two files differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    /// There is no second one.
    NoFile,
    Same,
    Different,
}

/// Compares a file with the one at a place; also returns its SHA-256.
pub(super) fn compare(
    file: &mut File,
    path: &Path,
    place: &Path,
) -> Result<(Compared, String), Failure> {
    let old = match File::open(place) {
        Ok(old) => Some(old),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(cannot("read", place, error)),
    };
    let (mut new_hash, mut old_hash) = (Sha256::new(), Sha256::new());
    read(file, path, &mut new_hash)?;
    let new_hash = hex(new_hash);
    let Some(mut old) = old else {
        return Ok((Compared::NoFile, new_hash));
    };
    let length = |file: &File| file.metadata().map(|metadata| metadata.len()).ok();
    if length(file) != length(&old) {
        return Ok((Compared::Different, new_hash));
    }
    read(&mut old, place, &mut old_hash)?;
    let compared = match hex(old_hash) == new_hash {
        true => Compared::Same,
        false => Compared::Different,
    };
    Ok((compared, new_hash))
}

/// The SHA-256 of a file.
pub(super) fn sha256(file: &mut File, path: &Path) -> Result<String, Failure> {
    let mut hash = Sha256::new();
    read(file, path, &mut hash)?;
    Ok(hex(hash))
}

fn read(file: &mut File, path: &Path, hash: &mut Sha256) -> Result<(), Failure> {
    let failed = |error| cannot("read", path, error);
    file.rewind().map_err(failed)?;
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(count) => hash.update(&chunk[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
}

fn hex(hash: Sha256) -> String {
    let mut text = String::new();
    for byte in hash.finalize() {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
