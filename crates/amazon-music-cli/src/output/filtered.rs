//! The outputs of a filter as lines.

use crate::{
    failure::Failure,
    jq::{Filter, Line},
    output::{
        json::{escaped_line, for_terminal},
        sink::Sink,
    },
    printable::is_hidden,
};

/// Prints each output of a filter for each of these JSON texts on a line of its own: strings as they are, anything
/// else as JSON.
pub(crate) async fn print(
    filter: &Filter,
    texts: Vec<String>,
    sink: &mut Sink,
) -> Result<(), Failure> {
    filter.each(texts, |output| line(output, sink)).await
}

fn line(output: Line, sink: &mut Sink) -> Result<(), Failure> {
    match (output, sink.is_terminal()) {
        (Line::Text(text), false) => sink.line(text),
        (Line::Text(text), true) => sink.line(visible(&text)),
        (Line::Json(json), false) => sink.line(escaped_line(json.into())),
        (Line::Json(json), true) => sink.line(for_terminal(json.into())),
    }
}

/// Text for a terminal, in which the line ends and tabs of the filter remain.
fn visible(text: &str) -> String {
    let shown = |character| match character {
        '\n' | '\t' => character,
        hidden if is_hidden(hidden) => char::REPLACEMENT_CHARACTER,
        other => other,
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_shown_the_lines_and_tabs_of_a_filter_alone() {
        assert_eq!(visible("a\tb\nc\u{1b}[2J\r"), "a\tb\nc\u{fffd}[2J\u{fffd}");
    }
}
