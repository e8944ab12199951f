//! Prints the ids of one page at the given base URL, with this SDK.

use amazon_music::AmazonMusic;

#[tokio::main]
async fn main() -> Result<(), amazon_music::Error> {
    let music = AmazonMusic::builder()
        .base_url(std::env::args().nth(1).unwrap_or_default())
        .security_profile_id("profile")
        .token("token")
        .build()?;
    for track in music.top_tracks().send().await? {
        println!("{}", track.id);
    }
    Ok(())
}
