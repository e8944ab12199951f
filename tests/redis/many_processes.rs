//! Logins that many processes refresh: once, and without a loss.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use amazon_music::auth::TokenStore as _;
use amazon_music_sandbox::{Running, Sandbox};
use serde_json::{Value, json};

use crate::{
    MS,
    child::{self, Process},
    client, key, log_in,
    proxy::Proxy,
    rotating,
    server::{self, Server},
    store, tokens,
};

#[tokio::test(flavor = "multi_thread")]
async fn four_processes_refresh_an_expired_login_once() {
    let Some(redis) = server::start() else { return };
    let sandbox = rotating().await;
    log_in(&store(&redis.url()), &sandbox, "anna").await;
    sandbox.expire_access_tokens();
    let task = json!({
        "kind": "calls", "calls": 500, "redis": redis.url(), "base_url": sandbox.base_url(),
    });
    let reports = child::all(vec![task; 4]).await;
    for report in reports {
        assert_eq!(report, json!({ "served": 500, "errors": [] }));
    }
    assert_eq!(sandbox.refreshes(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_users_are_refreshed_once_each() {
    let Some(redis) = server::start() else { return };
    let sandbox = rotating().await;
    let store = store(&redis.url());
    for user in 0..1000 {
        log_in(&store, &sandbox, &format!("user-{user}")).await;
    }
    sandbox.expire_access_tokens();
    let task = |offset| {
        json!({
            "kind": "users", "users": 1000, "offset": offset, "redis": redis.url(),
            "base_url": sandbox.base_url(),
        })
    };
    let reports = child::all((0..4).map(|process| task(process * 250)).collect()).await;
    for report in reports {
        assert_eq!(report, json!({ "served": 1000, "errors": [] }));
    }
    assert_eq!(sandbox.refreshes(), 1000);
}

/// A process that is stopped in its refresh for longer than its lock lasts.
struct Paused {
    redis: Server,
    sandbox: Running,
    /// Between the process and the token endpoint.
    proxy: Proxy,
    process: Process,
}

impl Paused {
    /// Stops a process once `is_held` says that its refresh is where it should be.
    async fn new(redis: Server, sandbox: Running, hold: fn(&Proxy)) -> Self {
        let proxy = Proxy::start(sandbox.address()).await;
        let store = store(&redis.url());
        let mut tokens = tokens(&sandbox, "anna");
        let url = sandbox
            .token_url()
            .replace(&sandbox.address().to_string(), &proxy.address());
        tokens.client = tokens.client.map(|client| client.token_url(url));
        let clock = amazon_music::clock::SystemClock::new();
        store.save(&key("anna"), &tokens, &clock).await.unwrap();
        sandbox.expire_access_tokens();
        hold(&proxy);
        let process = child::spawn(&json!({
            "kind": "calls", "calls": 1, "lock_expiry": 300, "redis": redis.url(),
            "base_url": sandbox.base_url(),
        }));
        proxy.held().await;
        server::signal(&process.child, "STOP");
        proxy.pass_others();
        let lock = format!("{}:lock", name_of(&redis).await.trim_end_matches(":tokens"));
        while redis.ask::<u64>(&format!("EXISTS {lock}")).await == 1 {
            tokio::time::sleep(MS(10)).await;
        }
        Self {
            redis,
            sandbox,
            proxy,
            process,
        }
    }

    async fn access_token(&self) -> String {
        let kept = store(&self.redis.url())
            .load(&key("anna"))
            .await
            .unwrap()
            .unwrap();
        kept.access_token.expose().to_owned()
    }

    async fn call(&self) -> Result<(), amazon_music::Error> {
        let store = store(&self.redis.url()).lock_expiry(MS(300));
        let music = client(&self.sandbox.base_url(), &store, "anna");
        music.top_tracks().limit(1).send().await.map(drop)
    }

    /// Lets the process go on. Gives what it reports.
    async fn resume(self) -> (Server, Running, Value) {
        self.proxy.release();
        server::signal(&self.process.child, "CONT");
        let (_, report) = self.process.reported().await;
        (self.redis, self.sandbox, report.unwrap())
    }
}

/// The name of the only record.
async fn name_of(redis: &Server) -> String {
    let names: Vec<String> = redis.ask("KEYS *:tokens").await;
    names.into_iter().next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_that_was_stopped_uses_what_another_refreshed() {
    let Some(redis) = server::start() else { return };
    let sandbox = rotating().await;
    let paused = Paused::new(redis, sandbox, Proxy::hold_requests).await;
    paused.call().await.unwrap();
    let newer = paused.access_token().await;
    let (redis, sandbox, report) = paused.resume().await;
    // Its refresh token was spent: `invalid_grant`, which no user sees.
    assert_eq!(report, json!({ "served": 1, "errors": [] }));
    assert_eq!(sandbox.refreshes(), 1);
    let kept = store(&redis.url())
        .load(&key("anna"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(kept.access_token.expose(), newer);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_that_was_stopped_does_not_replace_a_newer_login() {
    let Some(redis) = server::start() else { return };
    let sandbox = Sandbox::new().start().await.unwrap();
    let paused = Paused::new(redis, sandbox, Proxy::hold_responses).await;
    paused.call().await.unwrap();
    let newer = paused.access_token().await;
    let (redis, sandbox, report) = paused.resume().await;
    assert_eq!(report, json!({ "served": 1, "errors": [] }));
    assert_eq!(
        sandbox.refreshes(),
        2,
        "the server does not rotate, so both are served"
    );
    let kept = store(&redis.url())
        .load(&key("anna"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(kept.access_token.expose(), newer);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_that_a_stopped_holder_has_spent_is_no_login_that_is_over() {
    let Some(redis) = server::start() else { return };
    let sandbox = rotating().await;
    let paused = Paused::new(redis, sandbox, Proxy::hold_responses).await;
    let error = paused.call().await.unwrap_err().to_string();
    assert!(
        error.contains("another process has spent the refresh token"),
        "{error}"
    );
    assert!(!error.contains("invalid_grant"), "{error}");
    let (redis, sandbox, report) = paused.resume().await;
    assert_eq!(report, json!({ "served": 1, "errors": [] }));
    let music = client(&sandbox.base_url(), &store(&redis.url()), "anna");
    music.top_tracks().limit(1).send().await.unwrap();
    sandbox.expire_access_tokens();
    music.top_tracks().limit(1).send().await.unwrap();
    assert_eq!(sandbox.refreshes(), 2);
}

/// Logins that were lost, and refreshes whose tokens were not saved.
#[derive(Debug, Default, PartialEq, Eq)]
struct Losses {
    logins: u64,
    unsaved: u64,
}

/// Kills four processes at random moments, 25 times.
async fn kill_a_hundred(redis: &Server, sandbox: &Arc<Running>) -> Losses {
    let mut losses = Losses::default();
    for round in 0..25 {
        let user = format!("user-{round}");
        log_in(&store(&redis.url()), sandbox, &user).await;
        let (refreshes, saves) = (sandbox.refreshes(), saves(redis).await);
        let task = json!({
            "kind": "endless", "user": user, "lock_expiry": 150, "redis": redis.url(),
            "base_url": sandbox.base_url(),
        });
        let processes: Vec<_> = (0..4).map(|_| child::spawn(&task)).collect();
        let processes = processes.into_iter().map(Process::reported);
        let processes = futures_util::future::join_all(processes).await;
        let ended = Arc::new(AtomicBool::new(false));
        let expiring = tokio::spawn({
            let (sandbox, ended) = (Arc::clone(sandbox), Arc::clone(&ended));
            async move {
                while !ended.load(Ordering::SeqCst) {
                    sandbox.expire_access_tokens();
                    tokio::time::sleep(MS(4)).await;
                }
            }
        });
        let kills = processes.into_iter().map(async |(process, ready)| {
            assert_eq!(ready, Some(json!({ "Ok": null })));
            tokio::time::sleep(random_moment()).await;
            drop(process);
        });
        futures_util::future::join_all(kills).await;
        ended.store(true, Ordering::SeqCst);
        expiring.await.unwrap();
        let unsaved = sandbox.refreshes() - refreshes - (saves_since(redis, saves).await);
        // Whole, whatever happened.
        let store = store(&redis.url())
            .lock_expiry(MS(150))
            .refresh_grace(MS(0));
        store.load(&key(&user)).await.unwrap().unwrap();
        sandbox.expire_access_tokens();
        let music = client(&sandbox.base_url(), &store, &user);
        let is_lost = music.top_tracks().limit(1).send().await.is_err();
        assert!(
            !is_lost || unsaved > 0,
            "a login was lost though all refreshes were saved"
        );
        losses.logins += u64::from(is_lost);
        losses.unsaved += unsaved;
    }
    losses
}

/// How many records were saved: nothing else deletes fields.
async fn saves(redis: &Server) -> u64 {
    let stats: String = redis.ask("INFO commandstats").await;
    let calls = stats
        .lines()
        .find_map(|line| line.strip_prefix("cmdstat_hdel:calls="));
    calls.map_or(0, |calls| calls.split(',').next().unwrap().parse().unwrap())
}

async fn saves_since(redis: &Server, before: u64) -> u64 {
    saves(redis).await - before
}

fn random_moment() -> Duration {
    let mut byte = [0];
    std::io::Read::read_exact(&mut std::fs::File::open("/dev/urandom").unwrap(), &mut byte)
        .unwrap();
    Duration::from_micros(u64::from(byte[0]) * 200)
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_are_killed_lose_no_login_if_the_server_does_not_rotate() {
    let Some(redis) = server::start() else { return };
    let sandbox = Arc::new(Sandbox::new().latency(MS(1)).start().await.unwrap());
    let losses = kill_a_hundred(&redis, &sandbox).await;
    assert_eq!(losses.logins, 0, "{losses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_are_killed_lose_the_logins_they_had_not_saved_and_no_other() {
    let Some(redis) = server::start() else { return };
    let sandbox = Sandbox::new()
        .rotating_refresh_tokens()
        .latency(MS(1))
        .start()
        .await
        .unwrap();
    let losses = kill_a_hundred(&redis, &Arc::new(sandbox)).await;
    // Each one that was lost was refreshed and not saved: see `kill_a_hundred`.
    assert!(losses.logins <= losses.unsaved, "{losses:?}");
    println!("{losses:?}");
}
