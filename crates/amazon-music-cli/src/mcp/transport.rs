//! Messages over standard input and output, a line each.

use std::io;

use rmcp::{
    RoleServer,
    model::{ClientRequest, GetMeta as _, JsonRpcMessage},
    service::{RxJsonRpcMessage, TxJsonRpcMessage},
    transport::{Transport, async_rw::AsyncRwTransport},
};

use crate::failure::Failure;
use crate::mcp::stdio::{Stdin, Stdout};

/// The longest message of a client. Arguments are ids, numbers and cursors.
const MAX_LINE: usize = 1024 * 1024;

/// Standard input and output as a transport.
pub(super) struct Stdio {
    lines: AsyncRwTransport<RoleServer, Stdin, Stdout>,
    has_begun: bool,
}

impl Stdio {
    pub(super) fn open() -> Result<Self, Failure> {
        let lines = AsyncRwTransport::new_server(Stdin::open()?, Stdout::open()?);
        Ok(Self {
            lines: lines.with_max_line_length(MAX_LINE),
            has_begun: false,
        })
    }
}

impl Transport<RoleServer> for Stdio {
    type Error = io::Error;

    fn send(
        &mut self,
        message: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = io::Result<()>> + Send + 'static {
        self.lines.send(message)
    }

    /// Receives the next message. What is no request before a session begins is ignored: it would end the server.
    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        loop {
            let message = self.lines.receive().await?;
            match &message {
                JsonRpcMessage::Request(request) => self.has_begun |= begins(&request.request),
                _ if !self.has_begun => continue,
                _ => {}
            }
            return Some(message);
        }
    }

    async fn close(&mut self) -> io::Result<()> {
        self.lines.close().await
    }
}

/// Whether a request begins a session: with a handshake, or with what replaced it.
fn begins(request: &ClientRequest) -> bool {
    match request {
        ClientRequest::InitializeRequest(_) => true,
        ClientRequest::PingRequest(_) | ClientRequest::DiscoverRequest(_) => false,
        request => request.get_meta().protocol_version().is_some(),
    }
}
