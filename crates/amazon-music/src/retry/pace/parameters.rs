//! The parameters of the learned rate, each with its reason. Chosen once, for all limiters of the
//! simulation (`tests/bench/src/pace`), not for one of them.

use std::time::Duration;

/// The rate after a first 429. Low, so that a limit of one a second is found by the next one; six
/// doublings reach 100 within two seconds.
pub(super) const START: f64 = 2.0;

/// Nobody is sent for this long after a first 429: limits are stated per second, so that the window of a
/// server that counts by the second is a new one.
pub(super) const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The least time between two doublings of the search. A burst that a server allows would let a faster
/// one run far beyond the limit.
pub(super) const DOUBLING: Duration = Duration::from_millis(250);

/// The share of the rate by which it grows in a second once half and double of the limit are known.
pub(super) const CLIMB: f64 = 0.12;

/// The cut at the end of a climb: a burst of a tenth of a second hides about this much of what was too
/// fast.
pub(super) const CLIMB_CUT: f64 = 0.9;

/// How long one event lasts. Within it, further 429s only count; after it, they measure.
pub(super) const EVENT: Duration = Duration::from_secs(1);

/// A 429 that follows a cut within this time shows that the cut was not deep enough.
pub(super) const SOON: Duration = Duration::from_secs(2);

/// So many 429s in a row within an event of a climb: nothing more is admitted in this second, and the
/// start of the climb was a guess that was too high.
pub(super) const IN_A_ROW: u32 = 2;

/// The deepest cut by a guess, if there was no time to measure.
pub(super) const DEEPEST: f64 = 0.5;

/// The least rate that is kept if not two 429s came in a row: a server without burst refuses every
/// second request of a rate that is hardly too fast, and only admits half of it.
pub(super) const EVERY_SECOND: f64 = 0.75;

/// The cut of a rate that was right for a while, at least and at most.
pub(super) const CUT: (f64, f64) = (0.93, 0.97);

/// How long the rate is held after a cut, at first.
pub(super) const HOLD: Duration = Duration::from_secs(5);

/// The hold grows by this factor with each probe that only finds the same limit.
pub(super) const LONGER_HOLD: f64 = 1.5;

/// The longest hold, so that a limit that was raised is found.
pub(super) const LONGEST_HOLD: Duration = Duration::from_secs(30);

/// The least number of requests in a hold: one refused request among these.
pub(super) const HELD_REQUESTS: f64 = 24.0;

/// The growth in the first seconds of a probe, per second; doubled every [`FASTER`].
pub(super) const PROBE: f64 = 0.015;

/// The time in which the growth of a probe or of a climb doubles.
pub(super) const FASTER: Duration = Duration::from_millis(2500);

/// A rate so much above the last one that was refused proves that the limit was raised.
pub(super) const RAISED: f64 = 1.2;

/// The least growth in a second once that is proved.
pub(super) const RECOVERY: f64 = 0.5;

/// The most growth in a second. Without it, a probe of a low rate that was held for long would go far beyond any
/// limit within a few responses.
pub(super) const FASTEST: f64 = 1.0;

/// The longest pause if nothing at all is admitted: a tenth or so of a limit per minute.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// The least rate: one request in two seconds, as the AWS SDKs have it.
pub(super) const LEAST: f64 = 0.5;

/// The greatest rate, far beyond what one client can send.
pub(super) const MOST: f64 = 1e6;

/// A rate is forgotten after so long without a 429.
pub(super) const FORGOTTEN: Duration = Duration::from_secs(300);

/// A `Retry-After` beyond a year is one of a year.
pub(super) const LONGEST_ADVICE: Duration = Duration::from_secs(365 * 24 * 3600);
