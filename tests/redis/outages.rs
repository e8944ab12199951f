//! Redis slow, away, or in no state to serve. Times are milliseconds.

use std::{
    error::Error as _,
    sync::Arc,
    time::{Duration, Instant},
};

use amazon_music::{
    AmazonMusic,
    auth::{Stored, TokenError, TokenStore as _},
    clock::SystemClock,
    pace::Pace,
};
use amazon_music_redis::{Failure, FailureKind, Redis, RedisPace, RedisTokenStore};
use amazon_music_sandbox::Running;

use crate::{
    MS, client, key, log_in,
    proxy::Proxy,
    rotating,
    server::{self, Server},
    store,
};

/// A connection that gives up soon.
fn hasty(url: &str) -> Redis {
    let builder = Redis::builder(url)
        .connect_timeout(MS(100))
        .command_timeout(MS(100));
    builder.circuit(3, MS(50)).build().unwrap()
}

fn kind(error: &TokenError) -> FailureKind {
    let source = error
        .source()
        .and_then(|source| source.downcast_ref::<Failure>());
    source
        .unwrap_or_else(|| panic!("no failure of Redis: {error}"))
        .kind()
        .clone()
}

/// A user whose login is kept, and who has made a call.
async fn logged_in(redis: &Server, sandbox: &Running) -> (RedisTokenStore, AmazonMusic) {
    log_in(&store(&redis.url()), sandbox, "anna").await;
    let hasty = RedisTokenStore::new(hasty(&redis.url()));
    let pace = RedisPace::new(self::hasty(&redis.url()), "profile");
    let music = AmazonMusic::builder()
        .base_url(sandbox.base_url())
        .security_profile_id("amzn1.application.canary")
        .tokens(Stored::new(hasty.clone(), key("anna")))
        .pace(Arc::new(pace))
        .build()
        .unwrap();
    music.top_tracks().limit(1).send().await.unwrap();
    (hasty, music)
}

/// Makes 50 calls with the token in memory. Gives how long they took.
async fn fifty_calls(music: &AmazonMusic) -> Duration {
    let start = Instant::now();
    for _ in 0..50 {
        music.top_tracks().limit(1).send().await.unwrap();
    }
    start.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_is_survived_with_its_file() {
    let Some(mut redis) = server::start() else {
        return;
    };
    let sandbox = rotating().await;
    let (store, music) = logged_in(&redis, &sandbox).await;
    sandbox.expire_access_tokens();
    music.top_tracks().limit(1).send().await.unwrap();
    redis.kill();
    assert!(fifty_calls(&music).await < MS(20_000));
    let error = store.load(&key("anna")).await.unwrap_err();
    assert!(
        matches!(kind(&error), FailureKind::Unreachable(_)),
        "{error}"
    );
    assert!(error.is_transient());
    redis.restart();
    sandbox.expire_access_tokens();
    let end = Instant::now() + MS(10_000);
    // The circuit lets one through after its pause.
    while let Err(error) = music.top_tracks().limit(1).send().await {
        assert!(Instant::now() < end, "{error}");
    }
    assert_eq!(sandbox.refreshes(), 2);
    let kept = client(&sandbox.base_url(), &store, "anna");
    kept.top_tracks().limit(1).send().await.unwrap();
    assert_eq!(sandbox.refreshes(), 2, "what it saved is good");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_delays_calls_by_no_more_than_its_timeouts() {
    let Some(redis) = server::start() else { return };
    let sandbox = rotating().await;
    let (store, music) = logged_in(&redis, &sandbox).await;
    redis.pause();
    // Three time-outs, and then the circuit is open.
    for _ in 0..3 {
        let error = store.load(&key("anna")).await.unwrap_err();
        assert_eq!(kind(&error), FailureKind::TimedOut, "{error}");
    }
    let start = Instant::now();
    let error = store.load(&key("anna")).await.unwrap_err();
    assert!(
        matches!(kind(&error), FailureKind::CircuitOpen(_)),
        "{error}"
    );
    assert!(start.elapsed() < MS(50));
    // One look of the pace takes a time-out; nothing else waits.
    let taken = fifty_calls(&music).await;
    assert!(taken < MS(20_000), "{taken:?}");
    // Nothing is spent that cannot be kept.
    sandbox.expire_access_tokens();
    let error = music.top_tracks().limit(1).send().await.unwrap_err();
    assert_eq!(error.kind(), amazon_music::ErrorKind::Token);
    assert_eq!(sandbox.refreshes(), 0);
    redis.resume();
    let end = Instant::now() + MS(10_000);
    while let Err(error) = music.top_tracks().limit(1).send().await {
        assert!(Instant::now() < end, "{error}");
    }
    assert_eq!(sandbox.refreshes(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_that_are_delayed_delay_a_refresh_and_no_other_call() {
    let Some(redis) = server::start() else { return };
    let sandbox = rotating().await;
    log_in(&store(&redis.url()), &sandbox, "anna").await;
    let proxy = Proxy::start(([127, 0, 0, 1], redis.port()).into()).await;
    let store = store(&format!("redis://{}", proxy.address()));
    let music = client(&sandbox.base_url(), &store, "anna");
    music.top_tracks().limit(1).send().await.unwrap();
    proxy.delay(MS(60));
    fifty_calls(&music).await;
    sandbox.expire_access_tokens();
    let start = Instant::now();
    music.top_tracks().limit(1).send().await.unwrap();
    // A look, the lock, the mark and the save.
    assert!(start.elapsed() >= MS(4 * 60), "{:?}", start.elapsed());
    assert_eq!(sandbox.refreshes(), 1);
}

/// Makes writes fail, and tells how a refresh fails. Nothing is spent; afterwards all is well.
async fn refuses_writes(
    redis: &Server,
    refuse: &[&str],
    allow: &[&str],
    wanted: FailureKind,
) -> String {
    let sandbox = rotating().await;
    let (store, music) = logged_in(redis, &sandbox).await;
    for command in refuse {
        let _: () = redis.ask(command).await;
    }
    fifty_calls(&music).await;
    let refused = store.lock(&key("anna"), &SystemClock::new()).await;
    let error = refused.map(drop).unwrap_err();
    assert_eq!(kind(&error), wanted, "{error}");
    assert!(error.is_transient());
    assert!(
        store.load(&key("anna")).await.unwrap().is_some(),
        "reading goes on"
    );
    sandbox.expire_access_tokens();
    let failed = music.top_tracks().limit(1).send().await.unwrap_err();
    assert_eq!(failed.kind(), amazon_music::ErrorKind::Token, "{failed}");
    assert_eq!(sandbox.refreshes(), 0);
    for command in allow {
        let _: () = redis.ask(command).await;
    }
    let end = Instant::now() + MS(10_000);
    while let Err(error) = music.top_tracks().limit(1).send().await {
        assert!(Instant::now() < end, "{error}");
    }
    assert_eq!(sandbox.refreshes(), 1);
    error.to_string().replace(&redis.port().to_string(), "PORT")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_became_a_replica_is_named() {
    let Some(redis) = server::start() else { return };
    let master = server::start().unwrap();
    let replicate = format!("REPLICAOF 127.0.0.1 {}", master.port());
    let read_only = [
        "CONFIG SET replica-read-only yes",
        "CONFIG SET replica-serve-stale-data yes",
    ];
    // Of a master that is not there: it goes on with what it has.
    drop(master);
    let refuse = [read_only[0], read_only[1], replicate.as_str()];
    let text = refuses_writes(
        &redis,
        &refuse,
        &["REPLICAOF NO ONE"],
        FailureKind::ReadOnly,
    )
    .await;
    insta::assert_snapshot!(text, @"the token store failed: redis at 127.0.0.1:PORT is a replica (READONLY): connect to its master");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_memory_is_named() {
    let Some(redis) = server::start_with(&["--maxmemory-policy", "noeviction"]) else {
        return;
    };
    let (refuse, allow) = (["CONFIG SET maxmemory 1"], ["CONFIG SET maxmemory 0"]);
    let text = refuses_writes(&redis, &refuse, &allow, FailureKind::OutOfMemory).await;
    insta::assert_snapshot!(text, @"the token store failed: redis at 127.0.0.1:PORT has no memory left (OOM): raise its `maxmemory`");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_write_its_file_is_named() {
    let Some(redis) = server::start() else { return };
    // It cannot make a snapshot in a place that is no folder, and refuses writes after it has failed to.
    std::fs::create_dir(redis.folder().join("dump.rdb")).unwrap();
    let settings = ["CONFIG SET appendonly no", "CONFIG SET save 3600 1000000"];
    for setting in settings {
        let words: Vec<_> = setting.splitn(4, ' ').collect();
        let mut command = redis::cmd(words[0]);
        words[1..].iter().for_each(|word| {
            command.arg(*word);
        });
        let _: () = command.query_async(&mut redis.raw().await).await.unwrap();
    }
    let refuse = ["BGSAVE"];
    let _: () = redis.ask(refuse[0]).await;
    let failed = async || {
        let info: String = redis.ask("INFO persistence").await;
        info.contains("rdb_last_bgsave_status:err")
    };
    let end = Instant::now() + MS(10_000);
    while !failed().await {
        assert!(Instant::now() < end, "the snapshot did not fail");
        tokio::time::sleep(MS(10)).await;
    }
    let store = store(&redis.url());
    let refused = store.lock(&key("anna"), &SystemClock::new()).await;
    let error = refused.map(drop).unwrap_err();
    assert_eq!(kind(&error), FailureKind::CannotPersist, "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_an_error_that_no_retry_mends() {
    let Some(redis) = server::start_with(&["--requirepass", "right"]) else {
        return;
    };
    let with = |password: &str| format!("redis://:{password}@127.0.0.1:{}", redis.port());
    let mut errors = Vec::new();
    for url in [with("canary-wrong"), redis.url()] {
        let error = store(&url).load(&key("anna")).await.unwrap_err();
        assert_eq!(kind(&error), FailureKind::Unauthorized, "{error}");
        assert!(!error.is_transient() && !error.is_terminal());
        assert!(!format!("{error} {error:?}").contains("canary"));
        errors.push(error.to_string().replace(&redis.port().to_string(), "PORT"));
    }
    assert_eq!(errors[0], errors[1]);
    insta::assert_snapshot!(errors[0], @"the token store failed: redis at 127.0.0.1:PORT refuses the user or password of the URL");
    assert!(
        store(&with("right"))
            .load(&key("anna"))
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_refresh_brought_is_saved_once_redis_is_back() {
    let Some(mut redis) = server::start() else {
        return;
    };
    let sandbox = rotating().await;
    log_in(&store(&redis.url()), &sandbox, "anna").await;
    let store = RedisTokenStore::new(hasty(&redis.url()));
    let clock = SystemClock::new();
    let mut locked = store.lock(&key("anna"), &clock).await.unwrap();
    locked.load().await.unwrap().unwrap();
    locked.reserve().await.unwrap();
    redis.kill();
    // The refresh token is spent by now.
    let new = crate::tokens(&sandbox, "anna");
    let error = locked.save(&new).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    drop(locked);
    redis.restart();
    let end = Instant::now() + MS(10_000);
    loop {
        let kept = self::store(&redis.url())
            .load(&key("anna"))
            .await
            .unwrap()
            .unwrap();
        if kept.access_token.expose() == new.access_token.expose() {
            break;
        }
        assert!(Instant::now() < end, "it was not saved in the background");
        tokio::time::sleep(MS(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pace_goes_on_without_redis_and_comes_back() {
    let Some(mut redis) = server::start() else {
        return;
    };
    let pace = RedisPace::new(hasty(&redis.url()), "profile").requests_per_second(100.0);
    let clock = SystemClock::new();
    let far = Duration::from_secs(1000);
    let request = || amazon_music::pace::Request::new(&clock, Duration::ZERO, far);
    let shared = pace.admit(request()).await.unwrap();
    assert!(shared.mark() > 1_000_000_000_000, "a turn of the server");
    redis.kill();
    let start = Instant::now();
    for _ in 0..20 {
        let turn = pace.admit(request()).await.unwrap();
        assert!(turn.mark() < 1_000_000);
    }
    // At the rate that is set, and with no time-out for each.
    assert!(
        start.elapsed() >= MS(180) && start.elapsed() < MS(3000),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(pace.status(&clock).per_second, Some(100.0));
    redis.restart();
    let end = Instant::now() + MS(10_000);
    while pace.admit(request()).await.unwrap().mark() < 1_000_000_000_000 {
        assert!(Instant::now() < end, "the pace did not come back");
    }
}
