//! When a token is renewed: arithmetic, without I/O.

use std::time::Duration;

/// From here on a renewal is under way in the background, while the token is still used. Five minutes
/// of the hour that Login with Amazon gives leave room for many tries.
const EARLY: Duration = Duration::from_secs(300);

/// From here on calls wait for the renewal: a token must outlive the request it is sent with.
const LATE: Duration = Duration::from_secs(30);

/// How long no renewal is tried after one failed, doubled with each failure up to [`LONGEST_PAUSE`].
const PAUSE: Duration = Duration::from_secs(5);

/// The longest pause after failures.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The life of one token, in the time of the client's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Life {
    early: Duration,
    late: Duration,
    end: Duration,
}

/// What to do with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    /// Use it.
    Fresh,
    /// Use it, and renew it in the background.
    Early,
    /// Renew it first; use it only where that fails.
    Late,
    /// Not to be used.
    Over,
}

impl Life {
    /// The life of a token that was asked for at `from`. `random`, between 0 and 1, spreads the early
    /// renewals of many clients. A short life has short windows: a fifth and a twentieth of it.
    pub(super) fn new(from: Duration, lifetime: Duration, random: f64) -> Self {
        let early = EARLY.min(lifetime / 5).mul_f64(1.0 - 0.25 * random);
        let late = late(lifetime);
        let end = from.saturating_add(lifetime);
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

/// How long before its end a token that is given this lifetime is no longer taken up.
pub(super) fn late(lifetime: Duration) -> Duration {
    LATE.min(lifetime / 20)
}

/// How long to leave the provider alone after this many failures in a row.
pub(super) fn pause(failures: u32) -> Duration {
    PAUSE
        .saturating_mul(1 << failures.saturating_sub(1).min(8))
        .min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;

    #[test]
    fn an_hour_is_renewed_early_at_55_minutes_and_waited_for_at_its_last_half_minute() {
        let life = Life::new(S(100), S(3600), 0.0);
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
            let life = Life::new(S(0), S(3600), random);
            assert_eq!(life.age(S(3299)), Age::Fresh);
            assert_eq!(life.age(S(3376)), Age::Early);
        }
    }

    #[test]
    fn a_short_life_is_used_for_its_most_part() {
        let life = Life::new(S(0), S(10), 0.0);
        assert_eq!(life.age(S(7)), Age::Fresh);
        assert_eq!(life.age(S(9)), Age::Early);
        assert_eq!(life.age(Duration::from_millis(9600)), Age::Late);
    }

    #[test]
    fn pauses_double_up_to_a_minute() {
        let pauses: Vec<_> = (1..7).map(|failures| pause(failures).as_secs()).collect();
        assert_eq!(pauses, [5, 10, 20, 40, 60, 60]);
    }
}
