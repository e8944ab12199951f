//! Functions of the language that the interpreter has only with its clock and its logs: regular expressions, and
//! strings for URLs and mails.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jaq_core::{
    Bind, Cv, Error, RunPtr,
    native::{self, Fun, bome, v},
};
use jaq_json::{Map, Val, ValR};
use regex_lite::{Match, Regex, RegexBuilder};

use crate::{jq::Data, percent::encoded};

/// The functions that definitions of the standard library call.
pub(super) fn functions() -> impl Iterator<Item = Fun<Data>> {
    let two = || [Bind::Var(()), Bind::Var(())].into();
    let functions: [native::Filter<RunPtr<Data>>; 6] = [
        ("matches", two(), |cv| bome(apply(cv, false, true))),
        ("split_matches", two(), |cv| bome(apply(cv, true, true))),
        ("split_", two(), |cv| bome(apply(cv, true, false))),
        ("encode_uri", v(0), |cv| {
            bome(text(&cv.1).map(|text| encoded(text).into()))
        }),
        ("encode_base64", v(0), |cv| {
            bome(text(&cv.1).map(|text| BASE64_STANDARD.encode(text).into()))
        }),
        ("decode_base64", v(0), |cv| bome(decode_base64(&cv.1))),
    ];
    functions
        .into_iter()
        .map(|function| native::run::<Data>(function))
}

fn text(value: &Val) -> Result<&str, Error<Val>> {
    let bytes = match value {
        Val::TStr(bytes) => std::str::from_utf8(bytes).ok(),
        _ => None,
    };
    bytes.ok_or_else(|| Error::typ(value.clone(), "string"))
}

fn string(text: &str) -> Val {
    text.to_owned().into()
}

/// Applies a regular expression: the parts between its matches, the matches, or both in turn.
fn apply(mut cv: Cv<'_, Data>, has_rest: bool, has_matches: bool) -> ValR {
    let (flags, pattern) = (cv.0.pop_var(), cv.0.pop_var());
    let (flags, subject) = (text(&flags)?, text(&cv.1)?);
    let regex = compiled(text(&pattern)?, flags)?;
    let (mut parts, mut last) = (Vec::new(), 0);
    for captures in regex.captures_iter(subject) {
        let Some(whole) = captures.get(0) else {
            continue;
        };
        if flags.contains('n') && whole.is_empty() {
            continue;
        }
        if has_rest {
            parts.push(string(&subject[last..whole.start()]));
            last = whole.end();
        }
        if has_matches {
            let named = captures.iter().zip(regex.capture_names());
            let named = named.filter_map(|(found, name)| Some(of_match(subject, found?, name)));
            parts.push(named.collect());
        }
        if !flags.contains('g') {
            break;
        }
    }
    if has_rest {
        parts.push(string(&subject[last..]));
    }
    Ok(parts.into_iter().collect())
}

fn compiled(pattern: &str, flags: &str) -> Result<Regex, Error<Val>> {
    if let Some(flag) = flags.chars().find(|flag| !"gnimslxp".contains(*flag)) {
        return Err(Error::str(format!(
            "{flag:?} is no flag of a regular expression"
        )));
    }
    RegexBuilder::new(pattern)
        .case_insensitive(flags.contains('i'))
        .multi_line(flags.contains(['m', 'p']))
        .dot_matches_new_line(flags.contains(['s', 'p']))
        .swap_greed(flags.contains('l'))
        .ignore_whitespace(flags.contains('x'))
        .build()
        .map_err(|error| Error::str(format!("{pattern:?} is no regular expression: {error}")))
}

fn of_match(subject: &str, found: Match<'_>, name: Option<&str>) -> Val {
    let count = |text: &str| Val::from(text.chars().count());
    let members = [
        ("offset", count(&subject[..found.start()])),
        ("length", count(found.as_str())),
        ("string", string(found.as_str())),
    ];
    let name = name.map(|name| ("name", string(name)));
    let members = members.into_iter().chain(name);
    let members: Map = members.map(|(key, value)| (string(key), value)).collect();
    Val::obj(members)
}

fn decode_base64(value: &Val) -> ValR {
    let decoded = BASE64_STANDARD.decode(text(value)?);
    let decoded = decoded.map_err(|error| Error::str(format!("no base64: {error}")))?;
    Ok(String::from_utf8_lossy(&decoded).into_owned().into())
}
