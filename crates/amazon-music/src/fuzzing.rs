//! The entry of the fuzz target in `tests/fuzz`, and the replay of its corpus. Not part of the interface.

use std::{
    future::Future,
    pin::pin,
    sync::OnceLock,
    task::{self, Poll, Waker},
    time::SystemTime,
};

use amazon_music_browse::{Client, RequestSettings, ResponseValue, Seen};
use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};
use serde_json::Value;

use crate::{
    decode::{
        self,
        connection::{Connection, Found},
        context::{Context, Strict},
        drift::Drift,
        lenient,
        secrets::Secrets,
    },
    error::{Error, ErrorKind, classify},
    generated::operations,
    operation::{EntityOperation, ListOperation},
    served::ServedAs,
};

/// Reads bytes as a response; the first one chooses the operation, or an error.
pub fn responses(bytes: &[u8]) {
    let Some((kind, body)) = bytes.split_first() else {
        return;
    };
    match kind % 9 {
        0 => list::<operations::TopTracks>(body),
        1 => list::<operations::TopPlaylists>(body),
        2 => list::<operations::NewPodcastEpisodes>(body),
        3 => list::<operations::Categories>(body),
        4 => entity::<operations::Category>(body),
        5 => list::<operations::CategoryAlbums>(body),
        6 => list::<operations::CategoryPlaylists>(body),
        7 => list::<operations::CategoryTracks>(body),
        _ => error(body),
    }
}

fn drift() -> &'static Drift {
    static DRIFT: OnceLock<Drift> = OnceLock::new();
    DRIFT.get_or_init(Drift::new)
}

fn seen(body: &[u8]) -> Seen {
    let mut seen = Seen::default();
    seen.body = Some(Bytes::copy_from_slice(body));
    seen
}

fn context(seen: &Seen) -> Context<'_> {
    Context {
        seen,
        drift: drift(),
        secrets: Secrets {
            token: "token",
            profile: "profile",
            headers: [&seen.headers; 2],
        },
    }
}

fn strict<T: serde::de::DeserializeOwned>(body: &[u8]) -> Option<T> {
    let text = std::str::from_utf8(body).ok()?;
    serde_json::from_str(text).ok()
}

fn response<T: serde::de::DeserializeOwned>(body: &[u8]) -> Strict<T> {
    let refused = || Error::new(ErrorKind::Decode, "strict decoding failed");
    let value = strict(body).ok_or_else(refused)?;
    Ok(ResponseValue::new(
        value,
        StatusCode::OK,
        HeaderMap::default(),
    ))
}

fn list<O: ListOperation>(body: &[u8]) {
    if let Some(Found::<O>(Some(connection))) = strict(body) {
        let understood = lenient::page::<O>(body);
        let understood = match understood {
            Ok(lenient::Read::Found(page)) => Some(page.connection),
            _ => None,
        };
        let told = |connection: &Connection<O::Item>| {
            let items = serde_json::to_value(&connection.items).unwrap_or_default();
            (items, connection.missing.clone())
        };
        let lenient = understood.as_ref().map(told);
        assert_eq!(
            lenient,
            Some(told(&connection)),
            "strict and lenient reading differ"
        );
        if let Some(response) = strict::<O::Response>(body) {
            assert_eq!(
                nodes::<O>(&response),
                told(&connection).0,
                "the wire types and the page differ"
            );
        }
    }
    let (seen, is_later) = (seen(body), body.len() % 2 == 1);
    let page = decode::page::<O>(is_later)(response(body), &context(&seen));
    if let Ok(page) = &page {
        assert!(page.next_cursor.is_none() || page.has_next_page);
        page.skipped.iter().for_each(one_line);
    }
    type Served<O> = ServedAs<O, <O as ListOperation>::Item>;
    let served = decode::page::<Served<O>>(is_later)(response(body), &context(&seen));
    let served = served.map(|page| {
        let values = page.items.into_iter().map(|item| item.value);
        (values.collect::<Vec<_>>(), page.skipped, page.next_cursor)
    });
    let typed = page.map(|page| (page.items, page.skipped, page.next_cursor));
    assert_eq!(
        format!("{typed:?}"),
        format!("{served:?}"),
        "the reading as served differs"
    );
}

/// The nodes in a response of the wire types.
fn nodes<O: ListOperation>(response: &O::Response) -> Value {
    let mut here = serde_json::to_value(response).unwrap_or_default();
    for name in O::LIST.connection {
        here = here[name].take();
    }
    let edges = here["edges"].as_array_mut().map(std::mem::take);
    let edges = edges.unwrap_or_default().into_iter();
    edges
        .map(|mut edge| edge["node"].take())
        .filter(|node| !node.is_null())
        .collect()
}

fn entity<O: EntityOperation>(body: &[u8]) {
    if let Err(error) = decode::entity::<O>(response(body), &context(&seen(body))) {
        one_line(&error);
    }
}

/// The first two bytes are the status.
fn error(body: &[u8]) {
    let Some((status, body)) = body.split_at_checked(2) else {
        return;
    };
    let status = 300 + u16::from_le_bytes([status[0], status[1]]) % 300;
    let response = http::Response::builder()
        .status(status)
        .body(Bytes::copy_from_slice(body));
    let (Ok(response), Ok(settings)) = (response, RequestSettings::new("profile", "token")) else {
        return;
    };
    let client = Client::new_with_client("http://127.0.0.1:1", reqwest::Client::new(), settings);
    let raw = now(amazon_music_browse::read_error(&client, response.into()));
    let error = now(classify(
        raw,
        seen(body),
        &["token"],
        SystemTime::UNIX_EPOCH,
    ));
    assert_eq!(error.status(), Some(status));
    one_line(&error);
}

fn one_line(error: &Error) {
    let line = error.to_string();
    assert!(!line.contains(['\n', '\r']) && line.len() < 4096, "{line}");
}

/// The outcome of work that waits for nothing.
fn now<T>(work: impl Future<Output = T>) -> T {
    let mut context = task::Context::from_waker(Waker::noop());
    match pin!(work).poll(&mut context) {
        Poll::Ready(done) => done,
        Poll::Pending => unreachable!("a body in memory is ready"),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    #[test]
    fn the_corpus_is_replayed() {
        let corpus =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus/responses");
        let mut replayed = 0;
        for entry in fs::read_dir(corpus).unwrap() {
            super::responses(&fs::read(entry.unwrap().path()).unwrap());
            replayed += 1;
        }
        assert!(replayed > 50, "only {replayed} inputs");
    }
}
