//! The report as Markdown, and as a screen.

use std::{collections::BTreeSet, fmt::Write as _};

use super::{allowed::Allowed, difference::Told, questions::Answered, report::Report};

/// The screen of a run: agreements in one line, each difference with its setting, and the open questions.
pub(super) fn screen(report: &Report) -> String {
    let setup = &report.setup;
    let mut text = format!(
        "as {}; base URL: {}; encryption: {}; proxy: {}\n",
        setup.credential, setup.base_url, setup.encryption, setup.proxy
    );
    text.push_str(&summary(report).join("\n"));
    text.push('\n');
    for told in &report.differences {
        let (source, pointer) = told
            .provenance
            .as_str()
            .rsplit_once(": ")
            .unwrap_or_default();
        let row = match pointer == told.pointer.as_str() {
            true => source,
            false => told.provenance.as_str(),
        };
        let _ = write!(
            text,
            "\n{}: {}\n  at       {}\n  setting  {}\n  source   {row}\n",
            told.kind,
            told.counted(),
            told.pointer,
            told.setting,
        );
    }
    questions(report, &mut text);
    text
}

/// The answered questions, and in one paragraph the others.
fn questions(report: &Report, text: &mut String) {
    text.push_str("\nOpen questions of the documentation\n");
    for question in &report.questions {
        if let Some(answer) = &question.answer {
            let _ = writeln!(text, "  {}\n    {answer}", question.question);
        }
    }
    let reasons: BTreeSet<&str> = report
        .questions
        .iter()
        .filter_map(|it| it.unanswered)
        .collect();
    for reason in reasons {
        let is_same = |it: &&Answered| it.unanswered == Some(reason);
        let names: Vec<&str> = report
            .questions
            .iter()
            .filter(is_same)
            .map(|it| it.id)
            .collect();
        let _ = writeln!(text, "  {reason}: {}", names.join(", "));
    }
}

/// Numbers of calls, agreements and differences.
fn summary(report: &Report) -> Vec<String> {
    let requests = &report.requests;
    let mut lines = vec![format!(
        "calls: {}; requests: {}, at most {}",
        requests.calls, requests.sent, requests.at_most
    )];
    if let Some(reason) = report.ended_early {
        lines.push(format!("ended early: {reason}; what follows is a part"));
    }
    lines.push(format!("agrees in {} checks", report.agreements));
    lines.push(match report.differences.len() {
        0 => "differs in nothing".to_owned(),
        count => format!("differs in {count}"),
    });
    lines
}

/// The report as Markdown: the same facts as its JSON.
pub(super) fn markdown(report: &Report) -> String {
    let mut text = format!(
        "# Report of `{}` {}\n\nSpec {}, {}. It holds names and numbers that the documentation has, JSON types, \
         shapes and counts; no title, id, cursor, message, host, account or credential.\n\n",
        report.tool, report.tool_version, report.spec_version, report.day
    );
    for line in summary(report) {
        let _ = writeln!(text, "- {line}");
    }
    setup(report, &mut text);
    differences(&report.differences, &mut text);
    text.push_str("\n## Open questions\n\n| question | answer |\n|---|---|\n");
    for question in &report.questions {
        let answer = question.answer.as_ref().map(Allowed::as_str);
        let answer = answer.or(question.unanswered).unwrap_or_default();
        let _ = writeln!(text, "| {} | {} |", question.question, cell(answer));
    }
    calls(report, &mut text);
    text.push_str("\n## Headers of interest\n\n| header | responses | values |\n|---|---|---|\n");
    for header in &report.headers {
        let values = cell(header.values.as_str());
        let _ = writeln!(text, "| `{}` | {} | {values} |", header.name, header.times);
    }
    objects(report, &mut text);
    text
}

/// Text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn setup(report: &Report, text: &mut String) {
    let setup = &report.setup;
    let refresh = if setup.can_refresh { "yes" } else { "no" };
    text.push_str("\n## Connection\n\n| | |\n|---|---|\n");
    for (name, value) in [
        ("credential", setup.credential),
        ("can be refreshed", refresh),
        ("region of the login", setup.region),
        ("base URL", setup.base_url),
        ("encryption", setup.encryption),
        ("proxy", setup.proxy),
    ] {
        let _ = writeln!(text, "| {name} | {value} |");
    }
}

fn differences(differences: &[Told], text: &mut String) {
    text.push_str("\n## Differences\n\n");
    if differences.is_empty() {
        text.push_str("None.\n");
        return;
    }
    text.push_str(
        "| kind | found | place in the spec | setting | provenance |\n|---|---|---|---|---|\n",
    );
    for told in differences {
        let _ = writeln!(
            text,
            "| {} | {} | `{}` | {} | {} |",
            told.kind,
            cell(told.counted().as_str()),
            told.pointer,
            told.setting,
            told.provenance
        );
    }
}

fn calls(report: &Report, text: &mut String) {
    text.push_str("\n## Calls\n\nSizes and times are rounded up to a power of two.\n\n");
    text.push_str(
        "| operation | call | status | items | bytes | ms |\n|---|---|---|---|---|---|\n",
    );
    for call in &report.calls {
        let status = call.status.map_or("none".to_owned(), |it| it.to_string());
        let code = call
            .code
            .as_ref()
            .map_or(String::new(), |it| format!(" {it}"));
        let items = call.items.map_or(String::new(), |it| it.to_string());
        let path = if call.is_other_path {
            ", other path"
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "| {} | {}{path} | {status}{} | {items} | {} | {} |",
            call.operation,
            call.aim,
            cell(&code),
            call.bytes,
            call.millis
        );
    }
}

fn objects(report: &Report, text: &mut String) {
    text.push_str("\n## Fields\n");
    for object in &report.objects {
        let _ = write!(
            text,
            "\n`{}`, {} times:\n\n| field | documented | types |\n|---|---|---|\n",
            object.pointer, object.nodes
        );
        for field in &object.fields {
            let documented = if field.is_documented { "yes" } else { "no" };
            let types = match field.present {
                0 => "never",
                _ => field.types.as_str(),
            };
            let name = cell(field.name.as_str());
            let _ = writeln!(text, "| {name} | {documented} | {types} |");
        }
    }
}
