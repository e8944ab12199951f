//! Two processes that share a token file.

use std::{
    io::{Read as _, Write as _},
    process::{Command, Stdio},
    time::SystemTime,
};

use amazon_music::{
    AmazonMusic,
    auth::{FileTokenStore, Stored, TokenStore as _},
    clock::SystemClock,
};
use amazon_music_sandbox::Sandbox;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{key, tokens};

const FOLDER: &str = "TOKEN_STORES_TEST_FOLDER";
const BASE_URL: &str = "TOKEN_STORES_TEST_BASE_URL";
const ROUNDS_AT: &str = "TOKEN_STORES_TEST_ROUNDS_AT";

/// Each process makes 200 calls: 20 rounds, before each of which the token expires.
const ROUNDS: u64 = 20;

const CALLS_IN_A_ROUND: usize = 10;

/// Run by the test below, in two child processes; passes when run by itself.
#[tokio::test]
async fn calls_with_a_shared_token_file() {
    let variable = |name| std::env::var(name).ok();
    let (Some(folder), Some(url), Some(rounds_at)) =
        (variable(FOLDER), variable(BASE_URL), variable(ROUNDS_AT))
    else {
        return;
    };
    let music = AmazonMusic::builder()
        .base_url(url)
        .security_profile_id("amzn1.application.canary")
        .tokens(Stored::new(FileTokenStore::new(folder), key()))
        .build()
        .unwrap();
    let mut rounds = std::net::TcpStream::connect(rounds_at).unwrap();
    let mut byte = [0];
    while rounds.read(&mut byte).unwrap() == 1 {
        for _ in 0..CALLS_IN_A_ROUND {
            music.top_tracks().limit(1).send().await.unwrap();
        }
        rounds.write_all(&byte).unwrap();
    }
}

#[tokio::test]
async fn two_processes_that_share_a_token_file_refresh_once_and_never_with_an_old_token() {
    let sandbox = Sandbox::new()
        .rotating_refresh_tokens()
        .start()
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = FileTokenStore::new(folder.path());
    let tokens = tokens(&sandbox, SystemTime::now());
    store
        .save(&key(), &tokens, &SystemClock::new())
        .await
        .unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let this = std::env::current_exe().unwrap();
    let spawn = || {
        let mut child = Command::new(&this);
        child
            .args([
                "--exact",
                "token_stores::processes::calls_with_a_shared_token_file",
            ])
            .env(FOLDER, folder.path())
            .env(BASE_URL, sandbox.base_url())
            .env(ROUNDS_AT, listener.local_addr().unwrap().to_string())
            .stdout(Stdio::piped());
        child.spawn().unwrap()
    };
    let children = [spawn(), spawn()];
    let outputs = children.map(|child| tokio::task::spawn_blocking(|| child.wait_with_output()));
    let mut outputs = futures_util::future::join_all(outputs);
    let mut controls = Vec::new();
    while controls.len() < 2 {
        tokio::select! {
            accepted = listener.accept() => controls.push(accepted.unwrap().0),
            outputs = &mut outputs => panic!("the children exited before they connected: {outputs:?}"),
        }
    }
    for _ in 0..ROUNDS {
        sandbox.expire_access_tokens();
        for control in &mut controls {
            control.write_all(b".").await.unwrap();
        }
        for control in &mut controls {
            // A child that failed is reported below.
            let _ = control.read(&mut [0]).await;
        }
    }
    drop(controls);
    for output in outputs.await {
        let output = output.unwrap().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && text.contains("1 passed"),
            "{text}"
        );
    }
    assert_eq!(
        sandbox.refreshes(),
        ROUNDS,
        "one for each expiry, whichever process came first"
    );
}
