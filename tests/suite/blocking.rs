//! The blocking client.

use amazon_music::{ErrorKind, blocking::Blocking};

use crate::common::client_of_sandbox;

#[test]
fn calls_and_lists_need_no_runtime_of_the_caller() {
    // The sandbox has a runtime of its own, on other threads.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = runtime.block_on(amazon_music_sandbox::start()).unwrap();
    let music = client_of_sandbox(&sandbox);
    let blocking = Blocking::new().unwrap();

    let page = blocking.wait(music.top_tracks().send()).unwrap();
    assert_eq!(page.items.len(), 20);
    let straight: Vec<String> = blocking
        .iter(music.top_tracks().limit(9).items())
        .map(|track| track.unwrap().id)
        .collect();
    assert_eq!(straight.len(), 100);

    let mut some = blocking.iter(music.top_tracks().limit(9).items());
    some.by_ref().take(31).for_each(drop);
    let position = some.get_ref().position();
    let rest = music.top_tracks().resume(position).unwrap();
    let rest: Vec<String> = blocking.iter(rest).map(|track| track.unwrap().id).collect();
    assert_eq!(rest, straight[31..]);

    let pages = blocking.iter(music.categories().limit(50).pages());
    assert_eq!(pages.count(), 3);
}

#[tokio::test]
async fn blocking_inside_a_runtime_is_an_error_and_does_not_panic() {
    let sandbox = amazon_music_sandbox::start().await.unwrap();
    let music = client_of_sandbox(&sandbox);
    let blocking = Blocking::new().unwrap();
    let error = blocking.wait(music.top_tracks().send()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Setup);
    let first = blocking.iter(music.top_tracks().items()).next();
    assert_eq!(first.unwrap().unwrap_err().kind(), ErrorKind::Setup);
}
