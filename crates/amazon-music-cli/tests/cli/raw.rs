//! `raw`: any path below the base URL.

use std::process::Output;

use insta::assert_snapshot;
use serde_json::Value;

use crate::{
    failed, printed,
    requests::{script, with_token},
    run, text,
};

#[test]
fn a_path_that_leaves_the_base_url_is_refused_before_a_request() {
    let (address, heads) = script(vec![("200 OK", "{}")]);
    let url = format!("http://{address}/v1");
    for path in [
        "//evil.example",
        "https://evil.example/",
        "/browse/../../x",
        "/browse/%2e%2E/x",
        "@evil.example",
        "\\\\evil.example",
        "/a\nb",
    ] {
        let output = with_token(&["raw", path, "--base-url", &url])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{path}");
        let errors = text(&output.stderr);
        assert!(errors.starts_with("error: PATH must "), "{errors}");
        assert_eq!(errors.lines().count(), 1, "{errors}");
    }
    assert!(heads.try_recv().is_err());
}

/// A call of a path that is not in the spec.
fn raw(responses: Vec<(&'static str, &'static str)>, more: &[&str]) -> (Output, Vec<String>) {
    let (address, heads) = script(responses);
    let url = format!("http://{address}/v1");
    let arguments = [&["raw", "/new/thing", "--base-url", &url], more].concat();
    let output = with_token(&arguments).output().unwrap();
    (output, heads.try_iter().collect())
}

#[test]
fn a_response_is_printed_as_served_with_the_credentials_and_retries_of_any_request() {
    let responses = vec![
        ("502 Bad Gateway", ""),
        ("200 OK", "{ \"a\": 1.0, \"b\": null}"),
    ];
    let (output, heads) = raw(responses, &["--query", "q=a b&c", "--query", "limit=2"]);
    assert_eq!(text(&output.stdout), "{ \"a\": 1.0, \"b\": null}\n");
    assert_eq!(text(&output.stderr), "");
    assert_eq!(heads.len(), 2);
    assert!(heads[0].starts_with("get /v1/new/thing?q=a+b%26c&limit=2 http/1.1\r\n"));
    assert!(heads[0].contains("\r\nauthorization: bearer atza|test\r\n"));
    assert!(heads[0].contains("\r\nx-api-key: amzn1.application.test\r\n"));
}

#[test]
fn an_error_is_printed_as_served_and_has_the_exit_code_of_any_request() {
    let body = r#"{"error":{"status":"403","code":"NEW","message":"No."},"more":1}"#;
    let (output, _) = raw(vec![("403 Forbidden", body)], &["--include"]);
    assert_eq!(output.status.code(), Some(3));
    assert_snapshot!(text(&output.stdout), @r#"
    HTTP 403 Forbidden
    connection: close
    content-length: 64

    {"error":{"status":"403","code":"NEW","message":"No."},"more":1}
    "#);
    assert_snapshot!(text(&output.stderr), @"error: 403 NEW: No.");
}

#[test]
fn a_redirect_is_not_followed() {
    let (output, heads) = raw(vec![("302 Found", "")], &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(heads.len(), 1);
}

#[test]
fn all_pages_of_a_list_are_printed() {
    let arguments = [
        "--sandbox",
        "raw",
        "/browse/tracks/top",
        "--paginate",
        "--query",
        "limit=20",
    ];
    let pages = printed(&arguments);
    let pages = serde_json::Deserializer::from_str(&pages).into_iter::<Value>();
    let counts: Vec<usize> = pages
        .map(|page| {
            page.unwrap()["data"]["topTracks"]["edges"]
                .as_array()
                .unwrap()
                .len()
        })
        .collect();
    assert_eq!(counts, [20; 5]);
    let one = printed(&["--sandbox", "raw", "browse/tracks/top?limit=3"]);
    assert!(one.contains("\"edgeCount\":3"), "{one}");
    let mistakes = [
        failed(&["--sandbox", "raw", "/browse/categories/a", "--paginate"]),
        failed(&["--sandbox", "raw", "/browse/nothing", "--paginate"]),
        failed(&[
            "--sandbox",
            "raw",
            "/browse/categories?limit=0",
            "--paginate",
        ]),
        failed(&[
            "--sandbox",
            "raw",
            "/browse/categories",
            "--paginate",
            "--query",
            "new=1",
        ]),
    ];
    assert_snapshot!(mistakes.join("\n"), @r#"
    2: error: --paginate needs the path of a list of the spec
    2: error: --paginate needs the path of a list of the spec
    2: error: LIMIT must be 1 to 100 (given: "0")
    2: error: getCategories: `new` is no parameter, or was given twice
    "#);
    assert_eq!(run(&["raw", "/x", "--query", "x"]).status.code(), Some(2));
}
