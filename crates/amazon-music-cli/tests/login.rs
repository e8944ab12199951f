//! Logging in and out from the command line. An HTTP client plays the browser.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    path::Path,
    process::{Child, ChildStderr, Command, Output, Stdio},
};

use amazon_music::reqwest::{Client, Url};
use insta::assert_snapshot;

fn cli(logins: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_amazon-music"));
    command
        .args(arguments)
        .env_clear()
        .env("AMAZON_MUSIC_TOKEN_DIR", logins)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Exit code, standard output and standard error.
fn printed(output: &Output) -> String {
    let code = output.status.code().unwrap();
    format!("{code}: {}{}", text(&output.stdout), text(&output.stderr))
}

fn run(logins: &Path, arguments: &[&str]) -> String {
    let mut output = cli(logins, arguments).output().unwrap();
    // The port of the sandbox and the folder differ each time.
    if output.stderr.starts_with(b"sandbox: ") {
        let end = output
            .stderr
            .iter()
            .position(|byte| *byte == b'\n')
            .unwrap();
        output.stderr.drain(..=end);
    }
    printed(&output)
        .replace(logins.to_str().unwrap(), "FOLDER")
        .trim_end()
        .to_owned()
}

/// The URL that stands alone on its line.
fn url(stderr: &mut BufReader<ChildStderr>) -> String {
    let url = format!("http{}", line_after(stderr, "http"));
    assert!(!url.contains(' '), "{url}");
    url
}

/// The rest of the first line with this prefix.
fn line_after(stderr: &mut BufReader<ChildStderr>, prefix: &str) -> String {
    loop {
        let mut line = String::new();
        assert_ne!(
            stderr.read_line(&mut line).unwrap(),
            0,
            "no line starts with {prefix}"
        );
        if let Some(rest) = line.trim_end().strip_prefix(prefix) {
            return rest.to_owned();
        }
    }
}

fn free_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port().to_string()
}

/// Submits the form of the login page and follows the redirects, as a browser does.
async fn decide(url: &str, more: &[(&str, &str)]) -> String {
    // A build of this package alone has no other provider.
    amazon_music::use_ring();
    let http = Client::builder().no_proxy().build().unwrap();
    let page = http.get(url).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let request = Url::parse(url).unwrap();
    let mut form = Url::parse("http://localhost").unwrap();
    form.query_pairs_mut()
        .extend_pairs(request.query_pairs())
        .extend_pairs(more);
    let response = http
        .post(url.split('?').next().unwrap())
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.query().unwrap().to_owned())
        .send()
        .await
        .unwrap();
    response.text().await.unwrap()
}

/// Logs in through the browser with this decision; returns the output of the CLI and the last page.
async fn login(logins: &Path, decision: &str) -> (String, String) {
    let port = free_port();
    let arguments = ["login", "--sandbox", "--no-browser", "--port", &port];
    let mut child: Child = cli(logins, &arguments).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let url = url(&mut stderr);
    let page = decide(&url, &[("user", "anna"), ("decision", decision)]).await;
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut stderr, &mut rest).unwrap();
    let output = child.wait_with_output().unwrap();
    (printed(&output) + &rest, page)
}

#[tokio::test]
async fn a_login_and_a_logout_that_cannot_be_told_are_done_all_the_same() {
    let full = || std::fs::File::options().write(true).open("/dev/full");
    if full().is_err() {
        // This system has no such file.
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let arguments = ["login", "--sandbox", "--no-browser", "--port", &port];
    let mut child = cli(folder.path(), &arguments)
        .stdout(full().unwrap())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let url = url(&mut stderr);
    decide(&url, &[("user", "anna"), ("decision", "allow")]).await;
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut stderr, &mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{rest}");
    assert!(
        rest.contains("error: cannot write to standard output: No space left"),
        "{rest}"
    );
    assert!(run(folder.path(), &["status"]).starts_with("0: USER"));

    let mut logout = cli(folder.path(), &["logout", "--sandbox"]);
    let output = logout.stdout(full().unwrap()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(run(folder.path(), &["status"]).starts_with("3: error: not logged in"));
}

#[tokio::test]
async fn a_login_is_saved_and_used_until_logout() {
    let folder = tempfile::tempdir().unwrap();
    let logins = folder.path();
    assert_snapshot!(run(logins, &["status", "--sandbox"]), @"3: error: not logged in: run `amazon-music login --sandbox`");
    let (output, page) = login(logins, "allow").await;
    assert!(
        output.starts_with(
            "0: logged in as \"default\" with the account \"anna\"; the tokens are saved in "
        ),
        "{output}"
    );
    assert!(page.contains("Logged in"), "{page}");
    assert_snapshot!(run(logins, &["status"]).replace("59 minutes", "60 minutes"), @"
    0: USER     SERVICE  SCOPE           ACCESS TOKEN     REFRESH
    default  sandbox  music::catalog  60 minutes left  automatic
    ");

    // Another process, another sandbox, the saved token.
    let tracks = run(logins, &["top", "tracks", "--sandbox", "--limit", "1"]);
    assert!(tracks.contains("B0785GTW4T"), "{tracks}");
    // A login at the sandbox is not a login at the live service.
    assert_snapshot!(run(logins, &["top", "tracks"]), @"3: error: no credentials of the live service; a login at the sandbox is saved: add --sandbox to use it, or run `amazon-music login`");
    assert_snapshot!(run(logins, &["logout"]), @"3: error: no credentials of the live service; a login at the sandbox is saved: add --sandbox to use it, or run `amazon-music login`");

    assert_snapshot!(run(logins, &["logout", "--sandbox"]), @r#"0: logged out "default": the tokens on this machine are deleted"#);
    assert_snapshot!(run(logins, &["logout", "--sandbox"]), @"3: error: not logged in: run `amazon-music login --sandbox`");
    let tracks = run(logins, &["top", "tracks", "--sandbox", "--limit", "1"]);
    assert!(tracks.contains("B0785GTW4T"), "{tracks}");
}

#[tokio::test]
async fn the_saved_token_is_the_one_that_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let logins = folder.path();
    login(logins, "allow").await;
    let file = std::fs::read_dir(logins)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let file = file
        .into_iter()
        .find(|path| path.extension().unwrap() == "json")
        .unwrap();
    // Expired, and with a refresh token that the server refuses.
    let text = std::fs::read_to_string(&file).unwrap();
    let mut saved: serde_json::Value = serde_json::from_str(&text).unwrap();
    saved["expires_at"] = 1.into();
    saved["refresh_token"] = "Atzr|canary".into();
    std::fs::write(&file, saved.to_string()).unwrap();
    assert_snapshot!(run(logins, &["top", "tracks", "--sandbox"]), @"3: error: top tracks: no access token: invalid_grant: The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission. (request sandbox-request); log in again with `amazon-music login`, and the same --user and --sandbox");
    std::fs::write(&file, "canary").unwrap();
    let refused = run(logins, &["top", "tracks", "--sandbox"]);
    assert!(
        refused.starts_with("3: error: FOLDER/default-"),
        "{refused}"
    );
    assert!(
        refused.ends_with(".json is no token file of this library: move it away, and log in again")
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "canary");
}

#[tokio::test]
async fn a_user_who_refuses_is_not_logged_in() {
    let folder = tempfile::tempdir().unwrap();
    let (output, page) = login(folder.path(), "deny").await;
    assert_snapshot!(output, @"3: error: access_denied: The user refused.");
    assert!(page.contains("Not logged in"), "{page}");
    let mut files = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    assert!(
        files.all(|file| file.extension().unwrap() == "lock"),
        "no login is saved"
    );
}

#[tokio::test]
async fn a_device_is_logged_in_with_a_code() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["login", "--sandbox", "--device", "--user", "bob"];
    let mut child = cli(folder.path(), &arguments).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let line = line_after(&mut stderr, "enter the code ");
    let code = line.strip_suffix(" on any device at:").unwrap();
    let url = url(&mut stderr);
    let form = [
        ("user_code", code),
        ("user", "robert"),
        ("decision", "allow"),
    ];
    let page = decide(&url, &form).await;
    assert!(page.contains("go back to your device"), "{page}");
    // The page says who allowed which client what.
    for said in ["robert", "sandbox", "music::catalog"] {
        assert!(page.contains(said), "{page}");
    }
    let output = printed(&child.wait_with_output().unwrap());
    assert!(
        output.starts_with("0: logged in as \"bob\" with the account \"robert\"; "),
        "{output}"
    );
    let tracks = run(
        folder.path(),
        &[
            "top",
            "tracks",
            "--sandbox",
            "--user",
            "bob",
            "--limit",
            "1",
        ],
    );
    assert!(tracks.contains("B0785GTW4T"), "{tracks}");
}

#[test]
fn mistakes_are_reported_before_the_user_does_anything() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let mistakes = [
        run(folder.path(), &["login"]),
        run(folder.path(), &["login", "--client-id", "x"]),
        run(
            folder.path(),
            &["login", "--client-id", "x", "--client-secret-stdin"],
        ),
        run(folder.path(), &["top", "tracks", "--user", "carl"]),
        run(
            folder.path(),
            &["top", "tracks", "--sandbox", "--user", "carl"],
        ),
        without_system(
            &run(folder.path(), &["login", "--sandbox", "--port", &port]),
            &port,
        ),
    ];
    assert_snapshot!(mistakes.join("\n"), @r#"
    3: error: login needs --client-id or AMAZON_MUSIC_CLIENT_ID, or --sandbox to run without credentials
    3: error: login needs --security-profile-id or AMAZON_MUSIC_SECURITY_PROFILE_ID, or --sandbox to run without credentials
    2: error: --client-secret-stdin: the first line of standard input is empty
    3: error: not logged in as "carl": run `amazon-music login --user carl`
    3: error: not logged in as "carl": run `amazon-music login --sandbox --user carl`
    1: error: cannot listen on port PORT of 127.0.0.1, which the browser must come back to: …
    "#);
}

#[test]
fn no_credential_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let canary = "c4n4ry";
    let port = free_port();
    let in_browser = ["login", "--no-browser", "--port", &port, "--region", "eu"];
    for arguments in [
        &["top", "tracks"][..],
        &["status"],
        &["logout"],
        &["login", "--device"],
        &in_browser,
    ] {
        let mut child = cli(folder.path(), arguments)
            .env(
                "AMAZON_MUSIC_SECURITY_PROFILE_ID",
                format!("amzn1.application.{canary}"),
            )
            .env("AMAZON_MUSIC_CLIENT_ID", "client")
            .env("AMAZON_MUSIC_CLIENT_SECRET", canary)
            .env("AMAZON_MUSIC_TOKEN", format!("Atza|{canary}"))
            .env("AMAZON_MUSIC_BASE_URL", "http://127.0.0.1:1")
            // No request of this test reaches Amazon.
            .env("HTTPS_PROXY", "http://127.0.0.1:1")
            .spawn()
            .unwrap();
        if arguments.contains(&"--no-browser") {
            let mut stderr = BufReader::new(child.stderr.take().unwrap());
            let url = url(&mut stderr);
            assert!(
                url.starts_with("https://eu.account.amazon.com/ap/oa?") && !url.contains(canary)
            );
            child.kill().unwrap();
        }
        let output = child.wait_with_output().unwrap();
        assert!(
            !printed_or_killed(&output).contains(canary),
            "{arguments:?}"
        );
    }
    let mut child = cli(
        folder.path(),
        &["login", "--client-id", "x", "--client-secret-stdin"],
    )
    .stdin(Stdio::piped())
    .spawn()
    .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(canary.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(!printed(&output).contains(canary));
}

fn printed_or_killed(output: &Output) -> String {
    text(&output.stdout) + &text(&output.stderr)
}

/// A message without the port and the error of the system.
fn without_system(line: &str, port: &str) -> String {
    let (own, _) = line.split_once("come back to: ").unwrap();
    format!("{}come back to: …", own.replace(port, "PORT"))
}
