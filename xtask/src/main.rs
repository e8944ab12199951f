//! `cargo xtask`: generate, check and lint. `cargo xtask help` lists the commands.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use anyhow::Result;
use xtask::{bench, lint, outputs, spec::Spec, workspace_root};

const HELP: &str = "\
cargo xtask COMMAND

  generate           make the generated files from openapi/browse.yaml
  generate --check   say whether the committed ones are up to date; change nothing
  lint               refuse what the generators mishandle in openapi/browse.yaml
  snapshots          refuse snapshots that no test refers to
  bench [TABLE...]   measure, and print the tables of tests/bench/README.md
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one command; `false` says that it found something to complain about.
fn run(arguments: &[&str]) -> Result<bool> {
    let root = workspace_root();
    match arguments {
        ["generate"] => {
            for output in outputs::render(&Spec::read(&root)?)? {
                println!("{}", output.write(&root)?);
            }
            Ok(true)
        }
        ["generate", "--check"] => {
            let (report, current) = outputs::check(&root)?;
            print!("{report}");
            Ok(current)
        }
        ["lint"] => {
            let spec = Spec::read_unchecked(&root)?;
            let findings = lint::findings(&spec);
            for finding in &findings {
                println!("{finding}");
            }
            println!("openapi/browse.yaml: {} finding(s)", findings.len());
            Ok(findings.is_empty())
        }
        ["snapshots"] => {
            let orphans = outputs::unreferenced_snapshots(&root)?;
            for orphan in &orphans {
                println!("{}: no test refers to it; delete it", orphan.display());
            }
            println!("snapshots: {} unreferenced", orphans.len());
            Ok(orphans.is_empty())
        }
        ["bench", names @ ..] => {
            bench::print(&root, names)?;
            Ok(true)
        }
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(true)
        }
        _ => {
            eprint!("{HELP}");
            Ok(false)
        }
    }
}
