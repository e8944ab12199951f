//! The fields and columns of items, from the description of their operation.

use std::borrow::Cow;

use amazon_music::{OperationInfo, PropertyInfo, ValueKind, json};

use crate::{output::text, printable::printable};

/// The fields and columns that are printed of each item.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// Properties that are written as CSV, by their names on the wire.
    pub(crate) fields: Vec<Cow<'static, str>>,
    /// Columns of a table.
    pub(crate) columns: Vec<Column>,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) heading: String,
    /// The place of the property among the fields.
    field: usize,
    kind: Kind,
}

/// The form of a value in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    /// Seconds.
    Duration,
}

impl Layout {
    /// The layout of the items, or of the entity, of an operation: every property as a field, in the order of the
    /// spec; as columns the id, the title or name, counts, the duration, types and the URL.
    pub(crate) fn of(operation: &OperationInfo) -> Self {
        let properties = operation.properties;
        let mut columns: Vec<(u8, usize, &PropertyInfo)> = properties
            .iter()
            .enumerate()
            .filter_map(|(field, property)| Some((rank(property)?, field, property)))
            .collect();
        columns.sort_by_key(|(rank, field, _)| (*rank, *field));
        Self {
            fields: properties
                .iter()
                .map(|property| property.name.into())
                .collect(),
            columns: columns
                .into_iter()
                .map(|(_, field, property)| Column::new(field, property, operation.item))
                .collect(),
        }
    }

    /// A layout of rows that make their cells themselves.
    pub(crate) fn fixed(headings: &[&str], fields: &'static [&'static str]) -> Self {
        let column = |heading: &&str| Column {
            heading: (*heading).to_owned(),
            // No field: these rows make their cells themselves.
            field: usize::MAX,
            kind: Kind::Text,
        };
        Self {
            fields: fields.iter().map(|field| (*field).into()).collect(),
            columns: headings.iter().map(column).collect(),
        }
    }

    /// The layout of these fields alone, by their paths.
    pub(super) fn pick(&self, paths: &[String]) -> Self {
        let column = |(field, path): (usize, &String)| {
            let usual = self.columns.iter().find(|column| {
                let name = self.fields.get(column.field);
                name.is_some_and(|name| name == path)
            });
            let usual = usual.map(|column| (column.heading.clone(), column.kind));
            let (heading, kind) = usual.unwrap_or_else(|| (words(path), Kind::Text));
            Column {
                heading,
                field,
                kind,
            }
        };
        Self {
            fields: paths.iter().map(|path| path.clone().into()).collect(),
            columns: paths.iter().enumerate().map(column).collect(),
        }
    }

    /// The cells of an item with these values, one per column.
    pub(super) fn cells(&self, values: &[Option<&str>]) -> Vec<String> {
        let cell = |column: &Column| {
            let value = values.get(column.field).copied().flatten();
            column.cell(value.filter(|json| *json != "null"))
        };
        self.columns.iter().map(cell).collect()
    }
}

impl Column {
    fn new(field: usize, property: &PropertyInfo, item: &str) -> Self {
        let is_number = matches!(property.kind, ValueKind::Integer | ValueKind::Number);
        let kind = match property.name {
            "duration" if is_number => Kind::Duration,
            _ if is_number => Kind::Number,
            _ => Kind::Text,
        };
        let heading = match kind {
            Kind::Duration => "LENGTH".to_owned(),
            _ => heading(property.name, item),
        };
        Self {
            heading,
            field,
            kind,
        }
    }

    fn cell(&self, json: Option<&str>) -> String {
        let Some(json) = json else {
            return text::NOTHING.to_owned();
        };
        match (self.kind, json::string(json)) {
            (_, Some(value)) => printable(value),
            (Kind::Text, None) => printable(json),
            (Kind::Number, None) => text::number(json),
            (Kind::Duration, None) => text::duration(json),
        }
    }
}

/// The place of a property among the columns, if it is one; those of one rank keep the order of the spec.
fn rank(property: &PropertyInfo) -> Option<u8> {
    let is_single = !matches!(property.kind, ValueKind::Array | ValueKind::Object);
    if !property.is_column || !is_single {
        return None;
    }
    match property.name {
        "id" => Some(0),
        "title" | "name" => Some(1),
        name if name.ends_with("Count") => Some(2),
        "duration" => Some(3),
        name if name.ends_with("Type") => Some(4),
        "url" => Some(5),
        _ => None,
    }
}

/// The heading of a property: `TRACKS` for `trackCount`, `TYPE` for `categoryType` of a `Category`.
fn heading(name: &str, item: &str) -> String {
    if let Some(counted) = name.strip_suffix("Count").filter(|name| !name.is_empty()) {
        return words(counted) + "S";
    }
    let prefix = item
        .chars()
        .next()
        .map(|first| first.to_ascii_lowercase().to_string() + &item[first.len_utf8()..]);
    let own = prefix.and_then(|prefix| name.strip_prefix(&prefix));
    words(
        own.filter(|own| own.starts_with(char::is_uppercase))
            .unwrap_or(name),
    )
}

/// `releaseDate` as `RELEASE DATE`, `images.url` as `IMAGES URL`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for (at, character) in name.char_indices() {
        if character.is_uppercase() && at > 0 {
            words.push(' ');
        }
        match character {
            '.' => words.push(' '),
            other => words.extend(other.to_uppercase()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use amazon_music::{ListOperation, Operation as _, operations::*};

    use super::*;

    fn headings<O: ListOperation>() -> Vec<String> {
        let columns = Layout::of(&O::INFO).columns;
        columns.into_iter().map(|column| column.heading).collect()
    }

    #[test]
    fn columns_follow_from_names_and_types() {
        assert_eq!(headings::<TopTracks>(), ["ID", "TITLE", "LENGTH", "URL"]);
        let playlist = ["ID", "TITLE", "TRACKS", "LENGTH", "URL"];
        assert_eq!(headings::<TopPlaylists>(), playlist);
        assert_eq!(headings::<Categories>(), ["ID", "NAME", "TYPE", "URL"]);
    }

    #[test]
    fn headings_are_words() {
        for (name, item, wanted) in [
            ("trackCount", "Playlist", "TRACKS"),
            ("categoryType", "Category", "TYPE"),
            ("categoryType", "Track", "CATEGORY TYPE"),
            ("tracked", "Track", "TRACKED"),
            ("releaseDate", "Album", "RELEASE DATE"),
            ("Count", "Album", "COUNT"),
        ] {
            assert_eq!(heading(name, item), wanted);
        }
    }

    #[test]
    fn values_that_are_not_as_the_spec_says_are_shown_as_served() {
        let layout = Layout::of(&TopPlaylists::INFO);
        let cells = |json| {
            layout
                .cells(&vec![Some(json); layout.fields.len()])
                .join(" ")
        };
        assert_eq!(cells("[1]"), "[1] [1] [1] [1] [1]");
        assert_eq!(cells("null"), "- - - - -");
        assert_eq!(cells("90.0"), "90.0 90.0 90 1:30 90.0");
    }
}
