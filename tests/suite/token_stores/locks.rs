//! Locks on a token file.

use amazon_music::{
    auth::{FileTokenStore, TokenStore as _},
    clock::{Clock as _, ManualClock},
};
use insta::assert_snapshot;

use super::key;
use crate::time::drive;

#[tokio::test]
async fn a_lock_that_is_held_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (
        FileTokenStore::new(folder.path()),
        FileTokenStore::new(folder.path()),
    );
    let clock = ManualClock::new();
    let held = one.lock(&key(), &clock).await.unwrap();
    let waiting = {
        let clock = clock.clone();
        tokio::spawn(async move { two.lock(&key(), &clock).await.map(drop) })
    };
    for _ in 0..3 {
        clock.next_sleeper().await;
        clock.advance_to_next();
    }
    assert!(!waiting.is_finished());
    drop(held);
    drive(&clock, waiting).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_lock_that_is_never_released_is_an_error_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (
        FileTokenStore::new(folder.path()),
        FileTokenStore::new(folder.path()),
    );
    let clock = ManualClock::new();
    let _held = one.lock(&key(), &clock).await.unwrap();
    let error = drive(&clock, two.lock(&key(), &clock))
        .await
        .map(drop)
        .unwrap_err();
    assert_snapshot!(error, @"another process is refreshing this login and has not finished within 20 seconds");
    assert!(!error.is_terminal());
    assert_eq!(clock.elapsed().as_secs(), 20);
}
