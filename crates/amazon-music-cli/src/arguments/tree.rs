//! The commands that read the catalog, as a tree of words from the operation table.

use amazon_music::{OperationInfo, ParameterInfo};

use crate::{catalog::limit_of, words::list_in_words};

/// A word of a command, with the ids that follow it and the words that can continue it.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) word: &'static str,
    /// Names of the path parameters that follow the word.
    pub(super) ids: Vec<&'static str>,
    /// The operation of the command that ends here.
    pub(super) operation: Option<&'static OperationInfo>,
    /// Whether only old commands lead here.
    pub(super) is_hidden: bool,
    pub(super) children: Vec<Node>,
}

/// Makes the tree. Words of an earlier release are in it, hidden.
pub(super) fn tree(operations: &[&'static OperationInfo]) -> Vec<Node> {
    let mut roots = Vec::new();
    for operation in operations {
        insert(&mut roots, operation.words, operation, false);
    }
    for operation in operations {
        for words in operation.aliases {
            insert(&mut roots, words, operation, true);
        }
    }
    roots
}

fn insert(
    nodes: &mut Vec<Node>,
    words: &[&'static str],
    operation: &'static OperationInfo,
    is_alias: bool,
) {
    let Some((word, rest)) = words.split_first() else {
        return;
    };
    let ids: Vec<_> = rest.iter().map_while(|word| id_of(word)).collect();
    let rest = &rest[ids.len()..];
    let known = nodes.iter().position(|node| node.word == *word);
    let index = known.unwrap_or(nodes.len());
    if known.is_none() {
        nodes.push(Node {
            word,
            ids,
            operation: None,
            is_hidden: is_alias,
            children: Vec::new(),
        });
    }
    let node = &mut nodes[index];
    node.is_hidden &= is_alias;
    if rest.is_empty() {
        node.operation.get_or_insert(operation);
    } else {
        insert(&mut node.children, rest, operation, is_alias);
    }
}

/// The path parameter that a word stands for.
fn id_of(word: &&'static str) -> Option<&'static str> {
    word.strip_prefix('{')?.strip_suffix('}')
}

impl Node {
    /// One line about the command.
    pub(super) fn about(&self) -> String {
        let shown = self.children.iter().filter(|child| !child.is_hidden);
        let shown: Vec<&Node> = shown.collect();
        let words: Vec<&str> = shown.iter().map(|child| child.word).collect();
        match (self.operation, &*shown) {
            (Some(operation), []) => operation.summary.to_owned() + &pages_of(operation),
            (Some(operation), _) => format!(
                "{}, or its {}",
                operation.summary,
                list_in_words(&words, "or")
            ),
            (None, [only]) => only.about(),
            (None, _) => merged(&shown.iter().map(|child| child.about()).collect::<Vec<_>>()),
        }
    }

    /// The description of a path parameter, from the first operation that has it.
    pub(super) fn parameter(&self, name: &str) -> Option<&'static ParameterInfo> {
        let own = self.operation.into_iter().flat_map(|it| it.parameters);
        own.into_iter()
            .find(|parameter| parameter.name == name)
            .or_else(|| self.children.iter().find_map(|child| child.parameter(name)))
    }
}

/// The largest page of a list.
fn pages_of(operation: &OperationInfo) -> String {
    let largest = limit_of(operation).and_then(|limit| limit.maximum);
    largest.map_or_else(String::new, |largest| {
        format!(" (pages of up to {largest})")
    })
}

/// `List the top tracks or playlists`, from one line about each.
fn merged(about: &[String]) -> String {
    let lines = about
        .iter()
        .map(|line| line.split(" (").next().unwrap_or_default());
    let lines: Vec<Vec<&str>> = lines.map(|line| line.split(' ').collect()).collect();
    let [first, others @ ..] = &*lines else {
        return String::new();
    };
    let is_common = |index: usize| {
        others
            .iter()
            .all(|line| line.get(index) == first.get(index))
    };
    let common = (0..first.len())
        .take_while(|index| is_common(*index))
        .count();
    let rests: Vec<String> = lines.iter().map(|line| line[common..].join(" ")).collect();
    match first[..common].join(" ") {
        none if none.is_empty() => about.join("; "),
        common => format!("{common} {}", list_in_words(&rests, "or")),
    }
}

#[cfg(test)]
mod tests {
    use amazon_music::operations;

    use super::*;

    fn lines(nodes: &[Node], indent: usize, out: &mut Vec<String>) {
        for node in nodes {
            let ids: String = node.ids.iter().map(|id| format!(" <{id}>")).collect();
            let id = node.operation.map_or("-", |operation| operation.id);
            let hidden = if node.is_hidden { " hidden" } else { "" };
            out.push(format!("{:indent$}{}{ids}: {id}{hidden}", "", node.word));
            lines(&node.children, indent + 2, out);
        }
    }

    fn shown(operations: &[&'static OperationInfo]) -> Vec<String> {
        let mut out = Vec::new();
        lines(&tree(operations), 0, &mut out);
        out
    }

    #[test]
    fn the_table_gives_the_commands() {
        let expected = [
            "top: -",
            "  tracks: getTopTracks",
            "  playlists: getTopPlaylists",
            "new: -",
            "  episodes: getNewPodcastEpisodes",
            "categories: getCategories",
            "category <id>: getCategory",
            "  albums: getCategoryAlbums",
            "  playlists: getCategoryPlaylists",
            "  tracks: getCategoryTracks",
        ];
        let mut found = shown(operations::ALL);
        found.retain(|line| expected.contains(&line.as_str()));
        assert_eq!(found, expected);
    }

    #[test]
    fn an_old_command_is_hidden_and_leads_to_the_same_operation() {
        let mut renamed = *operations::ALL[0];
        renamed.words = &["featured"];
        renamed.aliases = &[&["top", "tracks"], &["top", "songs"]];
        let renamed: &'static OperationInfo = Box::leak(Box::new(renamed));
        let expected = [
            "featured: getTopTracks",
            "top: - hidden",
            "  tracks: getTopTracks hidden",
            "  songs: getTopTracks hidden",
        ];
        assert_eq!(shown(&[renamed]), expected);
        let mut with_others = operations::ALL.to_vec();
        with_others[0] = renamed;
        let lines = shown(&with_others);
        assert!(lines.contains(&"top: -".to_owned()), "{lines:?}");
    }
}
