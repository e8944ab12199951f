//! A walk that stops in the middle of a page and goes on in another process.
//!
//! ```console
//! $ cargo run --package amazon-music --example resume
//! ```
//!
//! Needs no account: it walks a list of the sandbox.

use std::{
    error::Error,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use amazon_music::{AmazonMusic, Items, operations::CategoryTracks};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let place = PathBuf::from("place.json");
    run(&mut io::stdout(), &place).await?;
    Ok(fs::remove_file(place)?)
}

pub(crate) async fn run(out: &mut impl Write, place: &Path) -> Result<(), Box<dyn Error>> {
    let sandbox = amazon_music_sandbox::start().await?;
    let music = AmazonMusic::builder()
        .base_url(sandbox.base_url())
        .security_profile_id(sandbox.security_profile_id())
        .token(sandbox.token())
        .build()?;

    // The first process is ended after 30 items, 5 of them on the second page.
    let before = walk(&music, place, 30).await?;
    writeln!(
        out,
        "{} tracks, the last is {}",
        before.len(),
        last(&before)
    )?;

    // The second one knows nothing but the file.
    let after = walk(&music, place, usize::MAX).await?;
    writeln!(out, "{} more, the last is {}", after.len(), last(&after))?;
    Ok(())
}

/// Handles up to `count` tracks, from the place in the file on, and keeps the place it came to.
async fn walk(
    music: &AmazonMusic,
    place: &Path,
    count: usize,
) -> Result<Vec<String>, Box<dyn Error>> {
    let mut tracks = begin(music, place)?;
    let mut ids = Vec::new();
    while ids.len() < count
        && let Some(track) = tracks.next_item().await
    {
        ids.push(track?.id);
    }
    // A program that may be killed writes its rows and its place together, every so often.
    fs::write(place, serde_json::to_vec(&tracks.position())?)?;
    Ok(ids)
}

fn begin(music: &AmazonMusic, place: &Path) -> Result<Items<CategoryTracks>, Box<dyn Error>> {
    let list = music.category_tracks("2iB4IU25").limit(25);
    match fs::read(place) {
        Ok(saved) => Ok(list.resume(serde_json::from_slice(&saved)?)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(list.items()),
        Err(error) => Err(error.into()),
    }
}

fn last(ids: &[String]) -> &str {
    ids.last().map_or("-", String::as_str)
}
