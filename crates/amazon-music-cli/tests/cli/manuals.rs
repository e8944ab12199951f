//! The man pages.

use std::{fs, path::Path, process::Command};

use amazon_music_cli::arguments;

use crate::{printed, text};

fn names(command: &clap::Command, name: &str, all: &mut Vec<String>) {
    all.push(format!("{name}.1"));
    let shown = command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set());
    for inner in shown {
        names(inner, &format!("{name}-{}", inner.get_name()), all);
    }
}

/// Warnings of man about a page, if it is installed.
fn warnings(page: &Path) -> Option<String> {
    let output = Command::new("man")
        .args(["--warnings", "--local-file"])
        .arg(page)
        .env("MANWIDTH", "80")
        .env("LC_ALL", "C.UTF-8")
        .output()
        .ok()?;
    let shown = text(&output.stdout);
    assert!(
        shown.contains("NAME") && shown.contains("amazon-music"),
        "{shown}"
    );
    Some(text(&output.stderr))
}

#[test]
fn each_command_has_a_page() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(printed(&["man", folder.path().to_str().unwrap()]), "");
    let mut wanted = Vec::new();
    names(&arguments::command(), "amazon-music", &mut wanted);
    wanted.sort();
    let files = fs::read_dir(folder.path()).unwrap();
    let mut found: Vec<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    assert_eq!(found, wanted);
    for name in found {
        let path = folder.path().join(&name);
        let page = fs::read_to_string(&path).unwrap();
        for section in [
            ".TH ",
            ".SH NAME",
            ".SH SYNOPSIS",
            ".SH OPTIONS",
            ".SH EXAMPLES",
        ] {
            assert!(page.contains(section), "{name} lacks {section}");
        }
        let synopsis = page.split(".SH SYNOPSIS").nth(1).unwrap();
        let synopsis = synopsis.split(".SH").next().unwrap();
        for artefact in [
            "\u{1b}",
            "{",
            "}",
            "<help>",
            "help(1)",
            "[possible values: ]",
        ] {
            assert!(!synopsis.contains(artefact), "{name}: {artefact:?}");
        }
        assert!(!page.contains('\u{1b}'), "{name}");
        // A line that begins with a dot is a macro.
        let macros = page.lines().filter(|line| line.starts_with('.'));
        for line in macros {
            let known = [
                ".ie", ".el", ".TH", ".SH", ".TP", ".RS", ".RE", ".PP", ".br", ".SS", ".IP", ".nf",
                ".fi",
            ];
            assert!(
                known.iter().any(|name| line.starts_with(name)),
                "{name}: {line}"
            );
        }
        if let Some(warnings) = warnings(&path) {
            assert_eq!(warnings, "", "{name}");
        }
    }
}
