//! Delays, timeouts and budgets, on a manual clock.

use std::time::{Duration, SystemTime};

use amazon_music::{
    AmazonMusic, CallOptions, ErrorKind, RetrySettings,
    clock::{Clock as _, ManualClock},
};
use amazon_music_sandbox::{Fault, Faults, Sandbox};
use wiremock::ResponseTemplate;

use crate::{
    common::{always, json, tracks},
    time::{drive, on_manual_clock},
};

const SECOND: Duration = Duration::from_secs(1);

/// One call of a client whose requests fail like this in turn. Returns the outcome, the number of
/// requests, and the elapsed time. Each request met its fault, for as long as there were any.
async fn call(
    faults: Vec<Option<Fault>>,
    change: impl FnOnce(amazon_music::Builder) -> amazon_music::Builder,
) -> (Result<(), amazon_music::Error>, u64, Duration) {
    let scripted = faults.iter().flatten().count();
    let sandbox = Sandbox::new().faults(Faults::in_order(faults));
    let (clock, sandbox, builder) = on_manual_clock(sandbox).await;
    let music = change(builder).build().unwrap();
    let outcome = drive(&clock, music.top_tracks().send()).await.map(drop);
    let left = scripted.saturating_sub(sandbox.requests() as usize);
    assert_eq!(sandbox.unmet_faults().len(), left);
    (outcome, sandbox.requests(), clock.elapsed())
}

fn times(count: usize, fault: &Fault) -> Vec<Option<Fault>> {
    vec![Some(fault.clone()); count]
}

#[tokio::test]
async fn a_retry_after_in_seconds_is_honoured() {
    let (outcome, requests, took) = call(times(1, &Fault::throttled("7")), |b| b).await;
    outcome.unwrap();
    assert_eq!((requests, took), (2, 7 * SECOND));
}

#[tokio::test]
async fn a_retry_after_as_a_date_is_honoured() {
    // The clock starts on 1 January 2026.
    let date = "Thu, 01 Jan 2026 00:00:09 GMT";
    let (outcome, requests, took) = call(times(1, &Fault::throttled(date)), |b| b).await;
    outcome.unwrap();
    assert_eq!((requests, took), (2, 9 * SECOND));
}

#[tokio::test]
async fn an_invalid_retry_after_is_ignored() {
    let (outcome, requests, took) = call(times(1, &Fault::throttled("soon")), |b| b).await;
    outcome.unwrap();
    assert_eq!((requests, took), (2, SECOND), "our own wait after a 429");
}

#[tokio::test]
async fn a_retry_after_beyond_the_cap_returns_at_once_with_the_moment() {
    for value in ["31", "83276", "99999999999999999999"] {
        let (outcome, requests, took) = call(times(1, &Fault::throttled(value)), |b| b).await;
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RateLimited);
        assert_eq!((requests, took, error.attempts()), (1, Duration::ZERO, 1));
        let start = ManualClock::new().now();
        assert!(error.retry_at().unwrap() >= start + 31 * SECOND);
        assert!(error.retry_at().unwrap() > SystemTime::UNIX_EPOCH);
    }
}

#[tokio::test]
async fn a_503_may_carry_retry_after_too() {
    let fault = Fault::Unavailable {
        retry_after: Some("12".to_owned()),
    };
    let (outcome, requests, took) = call(times(1, &fault), |b| b).await;
    outcome.unwrap();
    assert_eq!((requests, took), (2, 12 * SECOND));
}

#[tokio::test]
async fn failures_are_retried_as_often_as_configured() {
    for attempts in [1, 2, 5] {
        let settings = RetrySettings::new().max_attempts(attempts);
        let (outcome, requests, took) =
            call(times(9, &Fault::BadGateway), |b| b.retries(settings)).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.status(), error.attempts()), (Some(502), attempts));
        assert_eq!(requests, u64::from(attempts));
        // Half a second, doubled: at most 0.5 + 1 + 2 + 4.
        assert!(took <= Duration::from_millis(7500), "{took:?}");
    }
}

#[tokio::test]
async fn with_one_attempt_a_429_is_not_waited_for_either() {
    let settings = RetrySettings::new().max_attempts(1);
    let (outcome, requests, took) =
        call(times(9, &Fault::throttled("1")), |b| b.retries(settings)).await;
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::RateLimited);
    assert_eq!((requests, took), (1, Duration::ZERO));
}

#[tokio::test]
async fn a_429_counts_against_the_time_and_not_against_the_attempts() {
    let (outcome, requests, took) = call(times(8, &Fault::throttled("2")), |b| b).await;
    outcome.unwrap();
    assert_eq!((requests, took), (9, 16 * SECOND));

    let (outcome, requests, took) = call(times(99, &Fault::throttled("7")), |b| {
        b.overall_timeout(20 * SECOND)
    })
    .await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!((requests, took, error.attempts()), (3, 14 * SECOND, 3));
}

#[tokio::test]
async fn a_custom_predicate_decides() {
    let settings = RetrySettings::new().retry_if(|error| error.status() == Some(404));
    let (outcome, requests, _) = call(times(1, &Fault::error(404, "RESOURCE_NOT_FOUND")), |b| {
        b.retries(settings.clone())
    })
    .await;
    outcome.unwrap();
    assert_eq!(requests, 2);
    let (outcome, requests, _) = call(times(1, &Fault::BadGateway), |b| b.retries(settings)).await;
    outcome.unwrap_err();
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn the_budget_is_shared_and_ends_retries() {
    let sandbox = Sandbox::new().faults(Faults::random(1, 1.0, [Fault::BadGateway]));
    let (clock, sandbox, builder) = on_manual_clock(sandbox).await;
    let music = builder
        .retries(RetrySettings::new().budget(25))
        .build()
        .unwrap();
    let mut requests = Vec::new();
    for _ in 0..4 {
        let before = sandbox.requests();
        let call = music.clone().top_tracks();
        drive(&clock, call.send()).await.unwrap_err();
        requests.push(sandbox.requests() - before);
    }
    assert_eq!(requests, [3, 3, 2, 1], "five retries in all");
    assert_eq!(sandbox.unmet_faults(), []);
}

#[tokio::test]
async fn an_attempt_that_times_out_is_retried() {
    let slow = Fault::SlowBody(100 * SECOND);
    let (outcome, requests, took) = call(times(1, &slow), |b| b).await;
    outcome.unwrap();
    assert_eq!(requests, 2);
    assert!((30 * SECOND..32 * SECOND).contains(&took), "{took:?}");
}

#[tokio::test]
async fn the_overall_timeout_ends_a_call_in_the_middle_of_an_attempt() {
    let (clock, sandbox, builder) = on_manual_clock(
        Sandbox::new().faults(Faults::in_order([Some(Fault::Latency(100 * SECOND))])),
    )
    .await;
    let music = builder.build().unwrap();
    let hurried = CallOptions::new().overall_timeout(5 * SECOND);
    let list = music.top_tracks().options(hurried);
    let error = drive(&clock, list.send()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(
        error.to_string(),
        "get_top_tracks: no complete response within the overall timeout"
    );
    assert_eq!((sandbox.requests(), clock.elapsed()), (1, 5 * SECOND));
    assert_eq!(sandbox.unmet_faults(), []);
}

#[tokio::test]
async fn options_apply_to_the_calls_they_are_given_to() {
    let server = always(json(&tracks(&["a"], "{}"))).await;
    let music = AmazonMusic::builder()
        .base_url(server.uri())
        .security_profile_id("p")
        .token("t")
        .build()
        .unwrap();
    let options = CallOptions::new().header("x-trace", "7").unwrap();
    music
        .with_options(options)
        .top_tracks()
        .send()
        .await
        .unwrap();
    music.top_tracks().send().await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let sent: Vec<bool> = requests
        .iter()
        .map(|request| request.headers.contains_key("x-trace"))
        .collect();
    assert_eq!(sent, [true, false]);
}

#[test]
fn an_extra_header_cannot_be_a_credential_or_break_the_request() {
    for (name, value) in [
        ("Authorization", "x"),
        ("X-Api-Key", "x"),
        ("bad name", "x"),
        ("x-ok", "line\nbreak"),
    ] {
        let error = CallOptions::new().header(name, value).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
    }
    let options = CallOptions::new().header("x-secret", "canary").unwrap();
    assert!(!format!("{options:?}").contains("canary"));
}

#[tokio::test]
async fn a_cancelled_call_leaves_nothing_behind() {
    let faults = Faults::in_order([Some(Fault::throttled("9"))]);
    let (clock, sandbox, builder) = on_manual_clock(Sandbox::new().faults(faults)).await;
    let music = builder.build().unwrap();
    let call = tokio::spawn({
        let music = music.clone();
        async move { music.top_tracks().send().await }
    });
    // The delay after the 429.
    assert_eq!(clock.next_sleeper().await, 9 * SECOND);
    call.abort();
    call.await.unwrap_err();
    assert!(clock.sleepers().is_empty());
    drive(&clock, music.top_tracks().send()).await.unwrap();
    assert_eq!(sandbox.unmet_faults(), []);
}

#[tokio::test]
async fn an_oversized_body_is_cut_off_at_the_limit() {
    let (clock, sandbox, builder) =
        on_manual_clock(Sandbox::new().faults(Faults::in_order([Some(Fault::Oversized(1 << 30))])))
            .await;
    let music = builder.max_body_bytes(100_000).build().unwrap();
    let error = drive(&clock, music.top_tracks().send()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(sandbox.unmet_faults(), []);
}

#[tokio::test]
async fn a_decompression_bomb_is_cut_off_at_the_limit_too() {
    use std::io::Write as _;

    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![b' '; 50_000_000]).unwrap();
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 100_000);
    let server = always(
        ResponseTemplate::new(200)
            .insert_header("content-encoding", "gzip")
            .set_body_raw(packed, "application/json"),
    )
    .await;
    let music = AmazonMusic::builder()
        .base_url(server.uri())
        .security_profile_id("p")
        .token("t")
        .max_body_bytes(1_000_000)
        .build()
        .unwrap();
    let error = music.top_tracks().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn endless_headers_are_an_error() {
    let mut response = ResponseTemplate::new(200);
    for index in 0..2000 {
        response = response.append_header(format!("x-{index}"), "y".repeat(100));
    }
    let server = always(response).await;
    let music = AmazonMusic::builder()
        .base_url(server.uri())
        .security_profile_id("p")
        .token("t")
        .retries(RetrySettings::new().max_attempts(1))
        .build()
        .unwrap();
    let error = music.top_tracks().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
}
