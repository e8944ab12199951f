//! The files that say what a folder is: the marker, the manifest, and the state of an export under way.
//!
//! Each has a kind and a version. An older version is read as long as this release knows it (there is none
//! yet); a newer one is refused by name, because what it means is not known.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    arguments::{Export, FileFormat},
    export::state::Entry,
    failure::Failure,
    output::json,
    session::Session,
};

/// The version of all formats in this file.
pub(super) const VERSION: u32 = 1;

/// A JSON file with a kind and a version.
pub(super) trait Document: Serialize + DeserializeOwned {
    /// The value of `kind`.
    const KIND: &'static str;
}

/// The marker: says whose folder this is. Written once; the lock is taken on it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Marker {}

impl Document for Marker {
    const KIND: &'static str = "amazon-music export";
}

/// The parameters of an export. One with others is another export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Parameters {
    pub(super) format: String,
    pub(super) csv_safe: bool,
    /// The host of the service: the made-up catalog of a sandbox must not replace a real one.
    pub(super) service: String,
    /// The language of names, if one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) locale: Option<String>,
    /// The size of images, if one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) image_style: Option<String>,
}

impl Parameters {
    pub(super) fn new(export: &Export, session: &Session, base_url: &str) -> Self {
        let url = amazon_music::reqwest::Url::parse(base_url).ok();
        let host = url.as_ref().and_then(|url| url.host_str());
        Self {
            format: extension(export.format).to_owned(),
            csv_safe: session.output.csv_safe && export.format == FileFormat::Csv,
            service: host.unwrap_or(base_url).to_owned(),
            locale: session.requests.locale.clone(),
            image_style: session.requests.image_style.clone(),
        }
    }

    /// The first parameter that differs, as the two values.
    pub(super) fn difference(&self, now: &Self) -> Option<String> {
        let given = |value: &Option<String>| value.clone().unwrap_or_else(|| "not set".to_owned());
        let rows = [
            ("--format", self.format.clone(), now.format.clone()),
            (
                "--csv-safe",
                self.csv_safe.to_string(),
                now.csv_safe.to_string(),
            ),
            ("the service", self.service.clone(), now.service.clone()),
            ("--locale", given(&self.locale), given(&now.locale)),
            (
                "--image-style",
                given(&self.image_style),
                given(&now.image_style),
            ),
        ];
        rows.into_iter()
            .find(|(_, then, now)| then != now)
            .map(|(name, then, now)| format!("{name} was {then} and is now {now}"))
    }
}

/// The extension of list files.
pub(super) fn extension(format: FileFormat) -> &'static str {
    match format {
        FileFormat::Ndjson => "ndjson",
        FileFormat::Csv => "csv",
    }
}

/// The state of an export under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Run {
    pub(super) parameters: Parameters,
    pub(super) started_at: String,
    /// The process that holds the lock, or held it last.
    pub(super) process: u32,
    /// How often it was gone on with.
    pub(super) attempts: u32,
}

impl Document for Run {
    const KIND: &'static str = "amazon-music export in progress";
}

/// The manifest of a finished export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    /// None if the files were adopted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) parameters: Option<Parameters>,
    pub(super) started_at: String,
    pub(super) finished_at: String,
    pub(super) totals: Totals,
    pub(super) lists: Vec<Entry>,
}

impl Document for Manifest {
    const KIND: &'static str = "amazon-music export manifest";
}

/// Sums over the lists of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Totals {
    pub(super) lists: u64,
    pub(super) rows: u64,
    pub(super) malformed: u64,
    pub(super) new: u64,
    pub(super) changed: u64,
    pub(super) unchanged: u64,
    pub(super) cut_short: u64,
    pub(super) skipped: u64,
    pub(super) gone: u64,
}

/// The head of a document, and the rest of it.
#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    kind: String,
    version: u32,
    #[serde(flatten)]
    body: T,
}

/// The head alone, which is read first: the rest of a newer version may look otherwise.
#[derive(Deserialize)]
struct Head {
    kind: String,
    version: u32,
}

/// The text of a document.
pub(super) fn text<T: Document>(body: &T) -> Result<String, Failure> {
    let envelope = Envelope {
        kind: T::KIND.to_owned(),
        version: VERSION,
        body,
    };
    Ok(json::pretty(&envelope)? + "\n")
}

/// Reads a document; none if there is no file.
pub(super) fn read<T: Document>(path: &Path) -> Result<Option<T>, Failure> {
    match read_own(path)? {
        Some(bytes) => parse(path, &bytes).map(Some),
        None => Ok(None),
    }
}

/// Reads a document from its bytes.
pub(super) fn parse<T: Document>(path: &Path, bytes: &[u8]) -> Result<T, Failure> {
    let refuse = |reason: &str| {
        Failure::Usage(format!(
            "{} is not a file of this export ({reason}): name another folder, or remove it and start over \
             with --restart",
            path.display()
        ))
    };
    let head: Head = serde_json::from_slice(bytes).map_err(|error| refuse(&error.to_string()))?;
    if head.kind != T::KIND {
        return Err(refuse(&format!("its kind is {:?}", head.kind)));
    }
    if head.version != VERSION {
        return Err(Failure::Usage(format!(
            "{} has format version {}, and this release reads {VERSION}: use the release that wrote it, or \
             name another folder",
            path.display(),
            head.version
        )));
    }
    let envelope: Envelope<T> =
        serde_json::from_slice(bytes).map_err(|error| refuse(&error.to_string()))?;
    Ok(envelope.body)
}

/// The bytes of a file; none if there is none. Anything but a regular file is refused by name: reading a
/// FIFO would never end, and a link leads to a file of somebody else.
pub(super) fn read_own(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_file() => return Err(not_ours(path, &metadata)),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(cannot("read", path, error)),
    }
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) => Err(cannot("read", path, error)),
    }
}

/// Refuses something that an export never makes.
pub(super) fn not_ours(path: &Path, metadata: &fs::Metadata) -> Failure {
    let what = if metadata.is_symlink() {
        "a symbolic link"
    } else if metadata.is_dir() {
        "a folder"
    } else {
        "no regular file"
    };
    Failure::Usage(format!(
        "{} is {what}, which an export never writes: move it away, or name another folder",
        path.display()
    ))
}

pub(super) fn cannot(action: &str, path: &Path, error: io::Error) -> Failure {
    Failure::io(format!("cannot {action} {}", path.display()), error)
}

/// This moment, as RFC 3339.
pub(super) fn now() -> String {
    humantime::format_rfc3339_seconds(std::time::SystemTime::now()).to_string()
}
