//! `mcp`: the operations as read-only tools for agents, over standard input and output.
//!
//! Standard output carries the protocol only. Text of the service stands in structured data only: descriptions,
//! messages and remedies are ours.

mod arguments;
mod clients;
mod cursor;
mod failure;
mod read;
mod result;
mod server;
mod stdio;
mod tools;
mod transport;

use std::{
    io::{self, IsTerminal as _},
    sync::Arc,
};

use rmcp::{serve_server, service::ServerInitializeError};

use self::{clients::Clients, server::Server, transport::Stdio};
use crate::{
    arguments::Requests,
    failure::Failure,
    notice::{hint, notice},
    signals::Signals,
};

/// Serves until the client closes standard input, or a signal comes.
pub(crate) async fn run(
    user: Option<&str>,
    is_sandbox: bool,
    requests: &Requests,
) -> Result<(), Failure> {
    let signals = Signals::listen()?;
    let clients = Arc::new(Clients::new(user, is_sandbox, requests).await?);
    let outcome = match check(&clients).await {
        Ok(()) => signals.interrupt(serve(clients.clone())).await,
        Err(failure) => Err(failure),
    };
    clients.end(&signals).await;
    outcome
}

/// Fails if the arguments are wrong. Without a login it goes on: the tools tell of that, where the user looks.
async fn check(clients: &Clients) -> Result<(), Failure> {
    match clients.get().await {
        Ok(_) => {}
        Err(failure) if failure::is_of_login(&failure) => notice!("warning: {failure}"),
        Err(failure) => return Err(failure),
    }
    if io::stdin().is_terminal() {
        hint!("mcp: waits for a client on standard input; Ctrl-C stops it");
    }
    Ok(())
}

async fn serve(clients: Arc<Clients>) -> Result<(), Failure> {
    let refused = |reason: &str| Failure::io("cannot serve MCP", io::Error::other(reason));
    match serve_server(Server::new(clients), Stdio::open()?).await {
        Ok(running) => match running.waiting().await {
            Ok(_) => Ok(()),
            Err(_) => Err(refused("its task ended early")),
        },
        // The messages of the client are not repeated.
        Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(ServerInitializeError::TransportError { error, .. }) => {
            match error.error.downcast::<io::Error>() {
                Ok(error) => Err(Failure::from(*error)),
                Err(_) => Err(refused("the client cannot be reached")),
            }
        }
        Err(ServerInitializeError::InitializeFailed(_)) => {
            Err(refused("the client wants a version that is not known"))
        }
        Err(_) => Err(refused("the client did not begin with `initialize`")),
    }
}
