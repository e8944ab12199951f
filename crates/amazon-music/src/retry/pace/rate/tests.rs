//! The core as a table: a state, an event, and the state after it.

use super::*;

const MS: fn(u64) -> Duration = Duration::from_millis;

/// An event, with the time at which it happens.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// A request leaves that had to wait.
    Sends(u64),
    /// A request leaves that did not.
    SendsAtWill(u64),
    /// A response that is not a 429, of a request sent then.
    Admits(u64, u64),
    /// A 429 of a request sent then.
    Refuses(u64, u64),
    /// The same, with a `Retry-After` of so many seconds.
    Tells(u64, u64, u64),
}

use Event::{Admits, Refuses, Sends, SendsAtWill, Tells};

fn after(events: &[Event]) -> Rate {
    let mut rate = Rate::new(None);
    for event in events {
        match *event {
            Sends(now) => rate.on_send(MS(now), true),
            SendsAtWill(now) => rate.on_send(MS(now), false),
            Admits(now, sent_at) => rate.on_admitted(MS(now), MS(sent_at)),
            Refuses(now, sent_at) => rate.on_refused(MS(now), MS(sent_at), None),
            Tells(now, sent_at, seconds) => {
                rate.on_refused(MS(now), MS(sent_at), Some(MS(1000 * seconds)));
            }
        }
    }
    rate
}

fn phase(rate: &Rate) -> &'static str {
    match rate.phase {
        Phase::Free => "free",
        Phase::Search { .. } => "search",
        Phase::Climb => "climb",
        Phase::Track { .. } => "track",
    }
}

/// A rate of 10 a second in the given phase, since 10 s.
fn at_ten(phase: Phase) -> Rate {
    Rate {
        phase,
        learned: 10.0,
        last_sent: Some(MS(10_000)),
        is_held: true,
        tally: Tally::new(MS(10_000), MS(10_000), 10.5),
        ..Rate::new(None)
    }
}

/// The response of a request that left just before.
fn respond(rate: &mut Rate, now: u64, is_admitted: bool) {
    let sent_at = MS(now - 1);
    rate.on_send(sent_at, true);
    match is_admitted {
        true => rate.on_admitted(MS(now), sent_at),
        false => rate.on_refused(MS(now), sent_at, None),
    }
}

#[test]
fn the_first_429_begins_a_search_from_a_low_rate() {
    // Events, the phase, the rate, the time of the next request.
    let rows: &[(&[Event], &str, Option<f64>, u64)] = &[
        (&[], "free", None, 0),
        (&[Admits(50, 0)], "free", None, 0),
        (&[Refuses(50, 0)], "search", Some(2.0), 1050),
        (
            &[Refuses(50, 0), Refuses(60, 20)],
            "search",
            Some(2.0),
            1050,
        ),
        (&[Refuses(50, 0), Admits(60, 20)], "search", Some(2.0), 1050),
        (&[Tells(50, 0, 3)], "search", Some(2.0), 3050),
        (
            &[Tells(50, 0, 3), Tells(90, 20, 5)],
            "search",
            Some(2.0),
            5090,
        ),
        (&[Refuses(50, 0), Sends(1050)], "search", Some(2.0), 1550),
    ];
    for (events, wanted, per_second, next) in rows {
        let rate = after(events);
        let seen = (phase(&rate), rate.per_second(), rate.next_send());
        assert_eq!(seen, (*wanted, *per_second, MS(*next)), "{events:?}");
    }
}

#[test]
fn the_search_doubles_once_per_round_trip_and_ends_at_a_429() {
    let start = [Refuses(50, 0), Sends(1050)];
    let doubled = [Admits(1300, 1050), Sends(1300)];
    let rows: &[(&[Event], &str, f64)] = &[
        (&[Admits(1299, 1050)], "search", 2.0),
        (&[Admits(1300, 1050)], "search", 4.0),
        (&[Admits(1300, 1050), Admits(1700, 1200)], "search", 4.0),
        (&[SendsAtWill(1100), Admits(1400, 1100)], "search", 2.0),
        (&[Admits(1060, 1050), Refuses(1100, 1055)], "track", 1.0),
        // Nothing at all is admitted: a window is used up.
        (&[Refuses(1100, 1050)], "search", 2.0),
        (&[Refuses(1100, 40)], "search", 2.0),
    ];
    for (events, wanted, per_second) in rows {
        let rate = after(&[&start, *events].concat());
        let seen = (phase(&rate), rate.per_second());
        assert_eq!(seen, (*wanted, Some(*per_second)), "{events:?}");
    }
    let rate = after(&[&start[..], &doubled, &[Refuses(1400, 1300)]].concat());
    assert_eq!((phase(&rate), rate.per_second()), ("climb", Some(2.0)));
}

#[test]
fn a_request_that_was_refused_took_nothing_so_the_next_one_follows_the_one_before() {
    let rate = after(&[
        Refuses(50, 0),
        Sends(1050),
        Admits(1060, 1050),
        Sends(1550),
        Refuses(1560, 1550),
    ]);
    assert_eq!(rate.per_second(), Some(1.0));
    assert_eq!(rate.next_send(), MS(2050));
}

#[test]
fn a_rate_that_is_tracked_is_held_and_then_probed() {
    let hold = Phase::Track { hold: HOLD };
    let mut rate = at_ten(hold);
    respond(&mut rate, 15_000, true);
    assert_eq!(rate.per_second(), Some(10.0));
    respond(&mut rate, 16_000, true);
    let probed = rate.per_second().unwrap();
    assert!(probed > 10.1 && probed < 10.2, "{probed}");
    // Nobody wanted to send sooner: nothing is learned.
    rate.on_send(MS(16_500), false);
    rate.on_admitted(MS(16_600), MS(16_500));
    assert_eq!(rate.per_second(), Some(probed));
}

#[test]
fn a_429_after_a_while_cuts_a_little_and_the_next_hold_is_longer() {
    let hold = Phase::Track { hold: HOLD };
    let rows = [
        // Admitted requests, the time of the 429, the rate, the next hold.
        (1, 16_000, 9.3, HOLD.mul_f64(LONGER_HOLD)),
        (58, 16_000, 58.0 / 6.0, HOLD.mul_f64(LONGER_HOLD)),
        (200, 16_000, 9.7, HOLD.mul_f64(LONGER_HOLD)),
        (58, 14_000, 9.7, HOLD),
    ];
    for (admitted, at, per_second, next) in rows {
        let mut rate = at_ten(hold);
        (0..admitted).for_each(|_| rate.tally.admitted(MS(10_001)));
        respond(&mut rate, at, false);
        assert_eq!(rate.per_second(), Some(per_second));
        assert_eq!(rate.phase, Phase::Track { hold: next });
    }
}

#[test]
fn further_429s_of_an_event_only_count_and_the_next_one_measures() {
    let mut rate = at_ten(Phase::Track { hold: HOLD });
    let rows = [
        // The time, whether admitted, the rate.
        (10_200, true, 10.0),
        (10_400, false, 10.0),
        (10_600, false, 10.0),
        (10_800, true, 10.0),
        (11_000, false, 2.0),
    ];
    for (now, is_admitted, per_second) in rows {
        respond(&mut rate, now, is_admitted);
        assert_eq!(rate.per_second(), Some(per_second), "{now}");
    }
}

#[test]
fn every_second_request_refused_is_a_rate_hardly_too_fast() {
    let mut rate = at_ten(Phase::Track { hold: HOLD });
    for now in (10_100..=11_000).step_by(100) {
        respond(&mut rate, now, now / 100 % 2 == 0);
    }
    respond(&mut rate, 11_100, false);
    assert_eq!(rate.per_second(), Some(10.0 * EVERY_SECOND));
}

#[test]
fn two_429s_in_a_row_at_the_start_of_a_climb_end_the_second() {
    let mut rate = at_ten(Phase::Climb);
    respond(&mut rate, 10_100, false);
    assert_eq!((phase(&rate), rate.per_second()), ("climb", Some(10.0)));
    respond(&mut rate, 10_200, false);
    assert_eq!((phase(&rate), rate.per_second()), ("climb", Some(5.0)));
    assert_eq!(rate.next_send(), MS(11_000));
}

#[test]
fn a_climb_grows_at_once_and_ends_with_a_deeper_cut() {
    let mut rate = at_ten(Phase::Climb);
    respond(&mut rate, 11_000, true);
    let grown = rate.per_second().unwrap();
    assert!((grown - 11.2).abs() < 1e-9, "{grown}");
    respond(&mut rate, 12_500, false);
    assert_eq!(rate.per_second(), Some(grown * CLIMB_CUT));
    assert_eq!(rate.phase, Phase::Track { hold: HOLD });
}

#[test]
fn a_server_that_says_how_long_to_wait_leaves_no_time_to_measure() {
    let rows = [
        // The phase, admitted requests, the next phase, the rate.
        (Phase::Track { hold: HOLD }, 0, "track", 10.0 * DEEPEST),
        (Phase::Track { hold: HOLD }, 3, "track", 7.5),
        (Phase::Track { hold: HOLD }, 99, "track", 10.0 * CUT.0),
        (Phase::Climb, 1, "climb", 10.0 * DEEPEST),
        (Phase::Climb, 4, "track", (8.0_f64 * 10.0).sqrt()),
    ];
    for (before, admitted, wanted, per_second) in rows {
        let mut rate = at_ten(before);
        (0..admitted).for_each(|_| rate.tally.admitted(MS(10_001)));
        rate.on_send(MS(10_400), true);
        rate.on_refused(MS(10_500), MS(10_400), Some(MS(1000)));
        let seen = rate.per_second().unwrap();
        assert_eq!(phase(&rate), wanted);
        assert!(
            (seen - per_second).abs() < 1e-9,
            "{before:?}, {admitted}: {seen}"
        );
        assert_eq!(rate.next_send(), MS(11_500));
    }
}

#[test]
fn a_rate_far_above_the_last_that_was_refused_recovers_fast() {
    let mut rate = at_ten(Phase::Track { hold: HOLD });
    rate.learned = 10.5 * RAISED * 1.01;
    let before = rate.learned;
    respond(&mut rate, 15_500, true);
    respond(&mut rate, 16_500, true);
    assert!(rate.learned > 1.4 * before, "{}", rate.learned);
}

#[test]
fn a_rate_is_never_below_one_request_in_two_seconds() {
    let mut rate = at_ten(Phase::Track { hold: HOLD });
    for now in (11_000..90_000).step_by(1100) {
        respond(&mut rate, now - 50, true);
        respond(&mut rate, now, false);
    }
    assert_eq!(rate.per_second(), Some(LEAST));
}

#[test]
fn a_long_window_that_is_used_up_is_waited_for_and_then_measured() {
    let mut rate = at_ten(Phase::Track { hold: HOLD });
    for (now, until) in [
        (11_000, 12_000),
        (12_010, 14_010),
        (14_020, 18_020),
        (18_030, 26_030),
    ] {
        respond(&mut rate, now, false);
        assert_eq!(
            (rate.per_second(), rate.next_send()),
            (Some(10.0), MS(until))
        );
    }
    for now in (26_100..28_000).step_by(50) {
        respond(&mut rate, now, true);
    }
    respond(&mut rate, 28_000, false);
    // From the first request that the window refused to the end of the next one.
    let measured = rate.per_second().unwrap();
    assert!((measured - 38.0 / 17.01).abs() < 0.01, "{measured}");
}

#[test]
fn a_window_is_not_measured_by_requests_that_nobody_wanted_to_send_sooner() {
    let mut rate = at_ten(Phase::Track { hold: HOLD });
    respond(&mut rate, 11_000, false);
    rate.on_send(MS(60_000), false);
    rate.on_admitted(MS(60_010), MS(60_000));
    rate.on_send(MS(61_000), false);
    rate.on_refused(MS(61_010), MS(61_000), None);
    assert_eq!(rate.per_second(), Some(START));
}

#[test]
fn to_come_back_at_once_is_no_advice() {
    for phase in [Phase::Climb, Phase::Track { hold: HOLD }] {
        let of = |retry_after| {
            let mut rate = at_ten(phase);
            respond(&mut rate, 10_300, true);
            rate.on_send(MS(10_400), true);
            rate.on_refused(MS(10_500), MS(10_400), retry_after);
            rate.per_second()
        };
        assert_eq!(of(Some(Duration::ZERO)), of(None));
    }
}

#[test]
fn a_rate_is_forgotten_five_minutes_after_its_last_429() {
    let mut rate = after(&[Refuses(50, 0)]);
    assert!(!rate.is_free(MS(300_049)));
    assert_eq!(rate.learned(MS(60_050)), Some((2.0, MS(60_000))));
    assert!(rate.is_free(MS(300_050)));
    assert_eq!(rate.per_second(), None);
    assert_eq!(rate.learned(MS(300_050)), None);
}

#[test]
fn a_learned_rate_goes_on_in_the_next_process_while_it_is_young() {
    let mut rate = Rate::new(None);
    rate.resume(MS(100), 7.0, MS(299_000));
    assert_eq!(rate.per_second(), Some(7.0));
    assert_eq!(rate.learned(MS(100)), Some((7.0, MS(299_000))));
    assert!(rate.is_free(MS(1100)));
    let mut rate = Rate::new(None);
    rate.resume(MS(100), 7.0, MS(300_000));
    rate.resume(MS(100), f64::NAN, MS(0));
    assert!(rate.is_free(MS(100)));
}

#[test]
fn a_limit_that_was_set_is_kept_from_the_first_request_on_and_never_exceeded() {
    let mut rate = Rate::new(Some(4.0));
    assert_eq!((rate.per_second(), rate.next_send()), (Some(4.0), MS(0)));
    rate.on_send(MS(0), false);
    assert_eq!(rate.next_send(), MS(250));
    assert_eq!(rate.known_send(MS(10), 0), MS(250));
    assert_eq!(rate.known_send(MS(10), 3), MS(1000));
    rate.on_refused(MS(20), MS(0), None);
    assert_eq!(rate.per_second(), Some(2.0));
    rate.on_send(MS(1020), true);
    rate.on_admitted(MS(1500), MS(1020));
    rate.on_send(MS(1520), true);
    rate.on_admitted(MS(2000), MS(1520));
    assert_eq!(rate.per_second(), Some(4.0));
    for nonsense in [0.0, -1.0, f64::NAN] {
        assert_eq!(Rate::new(Some(nonsense)).per_second(), None);
    }
}

#[test]
fn a_learned_rate_is_no_fact_but_what_a_server_said_is() {
    let rate = after(&[Refuses(50, 0)]);
    assert_eq!(rate.known_send(MS(60), 9), MS(60));
    let rate = after(&[Tells(50, 0, 7)]);
    assert_eq!(rate.known_send(MS(60), 9), MS(7050));
}

#[test]
fn nothing_that_happens_breaks_it() {
    let mut random = fastrand::Rng::with_seed(15);
    for set in [None, Some(9.0), Some(1e-300), Some(f64::INFINITY)] {
        let mut rate = Rate::new(set);
        let mut now = Duration::ZERO;
        for _ in 0..20_000 {
            now += MS(random.u64(0..2000));
            let sent_at = now.saturating_sub(MS(random.u64(0..3000)));
            match random.u8(0..8) {
                0..3 => rate.on_send(now, random.bool()),
                3..6 => rate.on_admitted(now, sent_at),
                6 => rate.on_refused(now, sent_at, None),
                _ => {
                    let wait = [MS(0), MS(1000), Duration::MAX][random.usize(0..3)];
                    rate.on_refused(now, sent_at, Some(wait));
                }
            }
            assert!(rate.learned >= LEAST && rate.learned <= MOST);
            assert!(rate.per_second().is_none_or(f64::is_finite));
            let _ = (rate.next_send(), rate.known_send(now, random.usize(0..9)));
        }
    }
}
