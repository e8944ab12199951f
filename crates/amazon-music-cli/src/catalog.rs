//! The lists of the catalog: those that an export writes, from the operation table.

use std::sync::LazyLock;

use amazon_music::{OperationInfo, ParameterInfo, ParameterPlace, Shape, operations};

use crate::words::list_in_words;

/// The lists of the catalog, in the order of the spec.
pub(crate) static LISTS: LazyLock<Vec<CatalogList>> = LazyLock::new(|| lists(operations::ALL));

/// A list of the catalog.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CatalogList {
    pub(crate) operation: &'static OperationInfo,
    /// The entity that has such a list; none if there is a single one.
    pub(crate) parent: Option<Parent>,
}

/// An entity that has lists.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parent {
    /// The list that has the ids of all such entities.
    pub(crate) source: &'static OperationInfo,
    /// The path parameter for the id.
    pub(crate) parameter: &'static str,
    /// The schema of the entity: `Category`.
    pub(crate) schema: &'static str,
}

/// Finds the lists that can be requested without knowing anything, and those of each entity that such a list
/// holds. Lists that are chosen for a user are no part of the catalog.
fn lists(operations: &[&'static OperationInfo]) -> Vec<CatalogList> {
    let of = |operation: &&'static OperationInfo| {
        let is_needed = |info: &&ParameterInfo| info.is_required;
        let needed: Vec<_> = operation.parameters.iter().filter(is_needed).collect();
        let parent = match &*needed {
            [] => None,
            [id] if id.place == ParameterPlace::Path => {
                Some(parent(operations, operation, id.name)?)
            }
            _ => return None,
        };
        let is_wanted = operation.shape == Shape::List && !operation.is_personal;
        is_wanted.then_some(CatalogList { operation, parent })
    };
    operations.iter().filter_map(of).collect()
}

/// Finds the entity whose path an operation has or continues, and the list of all such entities.
fn parent(
    operations: &[&'static OperationInfo],
    operation: &OperationInfo,
    parameter: &'static str,
) -> Option<Parent> {
    let is_entity = |other: &&&'static OperationInfo| {
        let rest = operation.path.strip_prefix(other.path);
        let has_id = other.parameters.iter().any(|info| info.name == parameter);
        let is_below = |rest: &str| rest.is_empty() || rest.starts_with('/');
        other.shape == Shape::Entity && has_id && rest.is_some_and(is_below)
    };
    let entity = operations.iter().find(is_entity)?;
    let is_source = |other: &&&'static OperationInfo| {
        let is_free = !other.parameters.iter().any(|info| info.is_required);
        other.shape == Shape::List && other.item == entity.item && is_free && !other.is_personal
    };
    Some(Parent {
        source: operations.iter().find(is_source)?,
        parameter,
        schema: entity.item,
    })
}

/// The description of a parameter, with its known values.
pub(crate) fn with_values(info: &ParameterInfo) -> String {
    match info.values {
        [] => info.description.to_owned(),
        values => format!(
            "{} ({}, or another value)",
            info.description,
            values.join(", ")
        ),
    }
}

/// The parameter for the size of a page.
pub(crate) fn limit_of(operation: &OperationInfo) -> Option<&'static ParameterInfo> {
    let mut parameters = operation.parameters.iter();
    parameters.find(|info| info.name == "limit")
}

/// The list that has the ids of the entities that an operation takes one of, and the parameter for the id.
pub(crate) fn source_of(
    operation: &OperationInfo,
) -> Option<(&'static OperationInfo, &'static str)> {
    let is_path = |info: &&ParameterInfo| info.place == ParameterPlace::Path;
    let id = operation.parameters.iter().find(is_path)?;
    let parent = parent(operations::ALL, operation, id.name)?;
    Some((parent.source, parent.parameter))
}

impl CatalogList {
    /// The words before the id and after it, as parts of a file name.
    pub(crate) fn names(&self) -> (String, Option<String>) {
        let mut words = self.operation.words.split(|word| word.starts_with('{'));
        let before = words.next().unwrap_or_default().join("-");
        let after: Vec<String> = words.map(|words| words.join("_")).collect();
        // A dash would look like a part of the id.
        let after = after.join("_").replace('-', "_");
        (before, self.parent.map(|_| after))
    }

    /// The name in a manifest: `albums`, or `categories`.
    pub(crate) fn name(&self) -> String {
        let (before, after) = self.names();
        after.unwrap_or(before)
    }

    /// Whether other lists need the ids of this one.
    pub(crate) fn is_source(&self, lists: &[Self]) -> bool {
        let parents = lists.iter().filter_map(|list| list.parent);
        parents
            .into_iter()
            .any(|parent| parent.source.id == self.operation.id)
    }
}

/// `categories with the albums, playlists and tracks of each`.
pub(crate) fn in_words() -> String {
    let lists = &*LISTS;
    let roots = lists.iter().filter(|list| list.parent.is_none());
    let roots = roots.map(|root| {
        let is_below = |parent: Parent| parent.source.id == root.operation.id;
        let below = lists
            .iter()
            .filter(|list| list.parent.is_some_and(is_below));
        let below: Vec<String> = below.map(CatalogList::name).collect();
        match &*below {
            [] => root.name(),
            below => format!(
                "{} with the {} of each",
                root.name(),
                list_in_words(below, "and")
            ),
        }
    });
    roots.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(operations: &[&'static OperationInfo]) -> Vec<(String, Option<String>)> {
        let lists = lists(operations);
        lists.iter().map(CatalogList::names).collect()
    }

    fn changed(id: &str, change: impl FnOnce(&mut OperationInfo)) -> &'static OperationInfo {
        let all = operations::ALL.iter();
        let mut info = **all.clone().find(|info| info.id == id).unwrap();
        change(&mut info);
        Box::leak(Box::new(info))
    }

    #[test]
    fn the_catalog_is_what_is_not_chosen_for_a_user() {
        let of_each = |list: &str| ("category".to_owned(), Some(list.to_owned()));
        let mut expected = vec![("categories".to_owned(), None)];
        expected.extend(["albums", "playlists", "tracks"].map(of_each));
        assert!(names(operations::ALL).starts_with(&expected));
        let words = in_words();
        assert!(
            words.starts_with("categories with the albums, playlists and tracks of each"),
            "{words}"
        );
    }

    #[test]
    fn new_lists_are_part_of_it_if_they_can_be_requested() {
        let stations = changed("getTopTracks", |info| {
            (info.id, info.item, info.is_personal) = ("getStations", "Station", false);
            (info.words, info.path) = (&["radio", "stations"], "/browse/stations");
        });
        let station = changed("getCategory", |info| {
            (info.id, info.item) = ("getStation", "Station");
            (info.words, info.path) = (&["station", "{id}"], "/browse/stations/{id}");
        });
        let shows = changed("getCategoryAlbums", |info| {
            (info.id, info.path) = ("getStationShows", "/browse/stations/{id}/live/shows");
            info.words = &["station", "{id}", "live", "shows"];
        });
        let all = [operations::ALL, &[station, shows]].concat();
        let before = names(operations::ALL);
        assert_eq!(names(&all), before, "nothing lists the stations");
        let all = [&all[..], &[stations]].concat();
        let found = names(&all);
        let more = [
            ("station".to_owned(), Some("live_shows".to_owned())),
            ("radio-stations".to_owned(), None),
        ];
        assert_eq!(found[before.len()..], more);
        let lists = lists(&all);
        let is_source = |list: &CatalogList| list.is_source(&lists);
        assert_eq!(lists.iter().filter(|list| is_source(list)).count(), 2);
    }
}
