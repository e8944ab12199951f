//! The suites that cross crates, in one binary so that they are linked once.
#![allow(clippy::unwrap_used, clippy::expect_used, unreachable_pub)]

mod common;
mod coverage;
mod examples;
mod flows;
mod raw_answers;
mod schemas;
mod surface;
mod wire;
