//! The suites that cross crates, in one binary so that they are linked once.
#![allow(clippy::unwrap_used, clippy::expect_used, unreachable_pub)]

mod blocking;
mod common;
mod conformance;
mod coverage;
mod documents;
mod entities;
mod examples;
mod fault_matrix;
mod flows;
mod fuzz_corpus;
mod lenient_answers;
mod logins;
mod many_lists;
mod page_graphs;
mod paging;
mod programs;
mod provenance;
mod random_faults;
mod raw_answers;
mod schemas;
mod storm;
mod surface;
mod survival;
mod time;
mod token_stores;
mod tokens;
mod tokens_at_the_sandbox;
mod walk_through;
mod wire;
