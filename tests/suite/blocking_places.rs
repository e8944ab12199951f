//! The places that the blocking front door works in.

use std::future::pending;

use amazon_music::{AmazonMusic, Error, ErrorKind, blocking::Blocking};
use tokio::runtime::{Builder, Runtime};

use crate::common::client_of_sandbox;

/// A sandbox on a runtime of its own, and a client of it.
fn sandbox() -> (Runtime, amazon_music_sandbox::Running, AmazonMusic) {
    let runtime = Runtime::new().unwrap();
    let sandbox = runtime.block_on(amazon_music_sandbox::start()).unwrap();
    let music = client_of_sandbox(&sandbox);
    (runtime, sandbox, music)
}

fn items(music: &AmazonMusic) -> Result<usize, Error> {
    let page = Blocking::new()?.wait(music.top_tracks().limit(5).send())?;
    Ok(page.items.len())
}

#[test]
fn calls_are_waited_for_where_tokio_lets_a_thread_block() {
    let (runtime, _sandbox, music) = sandbox();
    let spawned = runtime.spawn_blocking({
        let music = music.clone();
        move || items(&music)
    });
    assert_eq!(runtime.block_on(spawned).unwrap().unwrap(), 5);
    let in_place = runtime.spawn({
        let music = music.clone();
        async move { tokio::task::block_in_place(|| items(&music)) }
    });
    assert_eq!(runtime.block_on(in_place).unwrap().unwrap(), 5);
    let _entered = runtime.enter();
    assert_eq!(items(&music).unwrap(), 5);
}

#[test]
fn asynchronous_code_of_a_multi_thread_runtime_gives_its_thread_up_meanwhile() {
    let (runtime, _sandbox, music) = sandbox();
    let task = runtime.spawn({
        let music = music.clone();
        async move { items(&music) }
    });
    assert_eq!(runtime.block_on(task).unwrap().unwrap(), 5);
    assert_eq!(runtime.block_on(async { items(&music) }).unwrap(), 5);
}

#[test]
fn a_current_thread_runtime_is_told_the_two_ways_out() {
    let (_runtime, _sandbox, music) = sandbox();
    let own = Builder::new_current_thread().enable_all().build().unwrap();
    let error = own.block_on(async { items(&music) }).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Setup);
    insta::assert_snapshot!(error, @"waiting on a thread of a current-thread runtime would stop the runtime: await instead, or wait on a thread of `std::thread::spawn`");
    // Both of them work.
    let threads = own.block_on(async {
        let music = music.clone();
        std::thread::spawn(move || items(&music)).join().unwrap()
    });
    assert_eq!(threads.unwrap(), 5);
}

#[test]
fn an_iterator_that_cannot_wait_gives_one_error_and_ends() {
    let (_runtime, _sandbox, music) = sandbox();
    let own = Builder::new_current_thread().enable_all().build().unwrap();
    own.block_on(async {
        let blocking = Blocking::new().unwrap();
        let mut items = blocking.iter(music.top_tracks().items());
        assert!(items.next().unwrap().is_err());
        assert!(items.next().is_none());
        assert!(items.next().is_none());
        let never = blocking.wait(pending::<Result<(), Error>>());
        assert!(never.is_err());
    });
}
