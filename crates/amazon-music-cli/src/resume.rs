//! Printing a list from a position that is persisted in a file.
//!
//! Rows first, position second: a position is saved only once the rows before it have left the process. After a
//! kill at any moment some rows may be printed again, and none is missing.

mod file;

use amazon_music::{ErrorKind, Items, List, ListOperation, Position};

use crate::{
    failure::Failure,
    missing::warn_if_missing,
    output::{Printer, end::End, layout::Layout, row::Row, warn},
    resume::file::PositionFile,
    session::Session,
};

use std::path::Path;

/// Prints up to `left` items from the position in the file on, and saves the new position there.
pub(crate) async fn resume<O>(
    request: List<O>,
    path: &Path,
    left: u64,
    session: &Session,
) -> Result<(), Failure>
where
    O: ListOperation,
    O::Item: Row,
{
    let (file, saved) = PositionFile::open(path)?;
    let items = match saved {
        Some(position) => request.resume(position)?,
        None => request.items(),
    };
    let mut walk = Walk {
        printed: items.position(),
        items,
        printer: Printer::new(session.output.clone(), Layout::of(&O::INFO)),
        unprinted: Vec::new(),
        file,
    };
    let outcome = session.signals.interrupt(walk.print(left)).await;
    warn_if_missing::<O>(walk.items.is_missing());
    let end = walk.end().await;
    outcome.and(end).map_err(|failure| match failure {
        // Whoever reads has not got all rows: with a position that counts, unlike without one.
        Failure::ClosedPipe => {
            let reason = "it was closed before all rows were written; the position is that after the last ones";
            Failure::Output(std::io::Error::other(reason))
        }
        Failure::Stopped(_) => Failure::Interrupted(Box::new(failure)),
        other => other,
    })
}

/// A list that is printed, and its position.
struct Walk<O: ListOperation> {
    items: Items<O>,
    printer: Printer,
    file: PositionFile,
    /// Items of the page under way. A page is printed as a whole.
    unprinted: Vec<O::Item>,
    /// The position after the rows that have left the process.
    printed: Position,
}

impl<O> Walk<O>
where
    O: ListOperation,
    O::Item: Row,
{
    async fn print(&mut self, mut left: u64) -> Result<(), Failure> {
        while left > 0 {
            match self.items.next_item().await {
                None => break,
                Some(Ok(item)) => {
                    self.unprinted.push(item);
                    left -= 1;
                }
                Some(Err(error))
                    if matches!(error.kind(), ErrorKind::Item | ErrorKind::Changed) =>
                {
                    warn(&[error]);
                }
                Some(Err(error)) => return Err(error.into()),
            }
            let position = self.items.position();
            if position.is_page_boundary() {
                self.flush(position).await?;
                self.file.save_if_due(&self.printed)?;
            }
        }
        Ok(())
    }

    async fn flush(&mut self, position: Position) -> Result<(), Failure> {
        self.printer
            .page(&std::mem::take(&mut self.unprinted))
            .await?;
        self.printed = position;
        Ok(())
    }

    /// Completes the output as far as it can be, and saves the position after what was printed.
    async fn end(&mut self) -> Result<(), Failure> {
        let position = self.items.position();
        let mut end = End::at(&position);
        end.complete &= !self.items.is_missing();
        let flushed = self.flush(position).await;
        self.file.save(&self.printed)?;
        flushed?;
        self.printer.end(&end)
    }
}
