//! `man`: the man pages, for the packages of a release.

use std::{fmt::Write as _, fs, io, path::Path};

use clap::Command;
use clap_mangen::Man;

use crate::{arguments::command, failure::Failure};

/// The version that a page is of, and the manual that it is a part of.
const SOURCE: &str = concat!("amazon-music ", env!("CARGO_PKG_VERSION"));
const MANUAL: &str = "Amazon Music";

/// The definition of apostrophes, which clap_mangen puts before each section.
const PREAMBLE: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";

/// Writes a page for each command to a folder: `amazon-music-top-tracks.1`.
pub(crate) fn write(folder: &Path) -> Result<(), Failure> {
    let wrong = |error| Failure::io(format!("cannot write to {}", folder.display()), error);
    fs::create_dir_all(folder).map_err(wrong)?;
    let mut command = command().disable_help_subcommand(true);
    // Gives each command below its whole name.
    command.build();
    pages(&command, folder).map_err(wrong)
}

fn pages(command: &Command, folder: &Path) -> io::Result<()> {
    let shown = command.get_subcommands();
    for inner in shown.filter(|inner| !inner.is_hide_set()) {
        pages(inner, folder)?;
    }
    let name = command
        .get_display_name()
        .unwrap_or_else(|| command.get_name());
    fs::write(folder.join(format!("{name}.1")), page(command, name)?)
}

/// The page of a command: the title, the usage and the sections at the end are made here, as clap_mangen lists every
/// flag in the usage and joins the lines of the end.
fn page(command: &Command, name: &str) -> io::Result<String> {
    let man = Man::new(command.clone());
    let usage = command.clone().render_usage().to_string();
    let usage = escaped(usage.trim_start_matches("Usage: "));
    let mut page = Vec::new();
    man.render_name_section(&mut page)?;
    page.extend(format!(".SH SYNOPSIS\n{usage}\n").into_bytes());
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.get_subcommands().any(|inner| !inner.is_hide_set()) {
        man.render_subcommands_section(&mut page)?;
    }
    let after = command.get_after_help().map(ToString::to_string);
    page.extend(sections(&after.unwrap_or_default()).into_bytes());
    let page = String::from_utf8_lossy(&page).replace(PREAMBLE, "");
    Ok(format!(
        "{PREAMBLE}.TH \"{name}\" \"1\" \"\" \"{SOURCE}\" \"{MANUAL}\"\n{page}"
    ))
}

/// The end of a help as sections: a line that ends with a colon is a heading, and indented lines stay as they are.
fn sections(after: &str) -> String {
    let mut page = String::new();
    let mut is_exact = false;
    for line in after.lines() {
        let heading = line.strip_suffix(':').filter(|line| !line.starts_with(' '));
        let kept = line.strip_prefix("  ");
        if is_exact && kept.is_none() {
            page.push_str(".fi\n");
            is_exact = false;
        }
        // Writing to a string does not fail.
        let _ = match (heading, kept) {
            (Some(heading), _) => writeln!(page, ".SH {}", heading.to_uppercase()),
            (None, Some(kept)) => {
                let begin = if is_exact { "" } else { ".nf\n" };
                is_exact = true;
                writeln!(page, "{begin}{}", escaped(kept))
            }
            (None, None) if line.is_empty() => writeln!(page, ".PP"),
            (None, None) => writeln!(page, "{}", escaped(line)),
        };
    }
    if is_exact {
        page.push_str(".fi\n");
    }
    // A paragraph before a heading has nothing in it.
    page.replace(".PP\n.SH", ".SH")
}

/// Text that can be pasted from a page: quotes and dashes stay what they are.
fn escaped(text: &str) -> String {
    let text = text
        .replace('\\', r"\e")
        .replace('-', r"\-")
        .replace('\'', r"\(aq")
        .replace('`', r"\(ga");
    match text.starts_with('.') {
        true => format!(r"\&{text}"),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_help_is_sections_whose_lines_can_be_pasted() {
        let after =
            "Examples:\n  amazon-music a 'b c'\n  .d\n\nExit codes:\n  0  success\n\nNot official.";
        let page = r".SH EXAMPLES
.nf
amazon\-music a \(aqb c\(aq
\&.d
.fi
.SH EXIT CODES
.nf
0  success
.fi
.PP
Not official.
";
        assert_eq!(sections(after), page);
        assert_eq!(sections(""), "");
    }
}
