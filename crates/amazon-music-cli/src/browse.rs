//! Dispatch of the commands that read the catalog.

use amazon_music::{AmazonMusic, EntityOperation, Get, List, ListOperation, RequestVisitor};
use futures_util::future::LocalBoxFuture;
use serde::de::IgnoredAny;

use crate::{
    again::quoted,
    arguments::{Browse, Call, Output, Paging, Requests},
    catalog, export,
    failure::Failure,
    list::list,
    output::{Printer, layout::Layout},
    raw,
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
    let outcome = match command {
        Browse::Call(call) => print(&music, call, &session).await,
        Browse::Export(export) => export::run(&music, &export, &session).await,
        Browse::Raw(path) => raw::run(&music, &path, &session).await,
    };
    session.signals.settle(&music).await;
    outcome
}

/// Calls an operation and prints the response.
async fn print(music: &AmazonMusic, call: Call, session: &Session) -> Result<(), Failure> {
    let values: Vec<_> = call
        .values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let paging = call.paging.clone();
    let response = music.request(call.operation.id, &values, Print { paging, session });
    let outcome = response.map_err(Failure::refused)?.await;
    outcome.map_err(|failure| match failure {
        failure if failure.error().is_some() => Failure::Command {
            command: words(&call),
            hint: hint(&call, &failure),
            failure: Box::new(failure),
        },
        failure => failure,
    })
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

/// What to do about a response that refused the call.
fn hint(call: &Call, failure: &Failure) -> Option<String> {
    match failure.error()?.status()? {
        404 => {
            let source = catalog::source_of(call.operation)?;
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
            Printer::new(session.output.clone(), Layout::of(&O::INFO)).one(&entity)
        })
    }
}
