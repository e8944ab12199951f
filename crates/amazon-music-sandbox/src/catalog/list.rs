//! The lists of the catalog.

use serde_json::{Value, json};

use crate::{
    catalog::{self, CATEGORIES, entity::Kind, rich},
    cursor::Shape,
};

/// A list of the catalog, by the name that its items are computed from.
#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) length: usize,
}

impl List {
    fn new(name: &str, kind: Kind, length: usize) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            length,
        }
    }

    // Lengths outside of categories: several pages of any size.

    pub(crate) fn top_tracks() -> Self {
        Self::new("tracks/top", Kind::Track, 100)
    }

    pub(crate) fn top_playlists() -> Self {
        Self::new("playlists/top", Kind::Playlist, 250)
    }

    pub(crate) fn new_episodes() -> Self {
        Self::new("episodes/new", Kind::Episode, 250)
    }

    pub(crate) fn categories() -> Self {
        Self::new("categories", Kind::Category, CATEGORIES)
    }

    /// A list of a category. It is empty if the catalog has no such category.
    pub(crate) fn of_category(id: &str, collection: &str) -> Option<Self> {
        let (kind, most) = match collection {
            "albums" => (Kind::Album, 150),
            "playlists" => (Kind::Playlist, 120),
            "tracks" => (Kind::Track, 400),
            _ => return None,
        };
        let name = format!("categories/{id}/{collection}");
        let length = catalog::category_by_id(id).map_or(0, |_| catalog::length(&name, most));
        Some(Self::new(&name, kind, length))
    }

    /// One item, with its documented fields alone or with all that the documentation shows of its entity.
    pub(crate) fn item(&self, index: usize, is_rich: bool) -> Value {
        let name = &self.name;
        let mut node = match self.kind {
            Kind::Track => json!(catalog::track(name, index)),
            Kind::Album => json!(catalog::album(name, index)),
            Kind::Playlist => json!(catalog::playlist(name, index)),
            Kind::Episode => json!(catalog::episode(name, index)),
            Kind::Category => json!(catalog::category(name, index)),
        };
        if is_rich {
            rich::enrich(self.kind, &mut node, name, index);
        }
        node
    }

    /// The shape of its cursors: the documented one, or for lists of categories without a sample that of
    /// another list of the same items.
    pub(crate) fn shape(&self) -> Shape {
        let is_of_category = self.name.starts_with("categories/");
        match self.kind {
            Kind::Category | Kind::Episode => Shape::Item,
            Kind::Track if is_of_category => Shape::Token,
            Kind::Playlist if is_of_category => Shape::Item,
            Kind::Track | Kind::Playlist | Kind::Album => Shape::Uuid,
        }
    }
}
