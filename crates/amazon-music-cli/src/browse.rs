//! Dispatch of the commands that read the catalog.

use amazon_music::{
    AmazonMusic, EntityOperation, Error, Get, List, ListOperation, RequestVisitor, json,
};
use futures_util::future::LocalBoxFuture;
use serde::de::IgnoredAny;

use crate::{
    again::quoted,
    arguments::{Browse, Call, Output, Paging, Requests},
    catalog, export,
    failure::Failure,
    find,
    list::list,
    notice::{hint, notice},
    output::{Printer, layout::Layout},
    printable::printable,
    raw,
    session::Session,
    verify,
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
    let outcome = match command {
        Browse::Call(call) => print(&music, call, &session).await,
        Browse::Export(export) => export::run(&music, &export, &session).await,
        Browse::Raw(path) => raw::run(&music, &path, &session).await,
        Browse::Verify(verify) => verify::run(&music, &verify, &session).await,
    };
    session.signals.settle(&music).await;
    outcome
}

/// Calls an operation and prints the response. An id that the service does not know may be a name.
async fn print(music: &AmazonMusic, call: Call, session: &Session) -> Result<(), Failure> {
    let Err(failure) = request(music, &call, session).await else {
        return Ok(());
    };
    let lookup = async { Ok(by_name(music, &call, &failure).await) };
    let (call, failure) = match session.signals.interrupt(lookup).await? {
        Ok(Some(found)) => match request(music, &found, session).await {
            Ok(()) => return Ok(()),
            Err(failure) => (found, failure),
        },
        Ok(None) => (call, failure),
        Err(failure) => return Err(failure),
    };
    Err(match failure {
        failure if failure.error().is_some() => Failure::Command {
            command: words(&call),
            hint: remedy(&call, &failure),
            failure: Box::new(failure),
        },
        failure => failure,
    })
}

async fn request(music: &AmazonMusic, call: &Call, session: &Session) -> Result<(), Failure> {
    let values: Vec<_> = call
        .values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let print = Print {
        paging: call.paging.clone(),
        is_web: call.is_web,
        session,
    };
    let response = music.request(call.operation.id, &values, print);
    response?.await
}

/// The call with the id of the entity of that name, if an id was given that is none.
async fn by_name(
    music: &AmazonMusic,
    call: &Call,
    failure: &Failure,
) -> Result<Option<Call>, Failure> {
    let is_unknown = match failure {
        Failure::Id(_) => true,
        failure => failure.error().and_then(Error::status) == Some(404),
    };
    let Some((source, parameter)) = catalog::source_of(call.operation).filter(|_| is_unknown)
    else {
        return Ok(None);
    };
    let mut found = call.clone();
    let Some((_, value)) = found.values.iter_mut().find(|(name, _)| *name == parameter) else {
        return Ok(None);
    };
    let id = match find::id_of(music, source, value).await {
        Ok(Some(id)) if id != *value => id,
        // Several items of that name.
        Err(Failure::Usage(text)) => return Err(Failure::Usage(text)),
        // Without the list it stays what it is: an unknown id.
        _ => return Ok(None),
    };
    hint!("{}: {id}", printable(&**value));
    *value = id;
    Ok(Some(found))
}

/// The command of a call: `category 2iB4IU25 tracks`.
fn words(call: &Call) -> String {
    let value = |name: &str| {
        let found = call.values.iter().find(|(known, _)| *known == name);
        found.map_or_else(String::new, |(_, value)| quoted(value))
    };
    let word = |word: &&str| match word
        .strip_prefix('{')
        .and_then(|word| word.strip_suffix('}'))
    {
        Some(name) => value(name),
        None => (*word).to_owned(),
    };
    let words: Vec<String> = call.operation.words.iter().map(word).collect();
    words.join(" ")
}

/// The remedy for a response that refused the call, if one is known.
fn remedy(call: &Call, failure: &Failure) -> Option<String> {
    match failure.error()?.status()? {
        404 => {
            let (source, _) = catalog::source_of(call.operation)?;
            let words = source.words.join(" ");
            Some(format!("`amazon-music {words} --all` lists the ids"))
        }
        400 if call.paging.cursor.is_some() => Some(
            "a cursor belongs to one list, and may be too old: begin again without --cursor"
                .to_owned(),
        ),
        _ => None,
    }
}

/// Prints the response of an operation.
struct Print<'a> {
    paging: Paging,
    is_web: bool,
    session: &'a Session,
}

impl<'a> RequestVisitor for Print<'a> {
    type Output = LocalBoxFuture<'a, Result<(), Failure>>;

    fn list<O: ListOperation>(self, request: List<O>) -> Self::Output {
        let request = request.served_as::<IgnoredAny>();
        Box::pin(list(request, self.paging, self.session))
    }

    fn get<O: EntityOperation>(self, request: Get<O>) -> Self::Output {
        let session = self.session;
        Box::pin(async move {
            let request = request.served_as::<IgnoredAny>();
            let response = async { Ok(request.send().await?) };
            let entity = session.signals.interrupt(response).await?;
            let mut printer = Printer::new(session.output.clone(), Layout::of(&O::INFO));
            let print = printer.one(&entity);
            session.signals.interrupt(print).await?;
            if self.is_web {
                open_page(entity.get_raw("url"));
            }
            Ok(())
        })
    }
}

/// Opens the page of an entity in a browser.
fn open_page(url: Option<&str>) {
    let url = url.and_then(json::string);
    // Nothing but a page: the text is from a server.
    match url.filter(|url| url.starts_with("https://")) {
        Some(url) if open::that_detached(&*url).is_ok() => {}
        Some(_) => notice!("warning: no browser could be opened"),
        None => notice!("warning: it has no page: its url is missing, or not https"),
    }
}
