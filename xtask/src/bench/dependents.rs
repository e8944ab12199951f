//! The cost of depending on `amazon-music`, compared with depending on reqwest.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;

use super::cpu_time::cpu_time;
use crate::cargo::{cargo, output};

/// A generated dependent.
struct Dependent {
    name: &'static str,
    dependency: String,
    program: &'static str,
}

/// Prints the ids of one page, like `WITH_SDK`.
const BY_HAND: &str = include_str!("../../dependents/by_hand.rs");

const WITH_SDK: &str = include_str!("../../dependents/with_sdk.rs");

const WITH_RING: &str = include_str!("../../dependents/with_ring.rs");

const NOTHING: &str = "fn main() {}\n";

fn sdk(root: &Path, features: &str) -> String {
    let path = root.join("crates/amazon-music");
    format!("amazon-music = {{ path = {path:?}{features} }}")
}

fn reqwest(features: &str) -> String {
    format!(
        "reqwest = {{ version = \"0.13.4\", default-features = false, features = [{features}] }}"
    )
}

/// Returns an empty dependent of reqwest and one of `amazon-music`, both with Tokio.
fn idle(root: &Path) -> (Dependent, Dependent) {
    let alone = Dependent {
        name: "reqwest",
        dependency: reqwest("\"rustls\""),
        program: NOTHING,
    };
    let with_sdk = Dependent {
        name: "amazon-music",
        dependency: sdk(root, ""),
        program: NOTHING,
    };
    (alone, with_sdk)
}

/// Returns dependents that print one page: of reqwest by hand, and of `amazon-music` with the feature `ring`,
/// or both without TLS.
fn printing(root: &Path, has_tls: bool) -> (Dependent, Dependent) {
    let [tls, ring] = match has_tls {
        true => [", \"rustls\"", ", features = [\"ring\"]"],
        false => [""; 2],
    };
    let by_hand = reqwest(&format!("\"json\"{tls}"));
    let by_hand = Dependent {
        name: if has_tls { "by-hand-tls" } else { "by-hand" },
        dependency: by_hand + "\nserde = { version = \"1\", features = [\"derive\"] }",
        program: BY_HAND,
    };
    let with_sdk = Dependent {
        name: if has_tls { "with-ring" } else { "with-sdk" },
        dependency: sdk(root, &format!(", default-features = false{ring}")),
        program: if has_tls { WITH_RING } else { WITH_SDK },
    };
    (by_hand, with_sdk)
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

/// Returns the programs with TLS, built if they are not: by hand, and of this SDK with ring.
pub(super) fn programs(root: &Path) -> Result<[PathBuf; 2]> {
    let (by_hand, with_ring) = printing(root, true);
    for dependent in [&by_hand, &with_ring] {
        if !dependent.program(root).exists() {
            dependent.build(root)?;
        }
    }
    Ok([by_hand.program(root), with_ring.program(root)])
}

/// Prints the table.
pub(super) fn print(root: &Path) -> Result<()> {
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
    let (by_hand, with_ring) = printing(root, true);
    let (base, ours) = (by_hand.build(root)?, with_ring.build(root)?);
    println!(
        "| cold `cargo build --release`, CPU time: default TLS of reqwest, feature `ring` | {base:.1} s | {ours:.1} s | {:.2} |",
        ours / base
    );
    let (by_hand, with_sdk) = printing(root, false);
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

    /// Measures the CPU time of a cold build with optimizations, in seconds.
    fn build(&self, root: &Path) -> Result<f64> {
        let folder = self.write(root)?;
        cpu_time(&mut self.cargo(&folder, &["build", "--release"]))
    }

    /// The executable that [`build`](Self::build) made.
    fn program(&self, root: &Path) -> PathBuf {
        let name = format!("dependent-on-{}", self.name);
        self.folder(root).join("target/release").join(name)
    }

    /// Measures the size of the executable, in bytes.
    fn size(&self, root: &Path) -> Result<f64> {
        self.build(root)?;
        Ok(fs::metadata(self.program(root))?.len() as f64)
    }
}
