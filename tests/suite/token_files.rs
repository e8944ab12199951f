//! Token files in folders as they are: full, read-only, shared, and with things that are no files in them.
#![cfg(unix)]

use std::{
    fs::{self, Permissions},
    os::unix::{
        fs::{PermissionsExt as _, symlink},
        process::CommandExt as _,
    },
    path::Path,
    process::{Command, Output},
    time::{Duration, SystemTime},
};

use amazon_music::{
    AmazonMusic, Error,
    auth::{FileTokenStore, Stored, TokenSet, TokenStore as _},
    clock::SystemClock,
};
use amazon_music_sandbox::{Running, Sandbox};
use insta::assert_snapshot;

use crate::{
    common::login_at,
    token_helpers::{HOUR, key},
};

const FOLDER: &str = "TOKEN_FILES_TEST_FOLDER";
const BASE_URL: &str = "TOKEN_FILES_TEST_BASE_URL";

/// What a login at the sandbox would give, an hour and more ago.
fn expired(sandbox: &Running) -> TokenSet {
    let issued = sandbox.issue_tokens("anna");
    let then = SystemTime::now() - HOUR - Duration::from_secs(60);
    let mut tokens = TokenSet::new(issued.access_token, then);
    tokens.expires_at = Some(then + HOUR);
    tokens.refresh_token = Some(issued.refresh_token.into());
    tokens.client = Some(login_at(sandbox));
    tokens
}

/// A sandbox whose refresh tokens are good once, and a folder with an expired login at it.
async fn expired_login(folder: &Path) -> Running {
    let sandbox = Sandbox::new()
        .rotating_refresh_tokens()
        .start()
        .await
        .unwrap();
    let store = FileTokenStore::new(folder);
    let tokens = expired(&sandbox);
    store
        .save(&key(), &tokens, &SystemClock::new())
        .await
        .unwrap();
    sandbox
}

async fn call_with(folder: &Path, base_url: &str) -> Result<(), Error> {
    let music = AmazonMusic::builder()
        .base_url(base_url)
        .security_profile_id("amzn1.application.canary")
        .tokens(Stored::new(FileTokenStore::new(folder), key()))
        .build()
        .unwrap();
    music.top_tracks().limit(1).send().await?;
    music.top_tracks().limit(1).send().await?;
    Ok(())
}

/// Run by tests below in a process of its own; a success when run by itself.
#[tokio::test]
async fn calls_with_a_token_folder() {
    let (Ok(folder), Ok(url)) = (std::env::var(FOLDER), std::env::var(BASE_URL)) else {
        return;
    };
    match call_with(Path::new(&folder), &url).await {
        Ok(()) => println!("the calls succeeded"),
        Err(error) => println!("transient {}: {error}", error.is_transient()),
    }
}

fn child(program: &mut Command, folder: &Path, sandbox: &Running) -> Output {
    program
        .args([
            "--exact",
            "token_files::calls_with_a_token_folder",
            "--nocapture",
        ])
        .env(FOLDER, folder)
        .env(BASE_URL, sandbox.base_url());
    program.output().unwrap()
}

fn text(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{output:?}");
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn without_room_for_a_new_refresh_token_the_old_one_is_not_spent() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = expired_login(folder.path()).await;
    // As on a full disk: every write to a file fails.
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap());
    let told = text(&child(&mut shell, folder.path(), &sandbox));
    assert_eq!(
        sandbox.refreshes(),
        0,
        "the refresh token was spent: {told}"
    );
    assert!(told.contains("transient true"), "{told}");
    assert!(told.contains("cannot write"), "{told}");
    // Nothing is left behind that another writer could not do with, and the login is as good as before.
    call_with(folder.path(), &sandbox.base_url()).await.unwrap();
    call_with(folder.path(), &sandbox.base_url()).await.unwrap();
    assert_eq!(sandbox.refreshes(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_in_a_read_only_folder_is_refreshed_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("tokens");
    let sandbox = expired_login(&inner).await;
    let path = FileTokenStore::new(&inner).path(&key());
    // As Kubernetes mounts a secret: for another user to read, and nobody to write.
    fs::remove_file(path.with_extension("lock")).unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(&inner, Permissions::from_mode(0o555)).unwrap();
    let before = fs::read(&path).unwrap();
    // Root may write anywhere, so it becomes somebody else, who may not read the build folder.
    let this = folder.path().join("suite");
    fs::copy(std::env::current_exe().unwrap(), &this).unwrap();
    let mut program = Command::new(&this);
    program.current_dir(folder.path());
    if fs::write(inner.join("x"), "x").is_ok() {
        fs::remove_file(inner.join("x")).unwrap();
        program.uid(65_534).gid(65_534);
    }
    let told = text(&child(&mut program, &inner, &sandbox));
    assert!(told.contains("the calls succeeded"), "{told}");
    assert_eq!(sandbox.refreshes(), 1);
    assert_eq!(fs::read(&path).unwrap(), before);
    fs::set_permissions(&inner, Permissions::from_mode(0o755)).unwrap();
}

#[tokio::test]
async fn a_token_file_that_is_a_link_stays_one() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = expired_login(folder.path()).await;
    let path = FileTokenStore::new(folder.path()).path(&key());
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("mine");
    fs::rename(&path, &target).unwrap();
    symlink(&target, &path).unwrap();
    call_with(folder.path(), &sandbox.base_url()).await.unwrap();
    assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
    let before = fs::read_to_string(&target).unwrap();
    call_with(folder.path(), &sandbox.base_url()).await.unwrap();
    assert_eq!(sandbox.refreshes(), 1, "it was kept where the link points");
    assert_eq!(fs::read_to_string(&target).unwrap(), before);
    // Nothing but the file that was there.
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_logout_removes_the_file_that_a_link_points_to() {
    let folder = tempfile::tempdir().unwrap();
    let _sandbox = expired_login(folder.path()).await;
    let store = FileTokenStore::new(folder.path());
    let path = store.path(&key());
    let target = folder.path().join("mine");
    fs::rename(&path, &target).unwrap();
    symlink(&target, &path).unwrap();
    store.remove(&key(), &SystemClock::new()).await.unwrap();
    assert!(!target.exists() && fs::symlink_metadata(&path).is_err());
}

/// The part of an error behind the folder, without what the system adds.
fn reason(folder: &Path, error: &dyn std::fmt::Display) -> String {
    error
        .to_string()
        .replace(&format!("{}/", folder.display()), "")
}

#[tokio::test]
async fn what_is_no_token_file_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = expired_login(folder.path()).await;
    let store = FileTokenStore::new(folder.path());
    let path = store.path(&key());
    let good = fs::read_to_string(&path).unwrap();
    let mut told = Vec::new();
    let mut refuse = async |place: &Path| {
        for outcome in [
            store.load(&key()).await.map(drop),
            store
                .save(&key(), &expired(&sandbox), &SystemClock::new())
                .await,
        ] {
            let error = outcome.unwrap_err();
            assert!(error.is_terminal(), "{error}");
            told.push(reason(folder.path(), &error));
        }
        fs::remove_file(place)
            .or_else(|_| fs::remove_dir(place))
            .unwrap();
    };

    fs::remove_file(&path).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(&path)
            .status()
            .unwrap()
            .success()
    );
    refuse(&path).await;
    fs::create_dir(&path).unwrap();
    refuse(&path).await;
    symlink("/dev/zero", &path).unwrap();
    refuse(&path).await;
    fs::write(&path, " ".repeat(100_000)).unwrap();
    refuse(&path).await;
    fs::write(&path, good.replace("\"version\": 1", "\"version\": 0")).unwrap();
    refuse(&path).await;
    fs::write(&path, good.replace("\"version\": 1", "\"version\": 2")).unwrap();
    refuse(&path).await;
    assert_snapshot!(told.join("\n"), @"
    anna-244b4259494e91eb.json is not a file: move it away, and log in again
    anna-244b4259494e91eb.json is not a file: move it away, and log in again
    anna-244b4259494e91eb.json is not a file: move it away, and log in again
    anna-244b4259494e91eb.json is not a file: move it away, and log in again
    anna-244b4259494e91eb.json is not a file: move it away, and log in again
    anna-244b4259494e91eb.json is not a file: move it away, and log in again
    anna-244b4259494e91eb.json is no token file of this library: move it away, and log in again
    anna-244b4259494e91eb.json is no token file of this library: move it away, and log in again
    anna-244b4259494e91eb.json has the version 0, which no release of this library wrote: move it away, and log in again
    anna-244b4259494e91eb.json has the version 0, which no release of this library wrote: move it away, and log in again
    anna-244b4259494e91eb.json was written by a newer version of this library: move it away, and log in again
    anna-244b4259494e91eb.json was written by a newer version of this library: move it away, and log in again
    ");
}

#[tokio::test]
async fn a_lock_that_is_a_link_or_no_file_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = expired_login(folder.path()).await;
    let store = FileTokenStore::new(folder.path());
    let lock = store.path(&key()).with_extension("lock");
    let victim = folder.path().join("victim");
    fs::remove_file(&lock).unwrap();
    symlink(&victim, &lock).unwrap();
    let mut told = Vec::new();
    let error = store
        .lock(&key(), &SystemClock::new())
        .await
        .map(drop)
        .unwrap_err();
    told.push(reason(folder.path(), &error));
    assert!(!victim.exists(), "the link was followed");
    fs::remove_file(&lock).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(&lock)
            .status()
            .unwrap()
            .success()
    );
    let error = store
        .lock(&key(), &SystemClock::new())
        .await
        .map(drop)
        .unwrap_err();
    told.push(reason(folder.path(), &error));
    assert_snapshot!(told.join("\n"), @"
    anna-244b4259494e91eb.lock is not a file: remove it
    anna-244b4259494e91eb.lock is not a file: remove it
    ");
    drop(sandbox);
}

#[tokio::test]
async fn tokens_that_others_can_read_or_replace_are_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("tokens");
    let _sandbox = expired_login(&inner).await;
    let store = FileTokenStore::new(&inner);
    let path = store.path(&key());
    assert_eq!(store.exposed(&key()).await, None);
    let mut told = Vec::new();
    for (file, parent) in [
        (0o644, 0o700),
        (0o600, 0o755),
        (0o600, 0o777),
        (0o666, 0o777),
    ] {
        fs::set_permissions(&path, Permissions::from_mode(file)).unwrap();
        fs::set_permissions(&inner, Permissions::from_mode(parent)).unwrap();
        let warning = store.exposed(&key()).await;
        told.push(format!(
            "{file:o} in {parent:o}: {}",
            warning.map_or("-".to_owned(), |warning| reason(folder.path(), &warning))
        ));
    }
    assert_snapshot!(told.join("\n"), @"
    644 in 700: tokens/anna-244b4259494e91eb.json has the mode 644, so other users of this machine may have its tokens: `chmod 600` it
    600 in 755: -
    600 in 777: tokens has the mode 777, so other users of this machine can replace tokens in it: `chmod 700` it
    666 in 777: tokens/anna-244b4259494e91eb.json has the mode 666, so other users of this machine may have its tokens: `chmod 600` it; tokens has the mode 777, so other users of this machine can replace tokens in it: `chmod 700` it
    ");
}
