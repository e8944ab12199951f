//! `verify`: what is different between the service and the spec, for the day somebody has access.
//!
//! The run sends ([`run`]), the facts remember ([`facts`]), the report tells ([`report`]). A report is built from an
//! allow-list ([`allowed`]), never by cutting out: nothing that a server sends can be in it but by a rule.

mod against;
mod allowed;
mod answers;
mod call;
mod difference;
mod earlier;
mod exchange;
mod facts;
mod fields;
mod headers;
mod observed;
mod payload;
mod plan;
mod provenance;
mod questions;
mod report;
mod run;
mod schema;
mod send;
mod setup;
mod text;

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use amazon_music::{AmazonMusic, ErrorKind, files};

use self::{
    against::Old,
    earlier::OldCursor,
    plan::{Planned, most, most_refreshes, plan},
    report::{Bounds, Report},
    run::Run,
    send::Sender,
    setup::Setup,
};
use crate::{
    arguments::{Format, Requests, Verify},
    failure::Failure,
    notice::{hint, notice},
    output::sink,
    printable::printable,
    session::Session,
};

/// Requests a second, unless `--rate` says otherwise.
const RATE: f64 = 4.0;

/// Says what a beta tester should know before anything is sent or shared.
const AGREEMENT: &str = "A beta agreement may forbid sharing what is found: read yours first.";

/// The settings of requests for a run: nothing is retried silently, and the pace is known.
pub(crate) fn settings(requests: &Requests) -> Requests {
    Requests {
        retries: Some(0),
        most_tokens: Some(plan::REFRESHES),
        rate: requests.rate.or(Some(RATE)),
        ..requests.clone()
    }
}

/// Prints what would be sent, and sends nothing.
pub(crate) async fn print_plan(
    verify: &Verify,
    user: Option<&str>,
    sandbox: bool,
    requests: &Requests,
) -> Result<(), Failure> {
    let setup = Setup::look(user, sandbox, requests).await?;
    let calls = plan(verify.probe, verify.earlier.is_some(), setup.is_rewritten);
    let mut lines = vec![format!(
        "{} calls, at most {} requests, {} a second; as: {}",
        calls.len(),
        most(&calls),
        requests.rate.unwrap_or(RATE),
        setup.credential
    )];
    lines.extend(calls.iter().map(line));
    lines.push(
        "Each call is sent once; again, at most twice, after a 429; once more after a refreshed token.".to_owned(),
    );
    lines.push(
        "What needs an id, a cursor or another path is sent only if there is one.".to_owned(),
    );
    if setup.can_refresh {
        lines.push(format!(
            "Login with Amazon: at most {} requests, to refresh the access token.",
            most_refreshes()
        ));
    }
    lines.push(AGREEMENT.to_owned());
    sink::print(lines.join("\n"))
}

fn line(call: &Planned) -> String {
    let condition = if call.is_other_path {
        ", if the path above is not there"
    } else {
        ""
    };
    let path = match call.is_other_path {
        true => plan::other_path(call.operation.path),
        false => Some(call.operation.path.to_owned()),
    };
    format!(
        "  GET {}  {}{condition}",
        path.unwrap_or_default(),
        call.aim.words()
    )
}

/// Sends the calls of the plan, and prints the report.
///
/// # Errors
///
/// Returns an error if the service differs, and if the run ended early; the report is printed all the same.
pub(crate) async fn run(
    music: &AmazonMusic,
    verify: &Verify,
    session: &Session,
) -> Result<(), Failure> {
    // Whatever is wrong with a file is told before anything is sent.
    let old = verify.against.as_deref().map(Old::read).transpose()?;
    let old_cursor = verify.earlier.as_deref().map(OldCursor::find).transpose()?;
    let files = verify.report.as_deref().map(files_of).transpose()?;
    let format = format_of(session.output.format)?;
    let (user, sandbox) = (verify.user.as_deref(), verify.sandbox);
    let setup = Setup::look(user, sandbox, &session.requests).await?;
    let planned = plan(verify.probe, old_cursor.is_some(), setup.is_rewritten);
    let bounds = Bounds {
        calls: u64::try_from(planned.len()).unwrap_or(u64::MAX),
        requests: most(&planned),
    };
    let rate = session.requests.rate.unwrap_or(RATE);
    hint!("verify: up to {} calls, {rate} a second", planned.len());
    let mut run = Run::new(Sender { music, session });
    run.is_probing = verify.probe;
    run.is_rewritten = setup.is_rewritten;
    run.facts.old_cursor_hours = old_cursor.as_ref().and_then(OldCursor::hours);
    run.old_cursor = old_cursor;
    let end = run.all().await;
    let ended_early = end.as_ref().err().map(reason);
    let report = Report::new(run.facts, setup, bounds, ended_early);
    // A reader that has gone must not cost the files.
    let printed = print(&report, format, files.is_some());
    if let Some((json, markdown)) = &files {
        write(json, &report.json())?;
        write(markdown, &text::markdown(&report))?;
        notice!("report: {} and {}", json.display(), markdown.display());
        notice!("note: it was sent nowhere. {AGREEMENT}");
    }
    printed?;
    let differences = match &old {
        None => report.differences.len(),
        Some(old) => {
            let changes = old.changes(&report);
            for change in &changes {
                notice!("{}", printable(&**change));
            }
            changes.len()
        }
    };
    end.map_err(ended)?;
    match differences {
        0 => Ok(()),
        count => Err(Failure::Differs {
            count,
            from: if old.is_some() {
                "the earlier report"
            } else {
                "the spec"
            },
        }),
    }
}

/// Prints what is written, before it is.
fn print(report: &Report, format: Format, is_written: bool) -> Result<(), Failure> {
    sink::print(match format {
        Format::Json => report.json(),
        _ if is_written => text::markdown(report),
        _ => text::screen(report).trim_end().to_owned(),
    })
}

/// Why a run ended early.
fn reason(failure: &Failure) -> &'static str {
    let kind = failure.error().map(amazon_music::Error::kind);
    match (failure, kind, failure.exit_code()) {
        (Failure::Stopped(_), ..) => "stopped by a signal",
        (_, Some(ErrorKind::Token), 3) => {
            "Login with Amazon refused to refresh the token: log in again with `amazon-music login`"
        }
        (_, Some(ErrorKind::Token), _) => "Login with Amazon could not be reached",
        (_, _, 3) => "the service refused the access token",
        (_, _, 4) => "the service allows no more requests for now",
        (_, Some(ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport), _) => {
            "the service could not be reached: check the network, the proxy and --base-url"
        }
        _ => "the responses cannot be read",
    }
}

/// The failure of a run without what the service said: that is not for others.
fn ended(failure: Failure) -> Failure {
    match failure {
        Failure::Stopped(signal) => Failure::Stopped(signal),
        failure => Failure::EndedEarly {
            reason: reason(&failure),
            exit_code: failure.exit_code(),
        },
    }
}

/// A report has no rows.
fn format_of(format: Format) -> Result<Format, Failure> {
    match format {
        Format::Table | Format::Json => Ok(format),
        _ => Err(Failure::Usage(
            "--output of `verify` must be table or json".to_owned(),
        )),
    }
}

/// The two files of a report, JSON and Markdown, beside each other, in a folder that is there.
fn files_of(path: &Path) -> Result<(PathBuf, PathBuf), Failure> {
    let refused = |reason: &str| {
        let text = format!("--report: {} {reason}", path.display());
        Failure::Usage(text)
    };
    let Some(name) = path.file_name() else {
        return Err(refused("must be the name of a file"));
    };
    let is_either = |end: &OsStr| end == "json" || end == "md";
    let stem = match path.extension().filter(|end| is_either(end)) {
        Some(_) => path.file_stem().unwrap_or(name),
        None => name,
    };
    let with = |end: &str| {
        let mut name = stem.to_owned();
        name.push(end);
        path.with_file_name(name)
    };
    let (json, markdown) = (with(".json"), with(".md"));
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    if folder.is_some_and(|folder| !folder.is_dir()) {
        return Err(refused("is in a folder that does not exist"));
    }
    match json.is_dir() || markdown.is_dir() {
        true => Err(refused("is, with .json or .md, the name of a folder")),
        false => Ok((json, markdown)),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let written = files::replace(path, text.as_bytes());
    written
        .map_err(|error| Failure::io(format!("--report: cannot write {}", path.display()), error))
}
