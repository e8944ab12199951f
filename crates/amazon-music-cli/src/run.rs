//! From arguments to a call.

use std::{io, path::Path};

use amazon_music::{
    AmazonMusic, EntityOperation, Error, ErrorKind, Get, List, ListOperation, Position,
};
use amazon_music_sandbox::Running;
use clap::CommandFactory as _;
use futures_util::StreamExt as _;
use serde::Serialize;

use crate::{
    Failure,
    arguments::{Arguments, Category, CategoryList, Command, Format, New, Paging, Top},
    credentials, export, login,
    output::{End, Printer, Row, line},
    serve,
};

/// Does what the arguments say, printing to standard output.
///
/// # Errors
///
/// See [`Failure`].
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    if let Command::Completions { shell } = arguments.command {
        let mut script = Vec::new();
        clap_complete::generate(
            shell,
            &mut Arguments::command(),
            "amazon-music",
            &mut script,
        );
        return Ok(std::io::Write::write_all(&mut std::io::stdout(), &script)?);
    }
    if let Command::Sandbox(command) = &arguments.command {
        return serve::run(command).await;
    }
    let user = arguments.user.as_deref();
    let sandbox = match arguments.sandbox && arguments.command.talks() {
        true => Some(start_sandbox().await?),
        false => None,
    };
    let outcome = match (arguments.command, &sandbox) {
        (Command::Login(login), sandbox) => login::login(login, user, sandbox.as_ref()).await,
        (Command::Logout, _) => login::logout(user, arguments.sandbox).await,
        (Command::Status, _) => login::status(user, arguments.sandbox, arguments.output).await,
        (command, Some(sandbox)) => {
            let music = credentials::of_sandbox(sandbox, user).await?;
            call(finish(music)?, command, arguments.output).await
        }
        (command, None) => {
            let music = credentials::of_service(user).await?;
            call(finish(music)?, command, arguments.output).await
        }
    };
    if let Some(sandbox) = sandbox {
        sandbox.shutdown().await;
    }
    outcome
}

async fn start_sandbox() -> io::Result<Running> {
    let sandbox = amazon_music_sandbox::start().await?;
    anstream::eprintln!(
        "sandbox: a made-up catalog on {}, not the live service",
        sandbox.base_url()
    );
    Ok(sandbox)
}

/// The settings that hold with and without the sandbox.
fn finish(mut music: amazon_music::Builder) -> Result<AmazonMusic, Failure> {
    music = music.user_agent_suffix(concat!("amazon-music-cli/", env!("CARGO_PKG_VERSION")));
    if let Some(locale) = credentials::variable("AMAZON_MUSIC_LOCALE") {
        music = music.locale(locale);
    }
    Ok(music.build()?)
}

/// Does what the command says with this client.
///
/// # Errors
///
/// See [`Failure`].
pub async fn call(music: AmazonMusic, command: Command, format: Format) -> Result<(), Failure> {
    let outcome = dispatch(&music, command, format).await;
    // What a renewal in the background brings is kept before the program ends.
    music.settle().await;
    outcome
}

async fn dispatch(music: &AmazonMusic, command: Command, format: Format) -> Result<(), Failure> {
    match command {
        Command::Top(Top::Tracks(paging)) => list(music.top_tracks(), paging, format).await,
        Command::Top(Top::Playlists(paging)) => list(music.top_playlists(), paging, format).await,
        Command::New(New::Episodes(paging)) => {
            list(music.new_podcast_episodes(), paging, format).await
        }
        Command::Categories(paging) => list(music.categories(), paging, format).await,
        Command::Category(Category { id, list: None }) => get(music.category(id), format).await,
        Command::Category(Category {
            id,
            list: Some(wanted),
        }) => match wanted {
            CategoryList::Albums(paging) => list(music.category_albums(id), paging, format).await,
            CategoryList::Playlists(paging) => {
                list(music.category_playlists(id), paging, format).await
            }
            CategoryList::Tracks(paging) => list(music.category_tracks(id), paging, format).await,
        },
        Command::Export(export) => export::run(music, &export).await,
        Command::Login(_)
        | Command::Logout
        | Command::Status
        | Command::Sandbox(_)
        | Command::Completions { .. } => Ok(()),
    }
}

async fn get<O>(request: Get<O>, format: Format) -> Result<(), Failure>
where
    O: EntityOperation,
    O::Output: Row + Serialize,
{
    let found = request.send().await?;
    Printer::new(format).one(&found)
}

async fn list<O>(mut request: List<O>, paging: Paging, format: Format) -> Result<(), Failure>
where
    O: ListOperation,
    O::Item: Row + Serialize,
{
    if let Some(limit) = paging.limit {
        request = request.limit(limit);
    }
    if paging.read_ahead {
        request = request.read_ahead();
    }
    if let Some(cursor) = paging.cursor {
        request = request.cursor(cursor);
    }
    if let Some(file) = paging.resume {
        let count = match (paging.all, paging.max) {
            (true, _) => u64::MAX,
            (false, Some(max)) => max,
            (false, None) => {
                let text = "--resume needs --all or --max: one page alone is read with --cursor";
                return Err(Failure::Usage(text.to_owned()));
            }
        };
        return resumed(request, &file, count, format).await;
    }
    let mut printer = Printer::new(format);
    if let (false, None) = (paging.all, paging.max) {
        let page = request.send().await?;
        warn(&page.skipped);
        printer.page(&page.items)?;
        return printer.end(&End::of(&page));
    }
    let mut left = paging.max.unwrap_or(u64::MAX);
    let mut pages = request.pages();
    let mut end = End::default();
    while left > 0 {
        let page = match pages.next().await {
            None => break,
            Some(Ok(page)) => page,
            Some(Err(error)) => {
                // What came stays usable: the output is closed before the error is told.
                end.complete = false;
                printer.end(&end)?;
                return Err(error.into());
            }
        };
        warn(&page.skipped);
        let fits = usize::try_from(left).unwrap_or(usize::MAX);
        let shown = &page.items[..page.items.len().min(fits)];
        left -= shown.len() as u64;
        printer.page(shown)?;
        end = End::of(&page);
        if shown.len() < page.items.len() {
            // In the middle of a page there is no cursor to go on from.
            end = End::cut();
        }
    }
    printer.end(&end)
}

/// Prints a list from where a file says, and keeps there how far it came.
async fn resumed<O>(
    request: List<O>,
    file: &Path,
    mut left: u64,
    format: Format,
) -> Result<(), Failure>
where
    O: ListOperation,
    O::Item: Row + Serialize,
{
    let mut items = match std::fs::read(file) {
        Ok(text) => {
            let position = serde_json::from_slice(&text).map_err(|error| {
                let file = file.display();
                Failure::Usage(format!("{file} is no position of this program: {error}"))
            })?;
            request.resume(position)?
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => request.items(),
        Err(error) => return Err(error.into()),
    };
    let mut printer = Printer::new(format);
    let outcome = loop {
        if left == 0 {
            break Ok(());
        }
        match items.next_item().await {
            None => break Ok(()),
            Some(Ok(item)) => {
                if let Err(failure) = printer.page(&[item]) {
                    break Err(failure);
                }
                left -= 1;
            }
            Some(Err(error)) if matches!(error.kind(), ErrorKind::Item | ErrorKind::Changed) => {
                warn(&[error]);
            }
            Some(Err(error)) => break Err(error.into()),
        }
        // Printed first and kept second: killed in between, the items of a page come again, and none
        // is missing.
        let position = items.position();
        if position.is_page_boundary() {
            keep(&position, file)?;
        }
    };
    let position = items.position();
    keep(&position, file)?;
    printer.end(&End::at(&position))?;
    outcome
}

/// Replaces the file whole.
fn keep(position: &Position, file: &Path) -> Result<(), Failure> {
    let mut temporary = file.as_os_str().to_owned();
    temporary.push(".new");
    std::fs::write(&temporary, line(position)?)?;
    Ok(std::fs::rename(&temporary, file)?)
}

/// What is left out is told.
fn warn(errors: &[Error]) {
    for error in errors {
        anstream::eprintln!("warning: {error}");
    }
}
