//! The states of a token, and what each event makes of them.

use insta::assert_snapshot;

use super::*;

const S: fn(u64) -> Duration = Duration::from_secs;

/// A token of an hour that was granted at 0, unless the state says otherwise.
fn states() -> Vec<(&'static str, State<&'static str>)> {
    let held = || {
        let mut state = State::default();
        let life = Life::new(S(0), S(3600), S(3600), 0.0);
        state.granted(S(0), Some(life), |_| "held");
        state
    };
    let passing = || TokenError::passing("passing");
    let mut refused = held();
    refused.refused(1);
    let mut failed = State::default();
    failed.failed(S(0), passing(), S(0));
    let mut failed_twice = State::default();
    failed_twice.failed(S(0), passing(), S(0));
    failed_twice.failed(S(0), passing(), S(0));
    let mut advised = State::default();
    advised.failed(S(0), passing(), S(20));
    let mut terminal = State::default();
    terminal.failed(S(0), TokenError::terminal("terminal"), S(0));
    let mut held_and_failed = held();
    held_and_failed.failed(S(3400), passing(), S(0));
    let mut refused_and_failed = held();
    refused_and_failed.refused(1);
    refused_and_failed.failed(S(0), passing(), S(0));
    refused_and_failed.failed(S(0), passing(), S(0));
    vec![
        ("nothing", State::default()),
        ("held", held()),
        ("held, refused", refused),
        ("failed", failed),
        ("failed twice", failed_twice),
        ("failed, retry after 20 s", advised),
        ("failed for good", terminal),
        ("held, failed at 3400 s", held_and_failed),
        ("refused, failed twice", refused_and_failed),
    ]
}

fn word(next: &Next<&'static str>) -> String {
    match next {
        Next::Refresh(None) => "refresh".to_owned(),
        Next::Refresh(Some(token)) => format!("refresh, use {token}"),
        Next::Use(token) => format!("use {token}"),
        Next::Wait => "wait".to_owned(),
        Next::Fail(error) => format!("fail: {error}"),
    }
}

#[test]
fn what_a_call_does_in_each_state() {
    let mut table = String::new();
    for (name, state) in states() {
        table += &format!("{name}\n");
        let mut last = (String::new(), String::new());
        for now in [
            0, 1, 4, 5, 20, 3299, 3300, 3399, 3400, 3405, 3569, 3570, 3599, 3600,
        ] {
            let alone = word(&state.next(S(now), false));
            let during = word(&state.next(S(now), true));
            if (&alone, &during) != (&last.0, &last.1) {
                table += &format!("  from {now} s: {alone}; during a refresh: {during}\n");
                last = (alone, during);
            }
        }
    }
    assert_snapshot!(table, @"
    nothing
      from 0 s: refresh; during a refresh: wait
    held
      from 0 s: use held; during a refresh: use held
      from 3300 s: refresh, use held; during a refresh: use held
      from 3570 s: refresh; during a refresh: wait
    held, refused
      from 0 s: refresh; during a refresh: wait
    failed
      from 0 s: refresh; during a refresh: wait
    failed twice
      from 0 s: fail: passing; during a refresh: wait
      from 1 s: refresh; during a refresh: wait
    failed, retry after 20 s
      from 0 s: fail: passing; during a refresh: wait
      from 20 s: refresh; during a refresh: wait
    failed for good
      from 0 s: fail: terminal; during a refresh: wait
      from 5 s: refresh; during a refresh: wait
    held, failed at 3400 s
      from 0 s: use held; during a refresh: use held
      from 3405 s: refresh, use held; during a refresh: use held
      from 3570 s: refresh; during a refresh: wait
    refused, failed twice
      from 0 s: fail: passing; during a refresh: wait
      from 1 s: refresh; during a refresh: wait
    ");
}

#[test]
fn a_refusal_counts_once_for_each_generation_and_not_for_older_ones() {
    let mut state = State::default();
    state.granted(S(0), None, |number| number);
    for _ in 0..100 {
        assert!(state.can_refresh(1, S(0)));
        state.refused(1);
    }
    assert_eq!(state.next(S(0), false), Next::Refresh(None));
    state.granted(S(0), None, |number| number);
    // Late refusals of the first: another token is there.
    assert!(state.can_refresh(1, S(0)));
    state.refused(1);
    assert_eq!(state.next(S(0), false), Next::Use(2));
}

#[test]
fn tokens_that_are_refused_one_after_another_are_refreshed_ever_less_often() {
    let mut state = State::default();
    let mut now = S(0);
    let mut waits = Vec::new();
    for generation in 1..8 {
        state.granted(now, None, |number| number);
        let from = now;
        while !state.can_refresh(generation, now) {
            now += S(1);
        }
        waits.push((now - from).as_secs());
        state.refused(generation);
    }
    assert_eq!(waits, [0, 5, 10, 20, 40, 60, 60]);
    state.granted(now, None, |number| number);
    // One that is accepted makes it all good.
    state.accepted(8);
    assert!(state.can_refresh(8, now));
}

#[test]
fn what_a_refresh_brings_ends_failures() {
    let mut state = State::default();
    for _ in 0..5 {
        state.failed(S(0), TokenError::passing("passing"), S(0));
    }
    state.granted(S(0), None, |_| "token");
    assert_eq!(state.next(S(0), false), Next::Use("token"));
    state.refused(1);
    state.failed(S(9), TokenError::passing("passing"), S(0));
    // The first failure in a row, and no token: the next call may try.
    assert_eq!(state.next(S(9), false), Next::Refresh(None));
    assert_eq!(state.still_good(S(9)), None);
}
