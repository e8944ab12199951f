//! Printing a list from a position that is persisted in a file.

use std::{fs, io, path::Path};

use amazon_music::{ErrorKind, Items, List, ListOperation, Position};
use serde::Serialize;

use crate::{
    arguments::Format,
    atomic_file,
    failure::Failure,
    missing::warn_if_missing,
    output::{Printer, end::End, json::line, row::Row, warn},
};

/// Prints up to `left` items from the position in the file on, and saves the new position there.
pub(crate) async fn resume<O>(
    request: List<O>,
    file: &Path,
    left: u64,
    format: Format,
) -> Result<(), Failure>
where
    O: ListOperation,
    O::Item: Row + Serialize,
{
    let mut items = open(request, file)?;
    let mut printer = Printer::new(format);
    let outcome = print(&mut items, left, file, &mut printer).await;
    warn_if_missing::<O>(items.is_missing());
    let position = items.position();
    save(&position, file)?;
    let mut end = End::at(&position);
    end.complete &= !items.is_missing();
    printer.end(&end)?;
    outcome
}

fn open<O: ListOperation>(request: List<O>, file: &Path) -> Result<Items<O>, Failure> {
    match fs::read(file) {
        Ok(text) => {
            let position = serde_json::from_slice(&text).map_err(|error| {
                Failure::Usage(format!(
                    "{file} is not a position saved by --resume ({error}): remove it to start over, or name \
                     another file",
                    file = file.display()
                ))
            })?;
            Ok(request.resume(position)?)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(request.items()),
        Err(error) => Err(Failure::io(
            format!("cannot read {}", file.display()),
            error,
        )),
    }
}

async fn print<O>(
    items: &mut Items<O>,
    mut left: u64,
    file: &Path,
    printer: &mut Printer,
) -> Result<(), Failure>
where
    O: ListOperation,
    O::Item: Row + Serialize,
{
    while left > 0 {
        match items.next_item().await {
            None => break,
            Some(Ok(item)) => {
                printer.page(&[item])?;
                left -= 1;
            }
            Some(Err(error)) if matches!(error.kind(), ErrorKind::Item | ErrorKind::Changed) => {
                warn(&[error]);
            }
            Some(Err(error)) => return Err(error.into()),
        }
        // Printed first and saved second: if killed in between, the items of a page are printed again, and
        // none is missing.
        let position = items.position();
        if position.is_page_boundary() {
            save(&position, file)?;
        }
    }
    Ok(())
}

fn save(position: &Position, file: &Path) -> Result<(), Failure> {
    atomic_file::replace(file, line(position)?.as_bytes())
        .map_err(|error| Failure::io(format!("cannot write {}", file.display()), error))
}
