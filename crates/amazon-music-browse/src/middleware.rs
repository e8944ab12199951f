//! The middleware of the generated client: every request passes through it once.

use progenitor_client::{ClientHooks, Error, OperationInfo};
use reqwest::{Request, Response};

use crate::{
    body::{self, ErrorBody},
    generated::{Client, types::ErrorEnvelope},
    settings::RequestSettings,
};

impl ClientHooks<RequestSettings> for Client {
    async fn exec(&self, mut request: Request, info: &OperationInfo) -> reqwest::Result<Response> {
        self.inner.apply(&mut request, &self.baseurl);
        self.inner
            .record(|seen| seen.operation = Some(info.operation_id));
        let response = self.client.execute(request).await?;
        self.inner
            .record(|seen| seen.status = Some(response.status()));
        Ok(response)
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
