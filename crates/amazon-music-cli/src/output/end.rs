//! The end of a printed list.

use amazon_music::{Page, Position};

/// The position at which the printing of a list stopped.
#[derive(Debug, Default)]
pub(crate) struct End {
    /// Whether the list itself has ended, and every response held its part of it.
    pub(crate) complete: bool,
    /// The cursor of the next page.
    pub(crate) next: Option<String>,
    /// Whether there is a next page, but no cursor that leads to it.
    pub(crate) lost: bool,
    /// Whether the rest of the last page was not wanted: no cursor leads there.
    pub(crate) cut: bool,
}

impl End {
    /// After a whole page.
    pub(crate) fn of<T>(page: &Page<T>) -> Self {
        Self {
            complete: !page.has_next_page && !page.is_missing,
            next: page.next_cursor.clone(),
            lost: page.has_next_page && page.next_cursor.is_none(),
            cut: false,
        }
    }

    /// After something that is printed as a whole.
    pub(crate) fn whole() -> Self {
        Self {
            complete: true,
            ..Self::default()
        }
    }

    /// At a position of a walk.
    pub(crate) fn at(position: &Position) -> Self {
        Self {
            complete: position.is_end(),
            ..Self::default()
        }
    }

    /// In the middle of a page.
    pub(crate) fn cut() -> Self {
        Self {
            cut: true,
            ..Self::default()
        }
    }
}
