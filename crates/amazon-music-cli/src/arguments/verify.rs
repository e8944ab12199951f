//! Flags of `verify`.

use std::path::PathBuf;

use clap::Args;

/// Comparison of the service with the spec.
#[derive(Clone, Debug, Default, Args)]
pub struct Verify {
    /// Print each request that could be sent, and the most there can be; send none
    #[arg(long)]
    pub plan: bool,

    /// Also send what should be refused: limits out of bounds, a made-up cursor, an unknown id, missing credentials
    #[arg(long)]
    pub probe: bool,

    /// Recording of another day, made with --record-raw: one of its cursors is sent again
    #[arg(long, value_name = "DIR", requires = "probe")]
    pub earlier: Option<PathBuf>,

    /// Write the report to FILE.json and FILE.md, after it is shown; it is sent nowhere
    #[arg(long, value_name = "FILE", conflicts_with = "plan")]
    pub report: Option<PathBuf>,

    /// Compare with the JSON of an earlier report, and succeed if nothing has changed
    #[arg(long, value_name = "FILE", conflicts_with = "plan")]
    pub against: Option<PathBuf>,

    /// The login of the run.
    #[arg(skip)]
    pub user: Option<String>,

    /// Whether the run is against the sandbox.
    #[arg(skip)]
    pub sandbox: bool,
}
