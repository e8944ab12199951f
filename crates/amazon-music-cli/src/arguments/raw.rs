//! Flags of `raw`.

use clap::Args;

/// Request of a path.
#[derive(Debug, Args)]
pub struct Raw {
    /// Path below the base URL, such as /browse/tracks/top; may end with a query
    pub path: String,

    /// Parameter to add to the query; can be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub query: Vec<(String, String)>,

    /// Print the status and the headers of each response before its body
    #[arg(short, long)]
    pub include: bool,

    /// Request all pages; PATH must be that of a list of the spec
    #[arg(long)]
    pub paginate: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    let (name, value) = pair.ok_or("must be NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
