//! What is published works outside of this workspace: each crate builds from its own tarball, and a
//! dependent that knows the tarballs alone browses the sandbox.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::{
    cargo::{cargo, has_native_tls, metadata, output, succeeds},
    features::features_of,
};

/// In the order in which they must be published.
pub(crate) const PUBLISHED: [&str; 4] = [
    "amazon-music-browse",
    "amazon-music-sandbox",
    "amazon-music",
    "amazon-music-cli",
];

const DEPENDENT: &str = r#"
use amazon_music::AmazonMusic;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = amazon_music_sandbox::start().await?;
    let music = AmazonMusic::builder()
        .base_url(sandbox.base_url())
        .security_profile_id(sandbox.security_profile_id())
        .token(sandbox.token())
        .build()?;
    for track in music.top_tracks().limit(2).send().await? {
        println!("{}", track.id);
    }
    Ok(())
}
"#;

/// What the dependent prints.
const WANTED: &str = "B0785GTW4T\nB08ZCM5758\n";

/// Builds the packages, and the dependent with several sets of features.
pub fn check(root: &Path) -> Result<()> {
    forget_unpacked()?;
    let mut package = cargo(root, &["package", "--quiet", "--locked", "--allow-dirty"]);
    PUBLISHED.iter().for_each(|name| {
        package.args(["--package", name]);
    });
    ensure!(
        succeeds(&mut package)?,
        "a crate does not build from its own tarball"
    );
    println!(
        "packages: {} build from their own tarballs",
        PUBLISHED.len()
    );

    let metadata = metadata(root, false)?;
    let mut all = features_of(&metadata, "amazon-music")?;
    // Not part of the interface; a choice of TLS that the program must complete itself.
    all.retain(|name| !["fuzzing", "rustls-no-provider"].contains(&name.as_str()));
    all.retain(|name| name != "native-tls" || has_native_tls());
    let version = metadata["packages"][0]["version"]
        .as_str()
        .context("no version")?;
    for (name, features) in [
        ("default", String::new()),
        ("minimal", ", default-features = false".to_owned()),
        ("all", format!(", features = {all:?}")),
    ] {
        let folder = write_dependent(root, version, &features)?;
        let target = root.join("target");
        let mut run = cargo(&folder, &["run", "--quiet", "--offline"]);
        let printed = output(run.env("CARGO_TARGET_DIR", target))?;
        ensure!(
            printed == WANTED,
            "a dependent with {name} features printed {printed:?}"
        );
        println!("packages: a dependent with {name} features browses the sandbox");
    }
    Ok(())
}

/// Cargo keeps what it unpacked of a version, and takes it for what that version is now. While a version
/// is not published, it changes.
fn forget_unpacked() -> Result<()> {
    let Some(home) = cargo_home() else {
        return Ok(());
    };
    for kind in ["src", "cache"] {
        let Ok(registries) = fs::read_dir(home.join("registry").join(kind)) else {
            continue;
        };
        for registry in registries {
            for entry in fs::read_dir(registry?.path())? {
                let path = entry?.path();
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let is_ours = PUBLISHED
                    .iter()
                    .any(|own| name.strip_prefix(own).is_some_and(is_version));
                if is_ours && path.is_dir() {
                    fs::remove_dir_all(&path)?;
                } else if is_ours {
                    fs::remove_file(&path)?;
                }
            }
        }
    }
    Ok(())
}

/// Whether this is what stands behind the name of a crate: `-0.1.0`, `-0.1.0.crate`.
fn is_version(rest: &str) -> bool {
    rest.strip_prefix('-')
        .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}

fn cargo_home() -> Option<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    home.or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

fn write_dependent(root: &Path, version: &str, features: &str) -> Result<PathBuf> {
    let packages = root.join("target/package");
    let folder = root.join("target/outside");
    fs::create_dir_all(folder.join("src"))?;
    let patches: String = PUBLISHED
        .iter()
        .map(|name| {
            let path = packages.join(format!("{name}-{version}"));
            format!("{name} = {{ path = {path:?} }}\n")
        })
        .collect();
    let manifest = format!(
        "[package]\nname = \"outside\"\nedition = \"2024\"\n\n[dependencies]\n\
         amazon-music = {{ version = \"{version}\"{features} }}\n\
         amazon-music-sandbox = \"{version}\"\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n\n\
         [patch.crates-io]\n{patches}\n[workspace]\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/main.rs"), DEPENDENT)?;
    // The versions that the rest was tested with.
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(folder)
}
