//! `verify` against services that refuse.

use insta::assert_snapshot;

use crate::{
    service::Reply,
    verify::{differences, documented},
};

#[test]
fn services_that_refuse_are_named_exactly() {
    let forbidden = |_: &str| Reply::error(403, "ACCESS_DENIED");
    assert_snapshot!(differences(forbidden).1, @"
    not-called | categories~1{id}/get | no list brought an id | 1 of 1
    not-called | categories~1{id}~1albums/get | no list brought an id | 1 of 1
    not-called | categories~1{id}~1playlists/get | no list brought an id | 1 of 1
    not-called | categories~1{id}~1tracks/get | no list brought an id | 1 of 1
    refused | categories/get | 403 ACCESS_DENIED | 1 of 1
    refused | categories/get | the other path: 403 ACCESS_DENIED | 1 of 1
    refused | playlists~1top/get | 403 ACCESS_DENIED | 1 of 1
    refused | podcasts~1episodes~1new/get | 403 ACCESS_DENIED | 1 of 1
    refused | tracks~1top/get | 403 ACCESS_DENIED | 1 of 1
    ");
    let html = |_: &str| Reply::page("<!doctype html><title>Welcome</title>");
    assert_snapshot!(differences(html).1, @"
    not-called | categories~1{id}/get | no list brought an id | 1 of 1
    not-called | categories~1{id}~1albums/get | no list brought an id | 1 of 1
    not-called | categories~1{id}~1playlists/get | no list brought an id | 1 of 1
    not-called | categories~1{id}~1tracks/get | no list brought an id | 1 of 1
    not-json | categories/get | 200 with a page in HTML | 1 of 1
    not-json | playlists~1top/get | 200 with a page in HTML | 1 of 1
    not-json | podcasts~1episodes~1new/get | 200 with a page in HTML | 1 of 1
    not-json | tracks~1top/get | 200 with a page in HTML | 1 of 1
    ");
    let gateway = |_: &str| Reply::new(502, "{\"message\": \"Bad Gateway\"}".to_owned());
    assert_snapshot!(differences(gateway).1, @"
    not-called | categories~1{id}/get | no list brought an id | 1 of 1
    not-called | categories~1{id}~1albums/get | no list brought an id | 1 of 1
    not-called | categories~1{id}~1playlists/get | no list brought an id | 1 of 1
    not-called | categories~1{id}~1tracks/get | no list brought an id | 1 of 1
    status | categories/get | 502 with JSON without `error` | 1 of 1
    status | playlists~1top/get | 502 with JSON without `error` | 1 of 1
    status | podcasts~1episodes~1new/get | 502 with JSON without `error` | 1 of 1
    status | tracks~1top/get | 502 with JSON without `error` | 1 of 1
    unknown-field | ErrorEnvelope | `message`, string | 4 of 4
    ");
    let missing_route = |_: &str| {
        Reply::new(
            403,
            "{\"message\": \"Missing Authentication Token\"}".to_owned(),
        )
    };
    assert_snapshot!(differences(missing_route).1, @"
    not-called | categories~1{id}/get | no list brought an id | 1 of 1
    not-called | categories~1{id}~1albums/get | no list brought an id | 1 of 1
    not-called | categories~1{id}~1playlists/get | no list brought an id | 1 of 1
    not-called | categories~1{id}~1tracks/get | no list brought an id | 1 of 1
    refused | categories/get | 403 | 1 of 1
    refused | categories/get | the other path: 403 | 1 of 1
    refused | playlists~1top/get | 403 | 1 of 1
    refused | podcasts~1episodes~1new/get | 403 | 1 of 1
    refused | tracks~1top/get | 403 | 1 of 1
    error-body | categories/get | 403 with JSON without `error` | 2 of 2
    error-body | playlists~1top/get | 403 with JSON without `error` | 1 of 1
    error-body | podcasts~1episodes~1new/get | 403 with JSON without `error` | 1 of 1
    error-body | tracks~1top/get | 403 with JSON without `error` | 1 of 1
    unknown-field | ErrorEnvelope | `message`, string | 5 of 5
    ");
}

#[test]
fn operations_that_are_not_called_are_told() {
    let with_slashes = |path: &str| {
        let mut reply = documented(path);
        if path.starts_with("browse/categories?") || path == "browse/categories" {
            reply.body = reply.body.replace("\"B", "\"a/B");
        }
        reply
    };
    let (code, lines) = differences(with_slashes);
    assert_eq!(code, 6);
    assert_snapshot!(lines, @"
    not-called | categories~1{id}/get | its id cannot stand in a path | 1 of 1
    not-called | categories~1{id}~1albums/get | its id cannot stand in a path | 1 of 1
    not-called | categories~1{id}~1playlists/get | its id cannot stand in a path | 1 of 1
    not-called | categories~1{id}~1tracks/get | its id cannot stand in a path | 1 of 1
    ");
}

#[test]
fn a_limit_is_a_finding_and_no_call_is_sent_more_than_three_times() {
    let limited = |path: &str| match path.starts_with("browse/playlists") {
        true => Reply::error(429, "THROTTLED").header("retry-after: 0"),
        false => documented(path),
    };
    assert_snapshot!(differences(limited).1, @"rate-limited | playlists~1top/get | 429 at the rate of this run | 3 of 3");
}

#[test]
fn a_refused_token_ends_the_run_with_a_report_of_what_came_before() {
    let (code, lines) = differences(|path| match path.starts_with("browse/podcasts") {
        true => Reply::error(401, "INVALID_ACCESS_TOKEN"),
        false => documented(path),
    });
    assert_eq!(code, 3);
    assert_snapshot!(lines, @"refused | podcasts~1episodes~1new/get | 401 INVALID_ACCESS_TOKEN | 1 of 1");
}
