//! How-to guides: one page per task, each with an example that is run as a test.
//!
//! | task | page |
//! |---|---|
//! | read the first page of a list | [`first_page`] |
//! | read whole lists, or many lists concurrently | [`walk_everything`] |
//! | log a user in and persist the tokens | [`log_in`] |
//! | serve many users | [`many_users`] |
//! | run on several machines | [`many_machines`] |
//! | handle rate limits | [`rate_limits`] |
//! | stop and resume later | [`resume`] |
//! | test a program without the service | [`test_your_code`] |
//! | call a raw operation, inspect a response, or read items as served | [`raw_operation`] |
//! | trace calls | [`observe`] |
//!
//! The modules hold documentation only. Complete programs are in the folder `examples/` of this crate: `cargo
//! run --package amazon-music --example quick_start`.

#[doc = include_str!("first_page.md")]
pub mod first_page {}

#[doc = include_str!("walk_everything.md")]
pub mod walk_everything {}

#[doc = include_str!("log_in.md")]
pub mod log_in {}

#[doc = include_str!("many_users.md")]
pub mod many_users {}

#[doc = include_str!("many_machines.md")]
pub mod many_machines {}

#[doc = include_str!("rate_limits.md")]
pub mod rate_limits {}

#[doc = include_str!("resume.md")]
pub mod resume {}

#[doc = include_str!("test_your_code.md")]
pub mod test_your_code {}

#[doc = include_str!("raw_operation.md")]
pub mod raw_operation {}

#[doc = include_str!("observe.md")]
pub mod observe {}
