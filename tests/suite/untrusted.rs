//! Certificates that are not trusted, as behind a company's proxy: told at once, with the remedy that works.

use amazon_music::{AmazonMusic, ErrorKind, auth::LoginWithAmazon};
use insta::assert_snapshot;

use crate::{common::builder_at, tls_server::TlsServer, token_helpers::token_error};

fn root_certificate(server: &TlsServer) -> reqwest::Certificate {
    reqwest::Certificate::from_pem(server.authority.as_bytes()).unwrap()
}

#[tokio::test]
async fn an_untrusted_certificate_is_told_at_once() {
    let server = TlsServer::start().await;
    let music = builder_at(&server.url)
        .retries(amazon_music::RetrySettings::new())
        .build()
        .unwrap();
    let error = music.top_tracks().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.is_transient());
    assert_eq!((error.attempts(), server.connections()), (1, 1));
    assert_snapshot!(error, @"get_top_tracks: the server's certificate is not trusted: check the base URL and the system's time, or add the root certificate with `configure_http`");
}

#[tokio::test]
async fn an_untrusted_certificate_of_the_token_endpoint_is_told_at_once_and_ends_no_login() {
    let server = TlsServer::start().await;
    let tokens = LoginWithAmazon::new("client")
        .token_url(format!("{}/token", server.url))
        .refresh_token("Atzr|canary");
    let music = AmazonMusic::builder()
        .base_url("http://127.0.0.1:1")
        .security_profile_id("profile")
        .tokens(tokens)
        .build()
        .unwrap();
    let error = music.top_tracks().send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.is_transient()),
        (ErrorKind::Token, false)
    );
    let cause = token_error(&error);
    assert!(!cause.is_terminal() && !cause.is_transient());
    assert_eq!(server.connections(), 1);
    assert_snapshot!(cause, @"the certificate of login with amazon is not trusted: check the system's time, or add the root certificate with `configure_http`");
}

#[tokio::test]
async fn the_root_certificate_of_a_company_serves_calls_and_refreshes() {
    let server = TlsServer::start().await;
    let root = root_certificate(&server);
    let tokens = LoginWithAmazon::new("client")
        .token_url(format!("{}/token", server.url))
        .refresh_token("Atzr|good");
    let music = AmazonMusic::builder()
        .base_url(&server.url)
        .security_profile_id("profile")
        .tokens(tokens)
        .configure_http(move |http| http.add_root_certificate(root))
        .build()
        .unwrap();
    assert_eq!(music.top_tracks().send().await.unwrap().items[0].id, "a");
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_client_certificate_is_sent_if_it_is_set() {
    let server = TlsServer::start_for_known_clients().await;
    let (with, without) = (root_certificate(&server), root_certificate(&server));
    let identity = reqwest::Identity::from_pem(server.client.as_bytes()).unwrap();
    let music = builder_at(&server.url)
        .configure_http(move |http| http.add_root_certificate(with).identity(identity))
        .build()
        .unwrap();
    assert_eq!(music.top_tracks().send().await.unwrap().items[0].id, "a");
    let music = builder_at(&server.url)
        .configure_http(move |http| http.add_root_certificate(without))
        .build()
        .unwrap();
    music.top_tracks().send().await.unwrap_err();
}
