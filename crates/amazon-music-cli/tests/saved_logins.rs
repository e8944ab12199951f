//! Saved logins in the real world: networks that are down, full disks, folders with odd names.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, SystemTime},
};

use amazon_music::{
    auth::{FileTokenStore, LoginWithAmazon, TokenKey, TokenSet, TokenStore as _},
    clock::SystemClock,
};
use amazon_music_sandbox::{Running, Sandbox};
use insta::assert_snapshot;

const PROFILE: &str = "amzn1.application.real";

fn cli(program: &mut Command, folder: &Path, arguments: &[&str]) -> String {
    let output = program
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("AMAZON_MUSIC_TOKEN_DIR", folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let code = output.status.code().unwrap();
    let all = format!("{code}: {}{}", text(&output.stdout), text(&output.stderr));
    all.trim_end().replace(&*folder.to_string_lossy(), "FOLDER")
}

fn run(folder: &Path, arguments: &[&str]) -> String {
    cli(
        &mut Command::new(env!("CARGO_BIN_EXE_amazon-music")),
        folder,
        arguments,
    )
}

fn client(sandbox: &Running) -> LoginWithAmazon {
    LoginWithAmazon::new(sandbox.client_id())
        .client_secret(sandbox.client_secret())
        .token_url(sandbox.token_url())
        .profile_url(sandbox.profile_url())
}

/// Saves a login of "anna" that expired, for the live service, whose place the sandbox takes.
async fn save(folder: &Path, client: LoginWithAmazon, access: &str, refresh: &str) -> PathBuf {
    let (store, key) = (
        FileTokenStore::new(folder),
        TokenKey::new(PROFILE, "default"),
    );
    let then = SystemTime::now() - Duration::from_secs(7200);
    let mut tokens = TokenSet::new(access, then);
    tokens.expires_at = Some(then + Duration::from_secs(3600));
    tokens.refresh_token = Some(refresh.into());
    tokens.scope = "music::catalog".to_owned();
    tokens.client = Some(client);
    store
        .save(&key, &tokens, &SystemClock::new())
        .await
        .unwrap();
    store.path(&key)
}

async fn saved_at_sandbox(folder: &Path) -> Running {
    let sandbox = Sandbox::new()
        .rotating_refresh_tokens()
        .start()
        .await
        .unwrap();
    let issued = sandbox.issue_tokens("anna");
    save(
        folder,
        client(&sandbox),
        &issued.access_token,
        &issued.refresh_token,
    )
    .await;
    sandbox
}

#[tokio::test]
async fn a_token_endpoint_that_is_down_is_no_reason_to_log_in_again() {
    let folder = tempfile::tempdir().unwrap();
    let nobody = LoginWithAmazon::new("client").token_url("http://127.0.0.1:1/token");
    save(folder.path(), nobody, "Atza|old", "Atzr|old").await;
    let output = run(folder.path(), &["top", "tracks"]);
    assert!(
        output.starts_with("1: error: top tracks: no access token: "),
        "{output}"
    );
    assert!(
        output.contains("refused") && !output.contains("log in"),
        "{output}"
    );
}

#[test]
fn port_0_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["login", "--sandbox", "--port", "0"]);
    assert_snapshot!(output.lines().next().unwrap(), @"2: error: invalid value '0' for '--port <PORT>': 0 is any free port, but Amazon compares return URLs to the letter: give the port of an allowed return URL");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_not_utf_8_is_used_as_it_is() {
    use std::os::unix::ffi::OsStrExt as _;

    let folder = tempfile::tempdir().unwrap();
    let odd = folder
        .path()
        .join(std::ffi::OsStr::from_bytes(b"logins-\xff"));
    let sandbox = saved_at_sandbox(&odd).await;
    let mut program = Command::new(env!("CARGO_BIN_EXE_amazon-music"));
    let output = program
        .args(["status", "--output", "csv"])
        .env_clear()
        .env("AMAZON_MUSIC_TOKEN_DIR", &odd)
        .env("HOME", folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("default,amazon,music::catalog"), "{output:?}");
    drop(sandbox);
}

#[cfg(unix)]
#[test]
fn a_credential_that_is_not_utf_8_is_refused_and_no_other_is_used() {
    use std::os::unix::ffi::OsStrExt as _;

    let folder = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_amazon-music"));
    let output = program
        .args(["top", "tracks"])
        .env_clear()
        .env("AMAZON_MUSIC_TOKEN_DIR", folder.path())
        .env(
            "AMAZON_MUSIC_TOKEN",
            std::ffi::OsStr::from_bytes(b"Atza|\xff"),
        )
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr);
    assert_snapshot!(text.trim_end(), @"error: AMAZON_MUSIC_TOKEN must be UTF-8");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_spends_no_refresh_token() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = saved_at_sandbox(folder.path()).await;
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_amazon-music"));
    let output = cli(&mut shell, folder.path(), &["top", "tracks"]);
    assert!(
        output.starts_with("1: error: top tracks: no access token: cannot write"),
        "{output}"
    );
    assert_eq!(sandbox.refreshes(), 0);
}

/// A service whose token endpoint, before it responds, puts a folder in the place of a file.
fn service_that_blocks(path: PathBuf, listener: TcpListener) {
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let mut request = vec![0; 64 * 1024];
        let length = stream.read(&mut request).unwrap();
        let body = match request[..length].starts_with(b"POST") {
            true => {
                fs::remove_file(&path).unwrap();
                fs::create_dir(&path).unwrap();
                r#"{"access_token":"Atza|new","refresh_token":"Atzr|new","expires_in":3600}"#
            }
            false => r#"{"data":{"topTracks":{"edges":[{"node":{"id":"B0"}}]}}}"#,
        };
        let length = body.len();
        let head =
            format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all((head + body).as_bytes()).unwrap();
    }
}

#[tokio::test]
async fn a_refreshed_login_that_cannot_be_saved_is_used_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = LoginWithAmazon::new("client").token_url(format!("{url}/token"));
    let path = save(folder.path(), client, "Atza|old", "Atzr|old").await;
    std::thread::spawn(move || service_that_blocks(path, listener));
    let mut program = Command::new(env!("CARGO_BIN_EXE_amazon-music"));
    let output = program
        .args(["top", "tracks", "--output", "ndjson"])
        .env_clear()
        .env("AMAZON_MUSIC_TOKEN_DIR", folder.path())
        .env("AMAZON_MUSIC_BASE_URL", url)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(
        (output.status.code(), out.trim_end()),
        (Some(0), r#"{"id":"B0"}"#),
        "{err}"
    );
    let warning = "warning: the login was refreshed but not saved, and may have to be repeated: ";
    assert!(err.contains(warning) && !err.contains("Atz"), "{err}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_others_can_read_are_warned_of() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let _sandbox = saved_at_sandbox(folder.path()).await;
    let files = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    for file in files {
        fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
    }
    let output = run(folder.path(), &["status"]);
    assert!(output.starts_with("0: "), "{output}");
    assert!(
        output.contains("warning: FOLDER/default-") && output.contains("mode 644"),
        "{output}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_asks_the_service_and_says_what_it_could_not_learn() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = saved_at_sandbox(folder.path()).await;
    let checked = |name: &str, value: &str| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_amazon-music"));
        let output = program
            .args(["status", "--check", "--output", "ndjson"])
            .env_clear()
            .env("AMAZON_MUSIC_TOKEN_DIR", folder.path())
            .env(name, value)
            .output()
            .unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), out, err)
    };
    let (code, out, err) = checked("AMAZON_MUSIC_BASE_URL", &sandbox.base_url());
    let row: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &row["works"]), (0, &true.into()), "{out}{err}");
    assert_eq!(row["account"], serde_json::Value::Null);
    // It was refreshed for it.
    assert!(row["secondsLeft"].as_u64().unwrap() > 3000);
    assert_snapshot!(err, @r#"
    note: the account of "default" is not known: insufficient_scope: The access token was not granted the scope profile (request sandbox-request); `login --scope "music::catalog profile"` would tell
    note: the scopes are those that were requested; Login with Amazon tells the granted ones only to whoever puts the token into a URL
    "#);

    let (code, out, err) = checked("AMAZON_MUSIC_BASE_URL", "http://127.0.0.1:1");
    let row: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &row["works"]), (1, &false.into()), "{out}{err}");
    assert!(
        row["error"].as_str().unwrap().contains("could not connect"),
        "{out}"
    );
}
