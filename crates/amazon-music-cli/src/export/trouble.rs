//! The consequences of an error for a list and for the export: pure decisions.

use amazon_music::{Error, ErrorKind};

/// The next step after an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Go on with the list: the error stands in the place of one item.
    CountItem,
    /// Begin the list again: the position that it was resumed from is of no use any more.
    BeginAgain,
    /// End the list with what was read.
    CutShort,
    /// Leave the list out; it would fail the same way again.
    Skip,
    /// Leave the list out for now; it may work later.
    Later,
    /// End the export: the other lists would fail too.
    Stop,
}

/// Decides what to do. A list is `untried` until its first page has come in this run, if it was resumed from
/// a position that was saved by another one.
pub(super) fn next(error: &Error, untried: bool) -> Next {
    decide(error.kind(), error.status(), error.is_transient(), untried)
}

fn decide(kind: ErrorKind, status: Option<u16>, is_transient: bool, untried: bool) -> Next {
    match (kind, status) {
        (ErrorKind::Item, _) => Next::CountItem,
        (ErrorKind::Changed, _) => Next::BeginAgain,
        (ErrorKind::Setup | ErrorKind::Token | ErrorKind::RateLimited, _) => Next::Stop,
        (ErrorKind::Api, Some(401)) => Next::Stop,
        (ErrorKind::Api, Some(500..)) => Next::Later,
        _ if is_transient => Next::Later,
        // How long cursors are valid is not documented, nor what the service says of a stale one.
        (ErrorKind::Api | ErrorKind::Decode | ErrorKind::Incomplete | ErrorKind::CursorLoop, _)
            if untried =>
        {
            Next::BeginAgain
        }
        (ErrorKind::Incomplete | ErrorKind::CursorLoop, _) => Next::CutShort,
        (ErrorKind::Api | ErrorKind::TooLarge | ErrorKind::Request, _) => Next::Skip,
        // A page of a proxy instead of JSON, as a rule, which every list would get.
        _ => Next::Later,
    }
}

/// Failures of lists in a row, without one that was read in between.
#[derive(Debug, Default)]
pub(super) struct Streak(u32);

impl Streak {
    /// After so many lists in a row it is the service that fails, and each further list would take as long
    /// as all its retries. More than the lists of two categories.
    const LONGEST: u32 = 8;

    pub(super) fn read(&mut self) {
        self.0 = 0;
    }

    /// Counts a failure; says whether it is time to stop.
    pub(super) fn failed(&mut self) -> bool {
        self.0 += 1;
        self.0 >= Self::LONGEST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_errors() {
        use ErrorKind as Kind;
        let rows = [
            (Kind::Item, None, false, Next::CountItem, Next::CountItem),
            (
                Kind::Changed,
                None,
                false,
                Next::BeginAgain,
                Next::BeginAgain,
            ),
            (Kind::Setup, None, false, Next::Stop, Next::Stop),
            (Kind::Token, None, true, Next::Stop, Next::Stop),
            (Kind::RateLimited, Some(429), true, Next::Stop, Next::Stop),
            (Kind::Api, Some(401), false, Next::Stop, Next::Stop),
            (Kind::Api, Some(400), false, Next::Skip, Next::BeginAgain),
            (Kind::Api, Some(403), false, Next::Skip, Next::BeginAgain),
            (Kind::Api, Some(404), false, Next::Skip, Next::BeginAgain),
            (Kind::Api, Some(500), false, Next::Later, Next::Later),
            (Kind::Api, Some(503), true, Next::Later, Next::Later),
            (Kind::Connect, None, true, Next::Later, Next::Later),
            (Kind::Timeout, None, true, Next::Later, Next::Later),
            (Kind::Transport, None, true, Next::Later, Next::Later),
            (
                Kind::Decode,
                Some(200),
                false,
                Next::Later,
                Next::BeginAgain,
            ),
            (Kind::TooLarge, Some(200), false, Next::Skip, Next::Skip),
            (Kind::Request, None, false, Next::Skip, Next::Skip),
            (
                Kind::Incomplete,
                None,
                false,
                Next::CutShort,
                Next::BeginAgain,
            ),
            (
                Kind::CursorLoop,
                None,
                false,
                Next::CutShort,
                Next::BeginAgain,
            ),
        ];
        for (kind, status, is_transient, fresh, untried) in rows {
            assert_eq!(
                decide(kind, status, is_transient, false),
                fresh,
                "{kind:?} {status:?}"
            );
            assert_eq!(
                decide(kind, status, is_transient, true),
                untried,
                "{kind:?} {status:?}"
            );
        }
    }

    #[test]
    fn failures_in_a_row_are_those_of_the_service() {
        let mut streak = Streak::default();
        for _ in 0..2 {
            assert!((1..Streak::LONGEST).all(|_| !streak.failed()));
            streak.read();
        }
        assert!((1..Streak::LONGEST).all(|_| !streak.failed()));
        assert!(streak.failed());
    }
}
