//! Sending: every request of the generated client passes through here once.

use std::future::Future;

use progenitor_client::Error;
use reqwest::{Request, Response};

use crate::{
    body::{self, ErrorBody},
    generated::{Client, types::ErrorEnvelope},
    recorded::recorded,
};

impl Client {
    /// Starts a request, with the headers and the path of the settings.
    pub(crate) fn start(
        &self,
        mut request: Request,
        operation: &'static str,
    ) -> impl Future<Output = reqwest::Result<Response>> + use<> {
        self.inner.apply(&mut request, &self.baseurl);
        self.inner.starts(&request, Some(operation));
        let recording = self.inner.begin(&request, &self.baseurl, Some(operation));
        let sent = self.client.execute(request);
        let limit = self.inner.body_limit();
        async move {
            match recording {
                None => sent.await,
                Some(recording) => Box::pin(recorded(recording, sent, limit)).await,
            }
        }
    }

    /// Records the status of a response.
    pub(crate) fn note(&self, response: &Response) {
        self.inner
            .record(|seen| seen.status = Some(response.status()));
    }
}

impl ErrorBody for ErrorEnvelope {
    fn is_documented(&self) -> bool {
        self.error.is_some()
    }
}

/// Reads the error of a response with a documented error status, like the generated client.
pub async fn read_error(client: &Client, response: Response) -> Error<ErrorEnvelope> {
    body::error(&client.inner, response).await
}
