//! Prints two tracks of the sandbox.

use amazon_music::AmazonMusic;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = amazon_music_sandbox::start().await?;
    let music = AmazonMusic::builder()
        .base_url(sandbox.base_url())
        .security_profile_id(sandbox.security_profile_id())
        .token(sandbox.token())
        .build()?;
    for track in music.top_tracks().limit(2).send().await? {
        println!("{}", track.id);
    }
    Ok(())
}
