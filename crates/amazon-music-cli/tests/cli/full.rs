//! Standard output and standard error that cannot be written, and disks that are full.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    cli,
    export::{export, export_from, files, outcome},
    service::{Service, catalog},
    text,
};

/// A file that is always full; none where the system has no such thing.
fn full() -> Option<File> {
    let full = File::options().write(true).open("/dev/full").ok();
    if full.is_none() {
        let _ = writeln!(io::stderr(), "skipped: this system has no /dev/full");
    }
    full
}

#[test]
fn standard_output_that_is_full_is_one_error() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = folder.path().join("catalog");
    let catalog = catalog.to_str().unwrap();
    let commands: [&[&str]; 11] = [
        &["--help"],
        &["--version"],
        &["help", "export"],
        &["--sandbox", "top", "tracks"],
        &["--sandbox", "top", "tracks", "--output", "csv"],
        &["--sandbox", "top", "tracks", "--output", "json", "--all"],
        &["--sandbox", "category", "2iB4IU25", "--output", "ndjson"],
        &["--sandbox", "export", catalog],
        &["completions", "bash"],
        &["sandbox", "serve", "--port", "0"],
        &["--sandbox", "top", "playlists", "--all"],
    ];
    for command in commands {
        let Some(full) = full() else { return };
        let output = cli(command).stdout(full).output().unwrap();
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {errors}");
        let last = errors.lines().last().unwrap();
        assert!(
            last.starts_with("error: cannot write to standard output: No space left"),
            "{errors}"
        );
        assert!(!errors.contains("panicked"), "{errors}");
    }
}

#[test]
fn standard_error_that_is_full_is_no_panic_and_no_success() {
    let commands: [(&[&str], i32); 4] = [
        (&["--sandbox", "top", "tracks"], 1),
        (&["top", "tracks"], 3),
        (&["--sandbox", "category", "none"], 1),
        (&["--sandbox", "categories", "--page-size", "999"], 2),
    ];
    for (command, code) in commands {
        let Some(full) = full() else { return };
        let output = cli(command).stderr(full).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{command:?}");
    }
    let Some(full) = full() else { return };
    let folder = tempfile::tempdir().unwrap();
    let output = export(folder.path(), &[]).stderr(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        files(folder.path()).len(),
        361 + 2,
        "the export is whole all the same"
    );
}

#[test]
fn messages_that_nobody_reads_are_no_error() {
    let mut child = cli(&["--sandbox", "top", "tracks"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(!output.stdout.is_empty());
}

/// The command with a limit on the size of files, in blocks of 512 bytes: writing beyond it fails.
fn limited(command: &Command, blocks: u32) -> Command {
    let mut limited = Command::new("sh");
    limited
        .arg("-c")
        .arg(format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""
        ))
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited
}

#[test]
fn a_disk_that_is_full_keeps_the_files_of_before() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(catalog(&["a"]));
    assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 0);
    let before = files(folder.path());
    let name = "x".repeat(20_000);
    service.change(move |path| {
        let mut reply = catalog(&["a"])(path);
        if path.starts_with("browse/categories/a/tracks") {
            reply.body = reply.body.replace("tracks 1", &name);
        }
        reply
    });
    let command = export_from(&service, folder.path(), &["--concurrency", "1"]);
    let (code, _, errors) = outcome(&mut limited(&command, 20));
    assert_eq!(code, 1);
    assert!(
        errors.contains("error: cannot write ")
            && errors.contains("category-a-tracks.ndjson.part: "),
        "{errors}"
    );
    assert!(
        errors
            .trim_end()
            .ends_with("; run the same command again to resume"),
        "{errors}"
    );
    for (name, content) in &before {
        assert!(
            fs::read(folder.path().join(name)).unwrap() == *content,
            "{name}"
        );
    }
    assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 0);
}

/// Runs the command twice in a small file system of its own that is mounted at a folder; prints the exit code of
/// the second run after a digest of the lists before it, and one of those after it.
const ON_A_SMALL_DISK: &str = r#"
mount -t tmpfs -o size=256k tmpfs "$DISK" 2>/dev/null || exit 77
"$0" "$@" || exit 78
cat "$DISK"/catalog/c*.ndjson "$DISK"/catalog/manifest.json | sha256sum
"$0" "$@"
echo "$?"
cat "$DISK"/catalog/c*.ndjson "$DISK"/catalog/manifest.json | sha256sum
"#;

#[test]
fn a_file_system_that_is_full_keeps_the_files_of_before() {
    let disk = tempfile::tempdir().unwrap();
    let runs = std::sync::atomic::AtomicUsize::new(0);
    let service = Service::start(move |path| {
        let mut reply = catalog(&["a"])(path);
        if path.starts_with("browse/categories?") {
            runs.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        } else if runs.load(std::sync::atomic::Ordering::Relaxed) > 1 {
            reply.body = reply.body.replace("tracks 1", &"x".repeat(300_000));
        }
        reply
    });
    let command = export_from(&service, &disk.path().join("catalog"), &[]);
    let mut twice = Command::new("unshare");
    twice
        .args(["--mount", "--map-root-user", "sh", "-c", ON_A_SMALL_DISK])
        .arg(command.get_program())
        .args(command.get_args())
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .env("DISK", disk.path());
    let output = match twice.output() {
        // Without the program, without the right to (1), or without the kind of file system (77).
        Ok(output) if !matches!(output.status.code(), Some(1 | 77)) => output,
        _ => {
            let _ = writeln!(io::stderr(), "skipped: no file system can be mounted here");
            return;
        }
    };
    let (printed, errors) = (text(&output.stdout), text(&output.stderr));
    let digests: Vec<&str> = printed
        .lines()
        .filter(|line| line.ends_with(" -"))
        .collect();
    assert!(printed.lines().any(|line| line == "1"), "{printed}{errors}");
    assert_eq!(digests.len(), 2, "{printed}{errors}");
    assert_eq!(digests[0], digests[1]);
    assert!(
        errors.contains("error: cannot write ") && errors.contains("No space left on device"),
        "{errors}"
    );
}

fn resume(service: &Service, file: &Path) -> Command {
    let file = file.to_str().unwrap();
    service.cli(&[
        "category", "a", "tracks", "--output", "ndjson", "--all", "--resume", file,
    ])
}

#[test]
fn a_position_never_passes_rows_that_were_not_printed() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(catalog(&["a"]));
    let whole = |file: &Path| {
        let (code, printed, errors) = outcome(&mut resume(&service, file));
        assert_eq!((code, printed.lines().count()), (0, 3), "{errors}");
    };

    let closed = folder.path().join("closed.json");
    let mut child = resume(&service, &closed)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("closed before all rows were written"));
    whole(&closed);

    let Some(full) = full() else { return };
    let file = folder.path().join("full.json");
    let output = resume(&service, &file).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    whole(&file);
}

#[test]
fn a_position_that_could_not_be_saved_is_told_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(catalog(&["a"]));
    let missing = folder.path().join("not-there/p.json");
    let (code, printed, errors) = outcome(&mut resume(&service, &missing));
    assert_eq!((code, &*printed), (1, ""));
    let wanted = format!(
        "error: --resume: cannot create {}: No such file",
        missing.display()
    );
    assert!(errors.starts_with(&wanted), "{errors}");
    let (code, printed, errors) = outcome(&mut resume(&service, folder.path()));
    assert_eq!((code, &*printed), (2, ""));
    assert!(
        errors.contains("is not a regular file: name another one"),
        "{errors}"
    );
    assert_eq!(service.requests(), [""; 0]);
}

#[test]
fn a_position_that_a_link_leads_to_is_saved_where_it_leads() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(catalog(&["a"]));
    let (file, link) = (
        folder.path().join("p.json"),
        folder.path().join("link.json"),
    );
    assert_eq!(outcome(&mut resume(&service, &file)).0, 0);
    let position = fs::read_to_string(&file).unwrap();
    assert!(position.contains("\"version\":1"), "{position}");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    assert_eq!(outcome(&mut resume(&service, &link)).0, 0);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    // Of a newer release.
    fs::write(&file, position.replace("\"version\":1", "\"version\":2")).unwrap();
    let (_, _, errors) = outcome(&mut resume(&service, &file));
    assert!(errors.contains("format version 2"), "{errors}");
}
