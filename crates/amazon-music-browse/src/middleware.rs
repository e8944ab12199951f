//! The seam in the generated client: every request passes here once.

use progenitor_client::{ClientHooks, OperationInfo};
use reqwest::{Request, Response};

use crate::{Client, RequestSettings};

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
