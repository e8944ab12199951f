//! Titles that act upon terminals, in each format, to a pipe, a file and a terminal.

use std::{
    fs::{self, File},
    io::Read as _,
    process::{Child, Command, Stdio},
};

use rustix::{
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{Winsize, tcsetwinsize},
};
use serde_json::{Value, json};

use crate::{
    service::{Service, page},
    text,
};

/// Kinds of titles, with what each looks like in a table.
const TITLES: [(&str, &str); 20] = [
    ("bell \x07", "bell \u{fffd}"),
    ("nul \0 inside", "nul \u{fffd} inside"),
    (
        "backspaces \x08\x08\x08",
        "backspaces \u{fffd}\u{fffd}\u{fffd}",
    ),
    ("delete \x7f", "delete \u{fffd}"),
    ("red \x1b[31mtitle", "red \u{fffd}[31mtitle"),
    ("clear \x1b[2J\x1b[H", "clear \u{fffd}[2J\u{fffd}[H"),
    ("unfinished \x1b]0;title", "unfinished \u{fffd}]0;title"),
    (
        "link \x1b]8;;http://x\x1b\\y",
        "link \u{fffd}]8;;http://x\u{fffd}\\y",
    ),
    (
        "C1 \u{9b}31m \u{85} \u{9d}x",
        "C1 \u{fffd}31m \u{fffd} \u{fffd}x",
    ),
    ("right \u{202e}to left", "right \u{fffd}to left"),
    ("isolate \u{2066}x\u{2069}", "isolate \u{fffd}x\u{fffd}"),
    ("zero\u{200b}width\u{feff}", "zero\u{fffd}width\u{fffd}"),
    ("separators \u{2028}\u{2029}", "separators \u{fffd}\u{fffd}"),
    (
        "family 👨\u{200d}👩\u{200d}👧",
        "family 👨\u{200d}👩\u{200d}👧",
    ),
    ("東京事変", "東京事変"),
    ("combining e\u{301}\u{302}", "combining e\u{301}\u{302}"),
    ("tab\tinside", "tab\u{fffd}inside"),
    ("line\r\nends\n", "line\u{fffd}\u{fffd}ends\u{fffd}"),
    ("=HYPERLINK(\"x\")", "=HYPERLINK(\"x\")"),
    ("\"quotes\", 'both' \\ ", "\"quotes\", 'both' \\ "),
];

fn hostile() -> Service {
    Service::start(|path| {
        let node = |(number, (title, _)): (usize, &(&str, &str))| json!({"id": number.to_string(), "title": title});
        let nodes: Vec<Value> = TITLES.iter().enumerate().map(node).collect();
        page(path, &nodes, None)
    })
}

fn list(service: &Service, format: &str) -> Command {
    service.cli(&["top", "tracks", "--output", format])
}

/// What the command prints on a terminal of 200 columns, with the line ends as they were written.
fn on_terminal(mut command: Command) -> String {
    let terminal = Terminal::new(200);
    command.stdout(terminal.other_end()).stderr(Stdio::null());
    let (code, printed) = terminal.run(command, |_, _| {});
    assert_eq!(code, Some(0));
    printed
}

/// A terminal.
pub(crate) struct Terminal {
    master: File,
    name: String,
}

impl Terminal {
    pub(crate) fn new(columns: u16) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let size = Winsize {
            ws_row: 50,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&master, size).unwrap();
        Self {
            master: master.into(),
            name: name.into_string().unwrap(),
        }
    }

    /// The end that a command prints to.
    pub(crate) fn other_end(&self) -> File {
        let mut options = File::options();
        options.read(true).write(true).open(&self.name).unwrap()
    }

    /// Runs the command to its end; returns its exit code and what it has printed. `watch` is told what there is so
    /// far, after each piece.
    pub(crate) fn run(
        mut self,
        mut command: Command,
        mut watch: impl FnMut(&str, &Child),
    ) -> (Option<i32>, String) {
        let mut child = command.env("TERM", "xterm-256color").spawn().unwrap();
        // It holds the terminal open.
        drop(command);
        let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
        // Once the other side is closed, Linux says so by an error.
        while let Ok(count @ 1..) = self.master.read(&mut chunk) {
            bytes.extend_from_slice(&chunk[..count]);
            watch(&String::from_utf8_lossy(&bytes), &child);
        }
        let code = child.wait().unwrap().code();
        (code, text(&bytes).replace("\r\n", "\n"))
    }
}

fn in_pipe(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn in_file(mut command: Command) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    let status = command
        .stdout(file.reopen().unwrap())
        .stderr(Stdio::null())
        .status();
    assert!(status.unwrap().success());
    fs::read_to_string(file.path()).unwrap()
}

/// The titles in what was printed, exact if `shown` is false, as tables show them otherwise.
fn check_titles(titles: impl Iterator<Item = String>, shown: bool, place: &str) {
    let wanted = TITLES.map(|(title, cell)| if shown { cell } else { title });
    for (title, wanted) in titles.zip(wanted) {
        assert_eq!(title, wanted, "{place}");
    }
}

/// Nothing a terminal acts upon, but line ends and a bold header.
fn check_harmless(printed: &str, place: &str) {
    let plain = printed.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
    let acts = |character: char| {
        character != '\n'
            && (character.is_control()
                || "\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}".contains(character))
    };
    assert_eq!(plain.find(acts), None, "{place}: {plain:?}");
}

fn json_titles(items: &[Value]) -> impl Iterator<Item = String> {
    items
        .iter()
        .map(|item| item["title"].as_str().unwrap().to_owned())
}

fn check(format: &str, printed: &str, place: &str, is_terminal: bool) {
    match format {
        "ndjson" => {
            let items: Vec<Value> = printed
                .lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect();
            assert_eq!(items.len(), TITLES.len(), "{place}");
            check_json(&items, place);
        }
        "json" => {
            let list: Value = serde_json::from_str(printed).unwrap();
            assert_eq!(list["complete"], true, "{place}");
            check_json(list["items"].as_array().unwrap(), place);
        }
        "csv" => {
            let mut reader = csv::Reader::from_reader(printed.as_bytes());
            let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
            assert_eq!(rows.len(), TITLES.len(), "{place}");
            check_titles(rows.iter().map(|row| row[1].to_owned()), is_terminal, place);
        }
        _ => {
            check_harmless(printed, place);
            assert_eq!(
                printed.lines().count(),
                1 + TITLES.len(),
                "{place}: {printed}"
            );
            for (line, (_, cell)) in printed.lines().skip(1).zip(TITLES) {
                assert!(line.contains(cell.trim_end()), "{place}: {line:?} {cell:?}");
            }
        }
    }
    if is_terminal {
        check_harmless(printed, place);
    }
    // The values of JSON are exact everywhere: what a terminal acts upon is escaped.
    if format.ends_with("json") {
        assert!(
            !printed.contains(|byte| matches!(byte, '\u{7f}'..='\u{9f}')),
            "{place}"
        );
    }
}

fn check_json(items: &[Value], place: &str) {
    let titles: Vec<String> = json_titles(items).collect();
    assert_eq!(titles, TITLES.map(|(title, _)| title), "{place}");
}

#[test]
fn hostile_titles_are_exact_as_data_and_harmless_on_a_terminal() {
    let service = hostile();
    for format in ["table", "json", "ndjson", "csv"] {
        let piped = in_pipe(list(&service, format));
        check(format, &piped, &format!("{format} in a pipe"), false);
        assert!(!piped.contains("\u{1b}[1m"));
        assert_eq!(in_file(list(&service, format)), piped, "{format}");
        let shown = on_terminal(list(&service, format));
        check(format, &shown, &format!("{format} on a terminal"), true);
        assert_eq!(
            shown.contains("\u{1b}[1m"),
            format == "table",
            "the header is bold"
        );
        let mut plain = list(&service, format);
        plain.env("NO_COLOR", "1");
        let plain = on_terminal(plain);
        assert!(!plain.contains('\u{1b}'), "{format}");
    }
}

#[test]
fn cells_that_would_be_formulas_are_guarded_on_request() {
    let service = hostile();
    let printed = in_pipe(service.cli(&["top", "tracks", "--output", "csv", "--csv-safe"]));
    assert!(
        printed.contains("\n18,\"'=HYPERLINK(\"\"x\"\")\",,"),
        "{printed}"
    );
}

#[test]
fn messages_of_the_service_are_harmless_on_standard_error() {
    let service = Service::start(|_| {
        let mut reply = crate::service::Reply::error(404, "RESOURCE_NOT_FOUND");
        reply.body = reply
            .body
            .replace("\"no\"", "\"\\u001b]0;gone\\u009b \\u202e\"");
        reply
    });
    let output = service.cli(&["top", "tracks"]).output().unwrap();
    let errors = text(&output.stderr);
    assert!(errors.contains("]0;gone"), "{errors}");
    check_harmless(&errors, "an error");
}
