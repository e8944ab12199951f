//! Dispatch of the commands that read the catalog.

use amazon_music::{
    AmazonMusic, EntityOperation, Get, List, ListOperation, RequestError, RequestVisitor,
};
use futures_util::future::LocalBoxFuture;
use serde::de::IgnoredAny;

use crate::{
    arguments::{Browse, Call, Output, Paging, Requests},
    export,
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
    let paging = call.paging;
    let response = music.request(call.operation.id, &values, Print { paging, session });
    response.map_err(refused)?.await
}

/// A value that the service would refuse, in the words of the command line.
pub(crate) fn refused(error: RequestError) -> Failure {
    Failure::Usage(match &error {
        RequestError::InvalidValue {
            parameter,
            value,
            reason,
            ..
        } => format!("{} {reason} (given: {value:?})", parameter.to_uppercase()),
        _ => error.to_string(),
    })
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
            Printer::new(session.output, Layout::of(&O::INFO)).one(&entity)
        })
    }
}
