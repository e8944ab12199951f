//! Dispatch of the commands that read the catalog.

use amazon_music::{AmazonMusic, EntityOperation, Get};

use crate::{
    arguments::{Browse, Category, CategoryList, New, Output, Requests, Top},
    export,
    failure::Failure,
    list::list,
    output::{Printer, row::Row},
    session::Session,
};

/// Runs the command with this client and prints to standard output.
///
/// # Errors
///
/// Returns a [`Failure`] if a request fails or the output cannot be written.
pub async fn call(
    music: AmazonMusic,
    command: Browse,
    output: Output,
    requests: &Requests,
) -> Result<(), Failure> {
    let session = Session::new(output, requests)?;
    let outcome = dispatch(&music, command, &session).await;
    session.signals.settle(&music).await;
    outcome
}

async fn dispatch(music: &AmazonMusic, command: Browse, session: &Session) -> Result<(), Failure> {
    match command {
        Browse::Top(Top::Tracks(paging)) => {
            list(music.top_tracks().served(), paging, session).await
        }
        Browse::Top(Top::Playlists(paging)) => {
            list(music.top_playlists().served(), paging, session).await
        }
        Browse::New(New::Episodes(paging)) => {
            list(music.new_podcast_episodes().served(), paging, session).await
        }
        Browse::Categories(paging) => list(music.categories().served(), paging, session).await,
        Browse::Category(category) => category_or_list(music, category, session).await,
        Browse::Export(export) => export::run(music, &export, session).await,
    }
}

async fn category_or_list(
    music: &AmazonMusic,
    Category { id, list: wanted }: Category,
    session: &Session,
) -> Result<(), Failure> {
    match wanted {
        None => get(music.category(id).served(), session).await,
        Some(CategoryList::Albums(paging)) => {
            list(music.category_albums(id).served(), paging, session).await
        }
        Some(CategoryList::Playlists(paging)) => {
            list(music.category_playlists(id).served(), paging, session).await
        }
        Some(CategoryList::Tracks(paging)) => {
            list(music.category_tracks(id).served(), paging, session).await
        }
    }
}

async fn get<O>(request: Get<O>, session: &Session) -> Result<(), Failure>
where
    O: EntityOperation,
    O::Output: Row,
{
    let response = async { Ok(request.send().await?) };
    let entity = session.signals.interrupt(response).await?;
    Printer::new(session.output).one(&entity)
}
