//! Parts of JSON texts as served, without decoding the rest.
//!
//! For whoever prints or stores [`Served`](crate::Served) items in a format of their own: numbers keep their
//! spelling, and what no Rust type can hold is no error.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer as _,
    de::{Error as _, IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::text::Text;

/// The one field that an item is required to have. Reading stops behind it: all that follows was found to be
/// JSON when the text was cut out.
pub(crate) fn id(json: &str) -> serde_json::Result<Box<str>> {
    struct Id<'a>(&'a mut Option<Box<str>>);

    impl<'de> Visitor<'de> for Id<'_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some(name) = map.next_key::<Cow<'de, str>>()? {
                if name == "id" {
                    *self.0 = Some(map.next_value()?);
                    return Ok(());
                }
                map.next_value::<IgnoredAny>()?;
            }
            Err(A::Error::missing_field("id"))
        }
    }

    let mut found = None;
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let outcome = deserializer.deserialize_map(Id(&mut found));
    // An id in front leaves the deserializer inside the object, which it reports.
    found.map_or_else(
        || {
            Err(outcome
                .err()
                .unwrap_or_else(|| serde_json::Error::missing_field("id")))
        },
        Ok,
    )
}

/// Returns the JSON texts of members of an object, one per name, found in one pass. Of members of one name the
/// last counts.
///
/// ```
/// use amazon_music::json;
///
/// let track = r#"{"id":"a","mood":"calm","bpm":null}"#;
/// assert_eq!(json::fields(track, &["mood", "bpm", "key"]), [Some("\"calm\""), Some("null"), None]);
/// ```
#[must_use]
pub fn fields<'a>(object: &'a str, names: &[impl AsRef<str>]) -> Vec<Option<&'a str>> {
    let mut found = vec![None; names.len()];
    if members::<Name, _>(object, names, &mut found).is_err() {
        // A name with half of a surrogate pair is no string: names are read as texts.
        found.fill(None);
        if members::<&RawValue, _>(object, names, &mut found).is_err() {
            found.fill(None);
        }
    }
    found
}

/// Finds the members of these names.
fn members<'a, K: Key<'a>, N: AsRef<str>>(
    object: &'a str,
    names: &[N],
    found: &mut [Option<&'a str>],
) -> serde_json::Result<()> {
    struct Members<'n, 'f, 'a, K, N>(&'n [N], &'f mut [Option<&'a str>], PhantomData<K>);

    impl<'de, K: Key<'de>, N: AsRef<str>> Visitor<'de> for Members<'_, '_, 'de, K, N> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some(key) = map.next_key::<K>()? {
                let place = key.place(self.0);
                match place.and_then(|place| self.1.get_mut(place)) {
                    Some(found) => *found = Some(map.next_value::<&RawValue>()?.get()),
                    None => drop(map.next_value::<IgnoredAny>()?),
                }
            }
            Ok(())
        }
    }

    let mut deserializer = serde_json::Deserializer::from_str(object);
    deserializer.deserialize_map(Members(names, found, PhantomData::<K>))
}

/// The name of a member as it is read.
trait Key<'de>: Deserialize<'de> {
    /// The place of the name among others.
    fn place(&self, names: &[impl AsRef<str>]) -> Option<usize>;
}

/// A name as a string.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Key<'de> for Name<'de> {
    fn place(&self, names: &[impl AsRef<str>]) -> Option<usize> {
        names.iter().position(|name| name.as_ref() == self.0)
    }
}

impl<'de> Key<'de> for &'de RawValue {
    fn place(&self, names: &[impl AsRef<str>]) -> Option<usize> {
        let key = plain(self.get())?;
        names.iter().position(|name| name.as_ref() == key)
    }
}

/// The value of a JSON string, unless it has half of a surrogate pair.
fn plain(json: &str) -> Option<Cow<'_, str>> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    match inner.contains('\\') {
        false => Some(Cow::Borrowed(inner)),
        true => serde_json::from_str(json).ok().map(Cow::Owned),
    }
}

/// Returns the value of a JSON string, such as one of [`fields`]; nothing if it is no string.
///
/// Half of a surrogate pair, which is valid JSON and no Rust string, becomes U+FFFD.
///
/// ```
/// use amazon_music::json;
///
/// assert_eq!(json::string(r#""A \u0026 B""#).as_deref(), Some("A & B"));
/// assert_eq!(json::string(r#""A \ud83d""#).as_deref(), Some("A \u{fffd}"));
/// assert_eq!(json::string("1.0"), None);
/// ```
#[must_use]
pub fn string(json: &str) -> Option<Cow<'_, str>> {
    if !json.starts_with('"') {
        return None;
    }
    plain(json).or_else(|| {
        let text = Text::new(json.as_bytes());
        serde_json::from_str(text.as_str()).ok().map(Cow::Owned)
    })
}

/// Returns a JSON text without the spaces and line ends between its tokens.
///
/// ```
/// use amazon_music::json;
///
/// assert_eq!(json::compact("{\n  \"id\": \"a b\"\n}"), r#"{"id":"a b"}"#);
/// ```
#[must_use]
pub fn compact(text: &str) -> Cow<'_, str> {
    let mut compact = String::new();
    let (mut copied, mut at) = (0, 0);
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        if *byte == b'"' {
            at = behind_string(bytes, at + 1);
            continue;
        }
        if byte.is_ascii_whitespace() {
            compact.push_str(&text[copied..at]);
            copied = at + 1;
        }
        at += 1;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    compact.push_str(&text[copied..]);
    Cow::Owned(compact)
}

/// The place behind the end of a string whose text begins at `at`.
fn behind_string(bytes: &[u8], mut at: usize) -> usize {
    while let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[at.min(bytes.len())..]) {
        at += found;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::served::Served;

    #[test]
    fn spaces_between_tokens_are_left_out_and_those_in_strings_stay() {
        for (text, wanted) in [
            (r#"{"a":[1.50,null]}"#, r#"{"a":[1.50,null]}"#),
            ("{ \"a\" :\r\n\t[ 1 , 2 ] }", r#"{"a":[1,2]}"#),
            (r#"{"a \" b \\" : " \\\" " }"#, r#"{"a \" b \\":" \\\" "}"#),
        ] {
            assert_eq!(compact(text), wanted);
        }
    }

    #[test]
    fn a_field_is_found_by_its_name_and_of_two_the_last_counts() {
        let text = r#"{"\ud83d":1, "a":{"b":2}, "\u0061" : 3.0, "n":null}"#;
        let found = fields(text, &["a", "n", "b"]);
        assert_eq!(found, [Some("3.0"), Some("null"), None]);
        assert_eq!(fields("[]", &["a"]), [None]);
    }

    #[test]
    fn an_item_without_an_id_is_refused() {
        for (text, reason) in [
            (r#"{"title":"a"}"#, "missing field `id`"),
            ("{}", "missing field `id`"),
            (r#"{"id":null}"#, "invalid type: null, expected a string"),
            (r#"{"id":1}"#, "invalid type: integer `1`"),
            ("[]", "invalid type: sequence, expected an object"),
        ] {
            let error = serde_json::from_str::<Served<IgnoredAny>>(text).unwrap_err();
            assert!(error.to_string().contains(reason), "{text}: {error}");
        }
        let last = r#"{"title":"a","x":{"id":"b"},"id":"c"}"#;
        let item: Served<IgnoredAny> = serde_json::from_str(last).unwrap();
        assert_eq!((item.id(), item.json()), ("c", last));
    }
}
