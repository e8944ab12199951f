//! `cargo xtask`: generate, check and lint. `cargo xtask help` lists the commands.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use anyhow::Result;
use xtask::{
    bench, budget, documentation, features, licences, lint, minimal, outputs, package, release,
    spec::Spec, surface, workspace_root,
};

const HELP: &str = "\
cargo xtask COMMAND

  generate           make the generated files from openapi/browse.yaml
  generate --check   say whether the committed ones are up to date; change nothing
  lint               refuse what the generators mishandle in openapi/browse.yaml
  surface            say whether what is gone from the public surface has its version
  features           compile each feature alone, none, all, and each pair that chooses TLS
  minimal-versions   compile with the oldest dependencies that the manifests allow
  package            build each crate from its tarball, and a dependent that knows nothing else
  budget [--time]    refuse what costs a dependent more than xtask/budget.toml allows; with --time by the clock, too
  licences           refuse dependencies under licences that xtask/budget.toml does not allow
  documentation      refuse examples and tests that do not run
  release            print the changelog section of the public surface, and the version it asks for
  release --keep     keep the public surface as that of the release
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
            Ok(report("openapi/browse.yaml", &lint::findings(&spec)))
        }
        ["snapshots"] => {
            let orphans = outputs::unreferenced_snapshots(&root)?;
            for orphan in &orphans {
                println!("{}: no test refers to it; delete it", orphan.display());
            }
            println!("snapshots: {} unreferenced", orphans.len());
            Ok(orphans.is_empty())
        }
        ["surface"] => Ok(report("public surface", &surface::check(&root)?)),
        ["features"] => {
            let (failed, skipped) = features::check(&root)?;
            skipped
                .iter()
                .for_each(|what| println!("not checked: {what}"));
            Ok(report("features", &failed))
        }
        ["minimal-versions"] => minimal::check(&root).map(|()| true),
        ["package"] => package::check(&root).map(|()| true),
        ["budget"] => Ok(report("budget", &budget::check(&root, false)?)),
        ["budget", "--time"] => Ok(report("budget", &budget::check(&root, true)?)),
        ["licences"] => Ok(report("licences", &licences::check(&root)?)),
        ["documentation"] => Ok(report("documentation", &documentation::check(&root)?)),
        ["release"] => {
            print!("{}", release::dry_run(&root)?);
            Ok(true)
        }
        ["release", "--keep"] => Ok(report("public surface", &release::keep(&root)?)),
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

/// Prints what was found; whether that is nothing.
fn report(what: &str, findings: &[impl std::fmt::Display]) -> bool {
    findings.iter().for_each(|finding| println!("{finding}"));
    println!("{what}: {} finding(s)", findings.len());
    findings.is_empty()
}
