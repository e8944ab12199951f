//! TLS by ring: what `configure_http` sets works as with any other provider.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../suite/tls_server.rs"]
mod tls_server;

use amazon_music::{
    AmazonMusic, Error, ErrorKind,
    reqwest::{Certificate, ClientBuilder, Identity},
};

use tls_server::TlsServer;

async fn first_id(
    server: &TlsServer,
    configure: impl FnOnce(ClientBuilder) -> ClientBuilder + Send + 'static,
) -> Result<String, Error> {
    amazon_music::use_ring();
    let music = AmazonMusic::builder()
        .base_url(&server.url)
        .security_profile_id("profile")
        .token("Atza|token")
        .configure_http(configure)
        .build()?;
    let page = music.top_tracks().send().await?;
    Ok(page.items[0].id.clone())
}

fn root(server: &TlsServer) -> Certificate {
    Certificate::from_pem(server.authority.as_bytes()).unwrap()
}

#[tokio::test]
async fn a_private_authority_is_trusted_if_its_root_is_added_and_only_then() {
    let server = TlsServer::start().await;
    let root = root(&server);
    let id = first_id(&server, |http| http.add_root_certificate(root)).await;
    assert_eq!(id.unwrap(), "a");
    let error = first_id(&server, |http| http).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.is_transient()),
        (ErrorKind::Connect, false)
    );
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_client_certificate_is_sent_if_it_is_set() {
    let server = TlsServer::start_for_known_clients().await;
    let (with, without) = (root(&server), root(&server));
    let identity = Identity::from_pem(server.client.as_bytes()).unwrap();
    let id = first_id(&server, |http| {
        http.add_root_certificate(with).identity(identity)
    })
    .await;
    assert_eq!(id.unwrap(), "a");
    first_id(&server, |http| http.add_root_certificate(without))
        .await
        .unwrap_err();
}
