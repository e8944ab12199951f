//! How a response object is read and written: its documented fields by name, all others as they came.

/// Implements `Deserialize` and `Serialize` for a struct with a field `extra`.
///
/// Each field is `required`, `optional` (absent if there is none) or a `list` (absent if it is empty).
/// Reading is as strict as that of `serde`'s derive: a wrong type, a missing required field and a field
/// that comes twice are errors.
macro_rules! object {
    ($type:ident { $($kind:ident $field:ident = $name:literal,)* }) => {
        const _: () = {
            #[allow(non_camel_case_types)]
            #[derive(Clone, Copy)]
            enum Known { $($field,)* }

            #[inline]
            fn known(name: &str) -> ::std::option::Option<Known> {
                match name {
                    $($name => ::std::option::Option::Some(Known::$field),)*
                    _ => ::std::option::Option::None,
                }
            }

            const NAMES: &[&str] = &[$($name),*];

            /// Where the object goes: it is large, and every layer that returned it would move it.
            struct Fields<'a>(&'a mut ::std::option::Option<$type>);

            impl<'de> ::serde::de::Visitor<'de> for Fields<'_> {
                type Value = ();

                fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str(concat!("struct ", stringify!($type)))
                }

                // As in the derive of serde: without it the loop calls into another codegen unit per field.
                #[inline]
                fn visit_map<A: ::serde::de::MapAccess<'de>>(
                    self,
                    mut map: A,
                ) -> ::std::result::Result<(), A::Error> {
                    #[allow(unused_imports)]
                    use ::serde::de::Error as _;

                    $(let mut $field = ::std::option::Option::None;)*
                    let mut extra = $crate::Extra::default();
                    while let ::std::option::Option::Some(name) =
                        map.next_key_seed(extra.name(known))?
                    {
                        match name {
                            $(::std::option::Option::Some(Known::$field) => {
                                if $field.is_some() {
                                    return ::std::result::Result::Err(
                                        A::Error::duplicate_field($name),
                                    );
                                }
                                $field = ::std::option::Option::Some(map.next_value()?);
                            })*
                            ::std::option::Option::None => map.next_value_seed(extra.value())?,
                        }
                    }
                    *self.0 = ::std::option::Option::Some($type {
                        $($field: $crate::object::object!(@read $kind $field $name A),)*
                        extra,
                    });
                    ::std::result::Result::Ok(())
                }
            }

            impl<'de> ::serde::Deserialize<'de> for $type {
                #[inline]
                fn deserialize<D: ::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::std::result::Result<Self, D::Error> {
                    use ::serde::de::Error as _;

                    let mut read = ::std::option::Option::None;
                    deserializer.deserialize_struct(stringify!($type), NAMES, Fields(&mut read))?;
                    read.ok_or_else(|| D::Error::custom("the deserializer passed over the object"))
                }
            }

            impl ::serde::Serialize for $type {
                fn serialize<S: ::serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> ::std::result::Result<S::Ok, S::Error> {
                    use ::serde::ser::SerializeMap as _;

                    let mut map = serializer.serialize_map(::std::option::Option::None)?;
                    $($crate::object::object!(@write $kind self $field $name map);)*
                    self.extra.serialize(&mut map, |name| match name {
                        $($name => $crate::object::object!(@is_written $kind self $field),)*
                        _ => false,
                    })?;
                    map.end()
                }
            }
        };
    };
    (@read required $field:ident $name:literal $access:ident) => {
        $field.ok_or_else(|| $access::Error::missing_field($name))?
    };
    (@read $kind:ident $field:ident $name:literal $access:ident) => {
        $field.unwrap_or_default()
    };
    (@is_written required $this:ident $field:ident) => {
        true
    };
    (@is_written optional $this:ident $field:ident) => {
        $this.$field.is_some()
    };
    (@is_written list $this:ident $field:ident) => {
        !$this.$field.is_empty()
    };
    (@write required $this:ident $field:ident $name:literal $map:ident) => {
        $map.serialize_entry($name, &$this.$field)?
    };
    (@write optional $this:ident $field:ident $name:literal $map:ident) => {
        if let ::std::option::Option::Some(value) = &$this.$field {
            $map.serialize_entry($name, value)?;
        }
    };
    (@write list $this:ident $field:ident $name:literal $map:ident) => {
        if !$this.$field.is_empty() {
            $map.serialize_entry($name, &$this.$field)?;
        }
    };
}

pub(crate) use object;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::extra::Extra;

    #[derive(Clone, Debug, Default, PartialEq)]
    struct Thing {
        id: String,
        title: Option<String>,
        parts: Vec<Thing>,
        extra: Extra,
    }

    object!(Thing {
        required id = "id",
        optional title = "title",
        list parts = "parts",
    });

    fn read(text: &str) -> serde_json::Result<Thing> {
        serde_json::from_str(text)
    }

    #[test]
    fn unknown_fields_come_back_as_they_came() {
        for text in [
            r#"{"id":"a"}"#,
            r#"{"id":"a","n":25.0,"big":123456789012345678901234567890,"far":1e400}"#,
            r#"{"id":"a","parts":[{"id":"b","x":{"y":[1,null]}}],"né\"\\\n":"\u00e9"}"#,
        ] {
            let thing = read(text).unwrap();
            assert_eq!(serde_json::to_string(&thing).unwrap(), text);
            assert_eq!(read(text).unwrap(), thing);
        }
    }

    #[test]
    fn fields_are_found_by_name_and_in_order() {
        let thing = read(r#"{"b":{"x":1},"id":"a","a":" ,\"}"}"#).unwrap();
        let fields: Vec<_> = thing.extra.iter().collect();
        assert_eq!(
            fields,
            [("b".into(), r#"{"x":1}"#), ("a".into(), r#"" ,\"}""#)]
        );
        assert_eq!(thing.extra.get("b"), Some(json!({"x": 1})));
        assert_eq!(thing.extra.get("id"), None);
        assert!(read(r#"{"id":"a"}"#).unwrap().extra.is_empty());
    }

    #[test]
    fn a_tree_in_memory_is_read_too() {
        let value = json!({"id": "a", "n": 1.5, "o": {"p": []}});
        let thing: Thing = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&thing).unwrap(), value);
        let thing: Thing = serde_json::from_reader(value.to_string().as_bytes()).unwrap();
        assert_eq!(thing.extra.get_raw("o"), Some(r#"{"p":[]}"#));
    }

    #[test]
    fn reading_is_as_strict_as_the_derive_of_serde() {
        for (text, error) in [
            (r#"{"title":"t"}"#, "missing field `id`"),
            (r#"{"id":"a","id":"b"}"#, "duplicate field `id`"),
            (
                r#"{"id":7}"#,
                "invalid type: integer `7`, expected a string",
            ),
            (
                r#"{"id":"a","parts":null}"#,
                "invalid type: null, expected a sequence",
            ),
            ("[]", "invalid type: sequence, expected struct Thing"),
            (r#"{"id":"a","new":}"#, "expected value"),
        ] {
            let found = read(text).unwrap_err().to_string();
            assert!(found.starts_with(error), "{text}: {found}");
        }
        assert_eq!(read(r#"{"id":"a","title":null}"#).unwrap().title, None);
    }

    #[test]
    fn a_documented_field_wins_over_one_of_its_name() {
        let thing = read("{\"id\":\"a\",\"\\u0000title\":5}").unwrap();
        assert_eq!(thing.extra.get("title"), Some(5.into()));
        let written: Value = serde_json::to_value(&thing).unwrap();
        assert_eq!(written, json!({"id": "a", "title": 5}));
        let mut thing = thing;
        thing.title = Some("t".to_owned());
        let written: Value = serde_json::to_value(&thing).unwrap();
        assert_eq!(written, json!({"id": "a", "title": "t"}));
    }

    #[test]
    fn no_more_than_its_bound_is_kept() {
        let long = "x".repeat(40_000);
        let text = format!(r#"{{"id":"a","one":"{long}","two":"{long}","three":3}}"#);
        let thing = read(&text).unwrap();
        assert!(thing.extra.is_cut());
        let names: Vec<_> = thing.extra.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["one", "three"]);
        assert!(format!("{:?}", thing.extra).len() < 200);
    }
}
