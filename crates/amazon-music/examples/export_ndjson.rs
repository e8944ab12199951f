//! Exports the albums of all categories as NDJSON, one JSON object per line.
//!
//! ```console
//! $ cargo run --package amazon-music --example export_ndjson > albums.ndjson
//! ```
//!
//! Needs no account: it exports the catalog of the sandbox, a mock server. The sandbox is scripted to send
//! one malformed item, to show that the export continues after it.

use std::{
    error::Error,
    io::{self, BufWriter, Write},
};

use amazon_music::{AmazonMusic, ErrorKind, many};
use amazon_music_sandbox::{Fault, Faults, Sandbox};
use futures_util::StreamExt as _;
use serde_json::json;

/// Number of lists read concurrently. The rate limits of the service are not published: start low.
const CONCURRENCY: usize = 4;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(io::stdout().lock());
    run(&mut out, &mut io::stderr()).await?;
    Ok(out.flush()?)
}

pub(crate) async fn run(
    out: &mut impl Write,
    report: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    // Two pages of categories, then a page of albums with a malformed item.
    let faults = Faults::in_order([None, None, Some(Fault::MalformedItem)]);
    let sandbox = Sandbox::new().faults(faults).start().await?;
    let music = AmazonMusic::builder()
        .base_url(sandbox.base_url())
        .security_profile_id(sandbox.security_profile_id())
        .token(sandbox.token())
        .build()?;
    export(&music, out, report).await
}

async fn export(
    music: &AmazonMusic,
    out: &mut impl Write,
    report: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let categories = music.categories().items().collect_all().await?;
    let lists = categories
        .iter()
        .map(|category| music.category_albums(&category.id));
    let mut albums = many(lists, CONCURRENCY);
    let (mut rows, mut skipped) = (0, 0);
    while let Some((list, album)) = albums.next().await {
        match album {
            Ok(album) => {
                let row = json!({ "category": categories[list].id, "album": album });
                writeln!(out, "{row}")?;
                rows += 1;
            }
            // The other items are unaffected.
            Err(error) if error.kind() == ErrorKind::Item => {
                writeln!(report, "skipped: {error}")?;
                skipped += 1;
            }
            Err(error) => return Err(error.into()),
        }
    }
    let categories = categories.len();
    writeln!(
        report,
        "{rows} albums of {categories} categories, {skipped} skipped"
    )?;
    Ok(())
}
