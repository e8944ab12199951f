//! `man`: the man pages, for the packages of a release.

use std::{fs, path::Path};

use clap::Command;
use clap_mangen::Man;

use crate::{arguments::command, failure::Failure};

/// Writes a page for each command to a folder: `amazon-music-top-tracks.1`.
pub(crate) fn write(folder: &Path) -> Result<(), Failure> {
    let wrong = |error| Failure::io(format!("cannot write to {}", folder.display()), error);
    fs::create_dir_all(folder).map_err(wrong)?;
    let mut command = command().disable_help_subcommand(true);
    // Gives each command below its whole name.
    command.build();
    pages(&command, folder).map_err(wrong)
}

fn pages(command: &Command, folder: &Path) -> std::io::Result<()> {
    let shown = command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set());
    for inner in shown {
        pages(inner, folder)?;
    }
    let name = command
        .get_display_name()
        .unwrap_or_else(|| command.get_name());
    let manual = "Amazon Music CLI Manual";
    let mut page = Vec::new();
    Man::new(command.clone())
        .manual(manual)
        .source(concat!("amazon-music ", env!("CARGO_PKG_VERSION")))
        .render(&mut page)?;
    fs::write(folder.join(format!("{name}.1")), page)
}
