//! `cargo xtask`: the commands of this repository. `cargo xtask help` lists them.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::{path::Path, process::ExitCode};

use anyhow::Result;
use xtask::{
    bench, budget, generate, lint, package,
    spec::{SPEC, Spec},
    workspace_root,
};

const HELP: &str = "\
Usage: cargo xtask COMMAND

  generate [--check]  write the files generated from openapi/browse.yaml; --check compares and writes nothing
  lint                check openapi/browse.yaml for what the Rust generator cannot handle
  bench [TABLE...]    measure, and print the tables of tests/bench/README.md
  budget [--time]     check the cost of a dependent against xtask/budget.toml; --time adds build time
  package             build the packaged CLI and a dependent outside the workspace
  help                print this list
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

/// Runs one command; `false` if it has findings.
fn run(arguments: &[&str]) -> Result<bool> {
    let root = workspace_root();
    match arguments {
        ["generate"] => {
            let spec = linted(&root)?;
            for output in generate::render(&spec)? {
                println!("{}", output.write(&root)?);
            }
            Ok(true)
        }
        ["generate", "--check"] => {
            let (report, current) = generate::check(&root, &linted(&root)?)?;
            print!("{report}");
            Ok(current)
        }
        ["lint"] => Ok(report(SPEC, &lint::findings(&Spec::read(&root)?))),
        ["bench", names @ ..] => bench::print(&root, names).map(|()| true),
        ["budget"] => Ok(report("budget", &budget::check(&root, false)?)),
        ["budget", "--time"] => Ok(report("budget", &budget::check(&root, true)?)),
        ["package"] => package::check(&root).map(|()| true),
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

/// Reads the spec and rejects one that the generator cannot handle.
fn linted(root: &Path) -> Result<Spec> {
    let spec = Spec::read(root)?;
    lint::refuse(&spec)?;
    Ok(spec)
}

/// Prints the findings; `true` if there are none.
fn report(subject: &str, findings: &[impl std::fmt::Display]) -> bool {
    findings.iter().for_each(|finding| println!("{finding}"));
    println!("{subject}: {} finding(s)", findings.len());
    findings.is_empty()
}
