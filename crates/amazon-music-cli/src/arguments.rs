//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub use crate::serve::{SandboxCommand, Serve};

const AFTER_HELP: &str = "\
Environment:
  AMAZON_MUSIC_SECURITY_PROFILE_ID  id of a security profile that Amazon Music has enabled
  AMAZON_MUSIC_TOKEN                the user's access token (Login with Amazon, scope music::catalog)
  AMAZON_MUSIC_BASE_URL             another server than https://api.music.amazon.dev/v1
  AMAZON_MUSIC_LOCALE               language of names and messages, such as de-DE
  AMAZON_MUSIC_REWRITE_PATH         FROM=TO: send the paths that begin with FROM to TO
  NO_COLOR                          no colours
  With --sandbox none of them is needed; only the locale and NO_COLOR are read.

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
    /// The stand-in server on its own
    #[command(subcommand)]
    Sandbox(SandboxCommand),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
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
