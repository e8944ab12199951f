//! Calling Cargo.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// A call of the Cargo that called this tool.
#[must_use]
pub fn cargo(folder: &Path, arguments: &[&str]) -> Command {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null());
    command
}

/// Runs a command; whether it succeeded. What it prints is seen.
pub fn succeeds(command: &mut Command) -> Result<bool> {
    let status = command
        .status()
        .with_context(|| format!("cannot run {command:?}"))?;
    Ok(status.success())
}

/// What a command that must succeed prints.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot run {command:?}"))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?} failed: {errors}");
    Ok(String::from_utf8(output.stdout)?)
}

/// What Cargo knows of the workspace; with all dependencies, or of its members alone.
pub fn metadata(root: &Path, dependencies: bool) -> Result<Value> {
    let mut command = cargo(root, &["metadata", "--format-version", "1", "--locked"]);
    if !dependencies {
        command.arg("--no-deps");
    }
    Ok(serde_json::from_str(&output(&mut command)?)?)
}

/// Whether `native-tls` can be built here: on Linux it needs the headers of OpenSSL.
#[must_use]
pub fn has_native_tls() -> bool {
    let mut ask = Command::new("pkg-config");
    ask.args(["--exists", "openssl"]);
    !cfg!(target_os = "linux") || ask.status().is_ok_and(|status| status.success())
}
