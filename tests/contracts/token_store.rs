//! The contract of token stores. Each check is given two handles of one empty store, as two machines have
//! them.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use amazon_music::{
    AmazonMusic,
    auth::{LoginWithAmazon, Stored, TokenKey, TokenSet, TokenStore},
    clock::SystemClock,
};
use amazon_music_sandbox::Sandbox;
use futures_util::{FutureExt as _, future::join_all, poll};

/// Two handles of one store.
pub(crate) struct Pair(
    pub(crate) Arc<dyn TokenStore>,
    pub(crate) Arc<dyn TokenStore>,
);

/// Checks all of the contract. `make` gives two handles of a store that is empty.
pub(crate) async fn check(make: impl AsyncFn() -> Pair) {
    what_is_saved_is_loaded_until_it_is_removed(make().await).await;
    keys_differ_by_user_and_by_profile(make().await).await;
    a_lock_is_exclusive_and_a_look_needs_none(make().await).await;
    a_wait_that_is_given_up_leaves_nothing_behind(make().await).await;
    a_holder_reserves_saves_and_loads(make().await).await;
    two_machines_refresh_once(make().await).await;
}

fn key(profile: &str, user: &str) -> TokenKey {
    TokenKey::new(profile, user)
}

fn tokens(access: &str) -> TokenSet {
    // Whole seconds are kept.
    let issued_at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let mut tokens = TokenSet::new(access, issued_at);
    tokens.expires_at = Some(issued_at + Duration::from_secs(3600));
    tokens.refresh_token = Some("Atzr|canary".into());
    tokens.scope = "music::catalog".to_owned();
    tokens
}

fn said(
    tokens: &TokenSet,
) -> (
    String,
    Option<String>,
    SystemTime,
    Option<SystemTime>,
    String,
) {
    (
        tokens.access_token.expose().to_owned(),
        tokens
            .refresh_token
            .as_ref()
            .map(|token| token.expose().to_owned()),
        tokens.issued_at,
        tokens.expires_at,
        tokens.scope.clone(),
    )
}

async fn kept(store: &dyn TokenStore, key: &TokenKey) -> Option<String> {
    let tokens = store.load(key).await.unwrap()?;
    Some(tokens.access_token.expose().to_owned())
}

async fn what_is_saved_is_loaded_until_it_is_removed(Pair(one, other): Pair) {
    let (key, clock) = (key("profile", "Anna B. {*}"), SystemClock::new());
    assert!(one.load(&key).await.unwrap().is_none());
    one.remove(&key, &clock).await.unwrap();
    for access in ["Atza|first", "Atza|second"] {
        one.save(&key, &tokens(access), &clock).await.unwrap();
        let found = other.load(&key).await.unwrap().unwrap();
        assert_eq!(said(&found), said(&tokens(access)));
        assert!(
            !format!("{other:?} {found:?}").contains("Atz"),
            "a token is shown"
        );
    }
    let mut shorter = TokenSet::new("Atza|third", SystemTime::UNIX_EPOCH);
    shorter.refresh_token = None;
    other.save(&key, &shorter, &clock).await.unwrap();
    assert_eq!(
        said(&one.load(&key).await.unwrap().unwrap()),
        said(&shorter)
    );
    other.remove(&key, &clock).await.unwrap();
    assert!(one.load(&key).await.unwrap().is_none());
}

async fn keys_differ_by_user_and_by_profile(Pair(one, other): Pair) {
    let clock = SystemClock::new();
    let keys = [
        ("p", "anna"),
        ("p", "Anna"),
        ("p", "anna "),
        ("q", "anna"),
        ("pa", "nna"),
    ];
    for (number, (profile, user)) in keys.iter().enumerate() {
        one.save(&key(profile, user), &tokens(&number.to_string()), &clock)
            .await
            .unwrap();
    }
    one.remove(&key("p", "Anna"), &clock).await.unwrap();
    for (number, (profile, user)) in keys.iter().enumerate() {
        let wanted = (number != 1).then(|| number.to_string());
        assert_eq!(kept(&*other, &key(profile, user)).await, wanted);
    }
}

async fn a_lock_is_exclusive_and_a_look_needs_none(Pair(one, other): Pair) {
    let (key, clock) = (key("profile", "anna"), SystemClock::new());
    one.save(&key, &tokens("first"), &clock).await.unwrap();
    let mut held = one.lock(&key, &clock).await.unwrap();
    let mut waiting = Box::pin(other.lock(&key, &clock));
    // As long as a wait between two attempts, and more.
    let pause = tokio::time::sleep(Duration::from_millis(60));
    tokio::pin!(pause);
    loop {
        assert!(poll!(&mut waiting).is_pending(), "two hold one lock");
        if (&mut pause).now_or_never().is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(kept(&*other, &key).await, Some("first".to_owned()));
    // Another user is not affected.
    let another = TokenKey::new("profile", "ben");
    drop(other.lock(&another, &clock).await.unwrap());
    held.save(&tokens("second")).await.unwrap();
    drop(held);
    let mut next = waiting.await.unwrap();
    let found = next.load().await.unwrap().unwrap();
    assert_eq!(found.access_token.expose(), "second");
}

async fn a_wait_that_is_given_up_leaves_nothing_behind(Pair(one, other): Pair) {
    let (key, clock) = (key("profile", "anna"), SystemClock::new());
    let held = one.lock(&key, &clock).await.unwrap();
    for _ in 0..3 {
        let waiting = other.lock(&key, &clock);
        let given_up = tokio::time::timeout(Duration::from_millis(5), waiting).await;
        assert!(given_up.is_err());
    }
    drop(held);
    let taken = tokio::time::timeout(Duration::from_secs(3), other.lock(&key, &clock)).await;
    drop(taken.expect("a lock stayed behind").unwrap());
}

async fn a_holder_reserves_saves_and_loads(Pair(one, other): Pair) {
    let (key, clock) = (key("profile", "anna"), SystemClock::new());
    let mut held = one.lock(&key, &clock).await.unwrap();
    assert!(held.load().await.unwrap().is_none());
    held.save(&tokens("first")).await.unwrap();
    held.reserve().await.unwrap();
    assert_eq!(
        held.load().await.unwrap().unwrap().access_token.expose(),
        "first"
    );
    held.save(&tokens("second")).await.unwrap();
    held.save(&tokens("third")).await.unwrap();
    assert_eq!(kept(&*other, &key).await, Some("third".to_owned()));
    let found = held.load_after_refusal().await.unwrap().unwrap();
    assert_eq!(found.access_token.expose(), "third");
    held.remove().await.unwrap();
    assert!(held.load().await.unwrap().is_none());
    assert!(other.load(&key).await.unwrap().is_none());
}

async fn two_machines_refresh_once(Pair(one, other): Pair) {
    let sandbox = Sandbox::new()
        .rotating_refresh_tokens()
        .start()
        .await
        .unwrap();
    let (key, clock) = (
        key(sandbox.security_profile_id(), "anna"),
        SystemClock::new(),
    );
    let issued = sandbox.issue_tokens("anna");
    let mut tokens = TokenSet::new(issued.access_token, SystemTime::now());
    tokens.refresh_token = Some(issued.refresh_token.into());
    one.save(&key, &tokens, &clock).await.unwrap();
    let login = LoginWithAmazon::new(sandbox.client_id())
        .client_secret(sandbox.client_secret())
        .token_url(sandbox.token_url());
    let machines: Vec<_> = [one, other]
        .map(|store| {
            AmazonMusic::builder()
                .base_url(sandbox.base_url())
                .security_profile_id(sandbox.security_profile_id())
                .tokens(Stored::new(store, key.clone()).client(login.clone()))
                .build()
                .unwrap()
        })
        .into();
    for refreshes in 1..=3 {
        sandbox.expire_access_tokens();
        let calls = machines
            .iter()
            .chain(&machines)
            .chain(&machines)
            .map(async |machine| {
                machine.top_tracks().limit(1).send().await.unwrap();
            });
        join_all(calls).await;
        assert_eq!(sandbox.refreshes(), refreshes);
    }
}
