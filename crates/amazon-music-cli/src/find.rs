//! Finding an entity by its name.

use amazon_music::{
    AmazonMusic, EntityOperation, Get, List, ListOperation, OperationInfo, RequestVisitor, json,
};
use futures_util::future::LocalBoxFuture;
use serde::de::IgnoredAny;

use crate::{
    again::quoted,
    failure::Failure,
    output::{row::Row, warn},
};

/// The properties that are names of an item.
const NAMES: [&str; 2] = ["title", "name"];

/// An item, as far as it can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    id: String,
    name: String,
}

/// The id of the one item of a list whose name this is, or begins with this; none if there is no such item.
///
/// # Errors
///
/// Returns an error if the list cannot be read, or if several names match.
pub(crate) async fn id_of(
    music: &AmazonMusic,
    list: &'static OperationInfo,
    name: &str,
) -> Result<Option<String>, Failure> {
    let items = music.request(list.id, &[], Names);
    choose(&items?.await?, name).map_err(|several| ambiguous(name, &several))
}

/// The items whose name holds a text, whatever the case.
pub(crate) fn holding<T: Row>(items: Vec<T>, text: &str) -> Result<Vec<T>, Failure> {
    let text = text.to_lowercase();
    let mut found = Vec::new();
    for item in items {
        if name_of(&item.served()?).is_some_and(|name| name.to_lowercase().contains(&text)) {
            found.push(item);
        }
    }
    Ok(found)
}

fn name_of(item: &str) -> Option<String> {
    let mut found = json::fields(item, &NAMES).into_iter().flatten();
    found.find_map(|name| Some(json::string(name)?.into_owned()))
}

/// The item of this name, or else the only one whose name begins with it; several if it could be each of them.
fn choose(items: &[Named], name: &str) -> Result<Option<String>, Vec<Named>> {
    let name = name.trim().to_lowercase();
    let all = |is_match: &dyn Fn(&str) -> bool| {
        let found = items
            .iter()
            .filter(|item| is_match(&item.name.to_lowercase()));
        found.cloned().collect::<Vec<_>>()
    };
    let mut found = all(&|candidate| candidate == name);
    if found.is_empty() && !name.is_empty() {
        found = all(&|candidate| candidate.starts_with(&name));
    }
    match found.len() {
        0 => Ok(None),
        1 => Ok(found.pop().map(|item| item.id)),
        _ => Err(found),
    }
}

fn ambiguous(name: &str, several: &[Named]) -> Failure {
    let choices = several
        .iter()
        .map(|item| format!("{} ({})", quoted(&item.id), item.name));
    let choices = choices.collect::<Vec<_>>().join(", ");
    Failure::Usage(format!(
        "{name:?} could be several: give the id of one of {choices}"
    ))
}

/// Reads the ids and names of a list.
struct Names;

impl RequestVisitor for Names {
    type Output = LocalBoxFuture<'static, Result<Vec<Named>, Failure>>;

    fn list<O: ListOperation>(self, list: List<O>) -> Self::Output {
        let mut items = list.served_as::<IgnoredAny>().items();
        Box::pin(async move {
            let mut found = Vec::new();
            while let Some(item) = items.next_item().await {
                match item {
                    Ok(item) => found.extend(name_of(item.json()).map(|name| Named {
                        id: item.id().to_owned(),
                        name,
                    })),
                    Err(error) if error.index().is_some() => warn(&[error]),
                    Err(error) => return Err(error.into()),
                }
            }
            Ok(found)
        })
    }

    /// Never called: the operation is a list.
    fn get<O: EntityOperation>(self, _: Get<O>) -> Self::Output {
        Box::pin(async { Ok(Vec::new()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_exact_or_the_only_one_that_begins_so() {
        let items = ["Rock", "Rock Classics", "Heavy Metal", "Heavy Days", "Élan"];
        let items = items.iter().enumerate().map(|(id, name)| Named {
            id: id.to_string(),
            name: (*name).to_owned(),
        });
        let items: Vec<Named> = items.collect();
        for (name, id) in [
            ("rock", Some("0")),
            ("Rock c", Some("1")),
            (" HEAVY METAL ", Some("2")),
            ("élan", Some("4")),
            ("metal", None),
            ("", None),
        ] {
            assert_eq!(choose(&items, name), Ok(id.map(str::to_owned)), "{name}");
        }
        let several = choose(&items, "heavy").unwrap_err();
        assert_eq!(
            ambiguous("heavy", &several).to_string(),
            "\"heavy\" could be several: give the id of one of 2 (Heavy Metal), 3 (Heavy Days)"
        );
    }
}
