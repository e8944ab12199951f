//! Records and locks in Redis, and how they are named.

use std::sync::{Arc, Mutex};

use amazon_music::{
    auth::{TokenKey, TokenStore as _},
    clock::SystemClock,
};
use amazon_music_redis::{Asked, EncryptionKey, FailureKind, Redis, RedisTokenStore, Warning};

use crate::{MS, key, log_in, redis, server, store};

fn encryption_key(byte: u8) -> EncryptionKey {
    EncryptionKey::new([byte; 32])
}

#[tokio::test]
async fn users_are_listed_and_deleted_and_keys_never_expire() {
    let Some(server) = server::start() else {
        return;
    };
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let store = store(&server.url());
    assert_eq!(store.keys().await.unwrap(), []);
    for user in ["anna", "ben", "anna {*}?"] {
        log_in(&store, &sandbox, user).await;
    }
    let elsewhere = Redis::builder(server.url())
        .prefix("amazon")
        .build()
        .unwrap();
    log_in(&RedisTokenStore::new(elsewhere), &sandbox, "carl").await;
    let mut users: Vec<_> = store
        .keys()
        .await
        .unwrap()
        .into_iter()
        .map(|key| key.unwrap().user().to_owned())
        .collect();
    users.sort();
    assert_eq!(users, ["anna", "anna {*}?", "ben"]);
    let names: Vec<String> = server.ask("KEYS amazon-music:*").await;
    for name in &names {
        assert!(
            name.starts_with("amazon-music:{") && !name.contains("canary"),
            "{name}"
        );
        if name.ends_with(":tokens") {
            assert_eq!(server.ask::<i64>(&format!("TTL {name}")).await, -1);
        }
    }
    store
        .remove(&key("anna"), &SystemClock::new())
        .await
        .unwrap();
    assert_eq!(store.keys().await.unwrap().len(), 2);
    let _: () = server
        .ask("HSET amazon-music:{x}:tokens data {\"damaged\":1}")
        .await;
    let keys = store.keys().await.unwrap();
    let errors: Vec<_> = keys.iter().filter_map(|key| key.as_ref().err()).collect();
    insta::assert_snapshot!(errors[0], @"the record amazon-music:{x}:tokens in redis cannot be read: the record is no token file of this library");
    assert_eq!((keys.len(), errors.len()), (3, 1));
}

#[tokio::test]
async fn hashed_users_are_not_in_the_names_of_keys() {
    let Some(server) = server::start() else {
        return;
    };
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let store = store(&server.url()).hashed_users("pepper");
    log_in(&store, &sandbox, "anna@example.com").await;
    assert!(
        store
            .load(&key("anna@example.com"))
            .await
            .unwrap()
            .is_some()
    );
    let names: Vec<String> = server.ask("KEYS *").await;
    assert!(
        names
            .iter()
            .all(|name| !name.contains("anna") && !name.contains("example"))
    );
    assert_eq!(store.keys().await.unwrap(), [Ok(key("anna@example.com"))]);
}

#[tokio::test]
async fn plain_records_are_encrypted_and_keys_are_replaced() {
    let Some(server) = server::start() else {
        return;
    };
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let (plain, clock) = (store(&server.url()), SystemClock::new());
    log_in(&plain, &sandbox, "anna").await;
    log_in(&plain, &sandbox, "ben").await;
    let old = plain.clone().encryption_keys([encryption_key(1)]);
    assert!(
        old.load(&key("anna")).await.unwrap().is_some(),
        "plain records are read"
    );
    assert_eq!(old.encrypt_all(&clock).await.unwrap(), 2);
    assert_eq!(old.encrypt_all(&clock).await.unwrap(), 0);
    let error = plain.load(&key("anna")).await.unwrap_err();
    assert!(error.to_string().contains("is encrypted"), "{error}");
    assert!(!error.is_terminal() && !error.is_transient());
    let both = plain
        .clone()
        .encryption_keys([encryption_key(2), encryption_key(1)]);
    assert!(both.load(&key("anna")).await.unwrap().is_some());
    assert_eq!(both.encrypt_all(&clock).await.unwrap(), 2);
    let new = plain.clone().encryption_keys([encryption_key(2)]);
    assert!(new.load(&key("ben")).await.unwrap().is_some());
    assert!(old.load(&key("ben")).await.is_err());
    // A record that is moved to another user is not theirs.
    let names: Vec<String> = server.ask("KEYS *:tokens").await;
    let _: () = server
        .ask(&format!("COPY {} {} REPLACE", names[0], names[1]))
        .await;
    let loaded = [new.load(&key("anna")).await, new.load(&key("ben")).await];
    assert_eq!(loaded.iter().filter(|loaded| loaded.is_err()).count(), 1);
}

#[tokio::test]
async fn a_lock_is_acquired_held_or_broken() {
    let Some(mut server) = server::start() else {
        return;
    };
    let (one, other) = (
        store(&server.url()),
        store(&server.url()).lock_expiry(MS(400)),
    );
    let held = one.try_lock(&key("anna")).await;
    assert!(matches!(held, Asked::Acquired(_)), "{held:?}");
    let Asked::Held { left } = other.try_lock(&key("anna")).await else {
        panic!("two hold one lock");
    };
    assert!(left > MS(5000), "{left:?}");
    drop(held);
    let end = tokio::time::Instant::now() + MS(3000);
    loop {
        match other.try_lock(&key("anna")).await {
            Asked::Acquired(_) => break,
            asked => assert!(tokio::time::Instant::now() < end, "{asked:?}"),
        }
    }
    server.kill();
    let Asked::Broken(failure) = other.try_lock(&key("anna")).await else {
        panic!("an outage is read as something else");
    };
    assert!(
        matches!(failure.kind(), FailureKind::Unreachable(_)),
        "{failure}"
    );
}

#[tokio::test]
async fn a_lock_is_extended_while_its_holder_lives_and_busy_after_a_while() {
    let Some(server) = server::start() else {
        return;
    };
    let one = store(&server.url()).lock_expiry(MS(150));
    let other = store(&server.url()).longest_lock_wait(MS(450));
    let clock = SystemClock::new();
    let held = one.lock(&key("anna"), &clock).await.unwrap();
    let busy = other
        .lock(&key("anna"), &clock)
        .await
        .map(drop)
        .unwrap_err();
    insta::assert_snapshot!(busy, @"another process is refreshing this login and has not finished within 450 ms");
    assert!(busy.is_transient());
    drop(held);
    drop(other.lock(&key("anna"), &clock).await.unwrap());
}

#[tokio::test]
async fn scripts_that_the_server_has_forgotten_are_sent_again() {
    let Some(server) = server::start() else {
        return;
    };
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let store = store(&server.url());
    for user in ["anna", "ben"] {
        let _: () = server.ask("SCRIPT FLUSH").await;
        log_in(&store, &sandbox, user).await;
    }
    assert_eq!(store.keys().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_policy_that_deletes_logins_is_warned_of_once() {
    let Some(server) = server::start_with(&["--maxmemory-policy", "allkeys-lru"]) else {
        return;
    };
    let told = Arc::new(Mutex::new(Vec::new()));
    let redis = Redis::builder(server.url()).on_warning({
        let told = Arc::clone(&told);
        move |warning: &Warning| told.lock().unwrap().push(warning.to_string())
    });
    let redis = redis.build().unwrap();
    let found = redis.check().await.unwrap();
    redis.check().await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(*told.lock().unwrap(), [found[0].to_string()]);
    insta::assert_snapshot!(found[0], @"redis deletes logins when its memory is full (maxmemory-policy allkeys-lru): set `maxmemory-policy noeviction`, or a `volatile-` policy");
}

#[tokio::test]
async fn settings_that_cannot_be_right_are_errors_before_anything_is_sent() {
    let error =
        |builder: amazon_music_redis::RedisBuilder| builder.build().unwrap_err().to_string();
    insta::assert_snapshot!(error(Redis::builder("http://canary:password@host")), @"the settings of redis: an address is no URL of the form redis://[user:password@]host[:port]");
    insta::assert_snapshot!(error(Redis::builder("redis://localhost").prefix("a{b}")), @"the settings of redis: a prefix must have no braces");
    let debug = format!("{:?}", redis("redis://user:canary@127.0.0.1:1"));
    assert!(!debug.contains("canary"), "{debug}");
    let key = TokenKey::new("profile", "anna");
    let failed = store("redis://user:canary@127.0.0.1:1")
        .load(&key)
        .await
        .unwrap_err();
    assert!(!format!("{failed} {failed:?}").contains("canary"));
    let failed = failed.to_string().to_lowercase();
    let wanted =
        "the token store failed: redis at 127.0.0.1:1 cannot be reached: connection refused";
    assert!(failed.starts_with(wanted), "{failed}");
}
