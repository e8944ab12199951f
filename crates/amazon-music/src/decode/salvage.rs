//! One value of which a part is not as documented: the part is given up, not the value.

use std::borrow::Cow;

use amazon_music_browse::WRONG_TYPE;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_path_to_error::{Path, Segment};

use crate::{
    decode::tree::{Members, Tree},
    operation::LenientRead,
    text::Text,
};

/// How many parts of one value are mended one by one, and after that, how many of its fields are given up
/// as a whole. More than an entity has fields.
const MAX_MENDED: usize = 64;

/// A value, and the places where it had another type than documented.
#[derive(Debug)]
pub(crate) struct Salvaged<T> {
    pub(crate) value: T,
    pub(crate) wrong: Vec<String>,
}

/// Why a value could not be read: the place in it, and the parser's words.
#[derive(Debug)]
pub(crate) struct Lost {
    /// Empty for the value as a whole.
    pub(crate) path: String,
    pub(crate) reason: String,
}

/// Reads the values in a body, and collects the places that had another type than documented.
pub(crate) struct Salvager<'a> {
    text: &'a Text<'a>,
    wrong: Vec<String>,
}

impl<'a> Salvager<'a> {
    pub(crate) fn new(text: &'a Text<'a>) -> Self {
        let wrong = Vec::new();
        Self { text, wrong }
    }

    /// The places in the values read since the last call.
    pub(crate) fn take_wrong(&mut self) -> Vec<String> {
        std::mem::take(&mut self.wrong)
    }

    fn add<T>(&mut self, salvaged: Salvaged<T>) -> T {
        for place in salvaged.wrong {
            if !self.wrong.contains(&place) {
                self.wrong.push(place);
            }
        }
        salvaged.value
    }
}

impl LenientRead for Salvager<'_> {
    type Error = Lost;

    fn entity<T: DeserializeOwned>(&mut self, raw: &RawValue) -> Result<T, Lost> {
        salvage(raw, Wrong::Marked).map(|salvaged| self.add(salvaged))
    }

    fn own<T: DeserializeOwned>(&mut self, raw: &RawValue) -> Result<T, Lost> {
        salvage(raw, Wrong::LeftOut).map(|salvaged| self.add(salvaged))
    }

    fn as_served(&self, raw: &RawValue) -> Box<RawValue> {
        let served = self.text.served(raw.get());
        let served = served.and_then(|text| RawValue::from_string(text.to_owned()).ok());
        served.unwrap_or_else(|| raw.to_owned())
    }
}

/// How a member of the wrong type is taken out of its object.
#[derive(Clone, Copy)]
pub(crate) enum Wrong {
    /// Its name is marked, for `extra`.
    Marked,
    LeftOut,
}

/// Reads a value strictly; when that fails, mends one part after the other: a null is left out, a whole
/// float becomes a whole number, and what still has the wrong type is taken out of its object.
pub(crate) fn salvage<T: DeserializeOwned>(
    raw: &RawValue,
    treatment: Wrong,
) -> Result<Salvaged<T>, Lost> {
    if let Ok(value) = serde_json::from_str(raw.get()) {
        return Ok(Salvaged {
            value,
            wrong: Vec::new(),
        });
    }
    let mut tree = Tree::new(raw);
    let mut wrong = Vec::new();
    for attempt in 0..2 * MAX_MENDED {
        let text = tree.text();
        let mut deserializer = serde_json::Deserializer::from_str(&text);
        let error = match serde_path_to_error::deserialize(&mut deserializer) {
            Ok(value) => return Ok(Salvaged { value, wrong }),
            Err(error) => error,
        };
        let path = name(error.path());
        let segments = Vec::from_iter(error.path());
        // A thing without its id is no thing.
        let (mended, place) = match &segments[..] {
            _ if path == "id" => (Mended::Not, path.clone()),
            [field, ..] if attempt >= MAX_MENDED => {
                restore(&mut tree, raw, field);
                (mend(&mut tree, &[field], treatment), field.to_string())
            }
            segments => (mend_value(&mut tree, segments, treatment), path.clone()),
        };
        match mended {
            Mended::Silently => {}
            Mended::TakenOut => wrong.push(place),
            Mended::Not => {
                let reason = words(error.inner());
                return Err(Lost { path, reason });
            }
        }
    }
    Err(Lost {
        path: String::new(),
        reason: format!("more than {MAX_MENDED} parts are malformed"),
    })
}

/// Gives a field the text it came with, without what was mended in it.
fn restore<'a>(tree: &mut Tree<'a>, raw: &'a RawValue, field: &Segment) {
    let (Tree::Object(members), Segment::Map { key }) = (tree, field) else {
        return;
    };
    let served = Members::of(raw).ok().and_then(|served| served.get(key));
    let member = members.iter_mut().find(|(name, _)| name == key);
    if let (Some((_, value)), Some(served)) = (member, served) {
        *value = Tree::Leaf(Cow::Borrowed(served.get()));
    }
}

fn name(path: &Path) -> String {
    match path.to_string() {
        root if root == "." => String::new(),
        path => path,
    }
}

/// The parser's words, without the place in the text, which is ours and not the server's.
pub(crate) fn words(error: &serde_json::Error) -> String {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let words = error.to_string();
    words.strip_suffix(&place).unwrap_or(&words).to_owned()
}

enum Mended {
    Silently,
    TakenOut,
    Not,
}

/// Mends what stands at a path, or else the deepest part around it that can be done without.
fn mend(tree: &mut Tree<'_>, path: &[&Segment], treatment: Wrong) -> Mended {
    let [segment, rest @ ..] = path else {
        return Mended::Not;
    };
    match (tree, segment) {
        (Tree::Object(members), Segment::Map { key }) => {
            let Some(index) = members.iter().position(|(name, _)| name == key) else {
                return Mended::Not;
            };
            match mend_value(&mut members[index].1, rest, treatment) {
                Mended::Not => {}
                mended => return mended,
            }
            if is_null(&members[index].1) {
                members.remove(index);
                return Mended::Silently;
            }
            match treatment {
                Wrong::Marked => {
                    let name = &mut members[index].0;
                    *name = Cow::Owned(format!("{WRONG_TYPE}{name}"));
                }
                Wrong::LeftOut => drop(members.remove(index)),
            }
            Mended::TakenOut
        }
        (Tree::Array(items), Segment::Seq { index }) if *index < items.len() => {
            match mend_value(&mut items[*index], rest, treatment) {
                Mended::Not => {}
                mended => return mended,
            }
            if is_null(&items.remove(*index)) {
                Mended::Silently
            } else {
                Mended::TakenOut
            }
        }
        _ => Mended::Not,
    }
}

/// Mends a value in its place.
fn mend_value(value: &mut Tree<'_>, rest: &[&Segment], treatment: Wrong) -> Mended {
    if let (Tree::Leaf(text), []) = (&mut *value, rest)
        && let Some(whole) = whole_number(text)
    {
        *text = Cow::Owned(whole);
        return Mended::Silently;
    }
    mend(value, rest, treatment)
}

fn is_null(value: &Tree<'_>) -> bool {
    matches!(value, Tree::Leaf(text) if text == "null")
}

/// A float that is a whole number, as one.
fn whole_number(text: &str) -> Option<String> {
    /// Beyond this, floats are no longer exact and a whole number would be made up.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_float = text.contains(['.', 'e', 'E']) && !text.starts_with('"');
    let float: f64 = is_float.then(|| text.parse().ok())??;
    (float.fract() == 0.0 && float.abs() < EXACT).then(|| format!("{}", float as i64))
}

#[cfg(test)]
mod tests {
    use amazon_music_browse::types::{Image, Playlist};

    use super::*;

    fn read(text: &str) -> Result<Salvaged<Playlist>, Lost> {
        salvage(serde_json::from_str(text).unwrap(), Wrong::Marked)
    }

    #[test]
    fn nulls_and_whole_floats_are_mended_in_silence() {
        let read = read(
            r#"{"id":"p","title":null,"images":[{"height":500.0,"width":null},null],"trackCount":3.0}"#,
        );
        let Salvaged { value, wrong } = read.unwrap();
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!((value.images.len(), value.images[0].height), (1, Some(500)));
        assert_eq!(value.track_count, Some(3.0));
    }

    #[test]
    fn a_part_of_another_type_costs_itself() {
        let read = read(
            r#"{"id":"p","title":{"text":"t"},"duration":"4893","trackCount":1e400,"url":"u",
                "images":[{"height":18446744073709551616,"width":2},"none",{"url":"i"}]}"#,
        );
        let Salvaged { value, wrong } = read.unwrap();
        assert_eq!(value.url.as_deref(), Some("u"));
        assert_eq!(
            (value.title, value.duration, value.track_count),
            (None, None, None)
        );
        let sizes = value
            .images
            .iter()
            .map(|image: &Image| (image.height, image.width));
        assert_eq!(Vec::from_iter(sizes), [(None, Some(2)), (None, None)]);
        let mut wrong = wrong;
        wrong.sort_unstable();
        let wanted = [
            "duration",
            "images[0].height",
            "images[1]",
            "title",
            "trackCount",
        ];
        assert_eq!(wrong, wanted);
    }

    #[test]
    fn a_field_with_too_many_malformed_parts_costs_itself() {
        let images: Vec<String> = (0..200)
            .map(|at| format!(r#"{{"height":"{at}"}}"#))
            .collect();
        let text = format!(
            r#"{{"duration":"1","images":[{}],"id":"p","title":5,"url":"u"}}"#,
            images.join(",")
        );
        let Salvaged { value, wrong } = read(&text).unwrap();
        assert_eq!((value.id.as_str(), value.url.as_deref()), ("p", Some("u")));
        assert!(value.images.is_empty());
        assert!(
            value
                .extra
                .get_raw("images")
                .is_some_and(|raw| raw.contains(r#""199""#))
        );
        for place in ["duration", "images", "title"] {
            assert!(wrong.iter().any(|wrong| wrong == place), "{wrong:?}");
        }
        assert!(wrong.len() < MAX_MENDED + 3, "{wrong:?}");
    }

    #[test]
    fn a_thing_without_a_good_id_is_lost_with_the_words_of_the_parser() {
        for (text, path, reason) in [
            (
                r#"{"id":7}"#,
                "id",
                "invalid type: integer `7`, expected a string",
            ),
            (r#"{"title":"t"}"#, "", "missing field `id`"),
            (
                r#"{"id":null}"#,
                "id",
                "invalid type: null, expected a string",
            ),
            (
                "5",
                "",
                "invalid type: integer `5`, expected struct Playlist",
            ),
        ] {
            let lost = read(text).unwrap_err();
            assert_eq!(lost.path, path, "{text}");
            assert!(lost.reason.starts_with(reason), "{text}: {}", lost.reason);
        }
    }
}
