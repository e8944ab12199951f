//! `--verbose` and `RUST_LOG`: the requests on standard error. Nothing listens unless one of them asks.

mod attempt;
mod lines;

use std::env;

use amazon_music::trace_names;
use tracing_subscriber::{
    Layer as _, filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::notice::notice;

pub use lines::Lines;

/// Starts to print what was asked for. The flag goes before the variable.
pub(crate) fn listen(verbose: u8) {
    let targets = match verbose {
        0 => variable(),
        _ => Some(targets(verbose)),
    };
    if let Some(targets) = targets {
        let lines = Lines::new(|line| notice!("{line}")).with_filter(targets);
        // Fails only if something else in this process listens already.
        let _ = tracing_subscriber::registry().with(lines).try_init();
    }
}

/// The requests, and from the second `-v` on all that this client reports.
fn targets(verbose: u8) -> Targets {
    use tracing::level_filters::LevelFilter;

    match verbose {
        1 => Targets::new().with_target(trace_names::CALLS, LevelFilter::DEBUG),
        _ => Targets::new().with_target("amazon_music", LevelFilter::DEBUG),
    }
}

/// The directives of `RUST_LOG`, if it is set and can be read.
fn variable() -> Option<Targets> {
    let text = env::var("RUST_LOG").ok().filter(|text| !text.is_empty())?;
    text.parse()
        .map_err(|error| {
            notice!(
                "warning: RUST_LOG is ignored: {error}; write TARGET=LEVEL, with commas between several"
            );
        })
        .ok()
}
