//! The table of allocations.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    amazon_music_bench::roles::run_allocations(|| {
        let stats = ALLOCATOR.stats();
        let growth = usize::try_from(stats.bytes_reallocated).unwrap_or_default();
        let count = stats.allocations + stats.reallocations;
        (count, stats.bytes_allocated + growth)
    });
}
