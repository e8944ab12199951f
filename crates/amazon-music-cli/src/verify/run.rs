//! The order of a run: which call comes next, from what the ones before brought.

use std::collections::BTreeMap;

use amazon_music::{OperationInfo, Shape, browse::RawPath};

use super::{
    call::{Aim, Call, PAGE, Refusal},
    earlier::OldCursor,
    exchange::{Exchange, Outcome},
    facts::Facts,
    payload::Page,
    plan::{self, has_id, in_order, maximum},
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
        let id = match catalog::source_of(operation).filter(|_| has_id(operation)) {
            None => None,
            Some((source, _)) => match self.ids.get(source.id) {
                Some(id) => Some(id.clone()),
                // Its list brought no id.
                None => {
                    self.facts.without_id.push(operation);
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
        for is_other in [false, true] {
            if is_other && self.is_rewritten {
                break;
            }
            let Some(path) = plan::path(operation, id, is_other) else {
                break;
            };
            let path = if aim == Aim::First {
                with_limit(path, PAGE)
            } else {
                path
            };
            let call = Call {
                operation,
                path,
                aim,
                is_other_path: is_other,
                id: id.map(str::to_owned),
            };
            match self.send(call).await? {
                Some(200) => {
                    if is_other {
                        self.facts.forgive(operation);
                    }
                    return Ok(Some(is_other));
                }
                Some(403 | 404) => {}
                _ => break,
            }
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
            let call = Call {
                operation,
                path,
                aim,
                is_other_path: is_other,
                id: id.map(str::to_owned),
            };
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
        let call = Call {
            operation,
            path,
            aim: Aim::Refusal(refusal),
            is_other_path: is_other,
            id: None,
        };
        self.send(call).await.map(drop)
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
            Refusal::OldCursor => {
                let old = self.old_cursor.as_ref()?;
                old.query(path)
            }
            Refusal::UnknownId => path,
            Refusal::NoKey | Refusal::NoToken => with_limit(path, PAGE),
        })
    }

    /// Sends a call, adds what came of it, and gives the status.
    async fn send(&mut self, call: Call) -> Result<Option<u16>, Failure> {
        let (exchange, failure) = self.sender.send(call).await;
        let status = status(&exchange);
        self.unreachable = match status {
            Some(_) => 0,
            None => self.unreachable + 1,
        };
        // What a signal cut short says nothing of the service.
        if matches!(failure, Some(Failure::Stopped(_))) {
            self.facts.sent = self.facts.sent.saturating_add(u64::from(exchange.sent));
        } else {
            self.facts.add(&exchange);
        }
        match failure {
            Some(failure)
                if self.unreachable >= UNREACHABLE || ends_the_run(&failure, status.is_some()) =>
            {
                Err(failure)
            }
            _ => Ok(status),
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
