//! Decides which page to request next: a state machine without I/O.
//!
//! It takes what each page says and returns the next step, so that every rule of paging can be tested as a
//! table.

use std::{
    collections::HashSet,
    hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher},
};

/// Default number of empty pages in a row that are followed. A service may filter out all items of a page
/// and still have more; one that keeps returning empty pages is broken.
pub(crate) const MAX_EMPTY_PAGES: u32 = 5;

/// The state of a walk through the pages of a list.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
    next: Next,
    /// Hashes of the cursors used so far. Not the cursors themselves, because a long walk has many, of
    /// hundreds of bytes each.
    asked: HashSet<u64, BuildHasherDefault<DefaultHasher>>,
    empty_in_a_row: u32,
    max_empty: u32,
}

/// The next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Request the page at this cursor, or the first page if it is `None`.
    Page(Option<String>),
    /// Stop: the list is at its end, or cannot be continued.
    End,
}

/// The reason why a list that goes on cannot be continued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stuck {
    /// There is a next page, but no cursor for it.
    NoCursor,
    /// The cursor was already used by this walk.
    Repeated,
    /// Too many empty pages in a row.
    Empty,
}

impl Walk {
    pub(crate) fn new(start: Option<String>) -> Self {
        let mut walk = Self {
            next: Next::Page(None),
            asked: HashSet::default(),
            empty_in_a_row: 0,
            max_empty: MAX_EMPTY_PAGES,
        };
        if let Some(cursor) = &start {
            walk.asked.insert(walk.hash(cursor));
        }
        walk.next = Next::Page(start);
        walk
    }

    /// Sets the number of empty pages in a row to follow.
    pub(crate) fn max_empty(mut self, pages: u32) -> Self {
        self.max_empty = pages;
        self
    }

    pub(crate) fn next(&self) -> &Next {
        &self.next
    }

    /// Ends the walk.
    pub(crate) fn stop(&mut self) {
        self.next = Next::End;
    }

    /// Advances by the page just received. Not called for a page that failed, which leaves the state
    /// unchanged.
    pub(crate) fn advance(
        &mut self,
        is_empty: bool,
        has_next_page: bool,
        cursor: Option<&str>,
    ) -> Result<(), Stuck> {
        self.next = Next::End;
        if !has_next_page {
            return Ok(());
        }
        let cursor = cursor.ok_or(Stuck::NoCursor)?;
        self.empty_in_a_row = if is_empty { self.empty_in_a_row + 1 } else { 0 };
        let hash = self.hash(cursor);
        if !self.asked.insert(hash) {
            return Err(Stuck::Repeated);
        }
        if self.empty_in_a_row > self.max_empty {
            return Err(Stuck::Empty);
        }
        self.next = Next::Page(Some(cursor.to_owned()));
        Ok(())
    }

    fn hash(&self, cursor: &str) -> u64 {
        self.asked.hasher().hash_one(cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(cursor: &str) -> Next {
        Next::Page(Some(cursor.to_owned()))
    }

    #[test]
    fn a_walk_begins_at_the_first_page_or_at_a_cursor() {
        assert_eq!(Walk::new(None).next(), &Next::Page(None));
        assert_eq!(Walk::new(Some("a".to_owned())).next(), &at("a"));
    }

    #[test]
    fn a_walk_goes_where_the_page_says_and_ends_where_it_says() {
        let mut walk = Walk::new(None);
        assert_eq!(walk.advance(false, true, Some("a")), Ok(()));
        assert_eq!(walk.next(), &at("a"));
        assert_eq!(walk.advance(false, false, Some("b")), Ok(()));
        assert_eq!(walk.next(), &Next::End);
    }

    #[test]
    fn without_a_cursor_the_first_page_is_not_asked_for_again() {
        let mut walk = Walk::new(None);
        assert_eq!(walk.advance(false, true, None), Err(Stuck::NoCursor));
        assert_eq!(walk.next(), &Next::End);
    }

    #[test]
    fn a_cycle_of_any_length_is_seen() {
        for length in [1, 2, 7] {
            let mut walk = Walk::new(Some("0".to_owned()));
            for step in 1..length {
                assert_eq!(walk.advance(false, true, Some(&step.to_string())), Ok(()));
            }
            assert_eq!(walk.advance(false, true, Some("0")), Err(Stuck::Repeated));
            assert_eq!(walk.next(), &Next::End);
        }
    }

    #[test]
    fn only_empty_pages_in_a_row_count() {
        let mut walk = Walk::new(None);
        for step in 0..MAX_EMPTY_PAGES {
            assert_eq!(walk.advance(true, true, Some(&step.to_string())), Ok(()));
        }
        assert_eq!(walk.advance(false, true, Some("full")), Ok(()));
        for step in 0..MAX_EMPTY_PAGES {
            assert_eq!(
                walk.advance(true, true, Some(&format!("again {step}"))),
                Ok(())
            );
        }
        assert_eq!(
            walk.advance(true, true, Some("one more")),
            Err(Stuck::Empty)
        );
    }
}
