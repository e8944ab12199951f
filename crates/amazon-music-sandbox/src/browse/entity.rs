//! The entities that ids name.

use serde_json::{Value, json};

use crate::{
    catalog::{list::List, rich},
    items::Items,
    spec::{Spec, operation::Operation, place::Place, place::places},
};

/// An entity that an id names.
#[derive(Debug)]
pub(super) struct Entity {
    pub(super) value: Value,
    /// The component of the spec, if it has one.
    pub(super) component: Option<&'static str>,
    /// Whether the catalog has it, and so its lists.
    pub(super) is_of_catalog: bool,
}

/// The entities of the catalog and of the caller's own lists.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entities<'a> {
    pub(super) spec: &'static Spec,
    pub(super) items: &'a Items,
    /// Whether entities of the catalog have the two undocumented fields.
    pub(super) is_rich: bool,
}

impl Entities<'_> {
    /// The entity that an id names: one that a list serves, the example of the spec, or one that exists because
    /// a list of its own was set.
    pub(super) fn find(&self, place: &Place) -> Option<Entity> {
        let component = self.component(place);
        let of_catalog = match component {
            Some(component) => self.of_catalog(component, place),
            None => self.is_example(place).then(|| json!({"id": place.id})),
        };
        let is_of_catalog = of_catalog.is_some();
        let own = component.and_then(|component| self.own(component, &place.id));
        let has_own_list = self.items.has_list_below(&place.path);
        let bare = || has_own_list.then(|| json!({"id": place.id}));
        Some(Entity {
            value: own.or(of_catalog).or_else(bare)?,
            component,
            is_of_catalog,
        })
    }

    /// The component of an entity: that of its own operation, or of the list that its id is appended to.
    fn component(&self, place: &Place) -> Option<&'static str> {
        let operation = self.spec.at(&place.template);
        let operation = operation.or_else(|| self.spec.at(&place.collection))?;
        Some(&operation.payload.item)
    }

    fn own(&self, component: &str, id: &str) -> Option<Value> {
        let lists = self.spec.lists();
        let mut lists = lists.filter(|list| list.payload.item == component);
        lists.find_map(|list| self.items.find(&list.path, id))
    }

    fn of_catalog(&self, component: &'static str, place: &Place) -> Option<Value> {
        let spec = self.spec;
        let found = |list: List| {
            let index = list.position(&place.id)?;
            Some(self.whole(&list, index, &place.id))
        };
        let at = |operation: &Operation, path: &str| List::at(spec, operation, path, true);
        let mut listed = spec.lists_of(component);
        if let Some(entity) = listed.find_map(|list| found(at(list, &list.path))) {
            return Some(entity);
        }
        let unlisted = || List::unlisted(spec, &place.path_of_collection, component);
        if self.is_example(place) {
            let mut entity = self.whole(&unlisted(), 0, &place.id);
            entity["id"] = place.id.clone().into();
            return Some(entity);
        }
        let mut is_listed = false;
        for list in spec.lists().filter(|list| list.payload.item == component) {
            is_listed = true;
            let mut paths = self.paths(list).into_iter();
            if let Some(entity) = paths.find_map(|path| found(at(list, &path))) {
                return Some(entity);
            }
        }
        (!is_listed).then(|| found(unlisted()))?
    }

    /// The paths of a list with one id in its path: one for each entity that a list serves.
    fn paths(&self, list: &Operation) -> Vec<String> {
        let (_, places) = places(&list.path, []);
        let [place] = &places[..] else {
            return Vec::new();
        };
        let component = self.component(place).unwrap_or_default();
        let parents = self.spec.lists_of(component).flat_map(|parents| {
            let parents = List::at(self.spec, parents, &parents.path, true);
            (0..parents.length).map(move |index| parents.item(index, false))
        });
        let ids = parents.filter_map(|parent| Some(parent["id"].as_str()?.to_owned()));
        ids.map(|id| self::places(&list.path, [&*id]).0).collect()
    }

    fn whole(&self, list: &List, index: usize, id: &str) -> Value {
        let mut entity = list.whole(index);
        if self.is_rich {
            rich::add_undocumented(&mut entity, id, 0);
        }
        entity
    }

    /// Whether the id is the example of the spec.
    fn is_example(&self, place: &Place) -> bool {
        let mut operations = self.spec.operations.iter();
        operations.any(|operation| {
            let ends = operation.path.rfind('}').map(|end| &operation.path[..=end]);
            let example = operation.example_of_id(&self.spec.schemas);
            ends == Some(&place.template) && example == Some(&place.id)
        })
    }
}
