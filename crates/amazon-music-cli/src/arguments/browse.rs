//! Commands that read the catalog.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Command that reads the catalog.
#[derive(Debug, Subcommand)]
pub enum Browse {
    /// List featured tracks or playlists, chosen for the current user
    #[command(subcommand)]
    Top(Top),
    /// List new podcast episodes, chosen for the current user
    #[command(subcommand)]
    New(New),
    /// List the categories
    Categories(Paging),
    /// Get one category, or list its albums, playlists or tracks
    Category(Category),
    /// Export the whole catalog to a folder: categories, and the albums, playlists and tracks of each
    ///
    /// Writes one file per list, with rows in list order, and manifest.json, which tells what became of each list.
    /// The same command resumes an export that was interrupted at any moment, without a missing or duplicated row,
    /// and refreshes a finished one. A file stays until its new content is whole and on the disk, then is replaced at
    /// once; this needs room for a second copy of the largest lists. Only files of its own are replaced, and one
    /// process at a time works on a folder. A list that cannot be read is told and skipped, with exit code 5; the
    /// others are written.
    #[command(verbatim_doc_comment)]
    Export(Export),
}

/// Export of the catalog.
#[derive(Debug, Args)]
pub struct Export {
    /// Folder to write to; created if it does not exist
    pub folder: PathBuf,

    /// Format of the files
    #[arg(long, value_enum, default_value_t = FileFormat::Ndjson)]
    pub format: FileFormat,

    /// Number of lists to read concurrently
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub concurrency: u16,

    /// Begin again, instead of resuming an interrupted export; files stay until their new content is whole
    #[arg(long)]
    pub restart: bool,

    /// Take over the files of an older release, whose folders have no amazon-music-export.json
    #[arg(long)]
    pub adopt: bool,
}

/// Format of exported files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    /// One JSON object per line
    Ndjson,
    /// Comma-separated values with a header line
    Csv,
}

/// Featured lists.
#[derive(Debug, Subcommand)]
pub enum Top {
    /// List the top tracks (pages of up to 20)
    Tracks(Paging),
    /// List the top playlists (pages of up to 100)
    Playlists(Paging),
}

/// Lists of new items.
#[derive(Debug, Subcommand)]
pub enum New {
    /// List new podcast episodes (pages of up to 100)
    Episodes(Paging),
}

/// One category.
#[derive(Debug, Args)]
pub struct Category {
    /// ID of the category, as printed by `amazon-music categories`
    #[arg(allow_hyphen_values = true)]
    pub id: String,

    /// List of the category to read, instead of the category itself
    #[command(subcommand)]
    pub list: Option<CategoryList>,
}

/// Lists of a category.
#[derive(Debug, Subcommand)]
pub enum CategoryList {
    /// List the albums of a category (pages of up to 100)
    Albums(Paging),
    /// List the playlists of a category (pages of up to 100)
    Playlists(Paging),
    /// List the tracks of a category (pages of up to 100)
    Tracks(Paging),
}

/// Part of a list to print. Without `--all` and `--max`: one page.
#[derive(Clone, Debug, Default, Args)]
pub struct Paging {
    /// Items per page, from 1 to the largest page of the list
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,

    /// Start at this cursor, as printed by an earlier run with the same --limit
    #[arg(long, value_name = "CURSOR")]
    pub cursor: Option<String>,

    /// Print the list to its end
    #[arg(long, conflicts_with = "max")]
    pub all: bool,

    /// Prefetch the next page while the current one is printed
    #[arg(long)]
    pub read_ahead: bool,

    /// Resume from the position in FILE and save the new one there; needs --all or --max
    #[arg(long, value_name = "FILE", conflicts_with = "cursor")]
    pub resume: Option<PathBuf>,

    /// Stop after N items
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max: Option<u64>,
}
