//! The lists of the catalog.

use serde_json::Value;

use crate::{
    catalog::{self, CATEGORIES, entity::Kind, nodes::Nodes, rich},
    cursor::Shape,
    spec::{Spec, operation::Operation},
};

/// A list of the catalog, by the name that its items are computed from.
#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) name: String,
    pub(crate) length: usize,
    nodes: Nodes,
}

impl List {
    /// The list of an operation at one of its paths. It is empty if the catalog has not what the path names.
    pub(crate) fn at(
        spec: &'static Spec,
        operation: &Operation,
        path: &str,
        is_of_catalog: bool,
    ) -> Self {
        let name = name(path);
        let length = if is_of_catalog {
            length(spec, operation, path, name)
        } else {
            0
        };
        Self {
            name: name.to_owned(),
            length,
            nodes: Nodes::of(spec, &operation.payload.item),
        }
    }

    /// Entities of this component that no operation lists, by the path that their ids are appended to.
    pub(crate) fn unlisted(spec: &'static Spec, path: &str, component: &str) -> Self {
        Self {
            name: name(path).to_owned(),
            length: CATEGORIES,
            nodes: Nodes::of(spec, component),
        }
    }

    /// One item, as its list shows it or with all that the documentation shows of its entity.
    pub(crate) fn item(&self, index: usize, is_rich: bool) -> Value {
        if !is_rich {
            return self.nodes.listed(&self.name, index);
        }
        let mut node = self.whole(index);
        rich::add_undocumented(&mut node, &self.name, index);
        node
    }

    /// One item with all documented fields.
    pub(crate) fn whole(&self, index: usize) -> Value {
        self.nodes.whole(&self.name, index)
    }

    /// The index of the item with this ID.
    pub(crate) fn position(&self, id: &str) -> Option<usize> {
        (0..self.length).find(|index| self.item(*index, false)["id"] == id)
    }

    /// The shape of its cursors: the documented one, or for lists of categories without a sample that of
    /// another list of the same items.
    pub(crate) fn shape(&self) -> Shape {
        let is_of_category = self.name.starts_with("categories/");
        match self.nodes.kind() {
            Some(Kind::Category | Kind::Episode) => Shape::Item,
            Some(Kind::Track) if is_of_category => Shape::Token,
            Some(Kind::Playlist) if is_of_category => Shape::Item,
            _ => Shape::Uuid,
        }
    }

    /// Whether each edge has a cursor, as the documentation shows for categories.
    pub(crate) fn has_edge_cursors(&self) -> bool {
        self.nodes.kind() == Some(Kind::Category)
    }
}

/// The name of the list at a path. Items, and the cursors that others keep, are computed from it.
fn name(path: &str) -> &str {
    let name = path.strip_prefix("/browse/").unwrap_or(path);
    name.strip_prefix("podcasts/").unwrap_or(name)
}

/// The length of a list: several pages of any size, but below ids that the documentation does not show.
fn length(spec: &Spec, operation: &Operation, path: &str, name: &str) -> usize {
    let largest = operation
        .limit(&spec.schemas)
        .map_or(100, |(_, largest)| largest);
    let most = match &*operation.path {
        "/browse/tracks/top" => return 100,
        "/browse/categories" => return CATEGORIES,
        "/browse/categories/{id}/albums" => 150,
        "/browse/categories/{id}/playlists" => 120,
        "/browse/categories/{id}/tracks" => 400,
        _ if operation.has_no_id() => return largest * 5 / 2,
        _ => largest * 2 + 50,
    };
    let is_shown = catalog::is_of_documented_category(name)
        || operation
            .example_of_id(&spec.schemas)
            .is_some_and(|id| path.contains(id));
    catalog::length(name, most, is_shown)
}
