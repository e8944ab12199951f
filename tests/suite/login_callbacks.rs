//! Callbacks of a login that comes back to this machine, and requests of others to the same port.

use std::{net::TcpListener, sync::mpsc};

use amazon_music::{
    auth::{LoginWithAmazon, TokenContext},
    clock::{Clock as _, ManualClock},
};
use futures_util::future::join;
use insta::assert_snapshot;

use crate::common::login_at;

/// A port that is free now.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[tokio::test]
async fn callbacks_of_others_are_refused_and_the_login_goes_on() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let client = login_at(&sandbox);
    let http = client.http_client().unwrap();
    let login = client.loopback().port(free_port());
    let redirect_uri = login.redirect_uri();
    let (send, receive) = mpsc::channel();
    let running = login.run(TokenContext::new(&http), |url| {
        send.send(url.to_owned()).unwrap();
    });
    let browser = async {
        tokio::task::yield_now().await;
        let url = receive.try_recv().unwrap();
        for query in [
            "",
            "?",
            "?code=canary",
            "?code=canary&state=",
            "?code=canary&state=other",
            "?error=access_denied&state=other",
        ] {
            let page = http.get(format!("{redirect_uri}{query}")).send().await;
            let page = page.unwrap_or_else(|error| panic!("{query:?} ended the login: {error}"));
            assert_eq!(page.status(), 400, "{query}");
            let page = page.text().await.unwrap();
            assert!(page.contains("Not logged in") && !page.contains("canary"));
        }
        let query = crate::logins::allow(&http, &url, "allow").await;
        let page = http.get(format!("{redirect_uri}?{query}")).send().await;
        page.unwrap().text().await.unwrap()
    };
    let (tokens, page) = join(running, browser).await;
    assert!(tokens.unwrap().refresh_token.is_some());
    assert!(page.contains("Logged in"), "{page}");
}

#[tokio::test]
async fn a_login_that_ran_out_of_time_tells_how_many_callbacks_were_of_others() {
    let client = LoginWithAmazon::new("client");
    let http = client.http_client().unwrap();
    let clock = ManualClock::new();
    let port = free_port();
    let login = client.loopback().port(port);
    let redirect_uri = login.redirect_uri();
    let running = login.run(TokenContext::new(&http).clock(&clock), |_| {});
    let browser = async {
        tokio::task::yield_now().await;
        for _ in 0..2 {
            let page = http.get(&redirect_uri).send().await.unwrap();
            assert_eq!(page.status(), 400);
        }
        clock.advance(std::time::Duration::from_secs(300));
    };
    let (outcome, ()) = join(running, browser).await;
    let text = outcome.unwrap_err().to_string();
    assert!(text.contains("within 300 seconds"), "{text}");
    assert!(text.contains("2 requests"), "{text}");
}

#[tokio::test]
async fn a_return_url_that_no_browser_can_come_back_to_is_refused() {
    let client = LoginWithAmazon::new("client");
    let http = client.http_client().unwrap();
    let mut errors = Vec::new();
    for login in [
        client.loopback().port(0),
        client.loopback().path("callback"),
        client.loopback().path("/a b"),
        client.loopback().path("/a?b=c"),
        client.loopback().path("/a\r\nb"),
    ] {
        let running = login.run(TokenContext::new(&http), |_| {
            panic!("the user was sent there")
        });
        let error = running.await.unwrap_err();
        assert!(error.is_terminal());
        errors.push(error.to_string());
    }
    for redirect_uri in ["http://127.0.0.1:0/callback", "/callback", "http://x/#y"] {
        let error = client.authorize(redirect_uri).unwrap_err();
        assert!(error.is_terminal());
        errors.push(error.to_string());
    }
    assert_snapshot!(errors.join("\n"), @r#"
    port 0 is any free port, and login with amazon compares return URLs to the letter, port included: give the port of a registered return URL (the default is 9090)
    the path of the return URL must begin with `/` and be ASCII without spaces, `?` and `#`, not "callback"
    the path of the return URL must begin with `/` and be ASCII without spaces, `?` and `#`, not "/a b"
    the path of the return URL must begin with `/` and be ASCII without spaces, `?` and `#`, not "/a?b=c"
    the path of the return URL must begin with `/` and be ASCII without spaces, `?` and `#`, not "/a\r\nb"
    the return URL must be absolute, without a fragment, and of another port than 0, not "http://127.0.0.1:0/callback"
    the return URL must be absolute, without a fragment, and of another port than 0, not "/callback"
    the return URL must be absolute, without a fragment, and of another port than 0, not "http://x/#y"
    "#);
}

#[tokio::test]
async fn a_second_login_on_the_same_port_says_so_and_may_be_retried() {
    let client = LoginWithAmazon::new("client");
    let http = client.http_client().unwrap();
    let clock = ManualClock::new();
    let context = TokenContext::new(&http).clock(&clock);
    let port = free_port();
    let first = client.loopback().port(port).run(context, |_| {});
    let second = async {
        tokio::task::yield_now().await;
        let login = client.loopback().port(port);
        let error = login.run(context, |_| {}).await.unwrap_err();
        clock.advance(std::time::Duration::from_secs(300));
        error
    };
    let (_, error) = join(first, second).await;
    assert!(!error.is_terminal(), "{error}");
    let text = error.to_string().replace(&port.to_string(), "PORT");
    assert_snapshot!(text, @"cannot listen on port PORT of 127.0.0.1, which the browser must come back to: Address already in use (os error 98); another login may be under way: finish it first, or give the port of another registered return URL");
}

#[cfg(unix)]
mod without_descriptors {
    use std::{
        fs::File,
        io::{Read as _, Write as _},
        net::TcpStream,
        process::{Command, Stdio},
    };

    use super::*;

    const PORT: &str = "LOGIN_CALLBACKS_TEST_PORT";

    /// Run by the test below in a process that may open few files; a success when run by itself.
    #[tokio::test]
    async fn waits_for_a_callback_without_descriptors() {
        let Ok(port) = std::env::var(PORT) else {
            return;
        };
        let client = LoginWithAmazon::new("client");
        let http = client.http_client().unwrap();
        let clock = ManualClock::new();
        let login = client.loopback().port(port.parse().unwrap());
        let running = login.run(TokenContext::new(&http).clock(&clock), |_| {});
        let rest = async {
            tokio::task::yield_now().await;
            let mut files = Vec::new();
            while let Ok(file) = File::open("/dev/null") {
                files.push(file);
            }
            println!("full");
            // Connected to by now.
            std::io::stdin().read_exact(&mut [0]).unwrap();
            let mut turns = 0;
            // The timeout of the login, and the delay before the next `accept`.
            while clock.sleepers().len() < 2 {
                turns += 1;
                assert!(turns < 10_000, "it accepts again and again without a delay");
                tokio::task::yield_now().await;
            }
            drop(files);
            let delay = clock.sleepers()[0];
            assert!(delay.as_secs() < 5);
            clock.advance(delay);
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            clock.advance(std::time::Duration::from_secs(300));
        };
        let (outcome, ()) = join(running, rest).await;
        let text = outcome.unwrap_err().to_string();
        assert!(text.contains("1 request"), "{text}");
    }

    #[test]
    fn a_login_without_free_descriptors_waits_and_then_goes_on() {
        let port = free_port();
        let this = std::env::current_exe().unwrap();
        let name = "login_callbacks::without_descriptors::waits_for_a_callback_without_descriptors";
        let mut child = Command::new("sh")
            .args(["-c", "ulimit -n 64; exec \"$0\" \"$@\""])
            .arg(this)
            .args(["--exact", name, "--nocapture"])
            .env(PORT, port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut told = Vec::new();
        let out = child.stdout.as_mut().unwrap();
        while !told.ends_with(b"full\n") {
            let mut byte = [0];
            out.read_exact(&mut byte).unwrap();
            told.extend(byte);
        }
        let mut browser = TcpStream::connect(("127.0.0.1", port)).unwrap();
        browser
            .write_all(b"GET /callback HTTP/1.1\r\n\r\n")
            .unwrap();
        child.stdin.take().unwrap().write_all(b".").unwrap();
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{text}");
    }
}

#[tokio::test]
async fn idle_connections_do_not_keep_a_browser_out() {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpStream,
    };

    let client = LoginWithAmazon::new("client");
    let http = client.http_client().unwrap();
    let clock = ManualClock::new();
    let port = free_port();
    let login = client.loopback().port(port);
    let running = login.run(TokenContext::new(&http).clock(&clock), |_| {});
    let browser = async {
        tokio::task::yield_now().await;
        let mut idle = Vec::new();
        for _ in 0..100 {
            idle.push(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
        }
        let mut asks = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        asks.write_all(b"GET /callback HTTP/1.1\r\n\r\n")
            .await
            .unwrap();
        let mut page = String::new();
        asks.read_to_string(&mut page).await.unwrap();
        assert!(page.starts_with("HTTP/1.1 400"), "{page}");
        // The first of those that ask for nothing have made room.
        assert_eq!(idle[0].read(&mut [0]).await.unwrap_or(0), 0);
        clock.advance(std::time::Duration::from_secs(300));
    };
    let (outcome, ()) = join(running, browser).await;
    assert!(outcome.is_err());
    assert_eq!(clock.elapsed().as_secs(), 300);
}
