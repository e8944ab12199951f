//! Commands that read the catalog.

use std::path::PathBuf;

use amazon_music::{OperationInfo, operations};
use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand, ValueEnum, error::ErrorKind};

use crate::{
    arguments::{
        examples, flags,
        paging::Paging,
        raw::Raw,
        tree::{Node, tree},
        verify::Verify,
    },
    catalog,
};

/// Command that reads the catalog.
#[derive(Debug)]
pub enum Browse {
    /// Calls one operation. The commands come from the operation table.
    Call(Call),
    /// Exports the whole catalog.
    Export(Export),
    /// Requests any path.
    Raw(Raw),
    /// Compares the service with the spec.
    Verify(Verify),
}

/// Call of an operation.
#[derive(Clone, Debug)]
pub struct Call {
    /// The operation.
    pub operation: &'static OperationInfo,
    /// Values by the names of their parameters; those of the page are in `paging`.
    pub values: Vec<(&'static str, String)>,
    /// Part of the list to print.
    pub paging: Paging,
    /// Whether to open the page of an entity.
    pub is_web: bool,
}

/// Commands that read the catalog and are no operation.
#[derive(Debug, Subcommand)]
enum Others {
    /// Exports the whole catalog.
    #[command(about = about_export(), long_about = about_export() + ABOUT_EXPORT)]
    Export(Export),
    /// Request any path below the base URL, and print the response as served
    ///
    /// With the credentials, the pace and the retries of any request, for what the other commands do not know.
    /// An error response is printed too. Redirects are not followed.
    Raw(Raw),
    /// Compare the service with the OpenAPI spec, and report each difference without anything private
    ///
    /// Sends a few requests of each operation, 4 a second, and checks all that comes back. --plan tells which, and
    /// sends none. The report holds names and numbers of the documentation, JSON types, shapes and counts: no title,
    /// id, cursor, message, host, account or credential. Exit code 0 if the service agrees, 6 if it differs.
    Verify(Verify),
}

fn about_export() -> String {
    format!(
        "Export the whole catalog to a folder: {}",
        catalog::in_words()
    )
}

const ABOUT_EXPORT: &str = "

- One file per list, in list order, and manifest.json, which tells what became
  of each list.
- The same command resumes an interrupted export without a missing or duplicated
  row, and refreshes a finished one.
- A file stays until its new content is whole and on the disk; this needs room
  for a second copy.
- Only files of its own are replaced, and one process at a time works on a
  folder.
- A list that cannot be read is told and skipped (exit code 5); the others are
  written.";

impl Subcommand for Browse {
    fn augment_subcommands(command: Command) -> Command {
        Others::augment_subcommands(with_commands(command, &tree(operations::ALL)))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        let mut roots = tree(operations::ALL).into_iter();
        Others::has_subcommand(name) || roots.any(|node| node.word == name)
    }
}

impl FromArgMatches for Browse {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        if matches
            .subcommand_name()
            .is_some_and(Others::has_subcommand)
        {
            return Ok(match Others::from_arg_matches(matches)? {
                Others::Export(export) => Self::Export(export),
                Others::Raw(raw) => Self::Raw(raw),
                Others::Verify(verify) => Self::Verify(verify),
            });
        }
        Call::read(&tree(operations::ALL), matches).map(Self::Call)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Adds the commands of a tree.
pub(super) fn with_commands(command: Command, nodes: &[Node]) -> Command {
    let taken = flags::taken(&command);
    let subcommands = nodes.iter().map(|node| of_node(node, &taken));
    command.subcommands(subcommands)
}

fn of_node(node: &Node, taken: &[String]) -> Command {
    let ids = node.ids.iter();
    let mut command = Command::new(node.word)
        .hide(node.is_hidden)
        .args(ids.map(|id| {
            let source = node.operation.and_then(catalog::source_of);
            let has_names = source.is_some_and(|(_, parameter)| parameter == *id);
            flags::position(id, node.parameter(id), has_names)
        }));
    command = match node.operation {
        Some(operation) => flags::add(command, operation, taken, node.children.is_empty()),
        None => command
            .subcommand_required(true)
            .arg_required_else_help(true),
    };
    let children = node.children.iter().map(|child| of_node(child, taken));
    let examples = examples::section(&command, &examples::of_node(node));
    // Last: the flags of a page bring a text of their own.
    command
        .subcommands(children)
        .about(node.about())
        .long_about(None)
        .after_help(examples)
}

impl Call {
    /// Follows the words of the command line to their operation.
    pub(super) fn read(mut nodes: &[Node], mut matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut values = Vec::new();
        let mut found = None;
        while let Some((word, inner)) = matches.subcommand() {
            if let Some(operation) = found {
                flags::refuse(operation, matches)?;
            }
            let Some(node) = nodes.iter().find(|node| node.word == word) else {
                break;
            };
            for id in &node.ids {
                values.extend(flags::given(inner, id).map(|value| (*id, value)));
            }
            (nodes, matches, found) = (&node.children, inner, node.operation);
        }
        let missing = || clap::Error::raw(ErrorKind::MissingSubcommand, "a command is missing");
        let operation = found.ok_or_else(missing)?;
        values.extend(flags::read(operation, matches)?);
        let is_list = operation.shape == amazon_music::Shape::List;
        let paging = if is_list {
            Paging::from_arg_matches(matches)?
        } else {
            Paging::default()
        };
        Ok(Self {
            operation,
            values,
            paging,
            is_web: flags::is_web(matches),
        })
    }
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
