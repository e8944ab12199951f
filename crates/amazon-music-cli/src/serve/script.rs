//! Fault scripts: the files of `--faults`.

use std::{fs, path::Path, time::Duration};

use amazon_music_sandbox::{Fault, Faults};
use serde::Deserialize;

use crate::failure::Failure;

/// A fault script.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum Script {
    /// One entry per request, null for no fault.
    InOrder(Vec<Option<Entry>>),
    /// Each request fails with this probability, with one of these faults.
    Random {
        probability: f64,
        faults: Vec<Entry>,
    },
}

/// One fault, as in [`Fault`].
#[derive(Debug, Deserialize)]
#[serde(
    tag = "fault",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
enum Entry {
    Error {
        status: u16,
        code: String,
        retry_after: Option<String>,
    },
    BadGateway,
    Unavailable {
        retry_after: Option<String>,
    },
    Latency {
        milliseconds: u64,
    },
    SlowBody {
        milliseconds: u64,
    },
    CutBody,
    WrongContentType,
    InvalidUtf8,
    Oversized {
        bytes: u64,
    },
    Reset,
    DuplicateCursor,
    MissingToken,
    MalformedItem,
}

impl From<Entry> for Fault {
    fn from(entry: Entry) -> Self {
        match entry {
            Entry::Error {
                status,
                code,
                retry_after,
            } => Self::Error {
                status,
                code,
                retry_after,
            },
            Entry::BadGateway => Self::BadGateway,
            Entry::Unavailable { retry_after } => Self::Unavailable { retry_after },
            Entry::Latency { milliseconds } => Self::Latency(Duration::from_millis(milliseconds)),
            Entry::SlowBody { milliseconds } => Self::SlowBody(Duration::from_millis(milliseconds)),
            Entry::CutBody => Self::CutBody,
            Entry::WrongContentType => Self::WrongContentType,
            Entry::InvalidUtf8 => Self::InvalidUtf8,
            Entry::Oversized { bytes } => Self::Oversized(bytes),
            Entry::Reset => Self::Reset,
            Entry::DuplicateCursor => Self::DuplicateCursor,
            Entry::MissingToken => Self::MissingToken,
            Entry::MalformedItem => Self::MalformedItem,
        }
    }
}

/// Reads a fault script. The seed decides which random faults are drawn.
pub(super) fn read(file: &Path, seed: u64) -> Result<Faults, Failure> {
    let wrong = |text: String| Failure::Usage(format!("--faults {}: {text}", file.display()));
    let text = fs::read(file).map_err(|error| wrong(format!("cannot read the file: {error}")))?;
    let script = serde_json::from_slice(&text).map_err(|error| {
        wrong(format!(
            "{error}; for the format see `amazon-music sandbox serve --help`"
        ))
    })?;
    faults_of(script, seed).map_err(wrong)
}

fn faults_of(script: Script, seed: u64) -> Result<Faults, String> {
    let check = |entry: Entry| match entry {
        Entry::Error { status, .. } if !(400..=599).contains(&status) => {
            Err(format!("status must be 400 to 599, not {status}"))
        }
        entry => Ok(Fault::from(entry)),
    };
    match script {
        Script::InOrder(entries) => {
            let faults: Result<Vec<_>, _> = entries
                .into_iter()
                .map(|entry| entry.map(check).transpose())
                .collect();
            Ok(Faults::in_order(faults?))
        }
        Script::Random {
            probability,
            faults,
        } => {
            if !(0.0..=1.0).contains(&probability) {
                return Err(format!("probability must be 0 to 1, not {probability}"));
            }
            let faults: Result<Vec<_>, _> = faults.into_iter().map(check).collect();
            Ok(Faults::random(seed, probability, faults?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Faults, String> {
        let script = serde_json::from_str(text).map_err(|error| error.to_string())?;
        faults_of(script, 7)
    }

    #[test]
    fn every_fault_can_be_written() {
        let faults = r#"
            {"fault": "error", "status": 429, "code": "THROTTLED", "retryAfter": "2"},
            {"fault": "error", "status": 500, "code": "INTERNAL"},
            {"fault": "badGateway"},
            {"fault": "unavailable", "retryAfter": "1"},
            {"fault": "latency", "milliseconds": 5},
            {"fault": "slowBody", "milliseconds": 5},
            {"fault": "cutBody"},
            {"fault": "wrongContentType"},
            {"fault": "invalidUtf8"},
            {"fault": "oversized", "bytes": 10},
            {"fault": "reset"},
            {"fault": "duplicateCursor"},
            {"fault": "missingToken"},
            {"fault": "malformedItem"}"#;
        parse(&format!(r#"{{"inOrder": [null, {faults}]}}"#)).unwrap();
        parse(&format!(
            r#"{{"random": {{"probability": 0.5, "faults": [{faults}]}}}}"#
        ))
        .unwrap();
    }

    #[test]
    fn a_fault_is_called_as_it_is_written() {
        let names = [
            "badGateway",
            "unavailable",
            "cutBody",
            "wrongContentType",
            "invalidUtf8",
            "reset",
            "duplicateCursor",
            "missingToken",
            "malformedItem",
        ];
        for name in names {
            let faults = parse(&format!(r#"{{"inOrder": [{{"fault": "{name}"}}]}}"#)).unwrap();
            assert_eq!(faults.unmet()[0].to_string(), name);
        }
    }

    #[test]
    fn a_mistake_in_a_script_is_named() {
        let wrong = [
            (r#"{"inOrder": [{"fault": "fire"}]}"#, "`fire`"),
            (
                r#"{"inOrder": [{"fault": "error", "status": 200, "code": ""}]}"#,
                "status must be 400 to 599, not 200",
            ),
            (
                r#"{"random": {"probability": 2, "faults": []}}"#,
                "probability must be 0 to 1, not 2",
            ),
            (
                r#"{"random": {"probability": 1, "faults": [], "seed": 1}}"#,
                "`seed`",
            ),
            ("[]", "expected value"),
        ];
        for (text, words) in wrong {
            let error = parse(text).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
