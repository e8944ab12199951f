//! Flags for the part of a list to print.

use std::path::PathBuf;

use clap::Args;

/// Part of a list to print. Without `--all` and `--limit`: one page.
#[derive(Clone, Debug, Default, Args)]
pub struct Paging {
    /// Number of items to print; without it and --all, one page
    #[arg(short = 'n', long, alias = "max", value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,

    /// Print the list to its end
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,

    /// Items per request, from 1 to the largest page of the list; without it --limit, or what the service
    /// prefers
    #[arg(long, value_name = "N")]
    pub page_size: Option<u32>,

    /// Start at this cursor, as printed by an earlier run with pages of the same size
    #[arg(long, value_name = "CURSOR")]
    pub cursor: Option<String>,

    /// Prefetch the next page while the current one is printed
    #[arg(long)]
    pub read_ahead: bool,

    /// Resume from the position in FILE and save the new one there; needs --all or --limit
    #[arg(long, value_name = "FILE", conflicts_with = "cursor")]
    pub resume: Option<PathBuf>,
}
