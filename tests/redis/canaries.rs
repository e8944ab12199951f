//! Tokens that nobody can read: in what the server sees, in its file, and in errors.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    time::{Duration, SystemTime},
};

use amazon_music::{
    auth::{LoginWithAmazon, TokenSet, TokenStore as _},
    clock::SystemClock,
};
use amazon_music_redis::{EncryptionKey, RedisTokenStore};

use crate::{key, server, store};

const CANARIES: [&str; 4] = ["canaryaccess", "canaryrefresh", "canarysecret", "canaryold"];

fn planted(access: &str, refresh: &str) -> TokenSet {
    let mut tokens = TokenSet::new(access, SystemTime::now());
    tokens.refresh_token = Some(refresh.into());
    let client = LoginWithAmazon::new("amzn1.application-oa2-client.id");
    tokens.client = Some(client.client_secret("canarysecret"));
    tokens
}

/// All that can be done with a login.
async fn life(store: &RedisTokenStore) {
    let clock = SystemClock::new();
    store
        .save(&key("anna"), &planted("canaryold", "canaryrefresh"), &clock)
        .await
        .unwrap();
    let mut locked = store.lock(&key("anna"), &clock).await.unwrap();
    locked.load().await.unwrap().unwrap();
    locked.reserve().await.unwrap();
    locked.load_after_refusal().await.unwrap().unwrap();
    locked
        .save(&planted("canaryaccess", "canaryrefresh"))
        .await
        .unwrap();
    drop(locked);
    store.load(&key("anna")).await.unwrap().unwrap();
    store.keys().await.unwrap();
}

/// The commands that the server saw, and the data that it keeps.
async fn seen(keys: Option<EncryptionKey>) -> Option<(String, Vec<u8>)> {
    let server = server::start()?;
    let mut stream = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_millis(300)))
        .unwrap();
    stream.write_all(b"MONITOR\r\n").unwrap();
    let mut reader = BufReader::new(stream);
    reader.read_line(&mut String::new()).unwrap();
    life(&store(&server.url()).encryption_keys(keys)).await;
    let mut monitored = String::new();
    while reader
        .read_line(&mut monitored)
        .is_ok_and(|count| count > 0)
    {}
    let _: () = server.ask("SAVE").await;
    // 6.2 has its file in the folder, 7.0 in one below it.
    let folders = [
        server.folder().to_owned(),
        server.folder().join("appendonlydir"),
    ];
    let entries = folders
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flatten();
    let paths = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file());
    let files = paths
        .flat_map(|path| std::fs::read(path).unwrap())
        .collect();
    Some((monitored, files))
}

fn found(bytes: &[u8]) -> Vec<&'static str> {
    let has = |canary: &&str| {
        bytes
            .windows(canary.len())
            .any(|part| part == canary.as_bytes())
    };
    CANARIES.into_iter().filter(has).collect()
}

#[tokio::test]
async fn with_a_key_nobody_can_read_a_token_in_the_server_or_its_files() {
    let Some((monitored, files)) = seen(Some(EncryptionKey::new([9; 32]))).await else {
        return;
    };
    assert!(
        monitored.contains("EVALSHA") && monitored.contains("HGET"),
        "{monitored}"
    );
    assert_eq!(found(monitored.as_bytes()), [""; 0]);
    assert_eq!(found(&files), [""; 0]);
}

#[tokio::test]
async fn without_a_key_they_can_which_shows_that_the_test_would_see_it() {
    let Some((monitored, files)) = seen(None).await else {
        return;
    };
    assert_eq!(found(monitored.as_bytes()).len(), CANARIES.len());
    assert!(!found(&files).is_empty());
}

#[tokio::test]
async fn errors_quote_nothing_of_a_record() {
    let Some(server) = server::start() else {
        return;
    };
    let clock = SystemClock::new();
    let plain = store(&server.url());
    plain
        .save(
            &key("anna"),
            &planted("canaryaccess", "canaryrefresh"),
            &clock,
        )
        .await
        .unwrap();
    let name: Vec<String> = server.ask("KEYS *:tokens").await;
    let whole: String = server.ask(&format!("HGET {} data", name[0])).await;
    let damaged = [
        whole.replace("\"scope\"", "\"scoop\""),
        whole[..whole.len() / 2].to_owned(),
        whole.replace("\"version\": 1", "\"version\": 9"),
        "canaryaccess".to_owned(),
        format!("amx1{whole}"),
    ];
    for record in damaged {
        let mut set = redis::cmd("HSET");
        set.arg(&name[0]).arg("data").arg(&record);
        let _: () = set.query_async(&mut server.raw().await).await.unwrap();
        for store in [
            plain.clone(),
            plain.clone().encryption_keys([EncryptionKey::new([9; 32])]),
        ] {
            let saved = store
                .save(&key("anna"), &planted("canaryold", "x"), &clock)
                .await;
            for error in [
                store.load(&key("anna")).await.map(drop).unwrap_err(),
                saved.unwrap_err(),
            ] {
                assert_eq!(found(format!("{error} {error:?}").as_bytes()), [""; 0]);
            }
        }
    }
    // A key of another kind is an error of the server, which quotes its command.
    let _: () = server.ask(&format!("SET {} canaryaccess", name[0])).await;
    let error = plain.load(&key("anna")).await.unwrap_err();
    assert_eq!(found(format!("{error} {error:?}").as_bytes()), [""; 0]);
    insta::assert_snapshot!(error.to_string().replace(&server.port().to_string(), "PORT"), @"the token store failed: redis at 127.0.0.1:PORT refused a command (WRONGTYPE)");
}
