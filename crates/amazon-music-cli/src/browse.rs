//! Dispatch of the commands that read the catalog.

use amazon_music::{AmazonMusic, EntityOperation, Get};
use serde::Serialize;

use crate::{
    arguments::{Browse, Category, CategoryList, Format, New, Top},
    export,
    failure::Failure,
    list::list,
    output::{Printer, row::Row},
};

/// Runs the command with this client and prints to standard output.
///
/// # Errors
///
/// Returns a [`Failure`] if a request fails or the output cannot be written.
pub async fn call(music: AmazonMusic, command: Browse, format: Format) -> Result<(), Failure> {
    let outcome = dispatch(&music, command, format).await;
    // A refresh in the background is saved before the process ends.
    music.settle().await;
    outcome
}

async fn dispatch(music: &AmazonMusic, command: Browse, format: Format) -> Result<(), Failure> {
    match command {
        Browse::Top(Top::Tracks(paging)) => list(music.top_tracks(), paging, format).await,
        Browse::Top(Top::Playlists(paging)) => list(music.top_playlists(), paging, format).await,
        Browse::New(New::Episodes(paging)) => {
            list(music.new_podcast_episodes(), paging, format).await
        }
        Browse::Categories(paging) => list(music.categories(), paging, format).await,
        Browse::Category(category) => category_or_list(music, category, format).await,
        Browse::Export(export) => export::run(music, &export).await,
    }
}

async fn category_or_list(
    music: &AmazonMusic,
    Category { id, list: wanted }: Category,
    format: Format,
) -> Result<(), Failure> {
    match wanted {
        None => get(music.category(id), format).await,
        Some(CategoryList::Albums(paging)) => list(music.category_albums(id), paging, format).await,
        Some(CategoryList::Playlists(paging)) => {
            list(music.category_playlists(id), paging, format).await
        }
        Some(CategoryList::Tracks(paging)) => list(music.category_tracks(id), paging, format).await,
    }
}

async fn get<O>(request: Get<O>, format: Format) -> Result<(), Failure>
where
    O: EntityOperation,
    O::Output: Row + Serialize,
{
    let entity = request.send().await?;
    Printer::new(format).one(&entity)
}
