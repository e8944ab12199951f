//! Streams and pace: a consumer that polls on after an error does not hammer the service.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use amazon_music::{AmazonMusic, CallOptions, ErrorKind, RetrySettings};
use amazon_music_sandbox::{Fault, Faults, Sandbox};
use futures_util::future::join_all;

use crate::{
    common::{builder_at, tracks},
    time::{drive, on_manual_clock},
};

/// A consumer that logs each error and goes on, for this long at the most, and no longer than the stream.
/// Returns the number of errors and whether the stream has ended.
async fn log_and_go_on(music: &AmazonMusic, clock: &dyn amazon_music::clock::Clock) -> (u32, bool) {
    let mut items = music.top_tracks().items();
    let mut errors = 0;
    while clock.elapsed() < Duration::from_secs(10) {
        match items.next_item().await {
            None => return (errors, true),
            Some(Err(_)) => errors += 1,
            Some(Ok(_)) => {}
        }
    }
    (errors, false)
}

#[tokio::test]
async fn a_stream_ends_after_what_cannot_pass_and_backs_off_after_what_can() {
    let unavailable = Fault::Unavailable { retry_after: None };
    // The fault of every response, and whether it ends the stream.
    for (fault, ends) in [
        (Fault::error(400, "BAD_REQUEST"), true),
        (Fault::error(401, "INVALID_ACCESS_TOKEN"), true),
        (Fault::error(403, "ACCESS_DENIED"), true),
        (Fault::error(404, "RESOURCE_NOT_FOUND"), true),
        (Fault::error(422, "MAX_CONCURRENCY_REACHED"), true),
        (Fault::error(500, "DEPENDENCY"), true),
        (Fault::Oversized(5 * 1024 * 1024), true),
        (Fault::error(500, "INTERNAL"), false),
        (Fault::BadGateway, false),
        (unavailable, false),
        (Fault::CutBody, false),
        (Fault::Reset, false),
    ] {
        let faults = Faults::random(1, 1.0, [fault.clone()]);
        let (clock, sandbox, builder) = on_manual_clock(Sandbox::new().faults(faults)).await;
        // No retries of its own: the stream alone must hold the requests back.
        let music = builder
            .retries(RetrySettings::new().max_attempts(1))
            .build()
            .unwrap();
        let (errors, has_ended) = drive(&clock, log_and_go_on(&music, &clock)).await;
        assert_eq!(has_ended, ends, "{fault:?}");
        if ends {
            assert_eq!((errors, sandbox.requests()), (1, 1), "{fault:?}");
        } else {
            assert!((2..=8).contains(&errors), "{fault:?}: {errors}");
            assert_eq!(sandbox.requests(), u64::from(errors), "{fault:?}");
        }
    }
}

#[tokio::test]
async fn refused_parameters_end_a_stream_unsent() {
    let (clock, sandbox, builder) = on_manual_clock(Sandbox::new()).await;
    let music = builder.build().unwrap();
    let mut items = music.top_tracks().limit(21).items();
    let error = drive(&clock, items.next_item()).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(items.next_item().await.is_none());
    assert_eq!(sandbox.requests(), 0);
}

#[tokio::test]
async fn a_stream_goes_on_behind_an_item_that_could_not_be_read_at_once() {
    let faults = Faults::in_order([Some(Fault::MalformedItem)]);
    let (clock, sandbox, builder) = on_manual_clock(Sandbox::new().faults(faults)).await;
    let music = builder.build().unwrap();
    let (errors, has_ended) = drive(&clock, log_and_go_on(&music, &clock)).await;
    assert_eq!((errors, has_ended, sandbox.requests()), (1, true, 5));
    assert_eq!(amazon_music::clock::Clock::elapsed(&clock), Duration::ZERO);
}

/// A server that answers four requests at a time, once all four are there, and counts them.
async fn in_fours() -> (String, Arc<AtomicUsize>) {
    let (active, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (barrier, seen) = (Arc::new(tokio::sync::Barrier::new(4)), most.clone());
    let respond = move || {
        let (active, most, barrier) = (active.clone(), seen.clone(), barrier.clone());
        async move {
            most.fetch_max(active.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            barrier.wait().await;
            active.fetch_sub(1, Ordering::SeqCst);
            tracks(&["a"], r#"{"hasNextPage":false}"#)
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let router = axum::Router::new().route("/v1/browse/tracks/top", axum::routing::get(respond));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, most)
}

#[tokio::test]
async fn no_more_requests_are_in_flight_than_allowed() {
    let (url, most) = in_fours().await;
    let music = builder_at(url).max_in_flight(4).build().unwrap();
    let list = music.top_tracks();
    for result in join_all((0..12).map(|_| list.send())).await {
        result.unwrap();
    }
    assert_eq!(most.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn waiting_for_a_place_counts_against_the_overall_timeout() {
    let slow = Faults::random(1, 1.0, [Fault::Latency(Duration::from_secs(20))]);
    let (clock, sandbox, builder) = on_manual_clock(Sandbox::new().faults(slow)).await;
    let music = builder.max_in_flight(1).build().unwrap();
    let first = music.top_tracks();
    let first = tokio::spawn(async move { first.send().await });
    while sandbox.requests() == 0 {
        tokio::task::yield_now().await;
    }
    let hurried = CallOptions::new().overall_timeout(Duration::from_secs(5));
    let error = drive(&clock, music.top_tracks().options(hurried).send()).await;
    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    assert_eq!(sandbox.requests(), 1);
    first.abort();
}

#[tokio::test]
async fn the_pace_is_told_and_a_set_limit_provokes_no_429() {
    let faults = Faults::in_order([Some(Fault::error(429, "THROTTLED"))]);
    let (clock, _sandbox, builder) = on_manual_clock(Sandbox::new().faults(faults)).await;
    let music = builder.build().unwrap();
    assert_eq!(music.pace().per_second, None);
    drive(&clock, music.top_tracks().send()).await.unwrap();
    assert!(music.pace().per_second.unwrap() >= 0.5);

    let (clock, _sandbox, builder) = on_manual_clock(Sandbox::new()).await;
    let music = builder.requests_per_second(2.0).build().unwrap();
    let list = music.top_tracks();
    let calls = (0..9).map(|_| list.send());
    for result in drive(&clock, join_all(calls)).await {
        result.unwrap();
    }
    let elapsed = amazon_music::clock::Clock::elapsed(&clock);
    assert!(elapsed >= Duration::from_secs(4), "{elapsed:?}");
    assert_eq!(music.pace().per_second, Some(2.0));
}
