//! Ids and headers as a raw server receives them.

use amazon_music::{Builder, ErrorKind};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};

use crate::common::builder_at;

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
