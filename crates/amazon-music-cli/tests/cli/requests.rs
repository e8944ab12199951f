//! Flags for how requests are sent, against raw servers.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    process::{Command, Output},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

use insta::assert_snapshot;

use crate::{cli, text};

pub(crate) const EMPTY: &str = r#"{"data":{"topTracks":{"edges":[]}}}"#;

/// A server that responds to every request like this. Returns its address, and the head of each request
/// in lower case.
pub(crate) fn server(status: &'static str, body: &'static str) -> (String, Receiver<String>) {
    script(vec![(status, body)])
}

/// A server that responds to requests like this in turn, and to all further ones like the last.
pub(crate) fn script(
    mut responses: Vec<(&'static str, &'static str)>,
) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (sent, received) = channel();
    thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && socket.read(&mut byte).unwrap_or(0) == 1 {
                head.extend(byte);
            }
            let _ = sent.send(text(&head).to_lowercase());
            let (status, body) = responses[0];
            if responses.len() > 1 {
                responses.remove(0);
            }
            let length = body.len();
            let head =
                format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}");
            let _ = socket.write_all(format!("{head}\r\n\r\n{body}").as_bytes());
        }
    });
    (address, received)
}

/// A command with credentials that are made up.
pub(crate) fn with_token(arguments: &[&str]) -> Command {
    let mut command = cli(arguments);
    command
        .env("AMAZON_MUSIC_SECURITY_PROFILE_ID", "amzn1.application.test")
        .env("AMAZON_MUSIC_TOKEN", "Atza|test");
    command
}

fn printed(output: &Output) -> String {
    let code = output.status.code().unwrap();
    format!(
        "{code}: {}{}",
        text(&output.stdout),
        text(&output.stderr).trim_end()
    )
}

#[test]
fn flags_and_variables_set_the_same_headers() {
    let (address, heads) = server("200 OK", EMPTY);
    let url = format!("http://{address}/v1");
    let flags = [
        ["--base-url", &*url],
        ["--locale", "es_mx"],
        ["--image-style", "SL160"],
    ];
    let header = [
        "--header",
        "X-Amzn-Device-Id:  b5:d3 ",
        "--header",
        "x-empty:",
    ];
    let arguments = [&["top", "tracks"][..], &header, flags.as_flattened()].concat();
    let by_flags = with_token(&arguments).output().unwrap();
    assert!(by_flags.status.success(), "{}", printed(&by_flags));
    let mut by_variables = with_token(&[&header[..], &["top", "tracks"]].concat());
    for [flag, value] in flags {
        let name = flag
            .trim_start_matches('-')
            .replace('-', "_")
            .to_uppercase();
        by_variables.env(format!("AMAZON_MUSIC_{name}"), value);
    }
    let by_variables = by_variables.output().unwrap();
    assert!(by_variables.status.success(), "{}", printed(&by_variables));

    let head = heads.recv().unwrap();
    for line in [
        "accept-language: es_mx",
        "amzn-image-style: sl160",
        "x-amzn-device-id: b5:d3",
        "x-empty: ",
    ] {
        assert!(head.contains(&format!("\r\n{line}\r\n")), "{head}");
    }
    assert_eq!(heads.recv().unwrap(), head);
}

#[test]
fn a_flag_goes_before_its_variable_and_an_empty_variable_is_none() {
    let (address, heads) = server("200 OK", EMPTY);
    let url = format!("http://{address}/v1");
    let mut command = with_token(&["--locale", "de-DE", "top", "tracks", "--base-url", &url]);
    for name in [
        "IMAGE_STYLE",
        "TIMEOUT",
        "RETRIES",
        "RATE",
        "PROXY",
        "CACERT",
    ] {
        command.env(format!("AMAZON_MUSIC_{name}"), "");
    }
    command.env("AMAZON_MUSIC_LOCALE", "fr-FR");
    command.env("AMAZON_MUSIC_BASE_URL", "http://127.0.0.1:1");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", printed(&output));
    let head = heads.recv().unwrap();
    assert!(head.contains("\r\naccept-language: de-de\r\n"), "{head}");
    assert!(!head.contains("amzn-image-style"), "{head}");
}

#[test]
fn a_header_is_refused_without_its_value() {
    let refused = |header: &str| {
        let output = with_token(&["top", "tracks", "--header", header])
            .output()
            .unwrap();
        assert!(!printed(&output).contains("canary"), "{header}");
        printed(&output)
    };
    assert_snapshot!(refused("Authorization: canary"), @"2: error: --header: the header `authorization` carries a credential, which has a setting of its own");
    assert_snapshot!(refused("X-API-Key:canary"), @"2: error: --header: the header `x-api-key` carries a credential, which has a setting of its own");
    assert_snapshot!(refused("Host: canary"), @"2: error: --header: the header `host` belongs to the connection and is set by the HTTP client: leave it out");
    assert_snapshot!(refused("canary"), @"2: error: --header must be 'NAME: VALUE', with a colon after the name");
    assert_snapshot!(refused(": canary"), @"2: error: --header: the header name must be a token such as `x-request-id`");
    for name in [
        "content-length",
        "Transfer-Encoding",
        "connection",
        "te",
        "upgrade",
        "a b",
    ] {
        assert!(
            refused(&format!("{name}: canary")).starts_with("2: error: --header: "),
            "{name}"
        );
    }
    assert!(refused("x-ok: canary\r\nx-y: z").starts_with("2: error: --header: "));
}

#[test]
fn the_value_of_a_header_is_not_printed_if_a_response_repeats_it() {
    let (address, _heads) = server(
        "403 Forbidden",
        "x-gateway: canary-of-a-gateway is not known",
    );
    let url = format!("http://{address}/v1");
    let header = "x-gateway: canary-of-a-gateway";
    let output = with_token(&["--header", header, "--base-url", &url, "top", "tracks"]).output();
    let printed = printed(&output.unwrap());
    assert!(
        printed.starts_with("3: error: ") && !printed.contains("canary"),
        "{printed}"
    );
}

#[test]
fn a_bad_setting_is_a_usage_error() {
    let error = |flag: &str, value: &str| {
        let output = with_token(&["top", "tracks", flag, value])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{flag} {value}");
        let errors = text(&output.stderr);
        errors.lines().next().unwrap().to_owned()
    };
    let errors = [
        error("--locale", "de DE\n"),
        error("--image-style", "a b"),
        error("--base-url", "http://api.example.com"),
        error("--timeout", "0"),
        error("--timeout", "soon"),
        error("--retries", "-1"),
        error("--retries", "many"),
        error("--rate", "0"),
        error("--rate", "inf"),
        error("--proxy", "http://user:canary@"),
        error("--proxy", "proxy"),
        error("--proxy", ""),
        error("--cacert", "no/such/file.pem"),
        error("--cacert", "Cargo.toml"),
    ];
    let errors = errors.join("\n");
    assert!(!errors.contains("canary"), "{errors}");
    assert_snapshot!(errors, @r#"
    error: the locale must be a language tag such as `en-US`, or a list of them, not "de DE\n"
    error: the image style must be one such as `SL160`, not "a b"
    error: the base URL is plain http, which would show the token to the network: use https (http is for loopback addresses only)
    error: invalid value '0' for '--timeout <SECONDS>': must be a number of seconds above 0
    error: invalid value 'soon' for '--timeout <SECONDS>': must be a number of seconds above 0
    error: unexpected argument '-1' found
    error: invalid value 'many' for '--retries <N>': invalid digit found in string
    error: invalid value '0' for '--rate <N>': must be a number of requests above 0
    error: invalid value 'inf' for '--rate <N>': must be a number of requests above 0
    error: --proxy must be the URL of a proxy, such as http://proxy.example:3128
    error: --proxy must be the URL of a proxy, such as http://proxy.example:3128
    error: --proxy must be the URL of a proxy, such as http://proxy.example:3128
    error: --cacert: cannot read no/such/file.pem: No such file or directory (os error 2)
    error: --cacert: Cargo.toml holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)
    "#);
}

#[test]
fn retries_and_the_timeout_are_those_of_the_flags() {
    let (address, heads) = server("502 Bad Gateway", "");
    let url = format!("http://{address}/v1");
    let requests = |retries: &str| {
        let arguments = ["top", "tracks", "--base-url", &url, "--retries", retries];
        let output = with_token(&arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        heads.try_iter().count()
    };
    assert_eq!((requests("0"), requests("1")), (1, 2));

    // Accepts connections and says nothing.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let begin = Instant::now();
    let arguments = ["top", "tracks", "--base-url", &url, "--timeout", "0.2"];
    let output = with_token(&arguments).output().unwrap();
    assert_snapshot!(printed(&output), @"1: error: top tracks: no complete response within the overall timeout");
    assert!(begin.elapsed() < Duration::from_secs(20));
}

#[test]
fn the_proxy_of_the_flag_is_used_and_never_for_the_sandbox() {
    let (address, heads) = server("200 OK", EMPTY);
    let proxy = format!("http://user:canary@{address}");
    let url = "http://127.0.0.1:1/v1";
    let arguments = ["--proxy", &proxy, "--base-url", url, "top", "tracks"];
    let output = with_token(&arguments).output().unwrap();
    assert!(output.status.success(), "{}", printed(&output));
    let head = heads.recv().unwrap();
    assert!(
        head.starts_with("get http://127.0.0.1:1/v1/browse/tracks/top?"),
        "{head}"
    );
    assert!(head.contains("\r\nproxy-authorization: basic "), "{head}");

    let output = cli(&["--sandbox", "top", "tracks", "--limit", "1"])
        .env("AMAZON_MUSIC_PROXY", &proxy)
        .env("AMAZON_MUSIC_BASE_URL", url)
        .env("AMAZON_MUSIC_CACERT", "no/such/file.pem")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", printed(&output));
    assert!(heads.try_recv().is_err());
}

#[test]
fn flags_that_lead_away_from_the_sandbox_are_refused_with_it() {
    for flag in ["--base-url", "--proxy", "--cacert"] {
        for arguments in [
            ["--sandbox", "top", "tracks", flag, "http://127.0.0.1:1"],
            [flag, "http://127.0.0.1:1", "top", "tracks", "--sandbox"],
        ] {
            let output = cli(&arguments).output().unwrap();
            let text = format!("error: the argument '--sandbox' cannot be used with '{flag}'");
            assert_eq!(output.status.code(), Some(2));
            assert!(printed(&output).contains(&text), "{}", printed(&output));
        }
    }
}

#[test]
fn a_proxy_of_the_environment_that_is_none_is_refused_with_certificates_too() {
    let root = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../amazon-music/examples/http_settings/root.pem"
    );
    let output = with_token(&["top", "tracks", "--cacert", root])
        .env("HTTPS_PROXY", "http://user:canary@")
        .output()
        .unwrap();
    assert_snapshot!(printed(&output), @"2: error: the environment variable HTTPS_PROXY is not the URL of a proxy: correct it, or unset it");
}

#[test]
fn a_list_with_a_response_that_held_none_is_not_called_complete() {
    let last = r#"{"data":{"topTracks":{"edges":[]}}}"#;
    let first = r#"{"data":{"topTracks":{"pageInfo":{"hasNextPage":true,"token":"t"}}}}"#;
    for (bodies, complete) in [
        ([last, last], true),
        ([r#"{"data":{}}"#, last], false),
        ([r#"{"data":{"topTracks":null}}"#, last], false),
        ([first, last], false),
    ] {
        for more in [
            "--all",
            "--limit=5",
            "--resume=position.json",
            "--page-size=2",
        ] {
            let folder = tempfile::tempdir().unwrap();
            let (address, _heads) = script(bodies.map(|body| ("200 OK", body)).to_vec());
            let url = format!("http://{address}/v1");
            let mut arguments = vec![
                "--base-url",
                &url,
                "top",
                "tracks",
                "--output",
                "json",
                more,
            ];
            if more.starts_with("--resume") {
                arguments.push("--all");
            }
            let output = with_token(&arguments)
                .current_dir(folder.path())
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", printed(&output));
            let printed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(
                printed["complete"], complete,
                "{bodies:?} {more}: {printed}"
            );
        }
    }
}

#[test]
fn a_response_without_its_list_is_told_once() {
    for (body, lines) in [
        (EMPTY, 0),
        (r#"{"data":{}}"#, 1),
        (r#"{"data":{"topTracks":null}}"#, 1),
        (r#"{"data":{"topTracks":{"edges":null}}}"#, 1),
    ] {
        let (address, _heads) = server("200 OK", body);
        let url = format!("http://{address}/v1");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("position.json");
        let resume = ["--all", "--resume", file.to_str().unwrap()];
        for more in [&[][..], &["--all"], &["--limit", "5"], &resume] {
            let arguments = [
                &["--base-url", &url, "top", "tracks", "--output", "ndjson"],
                more,
            ];
            let output = with_token(&arguments.concat()).output().unwrap();
            let warning =
                "warning: top tracks: the response holds no list; it is read as an empty one\n";
            assert_eq!(
                text(&output.stderr),
                warning.repeat(lines),
                "{body} {more:?}"
            );
            assert!(output.status.success() && output.stdout.is_empty());
        }
    }
}
