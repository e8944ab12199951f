//! Every operation of the spec has its request type, its command and its route.

use amazon_music::operations::ALL;
use amazon_music_cli::arguments::{Arguments, Command, Format, Requests};
use clap::Parser as _;
use xtask::spec::Spec;

use crate::{
    common::{always, client_of, json, root},
    operations::{path, query},
};

#[test]
fn every_operation_has_its_request_type() {
    let made: Vec<_> = ALL.iter().map(|info| (info.id, info.path)).collect();
    let operations = Spec::read(&root()).unwrap().operations().unwrap();
    let documented: Vec<_> = operations
        .iter()
        .map(|operation| (&*operation.id, &*operation.path))
        .collect();
    assert_eq!(made, documented);
}

/// The words of a command, or the path of an operation, with `ID` for each id.
fn with_ids<'a>(parts: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let with_id = |part: &'a str| if part.starts_with('{') { "ID" } else { part };
    parts.into_iter().map(with_id).collect()
}

/// The paths of the requests that the CLI sends for these words; none if it has no such command.
async fn requests_of(words: &[&str]) -> Vec<String> {
    let server = always(json("{}")).await;
    let arguments = ["amazon-music"].iter().chain(words);
    let Ok(arguments) = Arguments::try_parse_from(arguments) else {
        return Vec::new();
    };
    let Command::Browse(command) = arguments.command else {
        panic!("{words:?} reads nothing");
    };
    // The empty response may end in an error: only the requests matter.
    let _ = amazon_music_cli::call(
        client_of(&server),
        command,
        Format::Ndjson.into(),
        &Requests::default(),
    )
    .await;
    let requests = server.received_requests().await.unwrap();
    let paths = requests.iter().map(|request| request.url.path());
    paths.map(|path| path.replace("/v1", "")).collect()
}

#[tokio::test]
async fn every_operation_has_its_command() {
    let mut wrong = Vec::new();
    for info in ALL {
        for words in [info.words].iter().chain(info.aliases) {
            let words = with_ids(words.iter().copied());
            let sent = requests_of(&words).await;
            if sent != [with_ids(info.path.split('/')).join("/")] {
                wrong.push(format!("{}: {words:?} sends {sent:?}", info.id));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_operation_has_its_route() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let mut missing = Vec::new();
    for info in ALL {
        let response = reqwest::Client::builder()
            .no_proxy()
            .build()
            .unwrap()
            .get(format!("{}{}", sandbox.base_url(), path(info)))
            .query(&query(info))
            .header("x-api-key", sandbox.security_profile_id())
            .bearer_auth(sandbox.token())
            .send()
            .await
            .unwrap();
        let found = response.status() == 200;
        let body: serde_json::Value = response.json().await.unwrap();
        let pointer = format!("/{}", info.payload.join("/"));
        if !found || body.pointer(&pointer).is_none() {
            missing.push(info.id);
        }
    }
    assert!(missing.is_empty(), "no sandbox route for {missing:?}");
}
