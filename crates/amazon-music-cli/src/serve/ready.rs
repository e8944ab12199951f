//! The ready file: the URLs and credentials of a running sandbox, for the program that started it.

use std::{fs, io, path::Path};

use amazon_music_sandbox::Running;
use serde::Serialize;

use crate::failure::Failure;

/// The content of the file, one line of JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ready<'a> {
    base_url: String,
    security_profile_id: &'a str,
    token: &'a str,
    client_id: &'a str,
    client_secret: &'a str,
    authorize_url: String,
    token_url: String,
    code_pair_url: String,
}

/// Removes a file of an earlier run, so that nobody takes it for this one.
pub(super) fn clear(file: &Path) -> Result<(), Failure> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(wrong("remove", file, error)),
        _ => Ok(()),
    }
}

/// Writes the file, which appears as a whole.
pub(super) fn write(file: &Path, sandbox: &Running) -> Result<(), Failure> {
    let ready = Ready {
        base_url: sandbox.base_url(),
        security_profile_id: sandbox.security_profile_id(),
        token: sandbox.token(),
        client_id: sandbox.client_id(),
        client_secret: sandbox.client_secret(),
        authorize_url: sandbox.authorize_url(),
        token_url: sandbox.token_url(),
        code_pair_url: sandbox.code_pair_url(),
    };
    let line = serde_json::to_string(&ready).map_err(io::Error::from);
    line.and_then(|line| amazon_music::files::replace(file, format!("{line}\n").as_bytes()))
        .map_err(|error| wrong("write", file, error))
}

fn wrong(action: &str, file: &Path, error: io::Error) -> Failure {
    Failure::io(
        format!("--ready-file: cannot {action} {}", file.display()),
        error,
    )
}
