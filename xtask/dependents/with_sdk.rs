//! Prints the ids of one page, with this SDK.

use amazon_music::AmazonMusic;

#[tokio::main]
async fn main() -> Result<(), amazon_music::Error> {
    let music = AmazonMusic::builder()
        .base_url("http://127.0.0.1:1/v1")
        .security_profile_id("profile")
        .token("token")
        .build()?;
    for track in music.top_tracks().send().await? {
        println!("{}", track.id);
    }
    Ok(())
}
