//! `raw`: any path below the base URL, and responses as served.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use amazon_music::{
    AmazonMusic, EntityOperation, Get, List, ListOperation, RequestVisitor, Shape,
    browse::{Client, RawPath, RawResponse},
    reqwest::{StatusCode, header::HeaderMap},
};
use futures_util::future::LocalBoxFuture;
use serde::de::IgnoredAny;

use crate::{
    arguments::Raw,
    failure::Failure,
    jq::Filter,
    output::{filtered, sink::Sink},
    printable::printable,
    session::Session,
};

/// Requests the path, or all pages of its list, and prints each response.
pub(crate) async fn run(music: &AmazonMusic, raw: &Raw, session: &Session) -> Result<(), Failure> {
    let mut path = RawPath::new(&raw.path)
        .map_err(|reason| Failure::Usage(format!("PATH {reason} (given: {:?})", raw.path)))?;
    for (name, value) in &raw.query {
        path = path.query(name, value);
    }
    let printer = Printer {
        sink: Sink::stdout(),
        include: raw.include,
        filter: session.output.jq.clone(),
    };
    if raw.paginate {
        paginate(music, &path, printer, session).await
    } else {
        once(music, &path, printer, session).await
    }
}

/// Sends one request. An error is printed too if a response came with it.
async fn once(
    music: &AmazonMusic,
    path: &RawPath,
    mut printer: Printer,
    session: &Session,
) -> Result<(), Failure> {
    let last = Mutex::new(None::<RawResponse>);
    let keep = |response| *last.lock().unwrap_or_else(PoisonError::into_inner) = response;
    let request = music.call(|client: Client| {
        let keep = &keep;
        async move {
            keep(None);
            let response = client.get_raw(path).await?;
            keep(Some(response.clone()));
            response.checked()
        }
    });
    let outcome = session
        .signals
        .interrupt(async { Ok(request.await?) })
        .await;
    let last = last.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(response) = last {
        let print = printer.print(response.status, &response.headers, &response.body);
        session.signals.interrupt(print).await?;
    }
    outcome.map(drop)
}

/// Sends a request for each page.
async fn paginate(
    music: &AmazonMusic,
    path: &RawPath,
    printer: Printer,
    session: &Session,
) -> Result<(), Failure> {
    let operation = path.operation().filter(|info| info.shape == Shape::List);
    let operation = operation.ok_or_else(|| {
        Failure::Usage("--paginate needs the path of a list of the spec".to_owned())
    })?;
    let values = path.values(operation);
    let values: Vec<_> = values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let pages = Pages { printer, session };
    let requests = music.request(operation.id, &values, pages);
    requests.map_err(Failure::from)?.await
}

/// Prints the pages of a list.
struct Pages<'a> {
    printer: Printer,
    session: &'a Session,
}

impl<'a> RequestVisitor for Pages<'a> {
    type Output = LocalBoxFuture<'a, Result<(), Failure>>;

    fn list<O: ListOperation>(mut self, request: List<O>) -> Self::Output {
        Box::pin(async move {
            let mut request = request.served_as::<IgnoredAny>();
            let mut cursors = HashSet::new();
            loop {
                let page = async { Ok(request.send_with_meta().await?) };
                let page = self.session.signals.interrupt(page).await?;
                let status = StatusCode::from_u16(page.meta.status).unwrap_or_default();
                let (headers, body) = (&page.meta.headers, &page.meta.body);
                let print = self.printer.print(status, headers, body);
                self.session.signals.interrupt(print).await?;
                if !page.value.has_next_page {
                    return Ok(());
                }
                let reason = match page.value.next_cursor {
                    Some(cursor) if cursors.insert(cursor.clone()) => {
                        request = request.cursor(cursor);
                        continue;
                    }
                    Some(_) => "the service sent the same cursor again",
                    None => "the service sent no cursor for the next page",
                };
                return Err(Failure::CutShort(format!(
                    "{}: {reason}; the list is cut short",
                    O::INFO.words.join(" ")
                )));
            }
        })
    }

    fn get<O: EntityOperation>(self, _: Get<O>) -> Self::Output {
        // Not reached: only lists are requested.
        Box::pin(async { Ok(()) })
    }
}

/// Prints responses.
struct Printer {
    sink: Sink,
    include: bool,
    filter: Option<Filter>,
}

impl Printer {
    /// Prints a response: the outputs of the filter, or byte for byte, unless a terminal would act upon them. An
    /// error is no input of a filter.
    async fn print(
        &mut self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), Failure> {
        if self.include {
            self.sink.line(format_args!("HTTP {status}"))?;
            for (name, value) in headers {
                let value = String::from_utf8_lossy(value.as_bytes());
                self.sink
                    .line(format_args!("{name}: {}", printable(value)))?;
            }
            self.sink.line("")?;
        }
        if let Some(filter) = self.filter.as_ref().filter(|_| status.is_success()) {
            let text = String::from_utf8_lossy(body).into_owned();
            filtered::print(filter, vec![text], &mut self.sink).await?;
        } else if self.sink.is_terminal() {
            let text = String::from_utf8_lossy(body);
            let lines: Vec<String> = text.lines().map(printable).collect();
            self.sink.line(lines.join("\n"))?;
        } else {
            self.sink.write(body)?;
            if !body.is_empty() && !body.ends_with(b"\n") {
                self.sink.write(b"\n")?;
            }
        }
        self.sink.flush()
    }
}
