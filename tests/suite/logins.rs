//! Logins at the sandbox, one module per flow.

mod authorization;
mod device;
mod loopback;

use amazon_music::auth::LoginWithAmazon;
use amazon_music_sandbox::Running;
use reqwest::{Client, Url, header::LOCATION};

use crate::common::login_at;

/// Posts a form, as a browser does.
async fn post(http: &Client, url: &str, fields: &[(&str, &str)]) -> reqwest::Response {
    let mut body = Url::parse("http://localhost").unwrap();
    body.query_pairs_mut().extend_pairs(fields);
    let request = http
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.query().unwrap_or_default().to_owned());
    request.send().await.unwrap()
}

/// Opens the page and decides, as a browser does. Returns the query of the redirect.
pub async fn allow(http: &Client, url: &str, decision: &str) -> String {
    let back = decide(http, url, decision).await;
    back.query().unwrap_or_default().to_owned()
}

async fn decide(http: &Client, url: &str, decision: &str) -> Url {
    let page = http.get(url).send().await.unwrap();
    assert_eq!(page.status(), 200, "{}", page.text().await.unwrap());
    let asked = Url::parse(url).unwrap();
    let mut fields: Vec<_> = asked.query_pairs().into_owned().collect();
    fields.push(("user".to_owned(), "anna".to_owned()));
    fields.push(("decision".to_owned(), decision.to_owned()));
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let action = url.split('?').next().unwrap();
    let response = post(http, action, &fields).await;
    assert_eq!(response.status(), 303);
    let location = response.headers()[LOCATION].to_str().unwrap();
    Url::parse(location).unwrap()
}

async fn sandbox() -> (Running, LoginWithAmazon, Client) {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let client = login_at(&sandbox);
    let http = client.http_client().unwrap();
    (sandbox, client, http)
}
