//! Stops in the middle of a page and resumes in another process.
//!
//! ```console
//! $ cargo run --package amazon-music --example resume
//! ```
//!
//! Needs no account: it reads a list of the sandbox, a mock server.

use std::{
    error::Error,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use amazon_music::{AmazonMusic, Items, operations::CategoryTracks};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let checkpoint = PathBuf::from("checkpoint.json");
    run(&mut io::stdout(), &checkpoint).await?;
    Ok(fs::remove_file(checkpoint)?)
}

pub(crate) async fn run(out: &mut impl Write, checkpoint: &Path) -> Result<(), Box<dyn Error>> {
    let sandbox = amazon_music_sandbox::start().await?;
    let music = AmazonMusic::builder()
        .base_url(sandbox.base_url())
        .security_profile_id(sandbox.security_profile_id())
        .token(sandbox.token())
        .build()?;

    // The first process stops after 30 items, 5 of them on the second page.
    let before = read(&music, checkpoint, 30).await?;
    writeln!(
        out,
        "{} tracks, the last is {}",
        before.len(),
        last(&before)
    )?;

    // The second one has only the checkpoint.
    let after = read(&music, checkpoint, usize::MAX).await?;
    writeln!(out, "{} more, the last is {}", after.len(), last(&after))?;
    Ok(())
}

/// Reads up to `count` tracks from the position in the checkpoint, and saves the position it reached.
async fn read(
    music: &AmazonMusic,
    checkpoint: &Path,
    count: usize,
) -> Result<Vec<String>, Box<dyn Error>> {
    let mut tracks = start(music, checkpoint)?;
    let mut ids = Vec::new();
    while ids.len() < count
        && let Some(track) = tracks.next_item().await
    {
        ids.push(track?.id);
    }
    // A program that may be killed saves its output and its position together, every so often.
    fs::write(checkpoint, serde_json::to_vec(&tracks.position())?)?;
    Ok(ids)
}

fn start(music: &AmazonMusic, checkpoint: &Path) -> Result<Items<CategoryTracks>, Box<dyn Error>> {
    let list = music.category_tracks("2iB4IU25").limit(25);
    match fs::read(checkpoint) {
        Ok(saved) => Ok(list.resume(serde_json::from_slice(&saved)?)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(list.items()),
        Err(error) => Err(error.into()),
    }
}

fn last(ids: &[String]) -> &str {
    ids.last().map_or("-", String::as_str)
}
