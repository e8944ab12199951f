//! The oldest versions that the manifests allow are enough.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

use crate::{
    cargo::{cargo, has_native_tls, metadata, output, succeeds},
    copies::{copy, manifest_with_members},
    features::features_of,
    package::PUBLISHED,
};

/// Compiles the published crates with the oldest versions of what they depend on directly.
pub fn check(root: &Path) -> Result<()> {
    let folder = root.join("target/minimal");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    for name in PUBLISHED {
        let place = Path::new("crates").join(name);
        copy(&root.join(&place), &folder.join(&place))?;
    }
    // The workspace without its own tests and tools: nobody depends on those.
    let manifest = manifest_with_members(root, &["crates/*"])?;
    fs::write(folder.join("Cargo.toml"), manifest)?;

    // Choosing the oldest versions is not stable in Cargo yet; nothing else here is affected.
    let mut update = cargo(
        &folder,
        &["update", "--quiet", "-Z", "direct-minimal-versions"],
    );
    output(update.env("RUSTC_BOOTSTRAP", "1"))
        .context("a version in Cargo.toml is older than another dependency allows: raise it")?;
    let mut features = features_of(&metadata(root, false)?, "amazon-music")?;
    features.retain(|name| name != "native-tls" || has_native_tls());
    let features: Vec<_> = features
        .iter()
        .map(|name| format!("amazon-music/{name}"))
        .collect();
    let mut check = cargo(
        &folder,
        &["check", "--quiet", "--locked", "--workspace", "--features"],
    );
    check.arg(features.join(","));
    check.env("CARGO_TARGET_DIR", root.join("target"));
    ensure!(
        succeeds(&mut check)?,
        "a version in Cargo.toml is too old for what is used of it: raise it"
    );
    Ok(())
}
