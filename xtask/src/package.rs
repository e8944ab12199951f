//! A dependent outside the workspace that sees the packaged crates only.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};

use crate::cargo::{cargo, metadata, output, succeeds};

/// The published crates, in the order in which they must be published.
const PUBLISHED: [&str; 5] = [
    "amazon-music-browse",
    "amazon-music-sandbox",
    "amazon-music",
    "amazon-music-redis",
    "amazon-music-cli",
];

const DEPENDENT: &str = include_str!("../dependents/packaged.rs");

/// The output of the dependent.
const EXPECTED: &str = "B0785GTW4T\nB08ZCM5758\n";

/// Packages the crates, then builds the CLI and the dependent from what a registry would serve.
///
/// The packages are unpacked below `target/outside`: Cargo's own verification would unpack them in the
/// user's registry folder and reuse a stale copy as long as the version stays the same.
pub fn check(root: &Path) -> Result<()> {
    let metadata = metadata(root)?;
    let version = metadata["packages"][0]["version"]
        .as_str()
        .context("cargo metadata names no version")?;
    let folder = root.join("target/outside");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(folder.join("src"))?;
    package(root, &folder, version)?;
    fs::write(folder.join("Cargo.toml"), manifest(version))?;
    fs::write(folder.join("src/main.rs"), DEPENDENT)?;
    // The versions that the workspace is tested with.
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;

    for features in ["--features=default", "--no-default-features"] {
        let mut run = cargo(&folder, &["run", "--quiet", "--offline", features]);
        let printed = output(run.env("CARGO_TARGET_DIR", root.join("target")))?;
        ensure!(
            printed == EXPECTED,
            "a dependent with {features} printed {printed:?}, expected {EXPECTED:?}"
        );
        println!("package: a dependent with {features} browses the sandbox");
    }
    let mut build = cargo(&folder, &["build", "--quiet", "--offline", "--package"]);
    build.arg("amazon-music-cli");
    let is_built = succeeds(build.env("CARGO_TARGET_DIR", root.join("target")))?;
    ensure!(is_built, "the packaged CLI does not build");
    println!("package: the CLI builds");
    Ok(())
}

/// Packages the crates and unpacks them in `folder`.
fn package(root: &Path, folder: &Path, version: &str) -> Result<()> {
    let mut package = cargo(
        root,
        &[
            "package",
            "--quiet",
            "--locked",
            "--allow-dirty",
            "--no-verify",
        ],
    );
    for name in PUBLISHED {
        package.args(["--package", name]);
    }
    ensure!(succeeds(&mut package)?, "cargo package failed");
    for name in PUBLISHED {
        let archive = root.join(format!("target/package/{name}-{version}.crate"));
        let mut unpack = Command::new("tar");
        // With the time of now: that of the archive never changes, and Cargo would keep an older build.
        unpack.arg("-xmzf").arg(&archive).arg("-C").arg(folder);
        output(&mut unpack)?;
    }
    Ok(())
}

fn manifest(version: &str) -> String {
    let patches: String = PUBLISHED
        .iter()
        .map(|name| format!("{name} = {{ path = \"{name}-{version}\" }}\n"))
        .collect();
    format!(
        "[package]\nname = \"outside\"\nedition = \"2024\"\n\n\
         [features]\ndefault = [\"amazon-music/default\"]\n\n\
         [dependencies]\n\
         amazon-music = {{ version = \"{version}\", default-features = false }}\n\
         amazon-music-sandbox = \"{version}\"\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n\n\
         [workspace]\nmembers = [\"amazon-music-cli-{version}\"]\n\n\
         [patch.crates-io]\n{patches}"
    )
}
