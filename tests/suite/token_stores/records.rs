//! Saving, loading and removing tokens.

use std::{fs, sync::Arc, time::SystemTime};

use amazon_music::{
    auth::{FileTokenStore, MemoryTokenStore, TokenKey, TokenStore},
    clock::{Clock as _, ManualClock, SystemClock},
};
use insta::assert_snapshot;

use super::{key, tokens};

/// The stored tokens, in full.
async fn stored(store: &dyn TokenStore) -> Option<(String, String, Option<SystemTime>)> {
    let tokens = store.load(&key()).await.unwrap()?;
    let refresh_token = tokens.refresh_token.unwrap().expose().to_owned();
    Some((
        tokens.access_token.expose().to_owned(),
        refresh_token,
        tokens.expires_at,
    ))
}

#[tokio::test]
async fn stores_return_what_was_saved_until_it_is_removed() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let files = FileTokenStore::new(folder.path().join("a/b"));
    let stores: [Arc<dyn TokenStore>; 2] = [Arc::new(files), Arc::new(MemoryTokenStore::new())];
    let clock = ManualClock::new();
    let tokens = tokens(&sandbox, clock.now());
    let wanted = (
        tokens.access_token.expose().to_owned(),
        tokens.refresh_token.clone().unwrap().expose().to_owned(),
        tokens.expires_at,
    );
    for store in stores {
        assert!(store.load(&key()).await.unwrap().is_none());
        store.remove(&key(), &clock).await.unwrap();
        store.save(&key(), &tokens, &clock).await.unwrap();
        assert_eq!(stored(&store).await.as_ref(), Some(&wanted));
        let found = store.load(&key()).await.unwrap().unwrap();
        assert_eq!(
            (found.scope, found.issued_at),
            (tokens.scope.clone(), tokens.issued_at)
        );
        assert_eq!(
            format!("{:?}", found.client),
            format!("{:?}", tokens.client)
        );
        let other = TokenKey::new("amzn1.application.canary", "Anna B!");
        assert!(store.load(&other).await.unwrap().is_none());
        store.remove(&key(), &clock).await.unwrap();
        assert!(store.load(&key()).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_file_is_named_after_the_user_and_listed() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = FileTokenStore::new(folder.path());
    assert!(store.keys().await.unwrap().is_empty());
    let tokens = tokens(&sandbox, SystemTime::now());
    store
        .save(&key(), &tokens, &SystemClock::new())
        .await
        .unwrap();
    fs::write(folder.path().join("x.json"), "mine").unwrap();
    let keys = store.keys().await.unwrap();
    assert_eq!(keys[0], Ok(key()));
    let error = keys[1].as_ref().unwrap_err().to_string();
    assert!(error.contains("x.json is no token file"), "{error}");
    fs::remove_file(folder.path().join("x.json")).unwrap();
    let path = store.path(&key());
    assert_snapshot!(path.file_name().unwrap().to_str().unwrap(), @"anna_b_-483494e4fe30d114.json");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        for entry in fs::read_dir(folder.path()).unwrap() {
            let mode = entry.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}

#[tokio::test]
async fn a_damaged_or_foreign_file_is_an_error_and_left_unchanged() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = FileTokenStore::new(folder.path());
    let (path, clock) = (store.path(&key()), SystemClock::new());
    let tokens = tokens(&sandbox, SystemTime::now());
    let other = TokenKey::new("amzn1.application.other", "Anna B.");
    store.save(&other, &tokens, &clock).await.unwrap();
    let of_another = fs::read_to_string(store.path(&other)).unwrap();
    let newer = of_another.replace("\"version\": 1", "\"version\": 2");
    let half = &of_another[..of_another.len() / 2];
    let damaged = of_another.replace("\"scope\"", "\"scoop\"");
    let mut errors = Vec::new();
    for text in [
        "",
        "{}",
        half,
        &newer,
        &of_another,
        &damaged,
        "canary \u{0}",
    ] {
        fs::write(&path, text).unwrap();
        let loaded = store.load(&key()).await.unwrap_err();
        let saved = store.save(&key(), &tokens, &clock).await.unwrap_err();
        let removed = store.remove(&key(), &clock).await.unwrap_err();
        assert_eq!([&loaded, &loaded], [&saved, &removed]);
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        let name = path.file_name().unwrap().to_str().unwrap();
        let (_, reason) = loaded
            .to_string()
            .split_once(name)
            .map(|(_, r)| ((), r.to_owned()))
            .unwrap();
        errors.push(reason);
    }
    assert_snapshot!(errors.join("\n"), @"
     is no token file of this library: move it away, and log in again
     is no token file of this library: move it away, and log in again
     is no token file of this library: move it away, and log in again
     was written by a newer version of this library: move it away, and log in again
     holds the tokens of another user or security profile: move it away, and log in again
     is damaged: move it away, and log in again
     is no token file of this library: move it away, and log in again
    ");
}
