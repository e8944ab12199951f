//! Recording of a response, while it is read.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::{Body, Response, ResponseBuilderExt as _};

use crate::{
    body::{BodyError, read_prefix},
    recorder::{Received, Recording},
};

/// Records a response, and gives one that reads the same.
pub(crate) async fn recorded(
    recording: Box<dyn Recording>,
    sent: impl Future<Output = reqwest::Result<Response>>,
    limit: usize,
) -> reqwest::Result<Response> {
    let mut response = match sent.await {
        Ok(response) => response,
        Err(error) => {
            recording.end(None);
            return Err(error);
        }
    };
    let (body, failure) = read_prefix(&mut response, limit).await;
    recording.end(Some(Received {
        status: response.status(),
        headers: response.headers(),
        body: &body,
        is_cut: matches!(failure, Some(BodyError::Transport(_))),
    }));
    let body = match failure {
        None => body.into(),
        Some(failure) => Body::wrap_stream(Broken {
            body: Some(body),
            failure: Some(failure),
        }),
    };
    let mut parts = http::Response::builder()
        .status(response.status())
        .url(response.url().clone());
    if let Some(headers) = parts.headers_mut() {
        *headers = std::mem::take(response.headers_mut());
    }
    // It is made of the parts of a response, so that this does not fail.
    Ok(parts.body(body).map_or(response, Response::from))
}

/// A body that ends with a failure.
struct Broken {
    body: Option<Bytes>,
    failure: Option<BodyError>,
}

impl Stream for Broken {
    type Item = Result<Bytes, BodyError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(body) = self.body.take() {
            return Poll::Ready(Some(Ok(body)));
        }
        Poll::Ready(match self.failure.take() {
            // One byte too many makes the reader stop, too.
            Some(BodyError::TooLong(_)) => Some(Ok(Bytes::from_static(b" "))),
            failure => failure.map(Err),
        })
    }
}
