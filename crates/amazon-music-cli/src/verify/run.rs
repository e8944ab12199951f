//! The order of a run: which call comes next, from what the ones before brought.

use std::collections::BTreeMap;

use amazon_music::{ErrorKind, OperationInfo, Shape, browse::RawPath};

use super::{
    call::{Aim, Call, PAGE, Refusal},
    earlier::OldCursor,
    exchange::{Exchange, Outcome},
    facts::Facts,
    payload::Page,
    plan::{self, in_order, maximum},
    send::{Sender, ends_the_run},
};
use crate::{catalog, failure::Failure};

/// Calls without a response, one after the other, after which nobody is there.
const UNREACHABLE: u32 = 3;

/// A cursor and an id that no service has returned.
const MADE_UP: &str = "made-up-by-amazon-music-verify";

/// A run.
pub(super) struct Run<'a> {
    pub(super) sender: Sender<'a>,
    pub(super) facts: Facts,
    pub(super) is_probing: bool,
    pub(super) is_rewritten: bool,
    pub(super) old_cursor: Option<OldCursor>,
    /// An id of each list that has ids for other operations.
    ids: BTreeMap<&'static str, String>,
    unreachable: u32,
}

impl<'a> Run<'a> {
    pub(super) fn new(sender: Sender<'a>) -> Self {
        Self {
            sender,
            facts: Facts::default(),
            is_probing: false,
            is_rewritten: false,
            old_cursor: None,
            ids: BTreeMap::new(),
            unreachable: 0,
        }
    }

    /// Sends all calls. What was learned until an error stays.
    pub(super) async fn all(&mut self) -> Result<(), Failure> {
        for operation in in_order() {
            self.operation(operation).await?;
        }
        if self.is_probing {
            for (operation, refusal) in plan::refusals(self.old_cursor.is_some()) {
                self.refusal(operation, refusal).await?;
            }
        }
        Ok(())
    }

    async fn operation(&mut self, operation: &'static OperationInfo) -> Result<(), Failure> {
        let id = match catalog::source_of(operation) {
            None => None,
            Some((source, _)) => match self.ids.get(source.id) {
                Some(id) => Some(id.clone()),
                // Its list brought no id.
                None => {
                    let reason = "no list brought an id";
                    self.facts.not_called(operation, reason);
                    return Ok(());
                }
            },
        };
        let aim = match operation.shape {
            Shape::List => Aim::First,
            _ => Aim::Entity,
        };
        let Some(is_other) = self.first(operation, aim, id.as_deref()).await? else {
            return Ok(());
        };
        let page = self.facts.of(operation, aim).and_then(|it| it.page.clone());
        let Some(page) = page else { return Ok(()) };
        if let Some(id) = page.ids.first() {
            self.ids.insert(operation.id, id.clone());
        }
        self.rest(operation, id.as_deref(), is_other, &page).await
    }

    /// Sends the first call, at the other path if the documented one is not there. Tells which path it is, unless
    /// neither is served.
    async fn first(
        &mut self,
        operation: &'static OperationInfo,
        aim: Aim,
        id: Option<&str>,
    ) -> Result<Option<bool>, Failure> {
        let mut refused = None;
        for is_other in [false, true] {
            if is_other && self.is_rewritten {
                break;
            }
            let Some(path) = plan::path(operation, id, is_other) else {
                if !is_other {
                    let reason = "its id cannot stand in a path";
                    self.facts.not_called(operation, reason);
                }
                break;
            };
            let path = match aim {
                Aim::First => with_limit(path, PAGE),
                _ => path,
            };
            let call = Call::new(operation, aim, (path, is_other), id);
            let (exchange, end) = self.exchange(call).await;
            let status = status(&exchange);
            let is_served = status == Some(200);
            // What the documented path says does not count if the other one serves it.
            if let Some(refused) = refused.take() {
                match is_served {
                    true => self.facts.add_forgiven(&refused),
                    false => self.facts.add(&refused),
                }
            }
            let has_other = !self.is_rewritten && plan::other_path(operation.path).is_some();
            let is_refused = matches!(status, Some(403 | 404)) && has_other && !is_other;
            if is_refused && end.is_ok() {
                refused = Some(exchange);
                continue;
            }
            self.add(&exchange, &end);
            end?;
            return Ok(is_served.then_some(is_other));
        }
        if let Some(refused) = refused {
            self.facts.add(&refused);
        }
        Ok(None)
    }

    /// The pages that are sent once a first one has come.
    async fn rest(
        &mut self,
        operation: &'static OperationInfo,
        id: Option<&str>,
        is_other: bool,
        first: &Page,
    ) -> Result<(), Failure> {
        let path = || plan::path(operation, id, is_other);
        let next = first
            .next()
            .and_then(|cursor| Some(with_limit(path()?, PAGE).query("cursor", cursor)));
        let calls = [(Aim::OwnSize, path()), (Aim::Next, next)];
        for (aim, path) in calls {
            let Some(path) = path else { continue };
            let call = Call::new(operation, aim, (path, is_other), id);
            self.send(call).await?;
        }
        Ok(())
    }

    async fn refusal(
        &mut self,
        operation: &'static OperationInfo,
        refusal: Refusal,
    ) -> Result<(), Failure> {
        // Where the service has it, if it was found.
        let calls = self.facts.calls.iter();
        let mut served = calls.filter(|it| it.operation.id == operation.id && it.is_served());
        let is_other = served.any(|it| it.is_other_path);
        let Some(path) = plan::path(operation, Some(MADE_UP), is_other) else {
            return Ok(());
        };
        let Some(path) = self.path_of(operation, refusal, path) else {
            return Ok(());
        };
        let call = Call::new(operation, Aim::Refusal(refusal), (path, is_other), None);
        self.send(call).await
    }

    fn path_of(
        &self,
        operation: &'static OperationInfo,
        refusal: Refusal,
        path: RawPath,
    ) -> Option<RawPath> {
        Some(match refusal {
            Refusal::LimitOfZero => with_limit(path, 0),
            Refusal::LimitAboveMaximum => with_limit(path, maximum(operation)?.saturating_add(1)),
            Refusal::MadeUpCursor => with_limit(path, PAGE).query("cursor", MADE_UP),
            Refusal::OldCursor => self.old_cursor.as_ref()?.query(path),
            Refusal::UnknownId => path,
            Refusal::NoKey | Refusal::NoToken => with_limit(path, PAGE),
        })
    }

    /// Sends a call, and adds what came of it.
    async fn send(&mut self, call: Call) -> Result<(), Failure> {
        let (exchange, end) = self.exchange(call).await;
        self.add(&exchange, &end);
        end
    }

    /// Sends a call. Tells whether the run ends with it.
    async fn exchange(&mut self, call: Call) -> (Exchange, Result<(), Failure>) {
        let (exchange, failure) = self.sender.send(call).await;
        let status = status(&exchange);
        self.unreachable = match status {
            Some(_) => 0,
            None => self.unreachable + 1,
        };
        let is_end = |failure: &Failure| {
            self.unreachable >= UNREACHABLE || ends_the_run(failure, status.is_some())
        };
        let end = failure.filter(is_end).map_or(Ok(()), Err);
        (exchange, end)
    }

    /// Adds an exchange, unless it says nothing of the service: a signal cut it short, or the login failed before.
    fn add(&mut self, exchange: &Exchange, end: &Result<(), Failure>) {
        let is_of_login = |failure: &Failure| {
            let kind = failure.error().map(amazon_music::Error::kind);
            kind == Some(ErrorKind::Token) && status(exchange).is_none()
        };
        match end {
            Err(failure) if matches!(failure, Failure::Stopped(_)) || is_of_login(failure) => {
                self.facts.add_interrupted(exchange);
            }
            _ => self.facts.add(exchange),
        }
    }
}

fn status(exchange: &Exchange) -> Option<u16> {
    match &exchange.outcome {
        Outcome::Response(response) => Some(response.status),
        Outcome::Nothing(_) => None,
    }
}

fn with_limit(path: RawPath, limit: u64) -> RawPath {
    path.query("limit", limit.to_string())
}
