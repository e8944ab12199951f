//! Spans and events as lines.

use std::time::Instant;

use amazon_music::trace_names as names;
use tracing::{
    Event, Id, Level, Subscriber,
    span::{Attributes, Record},
};
use tracing_subscriber::{Layer, layer::Context, registry::LookupSpan};

use super::attempt::{Values, line};

/// Prints one line for each attempt of a request, when it ends, and one for each event.
///
/// Lines may hold characters of a server: `print` makes them fit for a terminal.
#[derive(Debug)]
pub struct Lines<P> {
    print: P,
}

impl<P: Fn(&str)> Lines<P> {
    /// Prints with this function.
    pub fn new(print: P) -> Self {
        Self { print }
    }
}

/// An attempt that has not ended.
struct Attempt {
    since: Instant,
    values: Values,
}

impl<S, P> Layer<S> for Lines<P>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    P: Fn(&str) + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if attributes.metadata().name() != names::ATTEMPT {
            return;
        }
        if let Some(span) = context.span(id) {
            let mut values = Values::default();
            attributes.record(&mut values);
            let since = Instant::now();
            span.extensions_mut().insert(Attempt { since, values });
        }
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(attempt) = span.extensions_mut().get_mut::<Attempt>()
        {
            record.record(&mut attempt.values);
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut values = Values::default();
        event.record(&mut values);
        (self.print)(&of_event(event.metadata(), values));
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if let Some(span) = context.span(&id)
            && let Some(attempt) = span.extensions_mut().remove::<Attempt>()
        {
            (self.print)(&line(&attempt.values, attempt.since.elapsed()));
        }
    }
}

/// The line of an event: its message, and what it says in parentheses.
fn of_event(metadata: &tracing::Metadata<'_>, mut values: Values) -> String {
    let message = values.0.remove("message").unwrap_or_default();
    let level = match *metadata.level() {
        Level::ERROR | Level::WARN => "warning: ",
        _ => "",
    };
    let is_own = metadata.target().starts_with("amazon_music");
    let target = match is_own {
        true => String::new(),
        false => format!("{}: ", metadata.target()),
    };
    let pairs = values.0.iter().map(|(name, value)| {
        let name = name.trim_start_matches("amazon_music.");
        match name.strip_suffix("_ms") {
            Some(name) => format!("{name} {value} ms"),
            None => format!("{} {value}", name.replace('_', " ")),
        }
    });
    let pairs: Vec<String> = pairs.collect();
    let pairs = match pairs.is_empty() {
        true => String::new(),
        false => format!(" ({})", pairs.join(", ")),
    };
    // One line, whatever a value holds.
    format!("{level}{target}{message}{pairs}").replace(['\n', '\r'], " ")
}
