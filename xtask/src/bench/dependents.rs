//! The cost of depending on `amazon-music`, compared with depending on reqwest.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use super::cpu_time::cpu_time;
use crate::cargo::{cargo, output, succeeds};

/// A generated dependent.
struct Dependent {
    name: &'static str,
    dependency: String,
    program: &'static str,
}

/// Prints the ids of one page, like `WITH_SDK`.
const BY_HAND: &str = include_str!("../../dependents/by_hand.rs");

const WITH_SDK: &str = include_str!("../../dependents/with_sdk.rs");

const NOTHING: &str = "fn main() {}\n";

/// Returns an empty dependent of reqwest and one of `amazon-music`, both with Tokio.
fn idle(root: &Path) -> (Dependent, Dependent) {
    let sdk = root.join("crates/amazon-music");
    let reqwest =
        "reqwest = { version = \"0.13.4\", default-features = false, features = [\"rustls\"] }";
    let alone = Dependent {
        name: "reqwest",
        dependency: reqwest.to_owned(),
        program: NOTHING,
    };
    let with_sdk = Dependent {
        name: "amazon-music",
        dependency: format!("amazon-music = {{ path = {sdk:?} }}"),
        program: NOTHING,
    };
    (alone, with_sdk)
}

/// Lists the crates in the build of a dependent of reqwest, and of one of `amazon-music`: `name version`.
pub fn crates(root: &Path) -> Result<(BTreeSet<String>, BTreeSet<String>)> {
    let (alone, with_sdk) = idle(root);
    Ok((alone.crates(root)?, with_sdk.crates(root)?))
}

/// Measures the CPU time of a cold check of a dependent, relative to a dependent of reqwest.
pub fn check_ratio(root: &Path) -> Result<f64> {
    let (alone, with_sdk) = idle(root);
    Ok(with_sdk.check(root)? / alone.check(root)?)
}

/// Prints the table.
pub(super) fn print(root: &Path) -> Result<()> {
    let sdk = root.join("crates/amazon-music");
    let sdk = |features: &str| format!("amazon-music = {{ path = {sdk:?}{features} }}");
    let reqwest = |features: &str| {
        format!(
            "reqwest = {{ version = \"0.13.4\", default-features = false, features = [{features}] }}"
        )
    };
    let (alone, with_sdk) = idle(root);
    println!(
        "\n## The cost of a dependency\n\nBoth with Tokio and rustls; sizes are of optimised, stripped executables without TLS.\n"
    );
    println!("| what | reqwest | amazon-music | |\n|---|---|---|---|");
    let (base, ours) = crates(root)?;
    println!(
        "| crates | {} | {} | {} more |",
        base.len(),
        ours.len(),
        ours.difference(&base).count()
    );
    let (base, ours) = (alone.check(root)?, with_sdk.check(root)?);
    println!(
        "| cold `cargo check`, CPU time | {base:.1} s | {ours:.1} s | {:.2} |",
        ours / base
    );
    let by_hand = Dependent {
        name: "by-hand",
        dependency: reqwest("\"json\"") + "\nserde = { version = \"1\", features = [\"derive\"] }",
        program: BY_HAND,
    };
    let with_sdk = Dependent {
        name: "with-sdk",
        dependency: sdk(", default-features = false"),
        program: WITH_SDK,
    };
    let (base, ours) = (by_hand.size(root)?, with_sdk.size(root)?);
    println!(
        "| size of a program that prints one page | {:.2} MB | {:.2} MB | {:.2} |",
        base / 1e6,
        ours / 1e6,
        ours / base
    );
    Ok(())
}

impl Dependent {
    fn folder(&self, root: &Path) -> PathBuf {
        root.join("target/dependents").join(self.name)
    }

    /// Writes the package afresh, with the versions locked in this workspace.
    fn write(&self, root: &Path) -> Result<PathBuf> {
        let folder = self.folder(root);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(folder.join("src"))?;
        let (name, dependency) = (self.name, &self.dependency);
        fs::write(
            folder.join("Cargo.toml"),
            format!(
                "[package]\nname = \"dependent-on-{name}\"\nedition = \"2024\"\n\n[dependencies]\n\
                 {dependency}\ntokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n\n\
                 [profile.release]\nstrip = true\n\n[workspace]\n"
            ),
        )?;
        fs::write(folder.join("src/main.rs"), self.program)?;
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(folder)
    }

    fn cargo(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut cargo = cargo(folder, arguments);
        cargo.args(["--offline", "--quiet", "--target-dir", "target"]);
        cargo
    }

    /// Lists the crates in the build, except itself.
    fn crates(&self, root: &Path) -> Result<BTreeSet<String>> {
        let folder = self.write(root)?;
        let mut tree = cargo(
            &folder,
            &["tree", "--offline", "--quiet", "--prefix", "none"],
        );
        tree.args(["--edges", "normal,build", "--format", "{p}"]);
        let names = output(&mut tree)?;
        let name = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
        Ok(names
            .lines()
            .map(name)
            .filter(|name| !name.is_empty() && !name.starts_with("dependent-on-"))
            .collect())
    }

    /// Measures the CPU time of a cold check, in seconds.
    fn check(&self, root: &Path) -> Result<f64> {
        let folder = self.write(root)?;
        cpu_time(&mut self.cargo(&folder, &["check"]))
    }

    /// Measures the size of the executable, in bytes.
    fn size(&self, root: &Path) -> Result<f64> {
        let folder = self.write(root)?;
        let is_built = succeeds(&mut self.cargo(&folder, &["build", "--release"]))?;
        ensure!(is_built, "{} does not build", self.name);
        let program = folder
            .join("target/release")
            .join(format!("dependent-on-{}", self.name));
        let size = fs::metadata(&program).with_context(|| program.display().to_string())?;
        Ok(size.len() as f64)
    }
}
