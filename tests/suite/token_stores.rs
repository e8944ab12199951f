//! Tokens that outlive the program, in files that several processes share.

use std::{
    fs,
    io::{Read as _, Write as _},
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, SystemTime},
};

use amazon_music::{
    AmazonMusic,
    auth::{FileTokenStore, MemoryTokenStore, Stored, TokenError, TokenKey, TokenSet, TokenStore},
    clock::{Clock as _, ManualClock, SystemClock},
};
use amazon_music_sandbox::{Running, Sandbox};
use insta::assert_snapshot;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{
    common::login_at,
    time::{drive, on_manual_clock},
};

fn key() -> TokenKey {
    TokenKey::new("amzn1.application.canary", "Anna B.")
}

/// What a login at the sandbox would give.
fn tokens(sandbox: &Running, now: SystemTime) -> TokenSet {
    let issued = sandbox.issue_tokens("anna");
    let mut tokens = TokenSet::new(issued.access_token, now);
    tokens.expires_at = Some(now + Duration::from_secs(3600));
    tokens.refresh_token = Some(issued.refresh_token.into());
    tokens.scope = "music::catalog".to_owned();
    tokens.client = Some(login_at(sandbox));
    tokens
}

/// What is kept, in full.
async fn kept(store: &dyn TokenStore) -> Option<(String, String, Option<SystemTime>)> {
    let tokens = store.load(&key()).await.unwrap()?;
    let refresh_token = tokens.refresh_token.unwrap().expose().to_owned();
    Some((
        tokens.access_token.expose().to_owned(),
        refresh_token,
        tokens.expires_at,
    ))
}

#[tokio::test]
async fn stores_give_back_what_was_kept_until_it_is_removed() {
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
        assert_eq!(kept(&store).await.as_ref(), Some(&wanted));
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
async fn a_file_tells_the_user_by_its_name_and_lists_itself() {
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
async fn a_file_that_is_damaged_or_foreign_is_an_error_and_stays_as_it_is() {
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

#[tokio::test]
async fn a_stored_login_is_used_by_the_next_program_and_renewed_for_the_one_after() {
    let (clock, sandbox, builder) = on_manual_clock(Sandbox::new().rotating_refresh_tokens()).await;
    let folder = tempfile::tempdir().unwrap();
    let store = FileTokenStore::new(folder.path());
    store
        .save(&key(), &tokens(&sandbox, clock.now()), &clock)
        .await
        .unwrap();
    let first = builder
        .tokens(Stored::new(store.clone(), key()))
        .build()
        .unwrap();
    first.top_tracks().send().await.unwrap();
    assert_eq!(sandbox.refreshes(), 0, "the stored token is still good");
    clock.advance(Duration::from_secs(3600));
    first.top_tracks().send().await.unwrap();
    assert_eq!(sandbox.refreshes(), 1);
    let second = first.for_user(Stored::new(store.clone(), key()));
    second.top_tracks().send().await.unwrap();
    assert_eq!(sandbox.refreshes(), 1, "what one renewed, the other uses");
    // Refused before its time: renewed, and found by the other.
    sandbox.expire_access_tokens();
    first.top_tracks().send().await.unwrap();
    second.top_tracks().send().await.unwrap();
    assert_eq!(sandbox.refreshes(), 2);
}

#[tokio::test]
async fn whoever_is_not_logged_in_is_told_so() {
    let (_, _sandbox, builder) = on_manual_clock(Sandbox::new()).await;
    let music = builder
        .tokens(Stored::new(MemoryTokenStore::new(), key()))
        .build()
        .unwrap();
    let error = music.top_tracks().send().await.unwrap_err();
    assert_snapshot!(error, @r#"get_top_tracks: no access token: no login of "Anna B." is kept: log in first"#);
}

#[tokio::test]
async fn a_lock_that_somebody_holds_is_waited_for() {
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

/// A store whose disk is full at times.
#[derive(Debug)]
struct Full(MemoryTokenStore, Arc<std::sync::atomic::AtomicBool>);

struct FullLocked(Box<dyn amazon_music::auth::LockedTokens>, bool);

impl TokenStore for Full {
    fn lock<'a>(
        &'a self,
        key: &'a TokenKey,
        clock: &'a dyn amazon_music::clock::Clock,
    ) -> amazon_music::auth::StoreFuture<'a, Box<dyn amazon_music::auth::LockedTokens>> {
        Box::pin(async move {
            let is_full = self.1.load(std::sync::atomic::Ordering::SeqCst);
            let locked = FullLocked(self.0.lock(key, clock).await?, is_full);
            Ok(Box::new(locked) as _)
        })
    }

    fn load<'a>(
        &'a self,
        key: &'a TokenKey,
    ) -> amazon_music::auth::StoreFuture<'a, Option<TokenSet>> {
        self.0.load(key)
    }
}

impl amazon_music::auth::LockedTokens for FullLocked {
    fn load(&mut self) -> amazon_music::auth::StoreFuture<'_, Option<TokenSet>> {
        self.0.load()
    }

    fn save<'a>(&'a mut self, tokens: &'a TokenSet) -> amazon_music::auth::StoreFuture<'a, ()> {
        match self.1 {
            true => Box::pin(async { Err(TokenError::passing("the disk is full")) }),
            false => self.0.save(tokens),
        }
    }

    fn remove(&mut self) -> amazon_music::auth::StoreFuture<'_, ()> {
        self.0.remove()
    }
}

#[tokio::test]
async fn a_rotated_refresh_token_survives_a_disk_that_was_full() {
    let (clock, sandbox, builder) = on_manual_clock(Sandbox::new().rotating_refresh_tokens()).await;
    let (memory, full) = (MemoryTokenStore::new(), Arc::default());
    memory
        .save(&key(), &tokens(&sandbox, clock.now()), &clock)
        .await
        .unwrap();
    let store = Full(memory.clone(), Arc::clone(&full));
    let music = builder.tokens(Stored::new(store, key())).build().unwrap();
    full.store(true, std::sync::atomic::Ordering::SeqCst);
    // Used and renewed as if it had been kept.
    for renewals in 1..=3 {
        clock.advance(Duration::from_secs(3600));
        music.top_tracks().send().await.unwrap();
        assert_eq!(sandbox.refreshes(), renewals);
    }
    full.store(false, std::sync::atomic::Ordering::SeqCst);
    clock.advance(Duration::from_secs(3600));
    music.top_tracks().send().await.unwrap();
    // And kept in the end: another program goes on with it.
    clock.advance(Duration::from_secs(3600));
    let another = music.for_user(Stored::new(memory, key()));
    another.top_tracks().send().await.unwrap();
    assert_eq!(sandbox.refreshes(), 5);
}

#[tokio::test]
async fn a_lock_that_is_never_given_back_is_an_error_in_time() {
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
    assert_snapshot!(error, @"another process is renewing this login, and does not come to an end");
    assert!(!error.is_terminal());
    assert_eq!(clock.elapsed().as_secs(), 20);
}

const FOLDER: &str = "TOKEN_STORES_TEST_FOLDER";
const BASE_URL: &str = "TOKEN_STORES_TEST_BASE_URL";
const ROUNDS_AT: &str = "TOKEN_STORES_TEST_ROUNDS_AT";

/// Each process makes 200 calls: 20 rounds, before each of which the token ends.
const ROUNDS: u64 = 20;
const CALLS_IN_A_ROUND: usize = 10;

/// Run by the test below, in two processes of its own; a success when run by itself.
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
async fn two_processes_that_share_a_token_file_renew_once_and_never_with_an_old_token() {
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
            .args(["--exact", "token_stores::calls_with_a_shared_token_file"])
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
            outputs = &mut outputs => panic!("the children ended before they began: {outputs:?}"),
        }
    }
    for _ in 0..ROUNDS {
        sandbox.expire_access_tokens();
        for control in &mut controls {
            control.write_all(b".").await.unwrap();
        }
        for control in &mut controls {
            // A child that failed is told of below.
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
        "one for each end, whoever came first"
    );
}
