//! The folder of a recording, and its key.
//!
//! Pseudonyms stay the same over all commands that record into a folder, because they are derived from a key. The
//! key is never in the folder: it is derived from a secret beside the saved logins and from a number in the folder,
//! so that nobody who has the folder can test a guess, and no two folders show that they hold the same.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use amazon_music::auth::TokenKey;
use hmac::Mac as _;
use serde::{Deserialize, Serialize};

use super::pseudonym::mac;
use crate::{credentials, failure::Failure};

/// Says how the folder was recorded.
const ABOUT: &str = "recording.json";

const README: &str = "\
# A recording of `amazon-music --record`

One HAR 1.2 file per request and its response, in the order in which they were sent. `amazon-music sandbox serve \
--replay DIR` serves them.

Never in here: credentials, the values of request headers, cookies, the base URL, and logins.

";

const REDACTED: &str = "\
Ids, cursors, titles, URLs, names, messages, unknown fields and most numbers are made up, with the shape of the real \
ones: the same text is the same everywhere in this folder. Kept are names and values of the OpenAPI spec, counts, \
`true`, `false` and `null`, statuses, and the headers `content-type`, `cache-control` and `retry-after`.
";

const RAW: &str = "\
Bodies, paths, queries and the headers of responses are as served (`--record-raw`): THEY ARE PRIVATE, and a beta \
agreement may forbid to share them.
";

/// The folder of a recording.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

#[derive(Debug, Deserialize, Serialize)]
struct About {
    /// Makes the key of this folder another than that of all others.
    number: String,
    /// Tells whether the key is the one that the folder was recorded with.
    check: String,
    redacted: bool,
}

impl Folder {
    /// Opens the folder, or makes it; gives the key of its pseudonyms unless bodies are kept.
    pub(super) fn open(path: &Path, is_raw: bool) -> Result<(Self, Option<[u8; 32]>), Failure> {
        make(path).map_err(|error| cannot("create", path, error))?;
        let folder = Self(path.to_owned());
        let secret = if is_raw { [0; 32] } else { secret()? };
        let file = path.join(ABOUT);
        let about = match fs::read(&file) {
            Ok(text) => serde_json::from_slice(&text)
                .map_err(|error| cannot("read", &file, error.into()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                folder.begin(&secret, is_raw)?
            }
            Err(error) => return Err(cannot("read", &file, error)),
        };
        if about.redacted == is_raw {
            return Err(refused(
                path,
                "was recorded with other settings of --record-raw",
            ));
        }
        let key = derive(&secret, about.number.as_bytes());
        if about.check != check(&key) {
            return Err(refused(path, "was recorded by another user or machine"));
        }
        Ok((folder, (!is_raw).then_some(key)))
    }

    fn begin(&self, secret: &[u8; 32], is_raw: bool) -> Result<About, Failure> {
        let number = hex(&random()?);
        let about = About {
            check: check(&derive(secret, number.as_bytes())),
            number,
            redacted: !is_raw,
        };
        let text = serde_json::to_string(&about)
            .map_err(|error| cannot("write", &self.0, error.into()))?;
        let readme = format!("{README}{}", if is_raw { RAW } else { REDACTED });
        for (name, text) in [("README.md", readme), (ABOUT, text)] {
            self.write(name, &text)
                .map_err(|error| cannot("write", &self.0.join(name), error))?;
        }
        Ok(about)
    }

    /// The number of the next exchange.
    pub(super) fn next(&self) -> Result<u32, Failure> {
        let entries = fs::read_dir(&self.0).map_err(|error| cannot("read", &self.0, error))?;
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let numbers = names.filter_map(|name| name.split_once('-')?.0.parse::<u32>().ok());
        Ok(numbers.max().unwrap_or(0).saturating_add(1))
    }

    /// Writes a file that only its owner can read, as a whole.
    pub(super) fn write(&self, name: &str, text: &str) -> io::Result<()> {
        let part = self.0.join(format!("{name}.part"));
        private(&part, text.as_bytes(), false)?;
        fs::rename(part, self.0.join(name))
    }
}

/// The secret of this user, made at its first use.
fn secret() -> Result<[u8; 32], Failure> {
    let path = credentials::store()?
        .path(&TokenKey::new("-", "recordings"))
        .with_extension("recordings");
    let read = || {
        fs::read(&path)
            .ok()
            .and_then(|secret| secret.try_into().ok())
    };
    if let Some(secret) = read() {
        return Ok(secret);
    }
    let secret = random()?;
    let folder = path.parent().unwrap_or(&path);
    let made = make(folder).and_then(|()| private(&path, &secret, true));
    match made {
        Ok(()) => Ok(secret),
        // Another process was faster.
        Err(error) => read().ok_or_else(|| cannot("create", &path, error)),
    }
}

fn random() -> Result<[u8; 32], Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| {
        Failure::io(
            "cannot get random numbers",
            io::Error::other(error.to_string()),
        )
    })?;
    Ok(bytes)
}

fn derive(secret: &[u8; 32], text: &[u8]) -> [u8; 32] {
    let mut mac = mac(secret);
    mac.update(text);
    mac.finalize().into_bytes().into()
}

fn check(key: &[u8; 32]) -> String {
    hex(&derive(key, b"check")[..8])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Makes a folder that only its owner can open, and those above it.
fn make(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes a file that only its owner can read.
fn private(path: &Path, bytes: &[u8], is_new: bool) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options
        .write(true)
        .create_new(is_new)
        .create(true)
        .truncate(!is_new);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}

fn cannot(what: &str, path: &Path, error: io::Error) -> Failure {
    Failure::io(format!("--record: cannot {what} {}", path.display()), error)
}

fn refused(path: &Path, reason: &str) -> Failure {
    Failure::Usage(format!(
        "--record: {} {reason}: choose another folder",
        path.display()
    ))
}
