//! Ids and headers as a raw server receives them.

use amazon_music::{Builder, CallOptions, ErrorKind, types::ImageStyle};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};
use wiremock::ResponseTemplate;

use crate::common::{always, builder_at};

/// A server that responds 404 to every request. Returns its URL, and the head of each request to the byte.
async fn raw_server() -> (String, UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let (sent, received) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(socket.read_u8().await.unwrap());
            }
            let _ = sent.send(String::from_utf8(head).unwrap());
            let response =
                b"HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
            let _ = socket.write_all(response).await;
        }
    });
    (url, received)
}

/// The head of the one request of a call.
async fn head(change: impl FnOnce(Builder) -> Builder) -> String {
    let (url, mut received) = raw_server().await;
    let music = change(builder_at(url)).build().unwrap();
    music.category("2iB4IU25").send().await.unwrap_err();
    received.recv().await.unwrap().to_lowercase()
}

#[tokio::test]
async fn an_id_is_percent_encoded_and_changes_nothing_else() {
    let (url, mut received) = raw_server().await;
    let rewritten =
        builder_at(&*url).rewrite_path("/browse/categories", "/browse/browse/categories");
    for (music, prefix) in [
        (builder_at(&*url), "/v1/browse/categories"),
        (rewritten, "/v1/browse/browse/categories"),
    ] {
        let music = music.build().unwrap();
        for (id, encoded) in [
            ("2iB4IU25", "2iB4IU25"),
            ("amzn1.genre:rock", "amzn1.genre%3Arock"),
            ("a b", "a%20b"),
            ("a?limit=1&x=2#y", "a%3Flimit%3D1%26x%3D2%23y"),
            ("100%", "100%25"),
            ("%2e%2E", "%252e%252E"),
            ("a%2Fb", "a%252Fb"),
            ("a;v=1", "a%3Bv%3D1"),
            ("[a]|{b}^`'\"<>", "%5Ba%5D%7C%7Bb%7D%5E%60%27%22%3C%3E"),
            ("...", "..."),
            ("..a", "..a"),
            ("a..", "a.."),
            (".-_~", ".-_~"),
            ("Müsik", "M%C3%BCsik"),
            ("音楽", "%E9%9F%B3%E6%A5%BD"),
        ] {
            let line = format!("GET {prefix}/{encoded} HTTP/1.1\r\n");
            music.category(id).send().await.unwrap_err();
            let head = received.recv().await.unwrap();
            assert!(head.starts_with(&line), "{id}: {head}");
            let line = format!("GET {prefix}/{encoded}/tracks?limit=100 HTTP/1.1\r\n");
            music.category_tracks(id).send().await.unwrap_err();
            let head = received.recv().await.unwrap();
            assert!(head.starts_with(&line), "{id}: {head}");
        }
    }
    let long = "x".repeat(1000);
    let music = builder_at(&*url).build().unwrap();
    music.category(&*long).send().await.unwrap_err();
    assert!(received.recv().await.unwrap().contains(&long));
}

#[tokio::test]
async fn an_id_that_can_change_the_path_is_not_sent() {
    let (url, mut received) = raw_server().await;
    let music = builder_at(url).build().unwrap();
    for id in [
        "",
        ".",
        "..",
        "/",
        "a/b",
        "../tracks",
        "a\\b",
        "a\r\nx-y: z",
        "a\n",
        "\0",
        "a\u{7f}",
        "a\u{85}",
    ] {
        let error = music.category(id).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{id:?}");
        let error = music.category_albums(id).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{id:?}");
    }
    assert!(received.try_recv().is_err());
}

#[tokio::test]
async fn the_documented_headers_are_sent_as_the_documentation_prints_them() {
    for locale in ["de-de", "es_mx", "en-US", "fr-CA, fr;q=0.8"] {
        let head = head(|music| music.locale(locale)).await;
        let line = format!("\r\naccept-language: {}\r\n", locale.to_lowercase());
        assert!(head.contains(&line), "{head}");
    }
    for style in ImageStyle::KNOWN.iter().chain(&["SL1000"]) {
        let head = head(|music| music.image_style(*style)).await;
        let line = format!("\r\namzn-image-style: {}\r\n", style.to_lowercase());
        assert!(head.contains(&line), "{head}");
    }
    let head = head(|music| music.header("X-Amzn-Device-Id", "b5d3")).await;
    assert!(head.contains("\r\nx-amzn-device-id: b5d3\r\n"), "{head}");
    for style in ["", "SL 160", "SL\r\n160", "é"] {
        let error = builder_at("http://localhost").image_style(style).build();
        let text = format!("the image style must be one such as `SL160`, not {style:?}");
        assert_eq!(error.unwrap_err().to_string(), text);
    }
}

#[tokio::test]
async fn a_default_header_replaces_that_of_the_client_and_is_replaced_by_that_of_a_call() {
    let head = head(|music| {
        let music = music
            .header("accept", "text/x")
            .header("user-agent", "me/1");
        let music = music.locale("de-DE").header("Accept-Language", "fr-FR");
        music.header("x-twice", "1").header("X-Twice", "2")
    })
    .await;
    for name in [
        "accept",
        "user-agent",
        "accept-language",
        "x-twice",
        "x-api-key",
    ] {
        let count = head.matches(&format!("\r\n{name}: ")).count();
        assert_eq!(count, 1, "{head}");
    }
    for line in [
        "accept: text/x",
        "user-agent: me/1",
        "accept-language: fr-fr",
        "x-twice: 2",
    ] {
        assert!(head.contains(&format!("\r\n{line}\r\n")), "{line}: {head}");
    }

    let (url, mut received) = raw_server().await;
    let music = builder_at(url)
        .header("x-default", "1")
        .header("x-other", "1");
    let options = CallOptions::new().header("X-Default", "2").unwrap();
    let music = music.build().unwrap().with_options(options);
    music.category("a").send().await.unwrap_err();
    let head = received.recv().await.unwrap();
    assert!(
        head.contains("\r\nx-default: 2\r\n") && !head.contains("x-default: 1"),
        "{head}"
    );
    assert!(head.contains("\r\nx-other: 1\r\n"), "{head}");
}

#[test]
fn a_header_that_the_client_sets_itself_is_refused_without_its_value() {
    for name in [
        "Authorization",
        "x-api-key",
        "X-API-Key",
        "Host",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Keep-Alive",
        "Proxy-Connection",
        "Proxy-Authorization",
        "TE",
        "Trailer",
        "Upgrade",
        "Expect",
        "",
        "two words",
        "x:y",
        "x\r\ny",
    ] {
        let error = builder_at("http://localhost")
            .header(name, "canary")
            .build();
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Setup, "{name}");
        assert!(!format!("{error:?} {error}").contains("canary"), "{error}");
        let error = CallOptions::new().header(name, "canary").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{name}");
    }
    for value in ["canary\r\nx: y", "canary\0", "canaryé"] {
        let error = builder_at("http://localhost").header("x-ok", value).build();
        let error = error.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the value of the header `x-ok` must be printable ASCII"
        );
    }
}

#[tokio::test]
async fn the_value_of_a_default_header_is_a_secret() {
    const SECRET: &str = "s3cr3t-of-a-gateway-in-between";
    let body = format!("<h1>x-gateway: {SECRET}</h1>");
    let server = always(ResponseTemplate::new(502).set_body_raw(body, "text/html")).await;
    let builder = builder_at(server.uri()).header("x-gateway", SECRET);
    assert!(!format!("{builder:?}").contains(SECRET));
    let music = builder.build().unwrap();
    assert!(!format!("{music:?}").contains(SECRET));
    let error = music.top_tracks().send().await.unwrap_err();
    assert!(error.body().unwrap().contains("[redacted]"), "{error:?}");
    assert!(!format!("{error:?} {error} {:?}", error.body()).contains(SECRET));
}
