//! Logins that many processes refresh: once, and without a loss.

use amazon_music_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::{child, log_in, server, store};

/// The tasks of these tests.
pub async fn work(kind: &str, _task: &Value) {
    panic!("no task {kind}");
}

#[tokio::test(flavor = "multi_thread")]
async fn four_processes_refresh_an_expired_login_once() {
    let Some(redis) = server::start() else { return };
    let sandbox = Sandbox::new()
        .rotating_refresh_tokens()
        .start()
        .await
        .unwrap();
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
    let sandbox = Sandbox::new()
        .rotating_refresh_tokens()
        .start()
        .await
        .unwrap();
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
