//! The script of the pace: what it is asked, and what it says.

use std::{sync::LazyLock, time::Duration};

use crate::{
    failure::Failure,
    server::{Arguments, Redis, Script},
};

static ADMIT: LazyLock<Script> =
    LazyLock::new(|| Script::new([include_str!("rate.lua"), include_str!("admit.lua")].concat()));

/// A response that the pace has to learn of. Moments are microseconds of the server's clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Report {
    pub(super) is_refused: bool,
    pub(super) sent_at: u64,
    pub(super) came_at: u64,
    pub(super) retry_after: Option<Duration>,
}

/// The request to the script.
#[derive(Debug, Default)]
pub(super) struct Ask {
    /// The rate that is set.
    pub(super) set: Option<f64>,
    /// Whether a turn is wanted; else this is a look.
    pub(super) wants_turn: bool,
    pub(super) had_to_wait: bool,
    pub(super) patience: Duration,
    /// A turn that is not used.
    pub(super) given_back: Option<u64>,
    pub(super) reports: Vec<Report>,
}

/// The state of the pace, in microseconds of the server's clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reply {
    /// Whether nothing limits requests.
    pub(super) is_free: bool,
    pub(super) now: u64,
    pub(super) per_second: Option<f64>,
    /// The turn that was asked for, if it comes in time.
    pub(super) turn: Option<u64>,
    /// The next turn.
    pub(super) next: u64,
    /// The earliest next turn as far as facts tell.
    pub(super) known: u64,
    /// How many turns were given so far, to all.
    pub(super) grants: u64,
    /// How long ago the last 429 came.
    pub(super) age: Duration,
    /// The end of a pause for all: turns before it are void.
    pub(super) resume: u64,
    /// How long ahead turns are given.
    pub(super) lead: u64,
    /// Whether the limit is still searched: then each response counts at once.
    pub(super) is_searching: bool,
}

/// Runs the script.
pub(super) async fn run(redis: &Redis, key: &str, ask: &Ask) -> Result<Reply, Failure> {
    let flag = |flag: bool| if flag { "1" } else { "0" };
    let mut arguments = Arguments::new()
        .arg(ask.set.map(|set| set.to_string()).unwrap_or_default())
        .arg(flag(ask.wants_turn))
        .arg(flag(ask.had_to_wait))
        .arg(micros(ask.patience).to_string())
        .arg(ask.given_back.unwrap_or(0).to_string());
    for report in &ask.reports {
        let retry_after = report.retry_after.map(|delay| micros(delay).to_string());
        arguments = arguments
            .arg(flag(report.is_refused))
            .arg(report.sent_at.to_string())
            .arg(report.came_at.to_string())
            .arg(retry_after.unwrap_or_else(|| "-1".to_owned()));
    }
    type Fields = (bool, u64, String, u64, u64, u64, u64, u64, u64, u64, bool);
    let fields: Fields = ADMIT.run(redis, &[key], &arguments).await?;
    let (is_free, now, per_second, turn, next, known, grants, age, resume, lead, is_searching) =
        fields;
    Ok(Reply {
        is_free,
        now,
        per_second: per_second.parse().ok(),
        turn: (turn > 0).then_some(turn),
        next,
        known,
        grants,
        age: Duration::from_micros(age),
        resume,
        lead,
        is_searching,
    })
}

pub(super) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
