//! Every fault, on every operation, on a single call and in the middle of a walk: each has one outcome.

mod rows;

use std::time::Duration;

use amazon_music::{
    AmazonMusic, EntityOperation, Error, ErrorKind, Get, List, ListOperation, OperationInfo,
    RequestVisitor, Shape, clock::ManualClock,
};
use amazon_music_sandbox::{Fault, Faults, Running, Sandbox};
use futures_util::{StreamExt as _, future::LocalBoxFuture};
use serde_json::Value;

use self::rows::{Failure, MAX_BODY, Once, Row, rows};
use crate::{
    operations::{Found, json, largest, on_each, required, send},
    time::{drive, on_manual_clock},
};

fn facts(error: &Error) -> Failure {
    let code = error.api_code().map(|code| {
        let text: &'static str = Box::leak(code.to_string().into_boxed_str());
        text
    });
    // Whether the head of a late response had arrived before the timeout is a matter of luck.
    let status = error
        .status()
        .filter(|_| error.kind() != ErrorKind::Timeout);
    (error.kind(), status, code, error.attempts())
}

/// A sandbox with a script, its clock, and a client of its own.
async fn with(faults: Faults) -> (ManualClock, Running, AmazonMusic) {
    let (clock, sandbox, builder) = on_manual_clock(Sandbox::new().faults(faults)).await;
    let music = builder.max_body_bytes(MAX_BODY).build().unwrap();
    (clock, sandbox, music)
}

fn once(fault: &Fault) -> Faults {
    Faults::in_order([Some(fault.clone())])
}

fn always(fault: &Fault) -> Faults {
    Faults::random(0, 1.0, [fault.clone()])
}

/// Checks that the scripted fault happened, or that the response had nothing that it could change.
fn assert_met(sandbox: &Running, fault: &Fault, has_nothing_to_change: bool, what: &str) {
    let unmet: Vec<Fault> = has_nothing_to_change
        .then(|| fault.clone())
        .into_iter()
        .collect();
    assert_eq!(sandbox.unmet_faults(), unmet, "{what}");
}

/// Requests of a call that fails once like this.
fn requests_for(fault: &Fault, outcome: &Once) -> u64 {
    match (fault, outcome) {
        (Fault::WrongContentType | Fault::InvalidUtf8, _) => 1,
        (Fault::Latency(wait), _) if *wait < Duration::from_secs(30) => 1,
        (_, Once::Recovers) => 2,
        _ => 1,
    }
}

/// Sends one request: of a list, for a page of three.
async fn call(
    clock: &ManualClock,
    music: &AmazonMusic,
    info: &OperationInfo,
) -> Result<Found, Error> {
    let mut values = required(info);
    if info.shape == Shape::List {
        values.push(("limit", "3"));
    }
    drive(clock, send(music, info, &values)).await
}

async fn single_list(info: &OperationInfo, (fault, outcome, for_ever): &Row) {
    let what = format!("{} {fault:?}", info.name);
    let (clock, sandbox, music) = with(once(fault)).await;
    let page = call(&clock, &music, info).await;
    assert_eq!(sandbox.requests(), requests_for(fault, outcome), "{what}");
    // A first page was not asked for by a cursor.
    assert_met(&sandbox, fault, *fault == Fault::DuplicateCursor, &what);
    match outcome {
        Once::Recovers => assert_eq!(page.unwrap().items.len(), 3, "{what}"),
        Once::Fails(failure) => {
            let error = page.unwrap_err();
            assert_eq!(facts(&error), *failure, "{what}");
            assert_eq!(error.operation(), Some(info.name));
            let next = call(&clock, &music, info).await;
            assert_eq!(next.unwrap().items.len(), 3, "{what}");
        }
        Once::LosesAnItem => {
            let page = page.unwrap();
            assert_eq!((page.items.len(), page.skipped.len()), (2, 1), "{what}");
            let error = &page.skipped[0];
            assert_eq!(
                (error.kind(), error.index()),
                (ErrorKind::Item, Some(1)),
                "{what}"
            );
        }
        Once::Strands(ErrorKind::Incomplete) => {
            let page = page.unwrap();
            assert!(page.has_next_page && page.next_cursor.is_none(), "{what}");
        }
        Once::Strands(_) => assert_eq!(page.unwrap().items.len(), 3, "{what}"),
    }
    if let Some(failure) = for_ever {
        let (clock, sandbox, music) = with(always(fault)).await;
        let error = call(&clock, &music, info).await.unwrap_err();
        assert_eq!(facts(&error), *failure, "{what}, every time");
        assert_met(&sandbox, fault, false, &what);
    }
}

/// Walks a list, and resumes it after an error that ends the stream. Returns the ids and the errors.
struct Walk(ManualClock);

impl RequestVisitor for Walk {
    type Output = LocalBoxFuture<'static, (Vec<String>, Vec<Error>)>;

    fn list<O: ListOperation>(self, list: List<O>) -> Self::Output {
        Box::pin(async move { walk(&self.0, list).await })
    }

    fn get<O: EntityOperation>(self, _: Get<O>) -> Self::Output {
        unreachable!("only lists are walked")
    }
}

async fn walk<O: ListOperation>(clock: &ManualClock, list: List<O>) -> (Vec<String>, Vec<Error>) {
    let again = list.clone();
    let mut items = list.items();
    let (mut ids, mut errors) = (Vec::new(), Vec::new());
    drive(clock, async {
        while let Some(item) = items.next().await {
            match item {
                Ok(item) => ids.push(json(&item)["id"].as_str().unwrap().to_owned()),
                Err(error) => {
                    let goes_on = error.is_transient() || error.kind() == ErrorKind::Item;
                    let is_stranded =
                        matches!(error.kind(), ErrorKind::Incomplete | ErrorKind::CursorLoop);
                    if !goes_on && !is_stranded {
                        items = again.clone().resume(items.position()).unwrap();
                    }
                    errors.push(error);
                }
            }
            assert!(errors.len() < 10, "no end of errors");
        }
    })
    .await;
    (ids, errors)
}

/// The first two elements of a stream; fewer if it ends.
struct FirstTwo(ManualClock);

impl RequestVisitor for FirstTwo {
    type Output = LocalBoxFuture<'static, Vec<Result<Value, Error>>>;

    fn list<O: ListOperation>(self, list: List<O>) -> Self::Output {
        Box::pin(async move {
            let mut items = list.items();
            let mut found = Vec::new();
            while found.len() < 2
                && let Some(item) = drive(&self.0, items.next()).await
            {
                found.push(item.map(|item| json(&item)));
            }
            found
        })
    }

    fn get<O: EntityOperation>(self, _: Get<O>) -> Self::Output {
        unreachable!("only lists are streams")
    }
}

async fn stream(info: &OperationInfo, (fault, outcome, for_ever): &Row) {
    let what = format!("{} {fault:?}", info.name);
    // So that each list has several pages.
    let limit = largest(info).min(50) as usize;
    let text = limit.to_string();
    let mut values: Vec<(&str, &str)> = required(info);
    values.push(("limit", &text));
    let (clock, sandbox, music) = with(Faults::none()).await;
    let walk = || {
        music
            .request(info.id, &values, Walk(clock.clone()))
            .unwrap()
    };
    let (whole, none) = walk().await;
    assert!(none.is_empty());
    let pages = whole.len().div_ceil(limit);
    assert!(pages > 1, "{what}: a list of one page shows nothing");

    // The second page fails.
    sandbox.set_faults(Faults::in_order([None, Some(fault.clone())]));
    let (ids, errors) = walk().await;
    let is_last = pages == 2;
    let has_no_token = is_last && *fault == Fault::MissingToken;
    assert_met(&sandbox, fault, has_no_token, &what);
    let kinds: Vec<ErrorKind> = errors.iter().map(Error::kind).collect();
    match outcome {
        Once::Recovers => {
            assert_eq!(ids, whole, "{what}");
            assert!(errors.is_empty(), "{what}: {errors:?}");
        }
        Once::Fails(failure) => {
            assert_eq!(
                errors.iter().map(facts).collect::<Vec<_>>(),
                [*failure],
                "{what}"
            );
            assert_eq!(ids, whole, "{what}: resumed, the page is returned");
        }
        Once::LosesAnItem => {
            assert_eq!(kinds, [ErrorKind::Item], "{what}");
            let mut rest = whole.clone();
            rest.remove(limit + 1);
            assert_eq!(ids, rest, "{what}");
        }
        // The last page has no next one that could be missed.
        Once::Strands(ErrorKind::Incomplete) if is_last => assert_eq!(ids, whole, "{what}"),
        Once::Strands(kind) => {
            assert_eq!(kinds, [*kind], "{what}");
            let came = whole.len().min(2 * limit);
            assert_eq!(ids, whole[..came], "{what}");
        }
    }
    if let Some(failure) = for_ever {
        stream_of_failures(info, fault, failure, &what).await;
    }
}

/// Every page fails.
async fn stream_of_failures(info: &OperationInfo, fault: &Fault, failure: &Failure, what: &str) {
    let (clock, sandbox, music) = with(always(fault)).await;
    let first = music.request(info.id, &required(info), FirstTwo(clock.clone()));
    let found = first.unwrap().await;
    let mut may_pass = true;
    for item in found.into_iter().map(Some).chain([None]).take(2) {
        let Some(item) = item else {
            assert!(!may_pass, "{what}: the stream has ended");
            break;
        };
        assert!(may_pass, "{what}: the stream goes on");
        let error = item.err().unwrap();
        may_pass = error.is_transient();
        assert_eq!(error.operation(), Some(info.name));
        // The second failure may begin in a delay that the first one left behind.
        assert_eq!(
            (error.kind(), facts(&error).2),
            (failure.0, failure.2),
            "{what}"
        );
    }
    assert_met(&sandbox, fault, false, what);
}

async fn single_entity(info: &OperationInfo, (fault, outcome, for_ever): &Row) {
    let what = format!("{} {fault:?}", info.name);
    let (clock, sandbox, music) = with(once(fault)).await;
    let found = call(&clock, &music, info).await;
    // The faults of lists.
    let is_of_lists = matches!(
        fault,
        Fault::MalformedItem | Fault::MissingToken | Fault::DuplicateCursor
    );
    assert_met(&sandbox, fault, is_of_lists, &what);
    match outcome {
        Once::Fails(failure) => {
            assert_eq!(facts(&found.err().unwrap()), *failure, "{what}");
            assert!(call(&clock, &music, info).await.is_ok(), "{what}");
        }
        // Faults of lists do not affect a single entity.
        _ => assert!(found.is_ok(), "{what}"),
    }
    if let Some(failure) = for_ever {
        let (clock, sandbox, music) = with(always(fault)).await;
        let error = call(&clock, &music, info).await.err().unwrap();
        assert_eq!(facts(&error), *failure, "{what}, every time");
        assert_met(&sandbox, fault, false, &what);
    }
}

#[test]
fn every_fault_has_its_outcome_on_every_operation() {
    on_each(async |info| {
        for row in rows() {
            if info.shape == Shape::List {
                single_list(info, &row).await;
                stream(info, &row).await;
            } else {
                single_entity(info, &row).await;
            }
        }
    });
}
