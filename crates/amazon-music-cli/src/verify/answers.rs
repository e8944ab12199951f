//! Answers to the open questions, from the facts of a run. None if they do not tell.

use amazon_music::{OperationInfo, Shape};

use super::{
    allowed::{Allowed, say},
    call::{Aim, Refusal},
    facts::{Done, Facts},
    plan::{default_size, has_id, in_order, other_path},
    setup::Setup,
};

/// First pages and entities that were served.
fn served(facts: &Facts) -> impl Iterator<Item = &Done> {
    let firsts = facts
        .calls
        .iter()
        .filter(|done| matches!(done.aim, Aim::First | Aim::Entity));
    firsts.filter(|done| done.is_served() && done.odd_body.is_none())
}

/// The text of each operation, those of the same text together; none if there is none.
fn each(texts: impl IntoIterator<Item = (&'static OperationInfo, Allowed)>) -> Option<Allowed> {
    let mut groups: Vec<(Allowed, Vec<Allowed>)> = Vec::new();
    for (operation, text) in texts {
        let name = say!(operation.id);
        match groups.iter_mut().find(|(known, _)| *known == text) {
            Some((_, names)) => names.push(name),
            None => groups.push((text, vec![name])),
        }
    }
    let groups: Vec<Allowed> = groups
        .into_iter()
        .map(|(text, names)| say!(Allowed::joined(names, ", "), ": ", text))
        .collect();
    (!groups.is_empty()).then(|| Allowed::joined(groups, "; "))
}

pub(super) fn doubled_path(facts: &Facts, setup: &Setup) -> Option<Allowed> {
    let with_two = served(facts).filter(|done| other_path(done.operation.path).is_some());
    let mut paths: Vec<&str> = with_two
        .map(|done| match done.is_other_path {
            _ if setup.is_rewritten => "as AMAZON_MUSIC_REWRITE_PATH has it",
            true => "at the doubled path of the curl lines",
            false => "at the path of the headings",
        })
        .collect();
    paths.dedup();
    match *paths {
        [] => None,
        ["at the path of the headings"] => Some(say!("at the path of the headings")),
        ["at the doubled path of the curl lines"] => {
            Some(say!("at the doubled path of the curl lines"))
        }
        [_] => Some(say!("where the path was rewritten to")),
        _ => Some(say!("some at one, some at the other")),
    }
}

fn place(done: &Done) -> (&'static OperationInfo, Allowed) {
    let place = match &done.elsewhere {
        _ if !done.has_payload => say!("in none of the documented places"),
        None => say!("where the spec has it"),
        Some(names) => say!("at `", names, "`"),
    };
    (done.operation, place)
}

pub(super) fn entity_place(facts: &Facts, _: &Setup) -> Option<Allowed> {
    let entities = served(facts).filter(|done| done.operation.shape == Shape::Entity);
    each(entities.map(place))
}

pub(super) fn list_places(facts: &Facts, _: &Setup) -> Option<Allowed> {
    let is_inside = |done: &&Done| done.operation.shape == Shape::List && has_id(done.operation);
    each(served(facts).filter(is_inside).map(place))
}

pub(super) fn default_sizes(facts: &Facts, _: &Setup) -> Option<Allowed> {
    each(in_order().into_iter().filter_map(|operation| {
        let page = facts.of(operation, Aim::OwnSize)?.page.as_ref()?;
        let edges = page.edges?;
        let end = match (page.has_next, default_size(operation)) {
            (Some(true), Some(documented)) if documented == edges => " as documented",
            (Some(true), _) => " and more behind",
            _ => " and no more",
        };
        Some((operation, say!(edges, end)))
    }))
}

pub(super) fn new_fields(facts: &Facts, _: &Setup) -> Option<Allowed> {
    served(facts).next()?;
    let unknown: u64 = facts
        .observed
        .places
        .values()
        .filter(|place| place.schema.kind() == Some("object"))
        .map(|place| u64::try_from(place.names.len()).unwrap_or(u64::MAX))
        .sum();
    Some(match unknown {
        0 => say!("none"),
        unknown => say!(unknown, " names, see the differences"),
    })
}

pub(super) fn missing_tokens(facts: &Facts, _: &Setup) -> Option<Allowed> {
    let pages = facts.calls.iter().filter_map(|done| done.page.as_ref());
    let going_on: Vec<_> = pages.filter(|page| page.has_next == Some(true)).collect();
    let without = going_on.iter().filter(|page| page.token.is_none()).count();
    match (going_on.len(), without) {
        (0, _) => None,
        (_, 0) => Some(say!("yes")),
        (all, without) => Some(say!(
            "no: ",
            count(without),
            " of ",
            count(all),
            " pages have none"
        )),
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

pub(super) fn edge_cursors(facts: &Facts, _: &Setup) -> Option<Allowed> {
    let mut pages = served(facts).filter(|done| done.page.is_some()).peekable();
    pages.peek()?;
    let has = |done: &&Done| {
        done.page
            .as_ref()
            .is_some_and(|page| page.last_cursor.is_some())
    };
    let names = pages.filter(has).map(|done| say!(done.operation.id));
    let names = Allowed::joined(names, ", ");
    Some(if names == Allowed::default() {
        say!("none")
    } else {
        names
    })
}

pub(super) fn cursor_shapes(facts: &Facts, _: &Setup) -> Option<Allowed> {
    let pages = served(facts).filter_map(|done| Some((done.operation, done.page.as_ref()?)));
    each(pages.filter_map(|(operation, page)| Some((operation, Allowed::shape(page.next()?)))))
}

pub(super) fn id_shapes(facts: &Facts, _: &Setup) -> Option<Allowed> {
    let pages = served(facts).filter_map(|done| Some((done.operation, done.page.as_ref()?)));
    each(pages.filter_map(|(operation, page)| {
        let mut shapes: Vec<Allowed> = page.ids.iter().map(|id| Allowed::shape(id)).collect();
        shapes.sort();
        shapes.dedup();
        (!shapes.is_empty()).then(|| (operation, Allowed::joined(shapes, " or ")))
    }))
}

pub(super) fn empty_list(facts: &Facts, _: &Setup) -> Option<Allowed> {
    let pages = facts.calls.iter().filter_map(|done| done.page.as_ref());
    let mut empty = pages.filter(|page| page.edges == Some(0));
    empty.next().map(|_| say!("an empty array of edges"))
}

/// The outcome of a request that should be refused.
fn outcome(done: &Done) -> Allowed {
    match (done.status, &done.code, &done.page) {
        (Some(200), _, Some(page)) => {
            say!("served, with ", page.edges.unwrap_or_default(), " items")
        }
        (Some(200), ..) => say!("served"),
        (Some(status), Some(code), _) => say!(u64::from(status), " ", code),
        (Some(status), None, _) => say!(u64::from(status), " without a code"),
        (None, ..) => say!("no response"),
    }
}

pub(super) fn refused(facts: &Facts, refusal: Refusal) -> Option<Allowed> {
    let mut calls = facts.calls.iter();
    let done = calls.find(|done| done.aim == Aim::Refusal(refusal))?;
    let age = facts
        .old_cursor_hours
        .filter(|_| refusal == Refusal::OldCursor);
    Some(match age {
        Some(hours) => say!(outcome(done), ", after less than ", hours, " hours"),
        None => outcome(done),
    })
}

pub(super) fn limits(facts: &Facts, _: &Setup) -> Option<Allowed> {
    let texts = facts.calls.iter().filter_map(|done| {
        let refusal = done.aim.refusal()?;
        let is_limit = [Refusal::LimitOfZero, Refusal::LimitAboveMaximum].contains(&refusal);
        is_limit.then(|| (done.operation, say!(refusal.words(), ": ", outcome(done))))
    });
    each(texts)
}

pub(super) fn unprocessable(facts: &Facts, _: &Setup) -> Option<Allowed> {
    let mut calls = facts.calls.iter();
    calls.find(|done| done.status == Some(422)).map(outcome)
}

pub(super) fn gateway(facts: &Facts, _: &Setup) -> Option<Allowed> {
    let bodies = facts.calls.iter().filter_map(|done| {
        let status = u64::from(done.status?);
        Some(say!(status, " with ", done.odd_body?))
    });
    let mut bodies: Vec<Allowed> = bodies.collect();
    bodies.sort();
    bodies.dedup();
    (!bodies.is_empty()).then(|| Allowed::joined(bodies, "; "))
}

pub(super) fn rate(facts: &Facts, _: &Setup) -> Option<Allowed> {
    let throttled: u64 = facts.calls.iter().map(|done| done.throttled).sum();
    let advice = facts
        .headers
        .told()
        .find(|(name, ..)| *name == "retry-after");
    match (throttled, advice) {
        (0, _) => None,
        (_, None) => Some(say!(
            "responses of 429: ",
            throttled,
            ", none with Retry-After"
        )),
        (_, Some((_, times, values))) => Some(say!(
            "responses of 429: ",
            throttled,
            "; Retry-After ",
            times,
            " times: ",
            values
        )),
    }
}

pub(super) fn caching(facts: &Facts, _: &Setup) -> Option<Allowed> {
    served(facts).next()?;
    let names = ["cache-control", "etag", "last-modified", "expires", "age"];
    let told = facts
        .headers
        .told()
        .filter(|(name, ..)| names.contains(name));
    let told = Allowed::joined(told.map(|(name, ..)| say!(name)), ", ");
    Some(if told == Allowed::default() {
        say!("none")
    } else {
        told
    })
}

pub(super) fn region(facts: &Facts, setup: &Setup) -> Option<Allowed> {
    served(facts).next()?;
    ["North America", "Europe", "Far East"]
        .contains(&setup.region)
        .then(|| say!("a login of ", setup.region, " was served"))
}
