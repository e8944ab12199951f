//! Which page comes next: a state machine without I/O.
//!
//! It is told what each page said and answers with what to ask for next, so that every rule of paging
//! can be tested as a table.

use std::{
    collections::HashSet,
    hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher},
};

/// How many empty pages in a row are followed. A service may filter a page down to nothing and still
/// have more; one that goes on like this for ever is broken.
pub(crate) const MAX_EMPTY_PAGES: u32 = 5;

/// The state of one walk through a list.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
    next: Next,
    /// Hashes of the cursors that were asked for. Not the cursors themselves: a long walk has
    /// many, and each may have hundreds of bytes.
    asked: HashSet<u64, BuildHasherDefault<DefaultHasher>>,
    empty_in_a_row: u32,
}

/// What to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The page at this cursor; the first page where there is none.
    Page(Option<String>),
    /// Nothing: the list is at its end, or cannot be continued.
    End,
}

/// Why a walk cannot be continued although the list goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stuck {
    /// There is a next page, and nothing says where.
    NoCursor,
    /// The service named a cursor that this walk has been at.
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
        };
        if let Some(cursor) = &start {
            walk.asked.insert(walk.hash(cursor));
        }
        walk.next = Next::Page(start);
        walk
    }

    pub(crate) fn next(&self) -> &Next {
        &self.next
    }

    /// Nothing more is asked for.
    pub(crate) fn stop(&mut self) {
        self.next = Next::End;
    }

    /// Takes in what a page said. A failed page is not told here, and so leaves the state as it was.
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
        if self.empty_in_a_row > MAX_EMPTY_PAGES {
            return Err(Stuck::Empty);
        }
        self.next = Next::Page(Some(cursor.to_owned()));
        Ok(())
    }

    fn hash(&self, cursor: &str) -> u64 {
        self.asked.hasher().hash_one(cursor)
    }
}
