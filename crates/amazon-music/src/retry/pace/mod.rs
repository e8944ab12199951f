//! When requests may leave: as fast as an unknown limit allows, and no faster.
//!
//! [`Pacer`] is the pace of one process. Until a first 429 nobody waits and nothing is locked. From then
//! on requests leave one by one, first come, first served, at a rate that it learns from what is admitted
//! and what is refused ([`Rate`]). A limit that is known can be set:
//!
//! ```
//! use amazon_music::pace::Pacer;
//!
//! let pacer = Pacer::new().requests_per_second(9.0);
//! # drop(pacer);
//! ```
//!
//! [`Pace`] is the seam for a pace that several processes or machines share.

mod contract;
mod pacer;
mod parameters;
mod rate;
mod tally;

pub use contract::{Outcome, Pace, PaceFuture, Request, Status, TooLate, Turn};
pub use pacer::{Learned, Pacer};
pub use rate::Rate;
