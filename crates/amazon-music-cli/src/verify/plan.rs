//! The calls of a run, before anything is known: what, how often, and how many requests that can be.

use amazon_music::{OperationInfo, ParameterPlace, Shape, browse::RawPath, operations};

use super::{
    allowed::{Allowed, say},
    call::{Aim, Refusal},
};
use crate::{
    catalog::{self, limit_of},
    percent::encoded,
};

/// Most requests of one call: the documentation names no rate, so that a 429 is a finding, and the call is repeated
/// at most twice. A refused token is refreshed, which takes one of them.
pub(super) const MOST: u32 = 3;

/// Most refreshes of the access token: one because it is about to expire, one because it was refused.
pub(super) const REFRESHES: u32 = 2;

/// Most requests of one refresh, as the library sends them.
const REFRESH_REQUESTS: u32 = 3;

/// The two forms in which the documentation prints the paths of categories: in its headings, and in its `curl` lines
/// (openapi/README.md, #1).
const PRINTED: (&str, &str) = ("/browse/categories", "/browse/browse/categories");

/// A call that may be sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planned {
    pub(super) operation: &'static OperationInfo,
    pub(super) aim: Aim,
    /// Whether it is sent only if the documented path is not there.
    pub(super) is_other_path: bool,
}

/// All calls, in the order in which they are sent.
pub(super) fn plan(is_probing: bool, has_old_cursor: bool, is_rewritten: bool) -> Vec<Planned> {
    let mut calls = Vec::new();
    let mut add = |operation, aim, is_other_path| {
        calls.push(Planned {
            operation,
            aim,
            is_other_path,
        });
    };
    for operation in in_order() {
        let first = match operation.shape {
            Shape::List => Aim::First,
            _ => Aim::Entity,
        };
        add(operation, first, false);
        if !is_rewritten && other_path(operation.path).is_some() {
            add(operation, first, true);
        }
        if operation.shape == Shape::List {
            add(operation, Aim::OwnSize, false);
            add(operation, Aim::Next, false);
        }
    }
    if is_probing {
        for (operation, refusal) in refusals(has_old_cursor) {
            add(operation, Aim::Refusal(refusal), false);
        }
    }
    calls
}

/// Most requests to the API.
pub(super) fn most(calls: &[Planned]) -> u64 {
    let calls = u64::try_from(calls.len()).unwrap_or(u64::MAX);
    calls.saturating_mul(u64::from(MOST))
}

/// Most requests to Login with Amazon.
pub(super) fn most_refreshes() -> u64 {
    u64::from(REFRESHES * REFRESH_REQUESTS)
}

/// The operations: those that need no id first, since they bring the ids of the others.
pub(super) fn in_order() -> Vec<&'static OperationInfo> {
    let mut all = operations::ALL.to_vec();
    all.retain(|info| can_be_called(info));
    all.sort_by_key(|info| has_id(info));
    all
}

/// Whether all that an operation needs is known, or stands in a list.
fn can_be_called(info: &OperationInfo) -> bool {
    let mut needed = info.parameters.iter().filter(|info| info.is_required);
    match (needed.next(), needed.next()) {
        (None, _) => true,
        (Some(id), None) => id.place == ParameterPlace::Path && catalog::source_of(info).is_some(),
        _ => false,
    }
}

pub(super) fn has_id(info: &OperationInfo) -> bool {
    let mut parameters = info.parameters.iter();
    parameters.any(|info| info.place == ParameterPlace::Path)
}

/// The largest page of a list.
pub(super) fn maximum(info: &OperationInfo) -> Option<u64> {
    limit_of(info)?.maximum
}

/// The size of a page without a limit.
pub(super) fn default_size(info: &OperationInfo) -> Option<u64> {
    limit_of(info)?.default?.parse().ok()
}

/// What should be refused, and of which operation: one list, one more for each other maximum, and one entity.
pub(super) fn refusals(has_old_cursor: bool) -> Vec<(&'static OperationInfo, Refusal)> {
    let all = in_order();
    let lists = all.iter().filter(|info| info.shape == Shape::List);
    let lists: Vec<_> = lists.filter(|info| !has_id(info)).copied().collect();
    let mut found = Vec::new();
    let mut maxima = Vec::new();
    for info in &lists {
        if !maxima.contains(&maximum(info)) {
            maxima.push(maximum(info));
            found.push((*info, Refusal::LimitOfZero));
            found.push((*info, Refusal::LimitAboveMaximum));
        }
    }
    if let Some(list) = lists.first() {
        found.push((*list, Refusal::MadeUpCursor));
        if has_old_cursor {
            found.push((*list, Refusal::OldCursor));
        }
    }
    if let Some(entity) = all.iter().find(|info| info.shape == Shape::Entity) {
        found.push((*entity, Refusal::UnknownId));
    }
    if let Some(list) = lists.first() {
        found.extend([Refusal::NoKey, Refusal::NoToken].map(|refusal| (*list, refusal)));
    }
    found
}

/// The list that most is asked of: the first that needs no id.
pub(super) fn first_list() -> Option<&'static OperationInfo> {
    let mut all = in_order().into_iter();
    all.find(|info| info.shape == Shape::List)
}

/// The other path that the documentation prints.
pub(super) fn other_path(path: &str) -> Option<String> {
    let rest = path.strip_prefix(PRINTED.0)?;
    Some(format!("{}{rest}", PRINTED.1))
}

/// The other path of an operation, as a pointer is: in words of the spec.
pub(super) fn other_path_in_words(info: &OperationInfo) -> Option<Allowed> {
    let rest = info.path.strip_prefix(PRINTED.0)?;
    Some(say!(PRINTED.1, rest))
}

/// The path of an operation, with this id in the place of its parameter.
pub(super) fn path(info: &OperationInfo, id: Option<&str>, is_other: bool) -> Option<RawPath> {
    let template = match is_other {
        true => other_path(info.path)?,
        false => info.path.to_owned(),
    };
    let segments = template.split('/').map(|part| match part.starts_with('{') {
        true => encoded(id.unwrap_or_default()),
        false => part.to_owned(),
    });
    RawPath::new(&segments.collect::<Vec<_>>().join("/")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(calls: &[Planned]) -> String {
        let lines = calls.iter().map(|call| {
            let other = if call.is_other_path {
                " (other path)"
            } else {
                ""
            };
            format!("{} {}{other}", call.operation.id, call.aim.words())
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn ids_come_before_what_needs_them() {
        let shown = lines(&plan(true, true, false));
        let place = |text: &str| {
            shown
                .find(text)
                .unwrap_or_else(|| panic!("{text}: {shown}"))
        };
        assert!(place("getCategories first") < place("getCategory the entity"));
        assert!(place("getCategoryTracks the page") < place("getTopTracks to be refused: limit=0"));
        for line in [
            "getTopTracks first page, limit=2",
            "getTopTracks first page without a limit",
            "getTopTracks the page behind its cursor, limit=2",
            "getCategory the entity (other path)",
            "getTopPlaylists to be refused: a limit above the maximum",
            "getCategory to be refused: an unknown id",
            "getTopTracks to be refused: no access token",
            "getTopTracks to be refused: a cursor of an earlier recording",
        ] {
            place(line);
        }
        assert!(!shown.contains("getTopTracks first page, limit=2 (other path)"));
        assert!(!lines(&plan(false, true, true)).contains("(other path)"));
        assert!(!lines(&plan(false, true, true)).contains("refused"));
    }

    #[test]
    fn each_call_has_a_path() {
        for call in plan(true, true, false) {
            let path = path(call.operation, Some("a b"), call.is_other_path);
            let path = path.unwrap_or_else(|| panic!("{call:?}"));
            if has_id(call.operation) {
                assert!(path.path().contains("/a%20b"));
            }
        }
    }
}
