//! Paths of operations with ids in them.

/// An id in a path, with the paths up to it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The path of the spec up to the id, and without it.
    pub(crate) template: String,
    pub(crate) collection: String,
    /// The path of the request up to the id, and without it.
    pub(crate) path: String,
    pub(crate) path_of_collection: String,
    pub(crate) id: String,
}

/// The path of a request, and each id in it.
pub(crate) fn places<'a>(
    template: &str,
    ids: impl IntoIterator<Item = &'a str>,
) -> (String, Vec<Place>) {
    let mut ids = ids.into_iter();
    let (mut spec, mut path, mut places) = (String::new(), String::new(), Vec::new());
    for part in template.split('/').skip(1) {
        let (collection, path_of_collection) = (spec.clone(), path.clone());
        spec = format!("{spec}/{part}");
        if !is_id(part) {
            path = format!("{path}/{part}");
            continue;
        }
        let id = ids.next().unwrap_or_default();
        path = format!("{path}/{id}");
        places.push(Place {
            template: spec.clone(),
            collection,
            path: path.clone(),
            path_of_collection,
            id: id.to_owned(),
        });
    }
    (path, places)
}

/// Whether a path is one of this template, whose ids stand for any.
pub(crate) fn is_at(template: &str, path: &str) -> bool {
    let (mut wanted, mut found) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return true,
            (Some(wanted), Some(id)) if is_id(wanted) && !id.is_empty() && !is_id(id) => {}
            (Some(wanted), Some(found)) if wanted == found && !is_id(wanted) => {}
            _ => return false,
        }
    }
}

fn is_id(part: &str) -> bool {
    part.starts_with('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_id_of_a_path_has_the_paths_up_to_it() {
        let (path, places) = places("/browse/a/{a}/b/{b}/c", ["1", "2/3"]);
        assert_eq!(path, "/browse/a/1/b/2/3/c");
        let first = Place {
            template: "/browse/a/{a}".to_owned(),
            collection: "/browse/a".to_owned(),
            path: "/browse/a/1".to_owned(),
            path_of_collection: "/browse/a".to_owned(),
            id: "1".to_owned(),
        };
        assert_eq!(places[0], first);
        assert_eq!(places[1].template, "/browse/a/{a}/b/{b}");
        assert_eq!(places[1].path_of_collection, "/browse/a/1/b");
        assert_eq!(places.len(), 2);
    }
}
