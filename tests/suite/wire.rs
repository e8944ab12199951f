//! The request of each operation, as sent.

use std::{
    fmt::Write as _,
    panic::{AssertUnwindSafe, catch_unwind},
};

use amazon_music::{AmazonMusic, OperationInfo, Shape, operations::ALL};
use insta::assert_snapshot;
use wiremock::{MockServer, Request};

use crate::{
    common::{always, json},
    operations::{all_values, required, send},
};

async fn server() -> MockServer {
    always(json("{}")).await
}

fn client(server: &MockServer) -> amazon_music::Builder {
    AmazonMusic::builder()
        .base_url(format!("{}/v1/", server.uri()))
        .security_profile_id("amzn1.application.test")
        .token("Atza|test")
}

/// The last request, with the address of the server left out.
async fn last(server: &MockServer) -> String {
    let requests = server.received_requests().await.unwrap();
    let request = requests.last().unwrap();
    describe(request)
}

fn describe(request: &Request) -> String {
    let mut text = format!("{} {}", request.method, request.url.path());
    if let Some(query) = request.url.query() {
        write!(text, "?{query}").unwrap();
    }
    text.push('\n');
    let mut headers: Vec<_> = request
        .headers
        .iter()
        // The first differs by run, the second by the features of the build.
        .filter(|(name, _)| *name != "host" && *name != "accept-encoding")
        .map(|(name, value)| format!("  {name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    text + &headers.join("\n") + "\n"
}

/// The requests of an operation: with all parameters, and with those that it needs.
async fn requests(server: &MockServer, music: &AmazonMusic, info: &OperationInfo) -> String {
    let mut all = all_values(info);
    if info.shape == Shape::List {
        all.extend([("limit", "7"), ("cursor", "3:x|y z/%")]);
    }
    let needed = required(info);
    let mut text = info.id.to_owned() + "\n";
    if all != needed {
        // The empty response is an error, which does not matter here.
        send(music, info, &all).await.unwrap_err();
        text += &last(server).await;
    }
    send(music, info, &needed).await.unwrap_err();
    text += &last(server).await;
    text.replace(env!("CARGO_PKG_VERSION"), "[version]")
}

#[tokio::test]
async fn every_operation_is_sent_as_its_snapshot_has_it() {
    let server = server().await;
    let music = client(&server)
        .locale("de-DE")
        .user_agent_suffix("suite/1")
        .build()
        .unwrap();
    let mut differing = Vec::new();
    for info in ALL {
        let sent = requests(&server, &music, info).await;
        // Each is compared, also if one before differs.
        let compare = || assert_snapshot!(info.name, sent);
        if catch_unwind(AssertUnwindSafe(compare)).is_err() {
            differing.push(info.id);
        }
    }
    assert!(differing.is_empty(), "sent otherwise: {differing:?}");
}

#[tokio::test]
async fn a_call_may_request_another_language_than_its_client() {
    let server = server().await;
    let music = client(&server).locale("de-DE").build().unwrap();
    music
        .call(|client| async move {
            client
                .get_top_tracks()
                .accept_language("fr-FR")
                .send()
                .await
        })
        .await
        .unwrap();
    assert!(last(&server).await.contains("  accept-language: fr-FR\n"));
}

#[tokio::test]
async fn a_call_may_ask_for_images_of_a_size_and_name_its_device() {
    let server = server().await;
    let music = client(&server).build().unwrap();
    music
        .call(|client| async move {
            client
                .get_top_playlists()
                .amzn_image_style("SL160")
                .x_amzn_device_id("device-1")
                .send()
                .await
        })
        .await
        .unwrap();
    let sent = last(&server).await;
    assert!(sent.contains("  amzn-image-style: SL160\n"), "{sent}");
    assert!(sent.contains("  x-amzn-device-id: device-1\n"), "{sent}");
}

#[tokio::test]
async fn a_rewritten_path_changes_the_category_calls_only() {
    let server = server().await;
    let music = client(&server)
        .rewrite_path("/browse/categories", "/browse/browse/categories")
        .build()
        .unwrap();
    music
        .category_albums("2iB4IU25")
        .send()
        .await
        .err()
        .unwrap();
    assert!(
        last(&server)
            .await
            .starts_with("GET /v1/browse/browse/categories/2iB4IU25/albums?limit=100\n")
    );
    music.categories().send().await.err().unwrap();
    assert!(
        last(&server)
            .await
            .starts_with("GET /v1/browse/browse/categories?limit=100\n")
    );
    music.top_tracks().send().await.err().unwrap();
    assert!(
        last(&server)
            .await
            .starts_with("GET /v1/browse/tracks/top?limit=20\n")
    );
}

#[tokio::test]
async fn invalid_parameters_are_not_sent() {
    let server = server().await;
    let music = client(&server).build().unwrap();
    let refused = [
        music.top_tracks().limit(0).send().await.err(),
        music.top_tracks().limit(21).send().await.err(),
        music.categories().limit(101).send().await.err(),
        music.top_tracks().cursor("").send().await.err(),
        music.category_tracks("../tracks").send().await.err(),
        music.category_tracks("").send().await.err(),
        music.category("a/b").send().await.err(),
        music.category("..").send().await.err(),
    ];
    let messages: Vec<String> = refused
        .into_iter()
        .map(|error| {
            let error = error.unwrap();
            assert_eq!(error.kind(), amazon_music::ErrorKind::Request);
            error.to_string()
        })
        .collect();
    assert_snapshot!(messages.join("\n"), @r"
    get_top_tracks: limit must be 1 to 20, not 0
    get_top_tracks: limit must be 1 to 20, not 21
    get_categories: limit must be 1 to 100, not 101
    get_top_tracks: cursor must not be empty: leave it out for the first page
    get_category_tracks: id must not be empty, `.` or `..`, or hold a slash, a backslash or a control character
    get_category_tracks: id must not be empty, `.` or `..`, or hold a slash, a backslash or a control character
    get_category: id must not be empty, `.` or `..`, or hold a slash, a backslash or a control character
    get_category: id must not be empty, `.` or `..`, or hold a slash, a backslash or a control character
    ");
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[test]
fn invalid_settings_are_rejected() {
    let complete = || {
        AmazonMusic::builder()
            .security_profile_id("amzn1.application.test")
            .token("Atza|test")
    };
    let refused = [
        AmazonMusic::builder().token("t").build(),
        AmazonMusic::builder().security_profile_id("p").build(),
        complete().token("").build(),
        complete().security_profile_id("a\nb").build(),
        complete().base_url("music").build(),
        complete()
            .base_url("http://api.music.amazon.dev/v1")
            .build(),
        complete().base_url("http://localhost.example.com").build(),
        complete().base_url("https://user:pw@localhost").build(),
        complete().base_url("https://localhost/v1?x=1").build(),
        complete().base_url("ftp://localhost").build(),
        complete().locale("de\r\nx: y").build(),
        complete().user_agent_suffix("ü").build(),
        complete().rewrite_path("browse", "/x").build(),
    ];
    let messages: Vec<String> = refused
        .into_iter()
        .map(|outcome| outcome.err().unwrap().to_string())
        .collect();
    assert_snapshot!(messages.join("\n"), @r#"
    no security profile id: call `security_profile_id` with the id of a profile that Amazon Music has enabled
    no token: call `token` with the user's access token, or `tokens` with a provider
    the token must not be empty
    the security profile id must be printable ASCII without spaces around it
    the base URL is not a URL
    the base URL is plain http, which would show the token to the network: use https (http is for loopback addresses only)
    the base URL is plain http, which would show the token to the network: use https (http is for loopback addresses only)
    the base URL must not hold credentials
    the base URL must be scheme, host and path only
    the base URL must begin with https
    the locale must be a language tag such as `en-US`, or a list of them, not "de\r\nx: y"
    the user agent suffix must be printable ASCII, not "ü"
    the rewritten path must be a path that begins with `/` and ends without one
    "#);
    for url in [
        "http://localhost:1",
        "http://127.9.9.9/v1",
        "http://[::1]:80",
    ] {
        complete().base_url(url).build().unwrap();
    }
}
