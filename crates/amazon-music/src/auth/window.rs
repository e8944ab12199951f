//! When a token is refreshed: arithmetic, without I/O.

use std::time::Duration;

/// From here on a refresh is under way in the background, while the token is still used. Five minutes
/// of the hour that Login with Amazon gives leave room for many attempts.
const EARLY: Duration = Duration::from_secs(300);

/// From here on calls wait for the refresh: a token must outlive the request it is sent with.
const LATE: Duration = Duration::from_secs(30);

/// The pause after a failed refresh, doubled with each further failure up to [`LONGEST_PAUSE`].
const PAUSE: Duration = Duration::from_secs(5);

/// The longest pause after failures.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The pause after the second failure in a row if calls need the token, doubled with each further
/// failure up to [`LONGEST_URGENT_PAUSE`]. After the first there is none.
const URGENT_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause after failures if calls need the token.
const LONGEST_URGENT_PAUSE: Duration = Duration::from_secs(30);

/// The longest pause that a token service can ask for: one odd response must not lock users out for days.
pub(super) const LONGEST_ADVICE: Duration = Duration::from_secs(300);

/// How far the clocks of two machines that share a store may differ.
const SKEW: Duration = Duration::from_secs(60);

/// The life of one token, in the time of the client's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Life {
    early: Duration,
    late: Duration,
    end: Duration,
}

/// The use of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    /// Use it.
    Fresh,
    /// Use it, and refresh it in the background.
    Early,
    /// Refresh it first; use it only if that fails.
    Late,
    /// Not to be used.
    Over,
}

impl Life {
    /// The life of a token of which `left` remained at `from`. Its windows go by its whole `lifetime`:
    /// a short one has short windows, a fifth and a twentieth of it. `random`, from 0 to 1, spreads the
    /// early refreshes of many clients.
    pub(super) fn new(from: Duration, left: Duration, lifetime: Duration, random: f64) -> Self {
        let early = EARLY.min(lifetime / 5).mul_f64(1.0 - 0.25 * random);
        let late = late(lifetime);
        let end = from.saturating_add(left);
        Self {
            early: end.saturating_sub(early.max(late)),
            late: end.saturating_sub(late),
            end,
        }
    }

    pub(super) fn age(&self, now: Duration) -> Age {
        if now < self.early {
            Age::Fresh
        } else if now < self.late {
            Age::Early
        } else if now < self.end {
            Age::Late
        } else {
            Age::Over
        }
    }
}

/// How long before its end a token of this lifetime is late.
fn late(lifetime: Duration) -> Duration {
    LATE.min(lifetime / 20)
}

/// Whether a kept token with this rest of its lifetime is no longer taken up without need.
pub(super) fn is_late(left: Duration, lifetime: Duration) -> bool {
    left <= late(lifetime)
}

/// The rest of a kept token that was issued `since` ago for `lifetime`. `since` is an error if it was
/// issued that far in the future: then a clock was or is wrong, and its age is unknown.
pub(super) fn left(since: Result<Duration, Duration>, lifetime: Duration) -> Option<Duration> {
    let since = match since {
        Ok(since) => since,
        Err(ahead) if ahead <= SKEW => Duration::ZERO,
        Err(_) => return None,
    };
    let left = lifetime.saturating_sub(since);
    (!left.is_zero()).then_some(left)
}

/// How long to leave the provider alone after this many failures in a row. `urgent` if calls fail
/// without a token, and the failure may pass.
pub(super) fn pause(failures: u32, urgent: bool) -> Duration {
    let (first, longest, doubled) = if urgent {
        if failures < 2 {
            return Duration::ZERO;
        }
        (URGENT_PAUSE, LONGEST_URGENT_PAUSE, failures - 2)
    } else {
        (PAUSE, LONGEST_PAUSE, failures.saturating_sub(1))
    };
    first.saturating_mul(1 << doubled.min(8)).min(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;

    #[test]
    fn an_hour_is_refreshed_early_at_55_minutes_and_waited_for_at_its_last_half_minute() {
        let life = Life::new(S(100), S(3600), S(3600), 0.0);
        let ages = [3399, 3400, 3669, 3670, 3699, 3700].map(|now| life.age(S(now)));
        let wanted = [
            Age::Fresh,
            Age::Early,
            Age::Early,
            Age::Late,
            Age::Late,
            Age::Over,
        ];
        assert_eq!(ages, wanted);
    }

    #[test]
    fn chance_makes_the_early_window_shorter_and_never_longer() {
        for random in [0.0, 0.5, 1.0] {
            let life = Life::new(S(0), S(3600), S(3600), random);
            assert_eq!(life.age(S(3299)), Age::Fresh);
            assert_eq!(life.age(S(3376)), Age::Early);
        }
    }

    #[test]
    fn a_short_life_is_used_for_its_most_part() {
        let life = Life::new(S(0), S(10), S(10), 0.0);
        assert_eq!(life.age(S(7)), Age::Fresh);
        assert_eq!(life.age(S(9)), Age::Early);
        assert_eq!(life.age(Duration::from_millis(9600)), Age::Late);
    }

    #[test]
    fn the_rest_of_an_hour_has_the_windows_of_an_hour() {
        let life = Life::new(S(0), S(40), S(3600), 0.0);
        let ages = [0, 9, 10, 39, 40].map(|now| life.age(S(now)));
        assert_eq!(
            ages,
            [Age::Early, Age::Early, Age::Late, Age::Late, Age::Over]
        );
    }

    #[test]
    fn a_kept_token_is_taken_up_by_its_age() {
        let left = |since| left(since, S(3600)).map(|left| left.as_secs());
        assert_eq!(left(Ok(S(0))), Some(3600));
        assert_eq!(left(Ok(S(3599))), Some(1));
        assert_eq!(left(Ok(S(3600))), None);
        assert_eq!(left(Ok(S(9999))), None);
        // A clock that is a little ahead, and one that was or is wrong.
        assert_eq!(left(Err(S(60))), Some(3600));
        assert_eq!(left(Err(S(61))), None);
        assert!(is_late(S(30), S(3600)) && !is_late(S(31), S(3600)));
    }

    #[test]
    fn pauses_double_up_to_a_minute() {
        let pauses = |urgent| (1..8).map(move |failures| pause(failures, urgent).as_secs());
        assert_eq!(Vec::from_iter(pauses(false)), [5, 10, 20, 40, 60, 60, 60]);
        assert_eq!(Vec::from_iter(pauses(true)), [0, 1, 2, 4, 8, 16, 30]);
    }
}
