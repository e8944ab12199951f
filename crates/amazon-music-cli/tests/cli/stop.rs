//! Signals that end a command.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, Command, Stdio},
    sync::{Mutex, mpsc},
    time::{Duration, Instant, SystemTime},
};

use amazon_music::{
    auth::{FileTokenStore, LoginWithAmazon, TokenKey, TokenSet, TokenStore as _},
    clock::SystemClock,
};
use serde_json::json;

use crate::{
    export::{export_from, lists, outcome},
    service::{Reply, Service, catalog, page, query},
    text,
};

pub(crate) fn send(child: &Child, signal: &str) {
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args([signal, &id])
            .status()
            .unwrap()
            .success()
    );
}

/// A service whose token endpoint responds after a while, and says when it was asked.
fn with_token_endpoint(latency: Duration) -> (Service, mpsc::Receiver<()>) {
    let (asked, when) = mpsc::channel();
    let asked = Mutex::new(asked);
    let service = Service::start(move |path| {
        if path != "/token" {
            return page(path, &[], None);
        }
        asked.lock().unwrap().send(()).unwrap();
        std::thread::sleep(latency);
        Reply::ok(&json!({
            "access_token": "Atza|new", "refresh_token": "Atzr|new", "token_type": "bearer", "expires_in": 3600,
        }))
    });
    (service, when)
}

/// Starts a command with a saved login that has to be refreshed.
fn start(service: &Service, store: &FileTokenStore, key: &TokenKey, command: &[&str]) -> Child {
    let then = SystemTime::now() - Duration::from_secs(7200);
    let mut tokens = TokenSet::new("Atza|old", then);
    tokens.expires_at = Some(then + Duration::from_secs(3600));
    tokens.refresh_token = Some("Atzr|old".into());
    tokens.scope = "music::catalog".to_owned();
    let url = service.base_url().replace("/v1", "/token");
    tokens.client = Some(
        LoginWithAmazon::new("client")
            .client_secret("secret")
            .token_url(url),
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime
        .block_on(store.save(key, &tokens, &SystemClock::new()))
        .unwrap();
    let folder = store.path(key);
    service
        .cli(command)
        .env_remove("AMAZON_MUSIC_TOKEN")
        .env("AMAZON_MUSIC_TOKEN_DIR", folder.parent().unwrap())
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn saved_refresh_token(store: &FileTokenStore, key: &TokenKey) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let tokens = runtime.block_on(store.load(key)).unwrap().unwrap();
    tokens.refresh_token.unwrap().expose().to_owned()
}

#[test]
fn a_refresh_that_is_under_way_is_saved_before_a_signal_ends_the_process() {
    let list = &["top", "tracks"];
    let check = &["status", "--check"];
    for (signal, code, told, command) in [
        ("-INT", 130, "Ctrl-C", list),
        ("-TERM", 143, "SIGTERM", list),
        ("-TERM", 143, "SIGTERM", check),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let store = FileTokenStore::new(folder.path());
        let key = TokenKey::new("amzn1.application.test", "default");
        let (service, asked) = with_token_endpoint(Duration::from_millis(400));
        let child = start(&service, &store, &key, command);
        asked.recv().unwrap();
        send(&child, signal);
        let output = child.wait_with_output().unwrap();
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{errors}");
        assert_eq!(errors, format!("error: stopped by {told}\n"));
        assert_eq!(saved_refresh_token(&store, &key), "Atzr|new");
    }
}

#[test]
fn a_second_signal_ends_the_process_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileTokenStore::new(folder.path());
    let key = TokenKey::new("amzn1.application.test", "default");
    let (service, asked) = with_token_endpoint(Duration::from_secs(60));
    let mut child = start(&service, &store, &key, &["top", "tracks"]);
    asked.recv().unwrap();
    let begin = Instant::now();
    // Signals of one kind that come at once count as one.
    while child.try_wait().unwrap().is_none() {
        send(&child, "-INT");
    }
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(begin.elapsed() < Duration::from_secs(4));
}

/// A list of many pages that take a while each.
fn slow(path: &str) -> Reply {
    std::thread::sleep(Duration::from_millis(15));
    let number: usize = query(path)
        .get("cursor")
        .map_or(0, |cursor| cursor.parse().unwrap());
    let node = |item| json!({"id": format!("{number}.{item}")});
    let next = (number + 1).to_string();
    page(path, &[node(1), node(2)], (number < 40).then_some(&*next))
}

/// The rows of a list that is ended by a signal after some of them, and those of the next run.
fn interrupted(signal: &str) -> (Option<i32>, Vec<String>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("position.json");
    let service = Service::start(slow);
    let arguments = [
        "top",
        "playlists",
        "--output",
        "ndjson",
        "--all",
        "--resume",
    ];
    let mut resume = service.cli(&[&arguments[..], &[file.to_str().unwrap()]].concat());
    let mut child = resume
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    while first.lines().count() < 50 {
        output.read_line(&mut first).unwrap();
    }
    send(&child, signal);
    output.read_to_string(&mut first).unwrap();
    let status = child.wait().unwrap();
    let (code, second, _) = outcome(resume.stderr(Stdio::piped()));
    assert_eq!(code, 0);
    let rows = |text: &str| text.lines().map(str::to_owned).collect();
    (status.code(), rows(&first), rows(&second))
}

#[test]
fn a_list_that_a_signal_ends_goes_on_without_a_missing_or_repeated_row() {
    let (code, first, second) = interrupted("-TERM");
    assert_eq!(code, Some(143));
    let all: Vec<_> = first.iter().chain(&second).collect();
    assert_eq!(all.len(), 82);
    assert_eq!(
        all.iter().collect::<std::collections::BTreeSet<_>>().len(),
        82
    );
}

#[test]
fn a_list_that_is_killed_goes_on_without_a_missing_row_and_repeats_few() {
    let (code, first, second) = interrupted("-KILL");
    assert_eq!(code, None);
    let all: std::collections::BTreeSet<_> = first.iter().chain(&second).collect();
    assert_eq!(all.len(), 82);
    // The rows of a quarter of a second: pages of two rows that take 15 ms each, and the one under way.
    let repeated = first.len() + second.len() - 82;
    assert!(repeated <= 2 * 250 / 15 + 4, "{repeated}");
}

#[test]
fn an_export_that_a_signal_ends_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let (asked, when) = mpsc::channel();
    let asked = Mutex::new(asked);
    let service = Service::start(move |path| {
        if path.starts_with("browse/categories/b/") {
            let _ = asked.lock().unwrap().send(());
            std::thread::sleep(Duration::from_secs(60));
        }
        catalog(&["a", "b"])(path)
    });
    let child = export_from(&service, folder.path(), &["--concurrency", "1"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    when.recv().unwrap();
    send(&child, "-TERM");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(143));
    assert_eq!(
        text(&output.stderr),
        "error: stopped by SIGTERM; run the same command again to resume\n"
    );
    service.requests();
    service.change(catalog(&["a", "b"]));
    assert_eq!(outcome(&mut export_from(&service, folder.path(), &[])).0, 0);
    assert_eq!(service.requests().len(), 6, "only the lists of b");
    assert_eq!(lists(folder.path()).len(), 7);
}
