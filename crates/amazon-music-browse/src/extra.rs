//! Fields of a response that the spec does not know.

use std::{borrow::Cow, cell::Cell, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, MapAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::{Value, value::RawValue};

/// How much text one object keeps. A documented object has less than 4 KiB; a hostile one must not
/// multiply what a body may hold.
const MAX_BYTES: usize = 64 * 1024;

/// Begins the name of a documented field whose value has another type than documented: whoever decodes
/// leniently renames it so, and finds it in [`Extra`] without this mark. No name of a field that anybody
/// could document begins with it.
#[doc(hidden)]
pub const WRONG_TYPE: char = '\0';

/// The fields of a response object that the spec does not know, as served.
///
/// Kept as JSON text and parsed when read: an object without unknown fields pays nothing for them, one
/// with some pays little more than skipping them. A documented field whose value has another type than
/// documented is found here too, if the response was decoded leniently (the companion crate does that).
///
/// At most 64 KiB of text are kept for one object; [`is_cut`](Self::is_cut) tells if there was more.
///
/// ```
/// use amazon_music_browse::types::Track;
///
/// let track: Track = serde_json::from_str(r#"{"id":"B0785GTW4T","mood":"happy","plays":25.0}"#)?;
/// assert_eq!(track.extra.get("mood"), Some("happy".into()));
/// assert_eq!(track.extra.get_raw("plays"), Some("25.0"));
/// assert_eq!(serde_json::to_string(&track)?, r#"{"id":"B0785GTW4T","mood":"happy","plays":25.0}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
// One word in every object of a response: a list moves its objects several times while it is read.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Extra(Option<Box<Kept>>);

#[derive(Clone, Default, PartialEq, Eq)]
struct Kept {
    /// Names and values, each with one character behind it.
    text: String,
    /// Where the field begins whose name was read last.
    begun: usize,
    /// Whether something was left out.
    is_cut: bool,
}

impl Extra {
    /// Whether there is no unknown field.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value> {
        serde_json::from_str(self.get_raw(name)?).ok()
    }

    /// The JSON text of a field, as served: numbers keep their spelling.
    #[must_use]
    pub fn get_raw(&self, name: &str) -> Option<&str> {
        let mut fields = self.iter().filter(|(own, _)| own == name);
        fields.next().map(|(_, raw)| raw)
    }

    /// All fields with their JSON text, in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
        self.fields()
            .into_iter()
            .map(|(name, raw)| (name, raw.get()))
    }

    /// Whether there was more than is kept.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.0.as_deref().is_some_and(|kept| kept.is_cut)
    }

    fn fields(&self) -> Vec<(Cow<'_, str>, &RawValue)> {
        let mut rest = self.0.as_deref().map_or("", |kept| &kept.text);
        let mut fields = Vec::new();
        while !rest.is_empty() {
            let (Some((name, after)), true) = (value(rest), fields.len() < MAX_BYTES) else {
                break;
            };
            let Some((raw, after)) = value(after) else {
                break;
            };
            let name = serde_json::from_str::<Name<'_>>(name.get());
            fields.extend(name.map(|Name(name)| (name, raw)));
            rest = after;
        }
        fields
    }

    /// Writes the fields behind the documented ones, but for those whose name was written already.
    pub(crate) fn serialize<M: SerializeMap>(
        &self,
        map: &mut M,
        is_written: impl Fn(&str) -> bool,
    ) -> Result<(), M::Error> {
        if self.is_empty() || OMITTED.get() {
            return Ok(());
        }
        for (name, raw) in self.fields() {
            if !is_written(&name) {
                map.serialize_entry(&*name, raw)?;
            }
        }
        Ok(())
    }
}

thread_local! {
    /// Set while unknown fields are left out.
    static OMITTED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `serialize` on this thread with all unknown fields left out: what remains is documented, which
/// tells what is not.
#[doc(hidden)]
pub fn documented_only<T>(serialize: impl FnOnce() -> T) -> T {
    /// Ends the omission, after a panic too.
    struct Omitting(bool);

    impl Drop for Omitting {
        fn drop(&mut self) {
            OMITTED.set(self.0);
        }
    }

    let _omitting = Omitting(OMITTED.replace(true));
    serialize()
}

/// A name, borrowed unless it has escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// The JSON value that a text begins with, and what follows the character behind it.
fn value(text: &str) -> Option<(&RawValue, &str)> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let value = values.next()?.ok()?;
    let rest = text.get(values.byte_offset() + 1..)?;
    Some((value, rest))
}

/// The fields in a bounded form: names with their text.
impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// How many bytes of a value are shown.
        const SHOWN: usize = 64;

        /// The beginning of a value.
        struct Shown<'a>(&'a str);

        impl fmt::Debug for Shown<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let end = self
                    .0
                    .char_indices()
                    .map(|(at, _)| at)
                    .find(|at| *at >= SHOWN);
                match end {
                    Some(end) => write!(f, "{}…", &self.0[..end]),
                    None => f.write_str(self.0),
                }
            }
        }

        let mut map = f.debug_map();
        for (name, raw) in self.iter().take(32) {
            map.entry(&name, &Shown(raw));
        }
        map.finish()
    }
}

/// Reading an object, field by field.
impl Extra {
    /// Reads the name of a member. `known` tells the documented names apart.
    #[inline]
    pub(crate) fn name<F>(&mut self, known: F) -> NameSeed<'_, F> {
        NameSeed { extra: self, known }
    }

    /// Reads the value of the unknown member whose name was read last.
    pub(crate) fn value(&mut self) -> ValueSeed<'_> {
        ValueSeed(self)
    }

    fn begin(&mut self, name: &str) {
        let kept = self.0.get_or_insert_default();
        let name = name.strip_prefix(WRONG_TYPE).unwrap_or(name);
        kept.begun = kept.text.len();
        let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
        if name.bytes().all(is_plain) {
            kept.text.push('"');
            kept.text.push_str(name);
            kept.text.push('"');
        } else {
            kept.text.push_str(&Value::from(name).to_string());
        }
        kept.text.push(':');
    }

    fn end(&mut self, raw: &str) {
        let kept = self.0.get_or_insert_default();
        if kept.text.len() + raw.len() < MAX_BYTES {
            kept.text.push_str(raw);
            kept.text.push(',');
        } else {
            kept.text.truncate(kept.begun);
            kept.is_cut = true;
        }
    }
}

pub(crate) struct NameSeed<'a, F> {
    extra: &'a mut Extra,
    known: F,
}

impl<'de, K, F: Fn(&str) -> Option<K>> DeserializeSeed<'de> for NameSeed<'_, F> {
    type Value = Option<K>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<K, F: Fn(&str) -> Option<K>> Visitor<'_> for NameSeed<'_, F> {
    type Value = Option<K>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    #[inline]
    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        let known = (self.known)(name);
        if known.is_none() {
            self.extra.begin(name);
        }
        Ok(known)
    }
}

/// `serde_json` gives the text of a value to whoever asks for a newtype of this name, as its own
/// `RawValue` does; that type itself can only be borrowed or boxed, and is here appended. Should the
/// name change one day, or the format be another one, the value is parsed and written again.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

pub(crate) struct ValueSeed<'a>(&'a mut Extra);

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_newtype_struct(RAW_VALUE, self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let name = map.next_key::<Name<'de>>()?;
        if name.is_none_or(|Name(name)| name != RAW_VALUE) {
            return Err(A::Error::custom("not the text of a value"));
        }
        map.next_value_seed(TextSeed(self.0))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let value = Value::deserialize(deserializer)?;
        self.0.end(&value.to_string());
        Ok(())
    }
}

struct TextSeed<'a>(&'a mut Extra);

impl<'de> DeserializeSeed<'de> for TextSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for TextSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text of a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.end(text);
        Ok(())
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Extra {
    fn schema_name() -> Cow<'static, str> {
        "Extra".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "Fields that the spec does not know.",
            "additionalProperties": true,
        })
    }
}
