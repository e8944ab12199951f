//! Flags of `sandbox serve`.

use std::{net::IpAddr, path::PathBuf};

use amazon_music_sandbox as sandbox;
use clap::{Args, Subcommand, ValueEnum};

/// Command of the mock server.
#[derive(Debug, Subcommand)]
pub enum SandboxCommand {
    /// Serve the sandbox until Ctrl-C, for a client in any language
    ///
    /// The page at / shows the OpenAPI spec and sends requests; the spec itself is at /openapi.yaml and
    /// /openapi.json.
    Serve(Serve),
    /// Check that a sandbox runs at a URL: exit code 0 if it does, 1 if not
    Health(Health),
}

/// Address of a running mock server.
#[derive(Debug, Args)]
pub struct Health {
    /// Base URL of the sandbox, as `sandbox serve` prints it
    #[arg(value_name = "URL", default_value = "http://127.0.0.1:4010/v1")]
    pub url: String,
}

/// Settings of the mock server.
#[derive(Debug, Args)]
pub struct Serve {
    /// Port to listen on; 0 picks a free one
    #[arg(long, value_name = "N", default_value_t = 4010)]
    pub port: u16,

    /// Address to listen on; 0.0.0.0 for all, as in a container
    ///
    /// Whoever reaches it can use the sandbox, whose credentials are public.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: IpAddr,

    /// Write the URLs and credentials to this file, as one line of JSON, once requests can be sent
    ///
    /// The file appears as a whole, and is removed at the start and the end: for a program that starts the
    /// sandbox with --port 0 and waits for it.
    #[arg(long, value_name = "FILE")]
    pub ready_file: Option<PathBuf>,

    /// Delay every response by this many milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub latency: u64,

    /// Serve another documented form of the service; several may be given, separated by commas
    #[arg(long, value_enum, value_name = "NAME", value_delimiter = ',')]
    pub dialect: Vec<Dialect>,

    /// Inject the faults of this JSON file, for example {"random": {"probability": 0.1, "faults": [{"fault": "reset"}]}}
    ///
    /// {"inOrder": [...]} has one entry per request, null for no fault. Faults: error (with status, code and
    /// optional retryAfter), badGateway, unavailable (with optional retryAfter), latency and slowBody (with
    /// milliseconds), cutBody, wrongContentType, invalidUtf8, oversized (with bytes), reset, duplicateCursor,
    /// missingToken, malformedItem.
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,

    /// Seed of random faults; the same seed draws the same faults
    #[arg(long, value_name = "N", default_value_t = 0, requires = "faults")]
    pub seed: u64,

    /// Serve the responses that --record has written to this folder, errors included, instead of the made-up catalog
    ///
    /// Credentials are not checked. A request that was not recorded gets a 404 that says so.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["dialect", "faults"])]
    pub replay: Option<PathBuf>,

    /// Let pages of this origin call the sandbox from a browser, such as http://localhost:5173; * for all
    ///
    /// Can be repeated. Off by default.
    #[arg(long, value_name = "ORIGIN")]
    pub cors: Vec<String>,

    /// Print fresh tokens, and what a client needs to refresh them and to log users in
    #[arg(long)]
    pub tokens: bool,
}

/// A documented form of the service, as in [`amazon_music_sandbox::Dialect`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Dialect {
    /// The lists of a category directly below `data`
    FlatTables,
    /// Categories at /browse/browse/categories
    DoubledPath,
    /// A single category without `data` around it
    BareCategory,
    /// Items with all documented fields, and two unknown ones
    RichNodes,
    /// Categories with few fields around their lists
    SparseCategories,
}

impl From<Dialect> for sandbox::Dialect {
    fn from(dialect: Dialect) -> Self {
        match dialect {
            Dialect::FlatTables => Self::FlatTables,
            Dialect::DoubledPath => Self::DoubledPath,
            Dialect::BareCategory => Self::BareCategory,
            Dialect::RichNodes => Self::RichNodes,
            Dialect::SparseCategories => Self::SparseCategories,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_of_the_sandbox_has_its_name() {
        let named = Dialect::value_variants().iter().copied();
        let named: Vec<sandbox::Dialect> = named.map(sandbox::Dialect::from).collect();
        assert_eq!(named, sandbox::Dialect::ALL);
    }
}
