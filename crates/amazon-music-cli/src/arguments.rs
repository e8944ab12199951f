//! The command line: commands, flags and the environment variables behind them.

mod browse;
mod checks;
mod environment;
mod examples;
mod flags;
mod help;
mod login;
mod paging;
mod raw;
mod requests;
mod serve;
mod tree;
mod verify;

use std::path::PathBuf;

use clap::{
    ArgAction, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum,
};
use clap_complete::Shell;

use crate::{color::Color, error_format::ErrorFormat, jq::Filter};

pub use self::{
    browse::{Browse, Call, Export, FileFormat},
    login::{Home, Login, Status},
    paging::Paging,
    raw::Raw,
    requests::{Record, Requests},
    serve::{Dialect, Health, SandboxCommand, Serve},
    verify::Verify,
};

/// Heading of the flags that each command has.
const GLOBAL: &str = "Global options";

/// Browse the Amazon Music catalog.
#[derive(Debug, Parser)]
#[command(name = "amazon-music", version)]
pub struct Arguments {
    /// Run against an embedded mock server (the sandbox) with a made-up catalog; needs no credentials
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub sandbox: bool,

    /// Name of the saved login to use, if there are several
    #[arg(long, global = true, value_name = "NAME", help_heading = GLOBAL)]
    pub user: Option<String>,

    /// How to print
    #[command(flatten)]
    pub output: Output,

    /// Print each request on standard error: its path, status and time, and a hash of its cursor
    ///
    /// Twice: retries, pauses, refreshed tokens and undocumented responses too. Never a credential or a body.
    #[arg(short, long, global = true, help_heading = GLOBAL, action = ArgAction::Count)]
    pub verbose: u8,

    /// How to print an error on standard error
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        help_heading = GLOBAL
    )]
    pub error_format: ErrorFormat,

    /// Settings of requests
    #[command(flatten)]
    pub requests: Requests,

    /// Command to run
    #[command(subcommand)]
    pub command: Command,
}

impl Arguments {
    /// Parses the arguments and environment of this process.
    ///
    /// # Errors
    ///
    /// Returns the help, the version or a usage error, which [`usage`](crate::usage) prints.
    pub fn from_process() -> Result<Self, clap::Error> {
        Color::of_unparsed(std::env::args_os()).apply();
        let mut command = environment::ignore_empty_variables(command());
        command
            .try_get_matches_from_mut(std::env::args_os())
            .and_then(|matches| {
                checks::check(&matches)?;
                Self::from_arg_matches(&matches)
            })
            .map_err(|error| error.format(&mut command))
    }
}

/// The command line with the texts that its types do not hold.
#[must_use]
pub fn command() -> clap::Command {
    let command = examples::add_own(Arguments::command());
    let after = help::after(&command);
    command.after_help(after)
}

/// How to print.
#[derive(Clone, Debug, Args)]
pub struct Output {
    /// Output format
    #[arg(id = "output", short, long, value_name = "FORMAT", global = true, help_heading = GLOBAL, value_enum, default_value_t = Format::Table)]
    pub format: Format,

    /// Put an apostrophe before CSV cells that a spreadsheet would run as a formula (=, +, -, @); without it,
    /// cells are as received
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub csv_safe: bool,

    /// Fields to print, in this order, instead of the usual ones: `id,title,images.url`. Undocumented ones too
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "FIELDS", value_delimiter = ',')]
    pub fields: Vec<String>,

    /// Filter in jq's language to run over each item as served, or over its --fields, instead of --output: each
    /// result on a line, strings without quotes
    #[arg(
        long,
        global = true,
        help_heading = GLOBAL,
        value_name = "EXPR",
        value_parser = Filter::parse,
        allow_hyphen_values = true
    )]
    pub jq: Option<Filter>,

    /// Leave out the header of a table or of CSV
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub no_header: bool,

    /// When to use colours
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value_t,
        help_heading = GLOBAL
    )]
    pub color: Color,

    /// Print no progress and no hints; warnings and errors stay
    #[arg(short, long, global = true, help_heading = GLOBAL)]
    pub quiet: bool,
}

impl From<Format> for Output {
    fn from(format: Format) -> Self {
        Self {
            format,
            csv_safe: false,
            fields: Vec::new(),
            jq: None,
            no_header: false,
            color: Color::Auto,
            quiet: false,
        }
    }
}

/// Output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Aligned columns
    Table,
    /// One object: `items`, `complete` and `nextCursor` of a list, or the requested entity
    Json,
    /// One object per line
    Ndjson,
    /// Comma-separated values with a header line
    Csv,
}

/// Command to run.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Reads the catalog.
    #[command(flatten)]
    Browse(Browse),
    /// Log in with Amazon once; the tokens are saved and refreshed when needed
    ///
    /// The ID and secret of the client, which a refresh needs, are saved with them, in a file that only its
    /// owner can read.
    Login(Login),
    /// Delete the tokens of a saved login
    Logout,
    /// Show the saved logins: users, scopes and time left
    Status(Status),
    /// Run the mock server (the sandbox) on its own
    #[command(subcommand)]
    Sandbox(SandboxCommand),
    /// Print a completion script for a shell
    Completions {
        /// Shell to complete in
        shell: Shell,
    },
    /// Serve the catalog to an agent as read-only MCP tools
    ///
    /// One tool for each operation, over standard input and output: for the configuration of a client such as Claude
    /// Desktop. Results are bounded, and titles in them are data of others. Without a login it starts all the same,
    /// and its tools say what to run.
    #[cfg(feature = "mcp")]
    Mcp,
    /// Write the man pages to a folder
    #[command(hide = true)]
    Man {
        /// Folder to write to; created if it does not exist
        folder: PathBuf,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(command: &clap::Command, check: &mut impl FnMut(&clap::Arg)) {
        command.get_arguments().for_each(&mut *check);
        for subcommand in command.get_subcommands() {
            visit(subcommand, check);
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn no_argument_of_a_command_takes_the_value_of_a_global_flag() {
        let command = Arguments::command();
        let globals = command.get_arguments().filter(|arg| arg.is_global_set());
        let globals: Vec<_> = globals.map(|arg| arg.get_id().clone()).collect();
        let mut taken = Vec::new();
        for command in command.get_subcommands() {
            visit(command, &mut |argument| {
                if globals.contains(argument.get_id()) && !argument.is_global_set() {
                    taken.push(format!("{} of {}", argument.get_id(), command.get_name()));
                }
            });
        }
        assert_eq!(taken, [""; 0]);
    }

    #[test]
    fn no_flag_shows_its_variable_or_takes_a_credential() {
        let mut variables = Vec::new();
        visit(&Arguments::command(), &mut |argument| {
            if let Some(variable) = argument.get_env() {
                assert!(argument.is_hide_env_values_set(), "{argument}");
                variables.push(variable.to_str().unwrap().to_owned());
            }
        });
        let settings = [
            "AMAZON_MUSIC_LOCALE",
            "AMAZON_MUSIC_IMAGE_STYLE",
            "AMAZON_MUSIC_BASE_URL",
            "AMAZON_MUSIC_TIMEOUT",
            "AMAZON_MUSIC_RETRIES",
            "AMAZON_MUSIC_RATE",
            "AMAZON_MUSIC_PROXY",
            "AMAZON_MUSIC_CACERT",
            "AMAZON_MUSIC_CLIENT_ID",
            "AMAZON_MUSIC_SECURITY_PROFILE_ID",
        ];
        assert_eq!(variables, settings);
    }
}
