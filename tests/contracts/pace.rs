//! The contract of paces. Each check is given a pace that nobody has used.

use std::{sync::Arc, time::Duration};

use amazon_music::{
    clock::{Clock as _, SystemClock},
    pace::{Outcome, Pace, Request, Turn},
};
use futures_util::{FutureExt as _, poll};

const MS: fn(u64) -> Duration = Duration::from_millis;
const FAR: Duration = Duration::from_secs(1000);

/// Checks all of the contract. `make` gives a new pace, with this rate if it is set.
pub(crate) async fn check(make: impl Fn(Option<f64>) -> Arc<dyn Pace>) {
    nobody_waits_before_a_429(make(None)).await;
    nobody_is_sent_before_a_retry_after(make(None)).await;
    a_rate_that_is_set_is_kept_and_the_oldest_call_goes_first(make(Some(20.0))).await;
    a_call_ends_at_its_deadline(make(Some(2.0))).await;
    a_turn_of_a_call_that_is_given_up_is_not_lost(make(Some(5.0))).await;
}

async fn admitted(pace: &dyn Pace, request: Request<'_>) -> Turn {
    match pace.admit_now(request.clock()) {
        Some(turn) => turn,
        None => pace.admit(request).await.unwrap(),
    }
}

async fn nobody_waits_before_a_429(pace: Arc<dyn Pace>) {
    let clock = SystemClock::new();
    for _ in 0..100 {
        let turn = admitted(&*pace, Request::new(&clock, clock.elapsed(), FAR)).await;
        pace.report(&clock, turn, Outcome::Admitted);
    }
    assert!(clock.elapsed() < MS(900), "{:?}", clock.elapsed());
    assert_eq!(pace.status(&clock).per_second, None);
}

async fn nobody_is_sent_before_a_retry_after(pace: Arc<dyn Pace>) {
    let clock = SystemClock::new();
    let request = |deadline| Request::new(&clock, clock.elapsed(), deadline);
    let turn = admitted(&*pace, request(FAR)).await;
    let retry_after = Some(MS(1200));
    pace.report(&clock, turn, Outcome::Refused { retry_after });
    let refused_at = clock.elapsed();
    assert!(pace.admit_now(&clock).is_none());
    let late = pace.admit(request(refused_at + MS(600))).await.unwrap_err();
    assert!(
        clock.elapsed() < refused_at + MS(500),
        "a fact needs no wait"
    );
    assert!(late.until().unwrap() >= refused_at + MS(1190), "{late:?}");
    let turn = pace.admit(request(FAR)).await.unwrap();
    assert!(
        turn.sent_at() >= refused_at + MS(1195),
        "{turn:?} after {refused_at:?}"
    );
    let status = pace.status(&clock);
    assert!(
        status.per_second.is_some() && status.waiting == 0,
        "{status:?}"
    );
}

async fn a_rate_that_is_set_is_kept_and_the_oldest_call_goes_first(pace: Arc<dyn Pace>) {
    let clock = SystemClock::new();
    let first = admitted(&*pace, Request::new(&clock, MS(0), FAR)).await;
    // The youngest comes first.
    let mut waiting: Vec<_> = (1..=4)
        .rev()
        .map(|since| (since, pace.admit(Request::new(&clock, MS(since), FAR))))
        .collect();
    for (_, admission) in &mut waiting {
        assert!(poll!(admission).is_pending());
    }
    assert_eq!(pace.status(&clock).waiting, 4);
    let turns = waiting
        .into_iter()
        .map(async |(since, turn)| (since, turn.await.unwrap()));
    let mut turns = futures_util::future::join_all(turns).await;
    turns.sort_by_key(|(_, turn)| turn.sent_at());
    let order: Vec<_> = turns.iter().map(|(since, _)| *since).collect();
    assert_eq!(order, [1, 2, 3, 4]);
    let last = turns.last().unwrap().1.sent_at();
    assert!(
        last >= first.sent_at() + MS(195),
        "five requests at 20 a second in {last:?}"
    );
    assert!(last <= first.sent_at() + MS(900), "{last:?}");
}

async fn a_call_ends_at_its_deadline(pace: Arc<dyn Pace>) {
    let clock = SystemClock::new();
    let turn = admitted(&*pace, Request::new(&clock, clock.elapsed(), FAR)).await;
    pace.report(&clock, turn, Outcome::Admitted);
    let deadline = clock.elapsed() + MS(100);
    let late = pace
        .admit(Request::new(&clock, clock.elapsed(), deadline))
        .await
        .unwrap_err();
    assert!(
        clock.elapsed() <= deadline + MS(150),
        "{:?}",
        clock.elapsed()
    );
    assert_eq!(late.per_second(), Some(2.0));
    assert!(
        late.until().unwrap() >= turn.sent_at() + MS(490),
        "{late:?}"
    );
    assert_eq!(pace.status(&clock).waiting, 0);
}

async fn a_turn_of_a_call_that_is_given_up_is_not_lost(pace: Arc<dyn Pace>) {
    let clock = SystemClock::new();
    let first = admitted(&*pace, Request::new(&clock, MS(0), FAR)).await;
    for _ in 0..3 {
        let mut given_up = pace.admit(Request::new(&clock, MS(1), FAR));
        for _ in 0..4 {
            assert!((&mut given_up).now_or_never().is_none());
            tokio::time::sleep(MS(5)).await;
        }
    }
    assert_eq!(pace.status(&clock).waiting, 0);
    let next = pace.admit(Request::new(&clock, MS(2), FAR)).await.unwrap();
    let gap = next.sent_at() - first.sent_at();
    assert!((MS(195)..MS(390)).contains(&gap), "{gap:?}");
}
