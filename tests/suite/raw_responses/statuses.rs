//! Errors keep the status of their response, whatever its body is.

use amazon_music::{ErrorKind, types::ErrorCode};
use insta::assert_snapshot;
use wiremock::ResponseTemplate;

use super::{error_of, html};
use crate::common::{always, builder_at, client_of, json, tracks};

#[tokio::test]
async fn a_gateway_page_keeps_its_status() {
    let error = error_of(html(502, "<html>\n<h1>Bad Gateway</h1></html>")).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(502)));
    assert_eq!(error.body(), Some("<html> <h1>Bad Gateway</h1></html>"));
    assert_snapshot!(error, @"get_top_tracks: 502: Bad Gateway (undocumented body: <html> <h1>Bad Gateway</h1></html>)");
}

#[tokio::test]
async fn a_gateway_page_under_a_documented_status_keeps_it_too() {
    let error = error_of(html(500, "<html>oops</html>")).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(500)));
    assert_snapshot!(error, @"get_top_tracks: 500: Internal Server Error (undocumented body: <html>oops</html>)");
}

#[tokio::test]
async fn an_empty_403_keeps_its_status() {
    let error = error_of(ResponseTemplate::new(403)).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(403)));
    assert_snapshot!(error, @"get_top_tracks: 403: Forbidden (no body)");
}

#[tokio::test]
async fn the_body_of_a_gateway_is_kept() {
    let response =
        ResponseTemplate::new(403).set_body_raw(r#"{"message":"Forbidden"}"#, "application/json");
    let error = error_of(response).await;
    assert_eq!(error.body(), Some(r#"{"message":"Forbidden"}"#));
}

#[tokio::test]
async fn a_documented_error_gives_code_message_and_reference() {
    let body = r#"{"error":{"status":"403","code":"AUTH_NO_MUSIC_ACCOUNT_FOUND","message":"No account.","reference":"ebd91b"}}"#;
    let error = error_of(ResponseTemplate::new(403).set_body_raw(body, "application/json")).await;
    assert_eq!(error.api_code(), Some(&ErrorCode::AuthNoMusicAccountFound));
    assert_eq!(error.reference(), Some("ebd91b"));
    assert_snapshot!(error, @"get_top_tracks: 403 AUTH_NO_MUSIC_ACCOUNT_FOUND: No account. (reference ebd91b)");
}

#[tokio::test]
async fn the_url_and_the_payload_of_an_error_are_kept() {
    let long = "x".repeat(3000);
    let body = format!(
        r#"{{"error":{{"status":"403","code":"C","message":"m","url":" https://music.amazon.com/{long}\n",
            "payload":{{"internalCode":"I","retry":{{"after":25.0}}}}}}}}"#
    );
    // As an error response, and as one under a 200.
    for status in [200, 403, 418] {
        let response = ResponseTemplate::new(status).set_body_raw(body.clone(), "application/json");
        let error = error_of(response).await;
        assert_eq!(
            error.url(),
            Some(&*format!("https://music.amazon.com/{long}"))
        );
        let payload = error.payload().unwrap();
        assert_eq!(payload.internal_code.as_deref(), Some("I"));
        assert_eq!(payload.extra.get_raw("retry"), Some(r#"{"after":25.0}"#));
    }
    let body = format!(
        r#"{{"error":{{"message":"m","url":"","payload":{{"internalCode":"I","long":["{0}","{0}","{0}",
            "{0}","{0}","{0}"]}}}}}}"#,
        long
    );
    let error = error_of(ResponseTemplate::new(400).set_body_raw(body, "application/json")).await;
    assert_eq!(error.url(), None);
    let payload = error.payload().unwrap();
    assert_eq!(payload.internal_code.as_deref(), Some("I"));
    assert!(payload.extra.is_empty());
}

#[tokio::test]
async fn an_error_keeps_its_code_whatever_its_text_is() {
    for body in [
        &b"\xef\xbb\xbf{\"error\":{\"code\":\"ACCESS_DENIED\",\"message\":\"No.\"}}"[..],
        br#"{"error":{"code":"ACCESS_DENIED","message":"No. \ud83d"}}"#,
        b"{\"error\":{\"code\":\"ACCESS_DENIED\",\"message\":\"No. \xff\"}}",
    ] {
        for status in [200, 403, 418, 502] {
            let response = ResponseTemplate::new(status).set_body_raw(body, "application/json");
            let error = error_of(response).await;
            assert_eq!(error.api_code(), Some(&ErrorCode::AccessDenied), "{error}");
            assert!(error.message().starts_with("No."), "{error}");
        }
    }
}

#[tokio::test]
async fn a_category_that_is_not_found_has_a_hint_to_the_other_path() {
    const ENVELOPE: &str = r#"{"error":{"code":"RESOURCE_NOT_FOUND","message":"Not found."}}"#;
    const GATEWAY: &str = r#"{"message":"Missing Authentication Token"}"#;
    for (status, body, has_hint) in [
        (404, ENVELOPE, true),
        (404, GATEWAY, true),
        (404, "", true),
        (403, ENVELOPE, false),
        (403, GATEWAY, true),
        (403, "<html>", true),
        (400, GATEWAY, false),
        (500, ENVELOPE, false),
    ] {
        let response = ResponseTemplate::new(status).set_body_raw(body, "application/json");
        let server = always(response).await;
        let music = client_of(&server);
        let errors = [
            music.category("c").send().await.unwrap_err(),
            music.categories().send().await.unwrap_err(),
            music.category_tracks("c").send().await.unwrap_err(),
            music
                .call(|client| async move { client.get_category_albums().id("c").send().await })
                .await
                .unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.hint().is_some(), has_hint, "{status} {body} {error}");
            let shown = error.to_string();
            let shows = |text| shown.contains(text);
            assert_eq!(shows("`rewrite_path`"), has_hint, "{shown}");
            assert_eq!(shows("AMAZON_MUSIC_REWRITE_PATH="), has_hint, "{shown}");
        }
        let other = music.top_tracks().send().await.unwrap_err();
        assert_eq!(other.hint(), None, "{other}");
    }
    let error = error_of(ResponseTemplate::new(404)).await;
    assert_snapshot!(error, @"get_top_tracks: 404: Not Found (no body)");
}

#[tokio::test]
async fn a_429_is_a_kind_of_its_own() {
    let body = r#"{"error":{"status":429,"code":"THROTTLED","message":"Too Many Requests."}}"#;
    let error = error_of(ResponseTemplate::new(429).set_body_raw(body, "application/json")).await;
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_snapshot!(error, @"get_top_tracks: 429 THROTTLED: Too Many Requests.");
}

#[tokio::test]
async fn an_unknown_code_cannot_break_the_line() {
    let body = r#"{"error":{"code":"NEW\nCODE \u001b[31m"}}"#;
    let error = error_of(ResponseTemplate::new(400).set_body_raw(body, "application/json")).await;
    assert_snapshot!(error, @"get_top_tracks: 400 NEW CODE [31m: Bad Request");
}

#[tokio::test]
async fn a_long_gateway_page_keeps_its_status_and_its_beginning() {
    let error = error_of(html(502, &format!("<html>{}", "x".repeat(100_000)))).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(502)));
    assert!(error.body().unwrap().starts_with("<html>xxx"));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let target = always(json(&tracks(&["a"], "{}"))).await;
    let response = ResponseTemplate::new(302).insert_header("location", target.uri());
    let error = error_of(response).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(302)));
    assert_snapshot!(error, @"get_top_tracks: 302: Found (redirects to 127.0.0.1 are not followed: check the base URL)");
    assert!(target.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_refused_connection_is_a_connect_error() {
    let music = builder_at("http://127.0.0.1:1").build().unwrap();
    let error = music.top_tracks().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_snapshot!(error, @"get_top_tracks: could not connect: check the network, the proxy and the base URL");
}
