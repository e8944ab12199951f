//! The language: that of jq, without what reaches beyond the value at hand.

use jaq_core::{
    Compiler,
    compile::Undefined,
    load::{self, Arena, File, Loader, lex::Expect, parse::Def},
};

use crate::{
    jq::{Data, patterns},
    words::things_in_words,
};

/// Definitions of the standard library that are left out: what they need is not there.
const WITHOUT: [&str; 16] = [
    // They end the process, or write elsewhere.
    "debug",
    "halt",
    "halt_error",
    "stderr",
    // Mathematics and dates, which the catalog has no need of and which would be a tenth of the program.
    "drem",
    "gamma",
    "logb",
    "nexttoward",
    "pow10",
    "scalb",
    "significand",
    "fromdate",
    "todate",
    // Defined below.
    "@html",
    // Their opposites are there.
    "@htmld",
    "@urid",
];

/// Formats that the standard library lacks, or has only together with others.
const FORMATS: &str = r##"
def @html: tostring | split("&") | join("&amp;") | split("<") | join("&lt;") | split(">") | join("&gt;")
  | split("'") | join("&#39;") | split("\"") | join("&quot;");
def @csv: map(if isstring then "\"" + (split("\"") | join("\"\"")) + "\""
  elif . == null then "" elif . >= [] then error("@csv takes strings, numbers, booleans and null")
  else tostring end) | join(",");
def @tsv: map(if isstring then split("\\") | join("\\\\") | split("\t") | join("\\t") | split("\n") | join("\\n")
  | split("\r") | join("\\r")
  elif . == null then "" elif . >= [] then error("@tsv takes strings, numbers, booleans and null")
  else tostring end) | join("\t");
"##;

/// Compiles an expression. Only functions of the value at hand are there: none that knows the environment, files,
/// other inputs or the clock.
pub(super) fn compile(expression: &str) -> Result<jaq_core::Filter<Data>, String> {
    let arena = Arena::default();
    let file = File {
        code: expression,
        path: (),
    };
    let modules = Loader::new(definitions())
        .load(&arena, file)
        .map_err(|errors| first(expression, errors, in_loading))?;
    // Imported values, which compile and of which nobody has any.
    load::import(&modules, |_| Err(String::new()))
        .map_err(|errors| first(expression, errors, in_loading))?;
    let functions = jaq_core::funs()
        .chain(jaq_std::base_funs())
        .chain(jaq_json::funs())
        .chain(patterns::functions())
        .filter(|(name, ..)| *name != "halt");
    Compiler::default()
        .with_funs(functions)
        .compile(modules)
        .map_err(|errors| {
            first(expression, errors, |errors| {
                let (part, kind) = errors.into_iter().next()?;
                Some((part, unknown(&kind, part)))
            })
        })
}

fn definitions() -> impl Iterator<Item = Def<&'static str>> {
    let own = load::parse(FORMATS, |parser| parser.defs()).unwrap_or_default();
    let standard = jaq_core::defs()
        .chain(jaq_std::defs())
        .chain(jaq_json::defs());
    standard
        .filter(|definition| !WITHOUT.contains(&definition.name))
        .chain(own)
}

/// The first error, with its position.
fn first<'a, E>(
    expression: &'a str,
    errors: load::Errors<&'a str, (), E>,
    describe: impl Fn(E) -> Option<(&'a str, String)>,
) -> String {
    let error = errors.into_iter().find_map(|(_, error)| describe(error));
    let Some((part, text)) = error else {
        return "it cannot be compiled".to_owned();
    };
    let start = load::span(expression, part).start;
    match expression.get(..start) {
        Some(before) if start < expression.len() => {
            format!("at character {}: {text}", before.chars().count() + 1)
        }
        _ => format!("at the end: {text}"),
    }
}

/// The first error of reading an expression, with the part that it is about.
fn in_loading(error: load::Error<&str>) -> Option<(&str, String)> {
    match error {
        load::Error::Io(errors) => {
            let (part, _) = errors.into_iter().next()?;
            Some((part, "modules cannot be imported".to_owned()))
        }
        load::Error::Lex(errors) => {
            let (expected, part) = errors.into_iter().next()?;
            let text = match expected {
                Expect::Token => "this character has no meaning here".to_owned(),
                expected => format!("expected {}", expected.as_str()),
            };
            Some((part, text))
        }
        load::Error::Parse(errors) => {
            let (expected, part) = errors.into_iter().next()?;
            Some((part, format!("expected {}", expected.as_str())))
        }
    }
}

fn unknown(kind: &Undefined, name: &str) -> String {
    match kind {
        Undefined::Filter(0) => format!("there is no filter `{name}`"),
        Undefined::Filter(count) => format!(
            "there is no filter `{name}` with {}",
            things_in_words(*count as u64, "argument")
        ),
        other => format!("there is no {} `{name}`", other.as_str()),
    }
}
