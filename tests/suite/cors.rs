//! Requests of browsers from other origins, as a browser sends them. No browser takes part.

use amazon_music_sandbox::{Fault, Faults, Running, Sandbox};
use reqwest::{Method, Response};

const APP: &str = "http://localhost:5173";
const OTHER: &str = "https://other.example";

async fn start(origins: &[&str]) -> Running {
    let sandbox = Sandbox::new();
    let sandbox = origins
        .iter()
        .try_fold(sandbox, |sandbox, origin| sandbox.cors(origin))
        .unwrap();
    sandbox.start().await.unwrap()
}

async fn send(sandbox: &Running, method: Method, origin: &str) -> Response {
    let url = format!("{}/browse/tracks/top", sandbox.base_url());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.request(method.clone(), url).header("origin", origin);
    let request = if method == Method::OPTIONS {
        request
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "authorization,x-api-key")
    } else {
        request
            .header("x-api-key", sandbox.security_profile_id())
            .bearer_auth(sandbox.token())
    };
    request.send().await.unwrap()
}

/// A header of the response, `-` if it is absent.
fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    let value = response.headers().get(name);
    value.map_or("-", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn it_is_off_by_default() {
    let sandbox = start(&[]).await;
    assert_eq!(send(&sandbox, Method::OPTIONS, APP).await.status(), 405);
    let response = send(&sandbox, Method::GET, APP).await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "access-control-allow-origin"), "-");
}

#[tokio::test]
async fn a_preflight_allows_the_named_origins_and_the_documented_headers() {
    let sandbox = start(&[APP, "http://127.0.0.1:8080"]).await;
    let response = send(&sandbox, Method::OPTIONS, APP).await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "access-control-allow-origin"), APP);
    let headers = header(&response, "access-control-allow-headers");
    assert_eq!(headers, "authorization,x-api-key");
    assert!(header(&response, "access-control-allow-methods").contains("GET"));
    assert!(
        header(&response, "vary").contains("origin"),
        "caches keep origins apart"
    );

    let response = send(&sandbox, Method::OPTIONS, OTHER).await;
    assert_eq!(header(&response, "access-control-allow-origin"), "-");
    let response = send(&sandbox, Method::GET, OTHER).await;
    assert_eq!(header(&response, "access-control-allow-origin"), "-");
}

#[tokio::test]
async fn preflights_meet_no_fault_and_failed_responses_can_be_read() {
    let sandbox = start(&[APP]).await;
    sandbox.set_faults(Faults::in_order([Some(Fault::throttled("7"))]));
    assert_eq!(send(&sandbox, Method::OPTIONS, APP).await.status(), 200);
    assert_eq!(sandbox.requests(), 0);
    let response = send(&sandbox, Method::GET, APP).await;
    assert_eq!(response.status(), 429);
    assert_eq!(header(&response, "access-control-allow-origin"), APP);
    let exposed = header(&response, "access-control-expose-headers");
    assert_eq!(exposed, "date,retry-after");
    assert_eq!(header(&response, "retry-after"), "7");
}

#[tokio::test]
async fn credentials_are_never_allowed() {
    for origins in [&["*"] as &[&str], &[APP], &[APP, "*"]] {
        let sandbox = start(origins).await;
        for method in [Method::OPTIONS, Method::GET] {
            let response = send(&sandbox, method, APP).await;
            assert_eq!(header(&response, "access-control-allow-credentials"), "-");
            let wanted = if origins.contains(&"*") { "*" } else { APP };
            assert_eq!(header(&response, "access-control-allow-origin"), wanted);
        }
    }
}

#[tokio::test]
async fn the_token_endpoint_and_the_spec_can_be_read_too() {
    let sandbox = start(&[APP]).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let spec = format!("http://{}/openapi.json", sandbox.address());
    for request in [http.post(sandbox.token_url()), http.get(spec)] {
        let response = request.header("origin", APP).send().await.unwrap();
        assert_eq!(header(&response, "access-control-allow-origin"), APP);
    }
}
