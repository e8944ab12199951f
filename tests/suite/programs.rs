//! The examples of `amazon-music`, run as a reader would run them.

use serde_json::Value;
use tokio::net::TcpListener;

/// The output of an example.
fn text(out: Vec<u8>) -> String {
    String::from_utf8(out).unwrap()
}

#[path = "../../crates/amazon-music/examples/quick_start.rs"]
#[allow(dead_code)]
mod quick_start;

#[tokio::test]
async fn the_quick_start_prints_a_page_and_counts_a_list() {
    let mut out = Vec::new();
    quick_start::run(&mut out).await.unwrap();
    insta::assert_snapshot!(text(out), @r"
    B0785GTW4T Beggin' [Explicit]
    B08ZCM5758 Heat Waves
    B0P9GYD4E1 Broken Nights
    2iB4IU25 is number 3
    120 categories
    ");
}

#[path = "../../crates/amazon-music/examples/export_ndjson.rs"]
#[allow(dead_code)]
mod export_ndjson;

#[tokio::test]
async fn the_export_writes_one_row_per_album_and_survives_a_malformed_one() {
    let (mut out, mut report) = (Vec::new(), Vec::new());
    export_ndjson::run(&mut out, &mut report).await.unwrap();
    let out = text(out);
    let rows: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for row in &rows {
        assert!(row["category"].is_string() && row["album"]["id"].is_string());
    }
    let report = text(report);
    let lines: Vec<_> = report.lines().collect();
    let [skipped, total] = lines[..] else {
        panic!("{report}");
    };
    assert!(
        skipped.starts_with("skipped: get_category_albums: data.category.albums.edges[1].node"),
        "{skipped}"
    );
    let rows = rows.len();
    assert_eq!(total, format!("{rows} albums of 120 categories, 1 skipped"));
}

#[path = "../../crates/amazon-music/examples/many_users_service.rs"]
#[allow(dead_code)]
mod many_users_service;

#[tokio::test]
async fn the_service_serves_each_user_and_reports_who_must_log_in_again() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let service = many_users_service::Service::new(&sandbox).unwrap();
    for user in ["anna", "ben"] {
        service.log_in(&sandbox, user).await.unwrap();
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server =
        tokio::spawn(
            async move { axum::serve(listener, many_users_service::router(service)).await },
        );
    let ask = async |user: &str| {
        let url = format!("http://{address}/users/{user}/top-tracks");
        let response = reqwest::get(url).await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };

    sandbox.revoke("ben");
    let (status, body) = ask("anna").await;
    assert_eq!(status, 200, "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["user"], "anna");
    assert_eq!(body["tracks"].as_array().unwrap().len(), 5);
    let (status, body) = ask("ben").await;
    assert_eq!(status, 401, "{body}");
    assert!(body.contains("invalid_grant"), "{body}");
    assert_eq!(ask("carl").await, (404, "no such user".to_owned()));
    server.abort();
}

#[path = "../../crates/amazon-music/examples/custom_token_store.rs"]
#[allow(dead_code)]
pub(crate) mod custom_token_store;

#[tokio::test]
async fn a_custom_store_keeps_refreshed_tokens() {
    let mut out = Vec::new();
    custom_token_store::run(&mut out).await.unwrap();
    insta::assert_snapshot!(text(out), @r"
    3 tracks
    refreshes: 1, stored: true
    ");
}

#[path = "../../crates/amazon-music/examples/resume.rs"]
#[allow(dead_code)]
mod resume;

#[tokio::test]
async fn two_parts_of_a_walk_are_the_whole_list() {
    let folder = tempfile::tempdir().unwrap();
    let mut out = Vec::new();
    let checkpoint = folder.path().join("checkpoint.json");
    resume::run(&mut out, &checkpoint).await.unwrap();
    insta::assert_snapshot!(text(out), @r"
    30 tracks, the last is B0TE4ZXOAQ
    316 more, the last is B050J4QQ3P
    ");
}

#[path = "../../crates/amazon-music/examples/http_settings.rs"]
#[allow(dead_code)]
mod http_settings;

#[tokio::test]
async fn a_custom_proxy_and_root_certificate_reach_the_http_client() {
    let mut out = Vec::new();
    http_settings::run(&mut out).await.unwrap();
    insta::assert_snapshot!(text(out), @r"
    B00J9PVXBM
    B0B2239T2L
    1 request through the proxy
    ");
}
