//! Prints the ids of one page at the given base URL, with reqwest and serde by hand.

use serde::Deserialize;

#[derive(Deserialize)]
struct Response {
    data: Data,
}
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    top_tracks: Connection,
}
#[derive(Deserialize)]
struct Connection {
    edges: Vec<Edge>,
}
#[derive(Deserialize)]
struct Edge {
    node: Track,
}
#[derive(Deserialize)]
struct Track {
    id: String,
}

#[tokio::main]
async fn main() -> Result<(), reqwest::Error> {
    let base_url = std::env::args().nth(1).unwrap_or_default();
    let response: Response = reqwest::Client::new()
        .get(format!("{base_url}/browse/tracks/top"))
        .header("x-api-key", "profile")
        .bearer_auth("token")
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    for edge in response.data.top_tracks.edges {
        println!("{}", edge.node.id);
    }
    Ok(())
}
