//! The lengths of functions and files.

use std::{fs, path::Path};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::{
    modules::{tokens, without_tests},
    relative,
};

/// The functions of a file that are longer than this, from `fn` to the closing brace; not its tests.
pub fn functions(path: &Path, most: usize) -> Vec<String> {
    let mut all = Vec::new();
    collect(without_tests(tokens(path)), &mut all);
    let long = all.into_iter().filter(|function| function.lines > most);
    let file = relative(path);
    long.map(|Function { name, line, lines }| {
        format!("{file}:{line}: fn {name} has {lines} lines, more than {most}")
    })
    .collect()
}

struct Function {
    name: String,
    line: usize,
    lines: usize,
}

/// Collects functions: those of items, of other functions, and of macros.
fn collect(tokens: TokenStream, found: &mut Vec<Function>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            collect(group.stream(), found);
        }
        if let [TokenTree::Ident(word), TokenTree::Ident(name), rest @ ..] = &tokens[index..]
            && word == "fn"
            && let Some(end) = end_of_body(rest)
        {
            let line = word.span().start().line;
            found.push(Function {
                name: name.to_string(),
                line,
                lines: end + 1 - line,
            });
        }
    }
}

/// The line on which the body ends, if there is one before the next item.
fn end_of_body(rest: &[TokenTree]) -> Option<usize> {
    rest.iter().find_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            Some(Some(group.span_close().end().line))
        }
        TokenTree::Punct(punct) if punct.as_char() == ';' => Some(None),
        _ => None,
    })?
}

/// What is wrong with a file of more lines than this.
pub fn file(path: &Path, most: usize) -> Option<String> {
    let lines = fs::read_to_string(path).unwrap().lines().count();
    let file = relative(path);
    (lines > most).then(|| format!("{file}: {lines} lines, more than {most}"))
}
