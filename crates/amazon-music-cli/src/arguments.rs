//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub use crate::serve::{SandboxCommand, Serve};

const AFTER_HELP: &str = "\
Environment:
  AMAZON_MUSIC_SECURITY_PROFILE_ID  id of a security profile that Amazon Music has enabled
  AMAZON_MUSIC_CLIENT_ID            id of its Login with Amazon client, for `login`
  AMAZON_MUSIC_CLIENT_SECRET        secret of that client, for `login`
  AMAZON_MUSIC_TOKEN                an access token (scope music::catalog), instead of a login
  AMAZON_MUSIC_TOKEN_DIR            folder of the logins that are kept
  AMAZON_MUSIC_BASE_URL             another server than https://api.music.amazon.dev/v1
  AMAZON_MUSIC_LOCALE               language of names and messages, such as de-DE
  AMAZON_MUSIC_REWRITE_PATH         FROM=TO: send the paths that begin with FROM to TO
  NO_COLOR                          no colours
  With --sandbox none of them is needed, and no credential is read from them.

Exit codes:
  0  done
  1  the call failed
  2  wrong arguments: nothing was sent
  3  a credential is missing or was refused
  4  called too often: wait
  5  the list could not be read to its end

Unofficial. The live service is a closed beta, and this program has never run against it.";

/// Browse the Amazon Music catalog.
#[derive(Debug, Parser)]
#[command(name = "amazon-music", version, after_help = AFTER_HELP)]
pub struct Arguments {
    /// Run against an embedded stand-in server with a made-up catalog; needs no credentials
    #[arg(long, global = true)]
    pub sandbox: bool,

    /// The name of the login to use, where several are kept
    #[arg(long, global = true, value_name = "NAME")]
    pub user: Option<String>,

    /// How to print
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    pub output: Format,

    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Columns for people
    Table,
    /// One object: `items`, `complete` and `nextCursor`, or the one thing asked for
    Json,
    /// One object per line
    Ndjson,
    /// Comma-separated values with a header line
    Csv,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// What is featured, for the current user
    #[command(subcommand)]
    Top(Top),
    /// What is new, for the current user
    #[command(subcommand)]
    New(New),
    /// All categories
    Categories(Paging),
    /// One category, or a list of what is tagged with it
    Category(Category),
    /// Write the whole catalog to a folder: categories, and the albums, playlists and tracks of each
    ///
    /// One file per list, rows in list order. Killed or failed at any moment, the same command goes on
    /// where it was: no row is missing, none comes twice.
    Export(Export),
    /// Log in at Login with Amazon, once: the tokens are kept and renewed
    ///
    /// What renews them, the client's id and secret, is kept with them, in a file that only its owner can
    /// read.
    Login(Login),
    /// Delete the tokens of a login
    Logout,
    /// Show the logins that are kept: who, which scopes, until when
    Status,
    /// The stand-in server on its own
    #[command(subcommand)]
    Sandbox(SandboxCommand),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

impl Command {
    /// Whether it talks to a service.
    pub(crate) fn talks(&self) -> bool {
        !matches!(self, Self::Logout | Self::Status | Self::Completions { .. })
    }
}

/// A login.
#[derive(Debug, Args)]
pub struct Login {
    /// Show a code to enter on another device, instead of coming back to a browser of this machine
    #[arg(long)]
    pub device: bool,

    /// The id of the Login with Amazon client: amzn1.application-oa2-client.…
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,

    /// Read the client's secret from the first line of standard input
    #[arg(long)]
    pub client_secret_stdin: bool,

    /// The id of the security profile that Amazon Music has enabled: amzn1.application.…
    #[arg(long, value_name = "ID")]
    pub security_profile_id: Option<String>,

    /// Where the account lives
    #[arg(long, value_enum, default_value_t = Home::Na)]
    pub region: Home,

    /// What to ask for, separated by spaces
    #[arg(long, value_name = "SCOPES", default_value = amazon_music::auth::BROWSE_SCOPE)]
    pub scope: String,

    /// The port to come back to: http://127.0.0.1:PORT/callback must be an allowed return URL of the client
    #[arg(long, default_value_t = amazon_music::auth::LOOPBACK_PORT, conflicts_with = "device")]
    pub port: u16,

    /// Only print where to log in
    #[arg(long, conflicts_with = "device")]
    pub no_browser: bool,
}

/// Where an account lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Home {
    /// North America: amazon.com
    Na,
    /// Europe: amazon.co.uk
    Eu,
    /// Far East: amazon.co.jp
    Fe,
}

/// An export.
#[derive(Debug, Args)]
pub struct Export {
    /// The folder to write to; made where it does not exist
    pub folder: PathBuf,

    /// The form of the files
    #[arg(long, value_enum, default_value_t = FileFormat::Ndjson)]
    pub format: FileFormat,

    /// How many lists to read at a time
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub concurrency: u16,
}

/// The form of exported files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    /// One JSON object per line
    Ndjson,
    /// Comma-separated values with a header line
    Csv,
}

/// The top lists.
#[derive(Debug, Subcommand)]
pub enum Top {
    /// The top tracks (pages of up to 20)
    Tracks(Paging),
    /// The top playlists (pages of up to 100)
    Playlists(Paging),
}

/// The lists of new things.
#[derive(Debug, Subcommand)]
pub enum New {
    /// New podcast episodes (pages of up to 100)
    Episodes(Paging),
}

/// One category.
#[derive(Debug, Args)]
pub struct Category {
    /// Its id, as `amazon-music categories` prints it
    #[arg(allow_hyphen_values = true)]
    pub id: String,

    /// A list of what is tagged with it
    #[command(subcommand)]
    pub list: Option<CategoryList>,
}

/// The lists of a category.
#[derive(Debug, Subcommand)]
pub enum CategoryList {
    /// Its albums (pages of up to 100)
    Albums(Paging),
    /// Its playlists (pages of up to 100)
    Playlists(Paging),
    /// Its tracks (pages of up to 100)
    Tracks(Paging),
}

/// Which part of a list to print. Without --all and --max: one page.
#[derive(Clone, Debug, Default, Args)]
pub struct Paging {
    /// Items per page, from 1 to the largest page of the list
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,

    /// Begin at this cursor, as printed by an earlier call with the same --limit
    #[arg(long, value_name = "CURSOR")]
    pub cursor: Option<String>,

    /// Go on to the end of the list
    #[arg(long, conflicts_with = "max")]
    pub all: bool,

    /// Ask for the next page while the last one is printed
    #[arg(long)]
    pub read_ahead: bool,

    /// Go on where FILE says, and write there how far it came; needs --all or --max
    #[arg(long, value_name = "FILE", conflicts_with = "cursor")]
    pub resume: Option<PathBuf>,

    /// Go on until N items are printed
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max: Option<u64>,
}
