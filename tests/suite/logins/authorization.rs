//! The authorization code flow.

use std::time::Duration;

use amazon_music::auth::{LoginWithAmazon, TokenContext};
use insta::assert_snapshot;

use super::{allow, sandbox};

#[tokio::test]
async fn a_code_is_exchanged_for_tokens_that_the_api_accepts_and_that_can_be_refreshed() {
    let (sandbox, client, http) = sandbox().await;
    let context = TokenContext::new(&http);
    let login = client
        .authorize("https://example.com/callback?a=b")
        .unwrap();
    let query = allow(&http, login.url(), "allow").await;
    assert!(query.starts_with("a=b&code="));
    let tokens = login.finish(&query, context).await.unwrap();
    let life = tokens.expires_at.unwrap().duration_since(tokens.issued_at);
    assert_eq!(life.unwrap(), Duration::from_secs(3600));
    assert_eq!(tokens.scope, "music::catalog");

    let music = amazon_music::AmazonMusic::builder()
        .base_url(sandbox.base_url())
        .security_profile_id(sandbox.security_profile_id())
        .token(tokens.access_token)
        .build()
        .unwrap();
    music.top_tracks().send().await.unwrap();
    let refreshing = music.for_user(client.refresh_token(tokens.refresh_token.unwrap()));
    refreshing.top_tracks().send().await.unwrap();

    let error = login.finish(&query, context).await.unwrap_err();
    assert_snapshot!(error, @"invalid_grant: The request has an invalid grant parameter : code (request sandbox-request)");
}

#[tokio::test]
async fn a_code_is_useless_to_a_client_that_did_not_begin_the_login() {
    let (_sandbox, client, http) = sandbox().await;
    let context = TokenContext::new(&http);
    let (victim, thief) = (
        "https://example.com/callback",
        "https://example.com/callback",
    );
    let (victim, thief) = (
        client.authorize(victim).unwrap(),
        client.authorize(thief).unwrap(),
    );
    let stolen = allow(&http, victim.url(), "allow").await;
    let error = thief.finish(&stolen, context).await.unwrap_err();
    assert_snapshot!(error, @"this is not the response to this login (another `state`): begin again");
    // With the right state the verifier is still wrong.
    let state = |login: &amazon_music::auth::Authorization| login.state().expose().to_owned();
    let forged = stolen.replace(&state(&victim), &state(&thief));
    let error = thief.finish(&forged, context).await.unwrap_err();
    assert_eq!(
        (error.code(), error.is_terminal()),
        (Some("invalid_grant"), true)
    );
}

#[tokio::test]
async fn a_client_without_a_secret_gets_no_refresh_token_and_one_with_a_wrong_secret_nothing() {
    let (sandbox, _, http) = sandbox().await;
    let context = TokenContext::new(&http);
    let bare = LoginWithAmazon::new(sandbox.client_id())
        .authorize_url(sandbox.authorize_url())
        .token_url(sandbox.token_url());
    let login = bare.authorize("https://example.com/").unwrap();
    let query = allow(&http, login.url(), "allow").await;
    let tokens = login.finish(&query, context).await.unwrap();
    assert!(tokens.refresh_token.is_none());

    let login = bare
        .client_secret("wrong")
        .authorize("https://example.com/")
        .unwrap();
    let query = allow(&http, login.url(), "allow").await;
    let error = login.finish(&query, context).await.unwrap_err();
    assert_snapshot!(error, @"invalid_client: Client authentication failed (request sandbox-request)");
    assert!(error.is_terminal());
}

#[tokio::test]
async fn unregistered_clients_scopes_and_redirect_uris_are_rejected_on_a_page() {
    let (_sandbox, client, http) = sandbox().await;
    let page = async |client: &LoginWithAmazon, redirect_uri: &str| {
        let login = client.authorize(redirect_uri).unwrap();
        let response = http.get(login.url()).send().await.unwrap();
        let text = response.text().await.unwrap();
        let begin = text.find("</h1><p>").unwrap() + "</h1><p>".len();
        text[begin..].split("</p>").next().unwrap().to_owned()
    };
    let good = "http://127.0.0.1:9090/callback";
    let pages = [
        page(&client, "http://example.com/callback").await,
        page(&client, "http://127.0.0.1.example.com/").await,
        page(&client.clone().scope("music::everything"), good).await,
        page(
            &LoginWithAmazon::new("other").authorize_url(client_url(&client)),
            good,
        )
        .await,
    ];
    assert_snapshot!(pages.join("\n"), @"
    The redirect URI you provided has not been whitelisted for your application.
    The redirect URI you provided has not been whitelisted for your application.
    An unknown scope was requested (lwa-invalid-parameter-bad-scope).
    An unknown client was given (lwa-invalid-parameter-bad-client-id).
    ");
}

fn client_url(client: &LoginWithAmazon) -> String {
    let login = client.authorize("https://example.com/").unwrap();
    login.url().split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_user_who_refuses_is_a_terminal_error() {
    let (_sandbox, client, http) = sandbox().await;
    let login = client.authorize("https://example.com/").unwrap();
    let query = allow(&http, login.url(), "deny").await;
    let error = login
        .finish(&query, TokenContext::new(&http))
        .await
        .unwrap_err();
    assert_snapshot!(error, @"access_denied: The user refused.");
    assert!(error.is_terminal());
}
