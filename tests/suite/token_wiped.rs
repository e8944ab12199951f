//! What is left of secrets in the memory of a process that has refreshed a token and let go of everything.
#![cfg(target_os = "linux")]

use std::{
    collections::HashSet,
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    process::Command,
};

use amazon_music::{
    AmazonMusic, Secret,
    auth::{LoginWithAmazon, MemoryTokenStore, Stored, TokenKey, TokenSet, TokenStore as _},
    clock::SystemClock,
};

use crate::{common::json, token_helpers::endpoint};

const URL: &str = "TOKEN_WIPED_TEST_URL";
const LENGTH: usize = 64;

/// A letter of a secret. A function, so that no whole secret is anywhere but in the secret itself.
fn letter(of: usize, index: usize) -> u8 {
    let mixed = (100 * of as u64 + index as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    b'a' + u8::try_from((mixed >> 40) % 26).unwrap()
}

fn secret(of: usize) -> Secret {
    let mut text = String::with_capacity(LENGTH);
    text.extend((0..LENGTH).map(|index| char::from(letter(of, index))));
    text.into()
}

/// How often the secret, or its first half, is in the memory of this process.
fn copies(of: usize) -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = File::open("/proc/self/mem").unwrap();
    // Of a fixed size, so that what is read here is nowhere but here.
    let mut piece = vec![0; 64 * 1024];
    let own = piece.as_ptr() as usize..piece.as_ptr() as usize + piece.len();
    let mut found = HashSet::new();
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let range = line.split(' ').next().unwrap();
        let (from, to) = range.split_once('-').unwrap();
        let from = usize::from_str_radix(from, 16).unwrap();
        let to = usize::from_str_radix(to, 16).unwrap();
        for start in (from..to).step_by(piece.len() - LENGTH) {
            let count = piece.len().min(to - start);
            let is_readable = memory.seek(SeekFrom::Start(start as u64)).is_ok()
                && memory.read_exact(&mut piece[..count]).is_ok();
            if !is_readable {
                continue;
            }
            let matches = |at: &usize| {
                (0..LENGTH / 2)
                    .all(|index| piece[..count].get(at + index) == Some(&letter(of, index)))
            };
            let here = (0..count).filter(matches).map(|at| start + at);
            found.extend(here.filter(|address| !own.contains(address)));
        }
    }
    piece.fill(0);
    found.len()
}

/// Run by the test below in a process of its own; a success when run by itself.
#[test]
fn refreshes_and_lets_go() {
    let Ok(url) = std::env::var(URL) else {
        return;
    };
    let kept = [secret(0), secret(1), secret(2)];
    assert_eq!([0, 1, 2].map(copies), [1; 3], "it finds what is there");
    let [refresh_token, client_secret, profile] = kept;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let client = LoginWithAmazon::new("client")
            .client_secret(client_secret)
            .token_url(format!("{url}/token"));
        let key = TokenKey::new(profile.clone(), "anna");
        let store = MemoryTokenStore::new();
        let mut tokens = TokenSet::new("Atza|old", std::time::UNIX_EPOCH);
        tokens.expires_at = Some(std::time::UNIX_EPOCH);
        tokens.refresh_token = Some(refresh_token);
        tokens.client = Some(client);
        store
            .save(&key, &tokens, &SystemClock::new())
            .await
            .unwrap();
        let music = AmazonMusic::builder()
            .base_url(&url)
            .security_profile_id("profile")
            .tokens(Stored::new(store, key))
            .build()
            .unwrap();
        music.top_tracks().send().await.unwrap();
    });
    drop(runtime);
    let left = [0, 1].map(copies);
    println!("copies of the refresh token and the client's secret: {left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_leaves_no_refresh_token_and_no_client_secret_in_memory() {
    let server = endpoint([json(r#"{"access_token":"Atza|new","expires_in":3600}"#)]).await;
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "token_wiped::refreshes_and_lets_go",
            "--nocapture",
        ])
        .env(URL, server.uri())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    assert!(text.contains("secret: [0, 0]"), "{text}");
}
