//! Reads the first page of a list, then a whole list.
//!
//! ```console
//! $ cargo run --package amazon-music --example quick_start
//! ```
//!
//! Needs no account: it starts the sandbox, a mock server, and sends its requests there. For the live
//! service, leave out `base_url`, and pass the id of your security profile and a user's token.

use std::{
    error::Error,
    io::{self, Write},
};

use amazon_music::AmazonMusic;
use futures_util::TryStreamExt as _;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout()).await
}

pub(crate) async fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let sandbox = amazon_music_sandbox::start().await?;
    let music = AmazonMusic::builder()
        .base_url(sandbox.base_url())
        .security_profile_id(sandbox.security_profile_id())
        .token(sandbox.token())
        .build()?;

    // One page.
    let page = music.top_tracks().limit(3).send().await?;
    for track in &page.items {
        let title = track.title.as_deref().unwrap_or("-");
        writeln!(out, "{} {title}", track.id)?;
    }

    // All items of a list. The stream requests pages as it needs them.
    let mut categories = 0;
    let mut genres = music.categories().items();
    while let Some(category) = genres.try_next().await? {
        categories += 1;
        if category.name.as_deref() == Some("Heavy Metal") {
            writeln!(out, "{} is number {categories}", category.id)?;
        }
    }
    writeln!(out, "{categories} categories")?;
    Ok(())
}
