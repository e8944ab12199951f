//! The queue, on a clock that stands still.

use std::{pin::pin, sync::Arc};

use futures_util::poll;

use super::*;
use crate::clock::ManualClock;

const MS: fn(u64) -> Duration = Duration::from_millis;
const FAR: Duration = Duration::from_secs(1000);

const REFUSED: Outcome = Outcome::Refused { retry_after: None };

fn told(seconds: u64) -> Outcome {
    let retry_after = Some(Duration::from_secs(seconds));
    Outcome::Refused { retry_after }
}

/// A pace that was refused at 0 ms; the clock is at 10 ms, so that requests that follow are not late.
fn refused(outcome: Outcome) -> (Pacer, ManualClock) {
    let (pacer, clock) = (Pacer::new(), ManualClock::new());
    let turn = pacer.admit_now(&clock).unwrap();
    pacer.report(&clock, turn, outcome);
    clock.advance(MS(10));
    (pacer, clock)
}

#[tokio::test]
async fn nothing_is_locked_before_a_429() {
    let (pacer, clock) = (Pacer::new(), ManualClock::new());
    let lock = pacer.state.lock().unwrap();
    let turn = pacer.admit_now(&clock).unwrap();
    pacer.report(&clock, turn, Outcome::Admitted);
    drop(lock);
    assert_eq!(pacer.status(&clock), Status::default());
}

#[tokio::test]
async fn after_a_429_requests_leave_one_by_one_first_come_first_served() {
    let (pacer, clock) = refused(REFUSED);
    assert_eq!(pacer.admit_now(&clock), None);
    let request = |since| pacer.admit(Request::new(&clock, MS(since), FAR));
    let (mut second, mut first, mut third) = (request(2), request(1), request(3));
    assert!(poll!(&mut second).is_pending());
    assert!(poll!(&mut first).is_pending());
    assert!(poll!(&mut third).is_pending());
    assert_eq!(pacer.status(&clock).waiting, 3);
    assert_eq!(pacer.status(&clock).until, Some(MS(1000)));
    clock.advance(MS(990));
    assert!(poll!(&mut third).is_pending());
    assert!(poll!(&mut second).is_pending());
    assert_eq!(
        poll!(&mut first).map(|turn| turn.unwrap().sent_at()),
        Poll::Ready(MS(1000))
    );
    assert!(poll!(&mut second).is_pending());
    clock.advance(MS(500));
    assert!(poll!(&mut third).is_pending());
    assert!(poll!(&mut second).is_ready());
    clock.advance(MS(500));
    assert!(poll!(&mut third).is_ready());
}

#[tokio::test]
async fn requests_that_wait_are_woken_each_in_its_turn() {
    let (pacer, clock) = refused(REFUSED);
    let pacer = Arc::new(pacer);
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for number in 0..5 {
        let (pacer, clock, order) = (pacer.clone(), clock.clone(), order.clone());
        tasks.push(tokio::spawn(async move {
            let turn = pacer.admit(Request::new(&clock, MS(5), FAR)).await.unwrap();
            order.lock().unwrap().push((number, turn.sent_at()));
        }));
    }
    for _ in 0..5 {
        clock.next_sleeper().await;
        assert!(clock.advance_to_next());
        tokio::task::yield_now().await;
    }
    for task in tasks {
        task.await.unwrap();
    }
    let wanted = [1000, 1500, 2000, 2500, 3000].map(MS);
    let wanted: Vec<_> = (0..5).zip(wanted).collect();
    assert_eq!(*order.lock().unwrap(), wanted);
}

#[tokio::test]
async fn a_refused_call_keeps_its_place_among_calls_as_old() {
    let (pacer, clock) = refused(REFUSED);
    let request = Request::new(&clock, MS(5), FAR);
    let (mut first, mut second) = (pacer.admit(request), pacer.admit(request));
    assert!(poll!(&mut first).is_pending());
    assert!(poll!(&mut second).is_pending());
    clock.advance(MS(990));
    let turn = first.await.unwrap();
    clock.advance(MS(10));
    pacer.report(&clock, Turn::at(MS(500)), Outcome::Admitted);
    pacer.report(&clock, turn, REFUSED);
    let mut again = pacer.admit(request.after(turn));
    assert!(poll!(&mut again).is_ready());
    assert!(poll!(&mut second).is_pending());
    clock.advance(MS(1000));
    assert!(poll!(&mut second).is_ready());
}

#[tokio::test]
async fn a_cancelled_call_gives_its_turn_back() {
    let (pacer, clock) = refused(REFUSED);
    let pacer = Arc::new(pacer);
    let [first, second] = [5, 6].map(|since| {
        let (pacer, clock) = (pacer.clone(), clock.clone());
        tokio::spawn(async move { pacer.admit(Request::new(&clock, MS(since), FAR)).await })
    });
    assert_eq!(clock.next_sleeper().await, MS(990));
    tokio::task::yield_now().await;
    first.abort();
    assert_eq!(clock.next_sleeper().await, MS(990));
    assert_eq!(pacer.status(&clock).waiting, 1);
    clock.advance(MS(990));
    assert_eq!(second.await.unwrap().unwrap().sent_at(), MS(1000));
}

#[tokio::test]
async fn a_learned_rate_is_a_guess_so_the_call_waits_until_its_deadline() {
    let (pacer, clock) = refused(REFUSED);
    let mut call = pin!(pacer.admit(Request::new(&clock, MS(5), MS(900))));
    assert!(poll!(call.as_mut()).is_pending());
    clock.advance(MS(890));
    let late = call.await.unwrap_err();
    assert_eq!(late, TooLate::new(Some(2.0), Some(MS(1000))));
    assert_eq!(
        late.to_string(),
        "no turn before the deadline of the call, at 2 requests a second"
    );
    assert_eq!(pacer.status(&clock).waiting, 0);
}

#[tokio::test]
async fn a_retry_after_beyond_the_deadline_is_a_fact_and_refuses_at_once() {
    let (pacer, clock) = refused(told(9));
    let late = pacer.admit(Request::new(&clock, MS(5), MS(8000))).await;
    assert_eq!(late.unwrap_err().until(), Some(MS(9000)));
}

#[tokio::test]
async fn a_retry_after_that_comes_later_ends_waits_that_are_in_vain() {
    let (pacer, clock) = refused(REFUSED);
    let old = Turn::at(MS(0));
    let mut calls = [1, 2].map(|since| pacer.admit(Request::new(&clock, MS(since), MS(5000))));
    for call in &mut calls {
        assert!(poll!(call).is_pending());
    }
    pacer.report(&clock, old, told(60));
    for call in calls {
        assert_eq!(call.await.unwrap_err().until(), Some(MS(60_010)));
    }
}

#[tokio::test]
async fn a_limit_that_was_set_is_a_fact_too() {
    let (pacer, clock) = (Pacer::new().requests_per_second(2.0), ManualClock::new());
    assert_eq!(pacer.admit_now(&clock), None);
    let request = Request::new(&clock, MS(0), MS(1100));
    let _ = pacer.admit(request).await.unwrap();
    let mut waiting = [pacer.admit(request), pacer.admit(request)];
    for call in &mut waiting {
        assert!(poll!(call).is_pending());
    }
    let late = pacer.admit(request).await.unwrap_err();
    assert_eq!(late, TooLate::new(Some(2.0), Some(MS(1500))));
}

#[tokio::test]
async fn a_rate_that_grows_lets_the_first_go_sooner() {
    let (pacer, clock) = refused(REFUSED);
    let request = Request::new(&clock, MS(5), FAR);
    let mut first = pacer.admit(request);
    assert!(poll!(&mut first).is_pending());
    clock.advance(MS(990));
    let turn = first.await.unwrap();
    let mut second = pacer.admit(request);
    assert!(poll!(&mut second).is_pending());
    assert_eq!(clock.sleepers(), [MS(500)]);
    clock.advance(MS(260));
    pacer.report(&clock, turn, Outcome::Admitted);
    assert_eq!(second.await.unwrap().sent_at(), MS(1260));
}

#[tokio::test]
async fn what_was_learned_is_told_and_goes_on_in_another_pace() {
    let (pacer, clock) = refused(REFUSED);
    clock.advance(MS(20_000));
    let learned = pacer.learned(&clock).unwrap();
    assert_eq!((learned.per_second, learned.age), (2.0, MS(20_010)));
    let next = Pacer::new();
    next.resume(&clock, learned);
    assert_eq!(next.status(&clock).per_second, Some(2.0));
    assert_eq!(next.admit_now(&clock), None);
}

#[tokio::test]
async fn when_the_rate_is_forgotten_all_go() {
    let (pacer, clock) = refused(told(400));
    let request = Request::new(&clock, MS(5), FAR);
    let mut calls = [pacer.admit(request), pacer.admit(request)];
    for call in &mut calls {
        assert!(poll!(call).is_pending());
    }
    clock.advance(Duration::from_secs(701));
    assert_eq!(pacer.status(&clock), Status::default());
    for call in calls {
        assert!(call.await.is_ok());
    }
    assert!(pacer.admit_now(&clock).is_some());
}
