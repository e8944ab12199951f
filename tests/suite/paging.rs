//! Lists that are resumed, read in part, and read ahead.

mod read_ahead;
mod resume;

use amazon_music::{ErrorKind, Items, operations::TopTracks};
use amazon_music_sandbox::{Fault, Faults};

use crate::common::client_of_sandbox;

/// The next element of a stream: an id, or the kind of an error.
async fn next(items: &mut Items<TopTracks>) -> Option<Result<String, ErrorKind>> {
    let item = items.next_item().await?;
    Some(item.map(|track| track.id).map_err(|error| error.kind()))
}

async fn rest(mut items: Items<TopTracks>) -> Vec<Result<String, ErrorKind>> {
    let mut rest = Vec::new();
    while let Some(item) = next(&mut items).await {
        rest.push(item);
    }
    rest
}

#[tokio::test]
async fn a_list_can_be_used_without_naming_a_trait() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let all = music.categories().items().collect_all().await.unwrap();
    assert_eq!(all.len(), 120);
    let mut pages = music.categories().limit(50).pages();
    let mut sizes = Vec::new();
    while let Some(page) = pages.next_page().await {
        sizes.push(page.unwrap().items.len());
    }
    assert_eq!(sizes, [50, 50, 20]);
    sandbox.set_faults(Faults::in_order([
        None,
        Some(Fault::error(404, "RESOURCE_NOT_FOUND")),
    ]));
    let error = music.categories().items().collect_all().await.unwrap_err();
    assert_eq!(error.status(), Some(404));
}
