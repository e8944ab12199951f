//! What a client does after a 429: its calls wait together, and are let out gradually.
//!
//! Without it, every concurrent call learns of the limit by itself, and all come back at once. With it,
//! the first 429 stops the calls of all clones. When the wait is over one call goes first; each success
//! lets more out at a time, and the next 429 stops all of them again.

use std::{
    pin::pin,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::Notify;

use crate::{
    clock::{Clock, within},
    sync::lock,
};

/// How long all wait after a 429 that does not say, doubled while nothing succeeds. Limits are stated
/// per second, so a second is the least that can help.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// How many may be under way before the growth slows down, when nothing is known yet.
const FIRST_CEILING: u32 = 4;

/// Shared by all clones of a client.
#[derive(Debug)]
pub(crate) struct Cooldown {
    /// Whether calls are held back at all; so that a call that is not pays for no lock.
    limited: AtomicBool,
    /// Counts the waits, so that the late 429s of one burst start no new one. Changed under the lock.
    round: AtomicU64,
    state: Mutex<State>,
    /// Told when more may go.
    slot: Notify,
    max_wait: Duration,
}

#[derive(Debug)]
struct State {
    /// Nobody goes before this time of the clock.
    until: Duration,
    /// How many may be under way at a time.
    window: u32,
    /// From here on the window grows slowly: it is half of what was too much.
    ceiling: u32,
    /// Successes since the window grew last.
    grown: u32,
    under_way: u32,
    waiting: u32,
    /// Waits since the last success.
    in_a_row: u32,
}

/// Leave to make one attempt. Dropping it, as a cancelled call does, makes room for the next.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    cooldown: &'a Cooldown,
    round: u64,
    counted: bool,
}

/// No leave could be given in time; the wait that would have been needed, where it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused(pub(crate) Option<Duration>);

enum Turn {
    Go { counted: bool },
    WaitFor(Duration),
    WaitForSlot,
}

impl Cooldown {
    pub(crate) fn new(max_wait: Duration) -> Self {
        Self {
            limited: AtomicBool::new(false),
            round: AtomicU64::new(0),
            state: Mutex::new(State {
                until: Duration::ZERO,
                window: 1,
                ceiling: FIRST_CEILING,
                grown: 0,
                under_way: 0,
                waiting: 0,
                in_a_row: 0,
            }),
            slot: Notify::new(),
            max_wait,
        }
    }

    /// Waits for leave, but not beyond `deadline`: where that cannot be met, it is refused at once.
    pub(crate) async fn enter(
        &self,
        clock: &dyn Clock,
        deadline: Duration,
    ) -> Result<Permit<'_>, Refused> {
        if !self.limited.load(Ordering::Acquire) {
            return Ok(Permit {
                cooldown: self,
                round: self.round(),
                counted: false,
            });
        }
        let _waiting = Waiting::new(self);
        let mut is_new = true;
        loop {
            // Registered before the look, so that no notice is missed in between.
            let mut notice = pin!(self.slot.notified());
            notice.as_mut().enable();
            let now = clock.elapsed();
            let limited = self.limited.load(Ordering::Acquire);
            let turn = self.lock().turn(now, limited, is_new);
            is_new = false;
            let sleep = match turn {
                Turn::Go { counted } => {
                    return Ok(Permit {
                        cooldown: self,
                        round: self.round(),
                        counted,
                    });
                }
                Turn::WaitFor(wait) if now + wait >= deadline => {
                    return Err(Refused(Some(wait)));
                }
                Turn::WaitFor(wait) => clock.sleep(wait),
                Turn::WaitForSlot if now >= deadline => return Err(Refused(None)),
                Turn::WaitForSlot => clock.timeout(deadline - now),
            };
            within(notice, || sleep).await;
        }
    }

    fn round(&self) -> u64 {
        self.round.load(Ordering::Acquire)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Tells as many of those who wait as there is room for.
    fn tell(&self, state: &State) {
        let room = state.window.saturating_sub(state.under_way);
        for _ in 0..room.min(state.waiting) {
            self.slot.notify_one();
        }
    }
}

impl State {
    fn turn(&mut self, now: Duration, limited: bool, is_new: bool) -> Turn {
        if !limited {
            return Turn::Go { counted: false };
        }
        if now < self.until {
            return Turn::WaitFor(self.until - now);
        }
        // Whoever comes new goes behind those who wait already, of whom it is one.
        if self.under_way >= self.window || (is_new && self.waiting > 1) {
            return Turn::WaitForSlot;
        }
        self.under_way += 1;
        Turn::Go { counted: true }
    }

    fn grow(&mut self) {
        self.in_a_row = 0;
        self.grown += 1;
        if self.window < self.ceiling || self.grown >= self.window {
            self.window += 1;
            self.grown = 0;
        }
    }
}

impl Permit<'_> {
    /// The service answered: it can take more.
    pub(crate) fn succeeded(self) {
        if !self.counted {
            return;
        }
        let mut state = self.cooldown.lock();
        // The late success of an earlier round says nothing of the wait that has begun since.
        if self.round == self.cooldown.round() {
            state.grow();
            if state.waiting == 0 && state.under_way <= 1 {
                self.cooldown.limited.store(false, Ordering::Release);
            }
        }
        // Dropping the permit gives the place back and tells those who wait.
        drop(state);
    }

    /// The service answered with 429, and perhaps how long to wait. Gives the wait there is now.
    pub(crate) fn throttled(self, clock: &dyn Clock, advice: Option<Duration>) -> Duration {
        let now = clock.elapsed();
        let mut state = self.cooldown.lock();
        if self.round == self.cooldown.round() {
            if self.counted {
                state.ceiling = (state.window / 2).max(1);
            }
            self.cooldown.round.fetch_add(1, Ordering::AcqRel);
            state.window = 1;
            state.grown = 0;
            let own = FIRST_WAIT.saturating_mul(1 << state.in_a_row.min(16));
            state.in_a_row += 1;
            // A server that says "now" and refuses again is not believed a second time.
            let least = match state.in_a_row {
                1 => Duration::ZERO,
                _ => FIRST_WAIT,
            };
            let wait = match advice {
                Some(advice) => advice.max(least),
                None => own.min(self.cooldown.max_wait),
            };
            state.until = state.until.max(now + wait);
            self.cooldown.limited.store(true, Ordering::Release);
        } else if let Some(advice) = advice {
            // A late answer to the burst that began this wait: it may know better how long.
            state.until = state.until.max(now + advice);
        }
        state.until.saturating_sub(now)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.counted {
            let mut state = self.cooldown.lock();
            state.under_way -= 1;
            self.cooldown.tell(&state);
        }
    }
}

/// Counts one who waits, for as long as it does.
struct Waiting<'a>(&'a Cooldown);

impl<'a> Waiting<'a> {
    fn new(cooldown: &'a Cooldown) -> Self {
        cooldown.lock().waiting += 1;
        Self(cooldown)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.waiting -= 1;
        // It may have taken a notice with it that was meant for another.
        self.0.tell(&state);
    }
}

#[cfg(test)]
impl Permit<'_> {
    fn lock_window(&self, window: u32) {
        self.cooldown.lock().window = window;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    const SECOND: Duration = Duration::from_secs(1);
    const FAR: Duration = Duration::from_secs(1000);

    #[tokio::test]
    async fn nobody_waits_before_a_429() {
        let (cooldown, clock) = (Cooldown::new(20 * SECOND), ManualClock::new());
        let permits = [
            cooldown.enter(&clock, FAR).await.unwrap(),
            cooldown.enter(&clock, FAR).await.unwrap(),
        ];
        assert_eq!(permits.len(), 2);
    }

    #[tokio::test]
    async fn a_wait_beyond_the_deadline_is_refused_at_once() {
        let (cooldown, clock) = (Cooldown::new(20 * SECOND), ManualClock::new());
        let permit = cooldown.enter(&clock, FAR).await.unwrap();
        assert_eq!(permit.throttled(&clock, Some(9 * SECOND)), 9 * SECOND);
        let refused = cooldown.enter(&clock, 5 * SECOND).await.unwrap_err();
        assert_eq!(refused, Refused(Some(9 * SECOND)));
    }

    #[tokio::test]
    async fn a_late_success_does_not_end_a_wait_that_has_begun() {
        let (cooldown, clock) = (Cooldown::new(20 * SECOND), ManualClock::new());
        let first = cooldown.enter(&clock, FAR).await.unwrap();
        first.throttled(&clock, None);
        clock.advance(SECOND);
        let probe = cooldown.enter(&clock, FAR).await.unwrap();
        probe.lock_window(2);
        let second = cooldown.enter(&clock, FAR).await.unwrap();
        probe.throttled(&clock, Some(30 * SECOND));
        second.succeeded();
        let refused = cooldown.enter(&clock, 10 * SECOND).await.unwrap_err();
        assert_eq!(refused, Refused(Some(30 * SECOND)));
    }

    #[tokio::test]
    async fn a_server_that_says_now_is_believed_once() {
        let (cooldown, clock) = (Cooldown::new(20 * SECOND), ManualClock::new());
        for wait in [Duration::ZERO, SECOND, SECOND] {
            let permit = cooldown.enter(&clock, FAR).await.unwrap();
            assert_eq!(permit.throttled(&clock, Some(Duration::ZERO)), wait);
            clock.advance(wait);
        }
    }

    #[tokio::test]
    async fn whoever_comes_new_goes_behind_those_who_wait() {
        let (cooldown, clock) = (Cooldown::new(20 * SECOND), ManualClock::new());
        cooldown
            .enter(&clock, FAR)
            .await
            .unwrap()
            .throttled(&clock, None);
        let mut early = pin!(cooldown.enter(&clock, FAR));
        assert!(futures_util::poll!(early.as_mut()).is_pending());
        clock.advance(SECOND);
        let mut late = pin!(cooldown.enter(&clock, FAR));
        assert!(futures_util::poll!(late.as_mut()).is_pending());
        let permit = early.await.unwrap();
        permit.succeeded();
        late.await.unwrap();
    }

    #[tokio::test]
    async fn after_the_wait_one_goes_first_and_its_success_lets_out_more() {
        let (cooldown, clock) = (Cooldown::new(20 * SECOND), ManualClock::new());
        let permit = cooldown.enter(&clock, FAR).await.unwrap();
        permit.throttled(&clock, None);
        clock.advance(SECOND);
        let probe = cooldown.enter(&clock, FAR).await.unwrap();
        let second = cooldown.enter(&clock, FAR);
        let both = within(second, || clock.sleep(Duration::ZERO)).await;
        assert!(
            both.is_none(),
            "a second one went before the first was back"
        );
        let waiting = Waiting::new(&cooldown);
        probe.succeeded();
        let two = [
            cooldown.enter(&clock, FAR).await.unwrap(),
            cooldown.enter(&clock, FAR).await.unwrap(),
        ];
        drop((two, waiting));
    }

    #[tokio::test]
    async fn late_429s_of_one_burst_are_one_wait_and_repeated_ones_double_it() {
        let (cooldown, clock) = (Cooldown::new(3 * SECOND), ManualClock::new());
        let first = cooldown.enter(&clock, FAR).await.unwrap();
        let late = cooldown.enter(&clock, FAR).await.unwrap();
        assert_eq!(first.throttled(&clock, None), SECOND);
        assert_eq!(late.throttled(&clock, None), SECOND);
        clock.advance(SECOND);
        for wait in [2 * SECOND, 3 * SECOND, 3 * SECOND] {
            let probe = cooldown.enter(&clock, FAR).await.unwrap();
            assert_eq!(probe.throttled(&clock, None), wait);
            clock.advance(wait);
        }
    }

    #[tokio::test]
    async fn a_cancelled_call_makes_room_for_the_next() {
        let (cooldown, clock) = (Cooldown::new(20 * SECOND), ManualClock::new());
        cooldown
            .enter(&clock, FAR)
            .await
            .unwrap()
            .throttled(&clock, None);
        clock.advance(SECOND);
        drop(cooldown.enter(&clock, FAR).await.unwrap());
        drop(cooldown.enter(&clock, FAR).await.unwrap());
    }
}
