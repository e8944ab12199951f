//! The suites that cross crates, in one binary so that they are linked once.
#![allow(clippy::unwrap_used, clippy::expect_used, unreachable_pub)]

mod blocking;
mod common;
mod conformance;
mod coverage;
mod documents;
mod examples;
mod fault_matrix;
mod first_contact;
mod flows;
mod lenient_responses;
mod logins;
mod many_lists;
mod page_graphs;
mod paging;
mod programs;
mod provenance;
mod random_faults;
mod raw_responses;
mod schemas;
mod storm;
mod structure;
mod surface;
mod survival;
mod time;
mod token_stores;
mod tokens;
mod wire;
