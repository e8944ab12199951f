//! The count of what a long list has printed, for people.

use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    notice::{hint, is_quiet, show, take_away},
    words::things_in_words,
};

/// Counts what is read of a list of several pages. On a terminal the count is shown while rows go elsewhere, and
/// at the end.
pub(crate) struct Count {
    is_shown: bool,
    bar: Option<ProgressBar>,
    items: u64,
    pages: u64,
}

impl Count {
    /// Starts to count.
    pub(crate) fn new() -> Self {
        let is_shown = io::stderr().is_terminal() && !is_quiet();
        let bar = (is_shown && !io::stdout().is_terminal()).then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
                bar.set_style(style);
            }
            show(&bar);
            bar
        });
        Self {
            is_shown,
            bar,
            items: 0,
            pages: 0,
        }
    }

    /// One more page is read, and these items of it are printed.
    pub(crate) fn page(&mut self, items: usize) {
        self.items += items as u64;
        self.pages += 1;
        if let Some(bar) = &self.bar {
            bar.set_message(self.message());
            bar.tick();
        }
    }

    /// Nothing more is read: of a whole list the count is told.
    pub(crate) fn end(&self, is_whole: bool) {
        self.clear();
        if self.is_shown && self.pages > 1 && is_whole {
            hint!("{}", self.message());
        }
    }

    fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
            take_away();
        }
    }

    /// `346 items from 4 pages`.
    fn message(&self) -> String {
        let (items, pages) = (self.items, self.pages);
        let (items, pages) = (
            things_in_words(items, "item"),
            things_in_words(pages, "page"),
        );
        format!("{items} from {pages}")
    }
}

impl Drop for Count {
    /// An error or a signal must not be printed into the bar.
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_and_pages_are_counted() {
        let mut count = Count::new();
        count.page(100);
        assert_eq!(count.message(), "100 items from 1 page");
        count.page(0);
        count.page(1001);
        assert_eq!(count.message(), "1,101 items from 3 pages");
    }
}
