//! The screens of all commands, on terminals of 80 and of 200 columns.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command},
    sync::LazyLock,
    thread,
};

use amazon_music::{
    Shape, operations,
    reqwest::{Client, Url},
};
use amazon_music_cli::arguments;
use insta::assert_snapshot;
use regex_lite::Regex;

use crate::{
    cli,
    export::export_from,
    requests::{EMPTY, script, with_token},
    service::{Service, catalog},
    stop,
    terminal::Terminal,
};

/// The command, and what it shows.
fn screen(columns: u16, command: Command) -> String {
    watched(columns, command, |_, _| {})
}

/// The same of a command that something is done to while it runs.
fn watched(columns: u16, command: Command, watch: impl FnMut(&str, &Child)) -> String {
    plain(&as_shown(columns, command, watch))
}

fn as_shown(columns: u16, mut command: Command, watch: impl FnMut(&str, &Child)) -> String {
    let words = command.get_args().map(|word| match word.to_str().unwrap() {
        plain if !plain.contains([' ', '|']) => plain.to_owned(),
        other => format!("'{other}'"),
    });
    let words: Vec<String> = words.collect();
    let terminal = Terminal::new(columns);
    command
        .stdin(terminal.other_end())
        .stdout(terminal.other_end())
        .stderr(terminal.other_end());
    let (code, printed) = terminal.run(command, watch);
    let code = code.unwrap();
    let status = match code {
        0 => String::new(),
        code => format!("[exit code {code}]\n"),
    };
    let shown: String = printed.lines().map(|line| at_last(line) + "\n").collect();
    format!("$ amazon-music {}\n{shown}{status}", words.join(" "))
}

/// A line as it stands in the end: without what was overwritten.
fn at_last(line: &str) -> String {
    let last = line.rsplit(['\r']).next().unwrap_or_default();
    last.rsplit("\u{1b}[2K")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// What differs each time, with words for it. Styles are tested elsewhere.
static RULES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let rules = [
        (r"\x1b\[[0-9;?]*[a-zA-Z]", ""),
        (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
        (r"--port \d{2,}", "--port PORT"),
        (r"/\S*/\.tmp\w+", "FOLDER"),
        (r"(/ap/oa)\?\S+", "$1?QUERY"),
        (r"default-\w+\.json", "default-HASH.json"),
        (r"59 minutes", "60 minutes"),
        (r"took \d+ s", "took N s"),
        (r"about [0-9.]+ requests", "about N requests"),
        (r"Bearer \S+'", "Bearer TOKEN'"),
        (r"(?m) +$", ""),
    ];
    let compiled = |(pattern, with)| (Regex::new(pattern).unwrap(), with);
    rules.into_iter().map(compiled).collect()
});

fn plain(screen: &str) -> String {
    RULES
        .iter()
        .fold(screen.to_owned(), |text, (pattern, with)| {
            pattern.replace_all(&text, *with).into_owned()
        })
}

fn screens(columns: u16, commands: &[&[&str]]) -> String {
    let screens = commands.iter().map(|words| screen(columns, cli(words)));
    screens.collect::<Vec<_>>().join("\n")
}

/// Compares the screens at both widths, which are taken at the same time.
fn compare(name: &str, shown: impl Fn(u16) -> String + Sync) {
    let [narrow, wide] = thread::scope(|scope| {
        let threads = [80, 200].map(|columns| {
            scope.spawn({
                let shown = &shown;
                move || shown(columns)
            })
        });
        threads.map(|thread| thread.join().unwrap())
    });
    assert_snapshot!(format!("{name}_80"), narrow);
    assert_snapshot!(format!("{name}_200"), wide);
}

#[test]
fn lists_and_entities() {
    compare("lists", |columns| {
        let mut shown = Vec::new();
        for operation in operations::ALL {
            let words = operation
                .words
                .iter()
                .map(|word| match word.starts_with('{') {
                    true => "2iB4IU25",
                    false => word,
                });
            let more: &[&str] = match operation.shape {
                Shape::List => &["--sandbox", "-n", "3"],
                _ => &["--sandbox"],
            };
            let words: Vec<&str> = words.chain(more.iter().copied()).collect();
            shown.push(screen(columns, cli(&words)));
        }
        shown.push(screens(
            columns,
            &[
                &[
                    "category",
                    "Heavy Metal",
                    "playlists",
                    "--sandbox",
                    "--fields",
                    "id,title,url",
                    "-n",
                    "2",
                ],
                &["top", "tracks", "--sandbox", "-n", "2", "-o", "csv", "-q"],
                &["top", "tracks", "--sandbox", "-n", "2", "-o", "json", "-q"],
                &[
                    "top",
                    "tracks",
                    "--sandbox",
                    "-n",
                    "2",
                    "--jq",
                    "[.id, .title] | @tsv",
                    "-q",
                ],
                &["categories", "--sandbox", "--search", "metal"],
                &["raw", "/browse/tracks/top?limit=1", "--sandbox"],
            ],
        ));
        shown.join("\n")
    });
}

#[test]
fn comparisons() {
    let commands: [&[&str]; 2] = [
        &["verify", "--plan", "--sandbox"],
        &["verify", "--sandbox", "--probe", "--rate", "1000"],
    ];
    compare("comparisons", |columns| screens(columns, &commands));
}

#[test]
fn mistakes() {
    let commands: [&[&str]; 13] = [
        &["category", "none", "--sandbox"],
        &["category", "L", "--sandbox"],
        &["category", "a/b", "--sandbox"],
        &["top", "tracks", "--page-size", "0", "--sandbox"],
        &["top", "tracks", "--cursor", "none", "--sandbox"],
        &["top", "tracks", "--jq", ".title | foo"],
        &["top", "tracks", "--sandbox", "--jq", ".title[0]"],
        &["top", "tracks"],
        &["tops"],
        &["top", "tracks", "--limits", "3"],
        &[
            "top",
            "tracks",
            "--sandbox",
            "--base-url",
            "http://127.0.0.1:1/v1",
        ],
        &["completions", "bash", "--user", "anna"],
        &["raw", "/browse/none", "--sandbox"],
    ];
    compare("mistakes", |columns| screens(columns, &commands));
}

#[test]
fn waits() {
    let page = r#"{"data":{"topTracks":{"pageInfo":{"hasNextPage":false},"edges":[{"node":{"id":"B0","title":"A"}}]}}}"#;
    let list = |columns, responses, more: &[&str]| {
        let (address, _heads) = script(responses);
        let url = format!("http://{address}/v1");
        let folder = tempfile::tempdir().unwrap();
        let mut command = with_token(&[&["top", "tracks", "--base-url", &url], more].concat());
        command.env("AMAZON_MUSIC_TOKEN_DIR", folder.path());
        screen(columns, command)
    };
    let throttled = ("429 Too Many Requests", "");
    let shown = |columns| {
        let screens = [
            list(columns, vec![throttled, ("200 OK", page)], &[]),
            list(columns, vec![throttled, ("200 OK", EMPTY)], &["-v"]),
            list(columns, vec![("429 No\r\nretry-after: 600", "")], &[]),
            list(columns, vec![throttled], &["--retries", "0"]),
        ];
        let milliseconds = Regex::new(r" \d+ ms").unwrap();
        let screens = screens.join("\n");
        milliseconds.replace_all(&screens, " N ms").into_owned()
    };
    compare("waits", shown);
}

/// Submits the form of the login page, as a browser does.
fn allow(url: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    amazon_music::use_ring();
    let http = Client::builder().no_proxy().build().unwrap();
    let (page, query) = url.split_once('?').unwrap();
    let post = http
        .post(page)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("{query}&user=anna&decision=allow"));
    let response = runtime.block_on(post.send()).unwrap();
    assert!(response.status().is_success(), "{response:?}");
}

fn login(columns: u16, logins: &Path) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    drop(listener);
    let mut command = cli(&["login", "--sandbox", "--no-browser", "--port", &port]);
    command.env("AMAZON_MUSIC_TOKEN_DIR", logins);
    let mut is_allowed = false;
    watched(columns, command, |shown, _| {
        // The last line may go on.
        let (whole, _) = shown.rsplit_once('\n').unwrap_or_default();
        let mut lines = whole.lines();
        let url = lines.find(|line| Url::parse(line).is_ok() && line.contains("/ap/oa?"));
        if let Some(url) = url.filter(|_| !is_allowed) {
            is_allowed = true;
            allow(url.trim_end());
        }
    })
}

#[test]
fn logins() {
    compare("logins", |columns| {
        let folder = tempfile::tempdir().unwrap();
        let of = |words: &[&str]| {
            let mut command = cli(words);
            command.env("AMAZON_MUSIC_TOKEN_DIR", folder.path());
            screen(columns, command)
        };
        let shown = [
            of(&["status"]),
            of(&["logout"]),
            of(&["login"]),
            login(columns, folder.path()),
            of(&["status"]),
            of(&["status", "--check", "--sandbox"]),
            of(&["top", "tracks"]),
            of(&["logout", "--sandbox"]),
        ];
        shown.join("\n")
    });
}

#[test]
fn exports_and_servers() {
    compare("exports_and_servers", |columns| {
        let folder = tempfile::tempdir().unwrap();
        let service = Service::start(catalog(&["a"]));
        let export = || screen(columns, export_from(&service, folder.path(), &[]));
        let mut shown = vec![export()];
        service.change(
            |path| match path.starts_with("browse/categories/c/tracks") {
                true => crate::service::Reply::error(500, "INTERNAL_ERROR"),
                false => catalog(&["c"])(path),
            },
        );
        shown.push(screen(
            columns,
            export_from(&service, folder.path(), &["--retries", "0"]),
        ));
        let serve = |more: &[&str]| {
            let command = cli(&[&["sandbox", "serve", "--port", "0"], more].concat());
            let mut is_stopped = false;
            watched(columns, command, |shown, child| {
                if shown.contains("stop: Ctrl-C") && !is_stopped {
                    is_stopped = true;
                    stop::send(child, "-INT");
                }
            })
        };
        shown.push(serve(&[]));
        shown.push(screen(
            columns,
            cli(&["sandbox", "health", "http://127.0.0.1:1/v1"]),
        ));
        for shell in ["bash", "zsh", "fish"] {
            let script = as_shown(columns, cli(&["completions", shell]), |_, _| {});
            let head: String = script
                .lines()
                .take(4)
                .map(|line| format!("{line}\n"))
                .collect();
            shown.push(plain(&head) + "...\n");
        }
        shown.join("\n")
    });
}

/// The words of every command that the help shows.
fn commands(command: &clap::Command, words: &[&str], all: &mut Vec<Vec<String>>) {
    all.push(words.iter().map(|word| (*word).to_owned()).collect());
    let shown = command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set());
    for inner in shown {
        let id = command.get_positionals().map(|_| "ID");
        let words: Vec<&str> = words
            .iter()
            .copied()
            .chain(id)
            .chain([inner.get_name()])
            .collect();
        commands(inner, &words, all);
    }
}

#[test]
fn help() {
    // The snapshots are of all features, with which the whole workspace is tested.
    if !cfg!(feature = "mcp") {
        return;
    }
    let mut all = Vec::new();
    commands(&arguments::command(), &[], &mut all);
    compare("help", |columns| {
        let mut shown = Vec::new();
        for words in &all {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let help = screen(columns, cli(&[&words, &["--help"][..]].concat()));
            // What all commands have is shown once.
            let start = help.find("\nGlobal options:").filter(|_| !words.is_empty());
            let end = help.find("\nExamples:").unwrap_or(help.len());
            shown.push(match start {
                Some(start) => help[..start].to_owned() + "\n...\n" + &help[end..],
                None => help,
            });
        }
        let short = screen(columns, cli(&["top", "tracks", "-h"]));
        shown.push(short);
        shown.join("\n")
    });
}
