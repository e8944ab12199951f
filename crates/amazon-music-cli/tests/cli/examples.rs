//! The examples in the help of each command.

use std::{env, path::Path, process::Command};

use amazon_music_cli::arguments;

use crate::{
    cli,
    export::IDS,
    service::{Service, catalog},
    stop, text,
};

/// The examples of every command that the help shows, by its words.
fn examples(command: &clap::Command, words: &str, all: &mut Vec<(String, Vec<String>)>) {
    let help = command.get_after_help().map(ToString::to_string);
    let help = help.unwrap_or_default();
    let mut lines = help.lines().skip_while(|line| *line != "Examples:").skip(1);
    let examples = lines
        .by_ref()
        .map_while(|line| line.strip_prefix("  amazon-music "));
    all.push((words.to_owned(), examples.map(str::to_owned).collect()));
    let shown = command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set());
    for inner in shown {
        examples_below(inner, words, all);
    }
}

fn examples_below(command: &clap::Command, words: &str, all: &mut Vec<(String, Vec<String>)>) {
    let words = format!("{words} {}", command.get_name());
    examples(command, words.trim(), all);
}

/// A shell in which `amazon-music` is this one, in a folder of its own.
fn shell(line: &str, folder: &Path) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_amazon-music"));
    let path = env::var_os("PATH").unwrap();
    let path = [program.parent().unwrap().to_owned()]
        .into_iter()
        .chain(env::split_paths(&path));
    let settings = cli(&[]);
    let mut command = Command::new("sh");
    for (name, value) in settings.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
        .args(["-c", line])
        .env("PATH", env::join_paths(path).unwrap())
        .env("HOME", folder)
        .current_dir(folder)
        .stdin(std::process::Stdio::null());
    command
}

/// The example as it is run here: against the sandbox, and to an end.
fn runnable(words: &str, example: &str) -> Option<String> {
    // Those of an operation whose ids nobody has.
    if example.split(' ').any(|word| word == "ID") {
        return None;
    }
    Some(match words {
        // They wait for a person, and for a signal; the tests of `login` and `sandbox serve` let them go on.
        "login" | "sandbox" | "sandbox serve" => return None,
        "completions" | "sandbox health" | "export" => format!("amazon-music {example}"),
        _ => format!("amazon-music --sandbox {example}"),
    })
}

/// The first line that begins so.
fn first_line(from: impl std::io::Read, begin: &str) -> String {
    let lines = std::io::BufRead::lines(std::io::BufReader::new(from));
    let mut lines = lines.map_while(Result::ok);
    lines
        .find(|line| line.starts_with(begin))
        .unwrap_or_default()
}

#[test]
fn each_command_has_two_examples_that_run() {
    let mut all = Vec::new();
    examples(&arguments::command(), "", &mut all);
    let service = Service::start(catalog(IDS));
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".zfunc")).unwrap();
    let mut count = 0;
    for (words, examples) in &all {
        assert_eq!(examples.len(), 2, "{words}: {examples:?}");
        for example in examples {
            // What it is about.
            assert!(
                words.split(' ').all(|word| example.contains(word)),
                "{words}: {example}"
            );
            assert!(example.len() < 65, "80 columns: {example}");
            let Some(line) = runnable(words, example) else {
                continue;
            };
            let mut command = shell(&line, folder.path());
            if words == "export" {
                command
                    .env("AMAZON_MUSIC_SECURITY_PROFILE_ID", "amzn1.application.test")
                    .env("AMAZON_MUSIC_TOKEN", "Atza|test")
                    .env("AMAZON_MUSIC_BASE_URL", service.base_url());
            }
            let output = command.output().unwrap();
            let code = output.status.code().unwrap();
            let errors = text(&output.stderr);
            // Nobody is logged in, and no sandbox listens.
            let wanted: &[i32] = match &**words {
                "status" | "logout" => &[3],
                "sandbox health" => &[0, 1],
                _ => &[0],
            };
            assert!(wanted.contains(&code), "{line}: {errors}");
            count += 1;
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn examples_that_wait_start() {
    let mut all = Vec::new();
    examples(&arguments::command(), "", &mut all);
    let folder = tempfile::tempdir().unwrap();
    for (words, begin) in [("login", "open this URL"), ("sandbox serve", "sandbox: ")] {
        let (_, examples) = all.iter().find(|(known, _)| known == words).unwrap();
        for example in examples {
            let more = match words {
                "login" if example.contains("--device") => " --sandbox",
                "login" => " --sandbox --no-browser --port 49150",
                _ => "",
            };
            let begin = if example.contains("--device") {
                "enter the code"
            } else {
                begin
            };
            let mut command = shell(&format!("exec amazon-music {example}{more}"), folder.path());
            let piped = std::process::Stdio::piped;
            let mut child = command.stdout(piped()).stderr(piped()).spawn().unwrap();
            let line = match words {
                "login" => first_line(child.stderr.take().unwrap(), begin),
                _ => first_line(child.stdout.take().unwrap(), begin),
            };
            assert!(line.starts_with(begin), "{example}: {line}");
            stop::send(&child, "-TERM");
            child.wait().unwrap();
        }
    }
}
