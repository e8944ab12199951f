//! The public surface of a crate as one line per item, and what its changes ask of the version.
//!
//! Read from the sources. Everything that is `pub` counts: the workspace refuses a `pub` that cannot be
//! reached (`unreachable_pub`), so nothing that is listed is private.

mod item;
mod version;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use syn::{Item, ItemMod};

pub use version::{Version, needed};

/// The crates that others depend on.
pub const PUBLIC_CRATES: [&str; 3] = [
    "amazon-music-browse",
    "amazon-music",
    "amazon-music-sandbox",
];

/// The surface of a crate, and the version it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surface {
    /// The name of the crate.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// One line for each item, sorted.
    pub lines: BTreeSet<String>,
}

/// What is different between two surfaces.
#[derive(Debug, Default)]
pub struct Changes {
    /// Lines that are new.
    pub added: Vec<String>,
    /// Lines that are gone: code that uses them no longer compiles.
    pub removed: Vec<String>,
}

impl Surface {
    /// As the sources have it now.
    pub fn of_sources(root: &Path, name: &str) -> Result<Self> {
        let source = root.join("crates").join(name).join("src/lib.rs");
        let mut lines = BTreeSet::new();
        read_file(&source, &crate_name(name), &mut lines)?;
        Ok(Self {
            name: name.to_owned(),
            version: version::of_workspace(root)?,
            lines,
        })
    }

    /// As it was kept at the last release.
    pub fn kept(root: &Path, name: &str) -> Result<Self> {
        let path = Self::path(root, name);
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut lines = text.lines();
        let head = lines.next().unwrap_or_default();
        let version = head
            .strip_prefix(&format!("# {name} "))
            .with_context(|| format!("{} must begin with `# {name} VERSION`", path.display()))?;
        Ok(Self {
            name: name.to_owned(),
            version: version.parse()?,
            lines: lines.map(str::to_owned).collect(),
        })
    }

    /// Keeps it as that of a release.
    pub fn keep(&self, root: &Path) -> Result<PathBuf> {
        let path = Self::path(root, &self.name);
        let mut text = format!("# {} {}\n", self.name, self.version);
        for line in &self.lines {
            text.push_str(line);
            text.push('\n');
        }
        fs::create_dir_all(path.parent().expect("it is a file in a folder"))?;
        fs::write(&path, text)?;
        Ok(path)
    }

    fn path(root: &Path, name: &str) -> PathBuf {
        root.join("xtask/surface").join(format!("{name}.txt"))
    }

    /// What this one has more and less than an older one.
    #[must_use]
    pub fn changes_since(&self, old: &Self) -> Changes {
        Changes {
            added: self.lines.difference(&old.lines).cloned().collect(),
            removed: old.lines.difference(&self.lines).cloned().collect(),
        }
    }
}

/// Compares the surfaces with those of the last release: what is wrong, a line each.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for name in PUBLIC_CRATES {
        let (old, new) = (Surface::kept(root, name)?, Surface::of_sources(root, name)?);
        let changes = new.changes_since(&old);
        let needed = needed(&old.version, &changes);
        if changes.removed.is_empty() || new.version >= needed {
            continue;
        }
        for line in &changes.removed {
            findings.push(format!("{name}: gone since {}: {line}", old.version));
        }
        findings.push(format!(
            "{name}: the version is {} and must be {needed} or above, or the above must come back",
            new.version
        ));
    }
    Ok(findings)
}

fn crate_name(package: &str) -> String {
    package.replace('-', "_")
}

fn read_file(path: &Path, module: &str, lines: &mut BTreeSet<String>) -> Result<()> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let file = syn::parse_file(&text).with_context(|| format!("in {}", path.display()))?;
    read_items(&file.items, path, module, lines)
}

fn read_items(
    items: &[Item],
    path: &Path,
    module: &str,
    lines: &mut BTreeSet<String>,
) -> Result<()> {
    for item in items {
        match item {
            Item::Mod(inner) => read_module(inner, path, module, lines)?,
            item => lines.extend(item::lines(item, module)),
        }
    }
    Ok(())
}

fn read_module(
    inner: &ItemMod,
    path: &Path,
    module: &str,
    lines: &mut BTreeSet<String>,
) -> Result<()> {
    if item::is_hidden(&inner.attrs) {
        return Ok(());
    }
    let name = inner.ident.to_string();
    let module = format!("{module}::{name}");
    if matches!(inner.vis, syn::Visibility::Public(_)) {
        lines.insert(format!("{}pub mod {module}", item::condition(&inner.attrs)));
    }
    match &inner.content {
        Some((_, items)) => read_items(items, path, &module, lines),
        None => read_file(&file_of(path, &name, &inner.attrs)?, &module, lines),
    }
}

/// Where a module that is declared in `parent` stands.
fn file_of(parent: &Path, name: &str, attributes: &[syn::Attribute]) -> Result<PathBuf> {
    let folder = parent.parent().expect("a source file is in a folder");
    if let Some(path) = item::path_attribute(attributes) {
        return Ok(folder.join(path));
    }
    let stem = parent.file_stem().unwrap_or_default();
    let folder = match stem.to_str() {
        Some("lib" | "main" | "mod") => folder.to_owned(),
        _ => folder.join(stem),
    };
    let candidates = [
        folder.join(format!("{name}.rs")),
        folder.join(name).join("mod.rs"),
    ];
    match candidates.into_iter().find(|candidate| candidate.is_file()) {
        Some(found) => Ok(found),
        None => bail!(
            "no file of the module {name} that {} declares",
            parent.display()
        ),
    }
}
