//! Printing a list: one page, several, or from a saved position on.

use amazon_music::{List, ListInfo, ListOperation};
use futures_util::StreamExt as _;

use crate::{
    arguments::{Output, Paging},
    count::Count,
    failure::Failure,
    find,
    missing::warn_if_missing,
    output::{Printer, end::End, layout::Layout, row::Row, warn},
    resume::resume,
    session::Session,
};

/// Prints the part of a list that the flags select.
pub(crate) async fn list<O>(
    mut request: List<O>,
    paging: Paging,
    session: &Session,
) -> Result<(), Failure>
where
    O: ListOperation,
    O::Item: Row,
{
    if let Some(size) = page_size(&paging, &O::LIST)? {
        request = request.limit(size);
    }
    if paging.read_ahead {
        request = request.read_ahead();
    }
    if let Some(cursor) = paging.cursor {
        request = request.cursor(cursor);
    }
    let count = if paging.all {
        Some(u64::MAX)
    } else {
        paging.limit.or(paging.search.as_ref().map(|_| u64::MAX))
    };
    match (count, paging.resume) {
        (None, None) => {
            let signals = &session.signals;
            signals
                .interrupt(one_page(request, session.output.clone()))
                .await
        }
        (Some(count), None) => {
            let signals = &session.signals;
            signals
                .interrupt(pages(request, count, paging.search, session.output.clone()))
                .await
        }
        (Some(count), Some(file)) => resume(request, &file, count, session).await,
        (None, Some(_)) => Err(Failure::Usage(
            "--resume needs --all or --limit; to read a single page, use --cursor".to_owned(),
        )),
    }
}

/// The page size to request, if it is not that of the service: never more than what is wanted, unless a later
/// run may go on.
fn page_size(paging: &Paging, list: &ListInfo) -> Result<Option<u32>, Failure> {
    let largest = list.max_limit;
    if let Some(size) = paging.page_size
        && !(1..=largest).contains(&size)
    {
        let reason = format!("--page-size must be 1 to {largest}, not {size}");
        return Err(Failure::Usage(reason));
    }
    if paging.resume.is_some() || paging.search.is_some() {
        return Ok(paging.page_size);
    }
    let size = paging.page_size.unwrap_or(list.default_limit);
    let wanted = paging.limit.and_then(|limit| u32::try_from(limit).ok());
    Ok(match wanted {
        Some(wanted) if wanted < size => Some(wanted),
        _ => paging.page_size,
    })
}

async fn one_page<O>(request: List<O>, output: Output) -> Result<(), Failure>
where
    O: ListOperation,
    O::Item: Row,
{
    let page = request.send().await?;
    warn(&page.skipped);
    warn_if_missing::<O>(page.is_missing);
    let mut printer = Printer::new(output, Layout::of(&O::INFO));
    printer.page(&page.items).await?;
    printer.end(&End::of(&page))
}

async fn pages<O>(
    request: List<O>,
    mut left: u64,
    search: Option<String>,
    output: Output,
) -> Result<(), Failure>
where
    O: ListOperation,
    O::Item: Row,
{
    let mut printer = Printer::new(output, Layout::of(&O::INFO));
    let mut pages = request.pages();
    let mut end = End::default();
    let mut is_missing = false;
    let mut count = Count::new();
    while left > 0 {
        let page = match pages.next().await {
            None => break,
            Some(Ok(page)) => page,
            Some(Err(error)) => {
                // The items so far stay usable: the output is closed before the error is reported.
                end.complete = false;
                drop(count);
                printer.end(&end)?;
                return Err(error.into());
            }
        };
        warn(&page.skipped);
        warn_if_missing::<O>(page.is_missing);
        is_missing |= page.is_missing;
        let whole = End::of(&page);
        let items = match &search {
            Some(text) => find::holding(page.items, text)?,
            None => page.items,
        };
        let fits = usize::try_from(left).unwrap_or(usize::MAX);
        let shown = &items[..items.len().min(fits)];
        left -= shown.len() as u64;
        printer.page(shown).await?;
        count.page(shown.len());
        end = if shown.len() < items.len() {
            End::cut()
        } else {
            whole
        };
        end.complete &= !is_missing;
    }
    count.end(end.complete);
    printer.end(&end)
}
