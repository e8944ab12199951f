//! The modules of a crate, the paths that each uses, and the modules that define what these name.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::Item;

/// The names of the modules from the root of a crate to one of them.
pub type ModulePath = Vec<String>;

/// A path in the source, and the name that it has there if it is imported.
pub struct Used {
    pub line: usize,
    pub path: Vec<String>,
    name: String,
}

#[derive(Default)]
pub struct Module {
    pub file: PathBuf,
    pub used: Vec<Used>,
    items: BTreeSet<String>,
    imports: Vec<Used>,
}

/// What is kept of the tokens of a file.
type Keep = fn(TokenStream) -> TokenStream;

/// Imports that lead to each other end here.
const MAX_DEPTH: usize = 20;

/// Where a name leads: to a module, or to an item of a module.
enum Place {
    Module(ModulePath),
    Item(ModulePath),
}

#[derive(Default)]
pub struct Modules(pub BTreeMap<ModulePath, Module>);

impl Modules {
    /// Reads a crate from its root file, without what is compiled for tests only.
    pub fn without_tests(root: &Path) -> Self {
        Self::read(root, without_tests)
    }

    /// Reads a crate from its root file.
    pub fn with_tests(root: &Path) -> Self {
        Self::read(root, |tokens| tokens)
    }

    /// The files that were read.
    pub fn files(&self) -> BTreeSet<PathBuf> {
        self.0.values().map(|module| module.file.clone()).collect()
    }

    fn read(root: &Path, keep: Keep) -> Self {
        let mut modules = Self::default();
        modules.read_file(root, Vec::new(), root.parent().unwrap(), keep);
        modules
    }

    /// Reads a file, whose children are files in this folder.
    fn read_file(&mut self, file: &Path, path: ModulePath, folder: &Path, keep: Keep) {
        let parsed = syn::parse2::<syn::File>(keep(tokens(file)));
        let parsed = parsed.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.read_items(file, path, folder, keep, parsed.items);
    }

    fn read_items(
        &mut self,
        file: &Path,
        path: ModulePath,
        folder: &Path,
        keep: Keep,
        items: Vec<Item>,
    ) {
        let mut module = Module {
            file: file.to_owned(),
            ..Module::default()
        };
        for item in items {
            let Item::Mod(child) = item else {
                module.add(&item);
                continue;
            };
            let name = child.ident.to_string();
            let (folder, flat) = (folder.join(&name), folder.join(format!("{name}.rs")));
            let path = path.iter().cloned().chain([name]).collect();
            match child.content {
                Some((_, items)) => self.read_items(file, path, &folder, keep, items),
                None if flat.is_file() => self.read_file(&flat, path, &folder, keep),
                None => self.read_file(&folder.join("mod.rs"), path, &folder, keep),
            }
        }
        self.0.insert(path, module);
    }

    /// The module that defines what a path names, or is named by it; none if another crate does.
    pub fn defining(&self, at: &[String], path: &[String]) -> Option<ModulePath> {
        match self.resolve(at, path, 0)? {
            Place::Module(path) | Place::Item(path) => Some(path),
        }
    }

    fn resolve(&self, at: &[String], path: &[String], depth: usize) -> Option<Place> {
        let (first, rest) = path.split_first()?;
        let mut place = match first.as_str() {
            "crate" => Place::Module(Vec::new()),
            "self" => Place::Module(at.to_vec()),
            "super" => Place::Module(at[..at.len() - 1].to_vec()),
            name => self.named(at, name, depth)?,
        };
        for name in rest {
            let Place::Module(mut module) = place else {
                break;
            };
            place = match name.as_str() {
                "*" => Place::Module(module),
                "super" => {
                    module.pop();
                    Place::Module(module)
                }
                // What no item, import or module is called comes from a macro, or another crate.
                _ => self
                    .named(&module, name, depth)
                    .unwrap_or(Place::Item(module)),
            };
        }
        Some(place)
    }

    /// What a name leads to in a module.
    fn named(&self, at: &[String], name: &str, depth: usize) -> Option<Place> {
        let child: ModulePath = at.iter().cloned().chain([name.to_owned()]).collect();
        if self.0.contains_key(&child) {
            return Some(Place::Module(child));
        }
        let module = self.0.get(at)?;
        if module.items.contains(name) {
            return Some(Place::Item(at.to_vec()));
        }
        if depth == MAX_DEPTH {
            return None;
        }
        let mut named = module.imports.iter().filter(|import| import.name == name);
        if let Some(import) = named.next() {
            return self.resolve(at, &import.path, depth + 1);
        }
        let mut globs = module.imports.iter().filter(|import| import.name == "*");
        globs.find_map(|glob| match self.resolve(at, &glob.path, depth + 1)? {
            Place::Module(module) => self.named(&module, name, depth + 1),
            Place::Item(_) => None,
        })
    }
}

impl Module {
    fn add(&mut self, item: &Item) {
        let ident = match item {
            Item::Const(item) => Some(&item.ident),
            Item::Enum(item) => Some(&item.ident),
            Item::Fn(item) => Some(&item.sig.ident),
            Item::Macro(item) => item.ident.as_ref(),
            Item::Static(item) => Some(&item.ident),
            Item::Struct(item) => Some(&item.ident),
            Item::Trait(item) => Some(&item.ident),
            Item::TraitAlias(item) => Some(&item.ident),
            Item::Type(item) => Some(&item.ident),
            Item::Union(item) => Some(&item.ident),
            Item::Use(item) => {
                paths(item.tree.to_token_stream(), &[], &mut self.imports);
                None
            }
            _ => None,
        };
        self.items.extend(ident.map(ToString::to_string));
        paths(item.to_token_stream(), &[], &mut self.used);
    }
}

/// The tokens of a file.
pub fn tokens(file: &Path) -> TokenStream {
    let text = fs::read_to_string(file);
    let text = text.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let tokens = text.parse();
    tokens.unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Leaves out what stands below `#[cfg(test)]`.
pub fn without_tests(tokens: TokenStream) -> TokenStream {
    let mut kept = Vec::new();
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) if is_for_tests(&group) => {
                kept.pop();
                tokens.by_ref().find(ends_item);
            }
            TokenTree::Group(group) => {
                let content = without_tests(group.stream());
                let mut stripped = Group::new(group.delimiter(), content);
                stripped.set_span(group.span());
                kept.push(TokenTree::Group(stripped));
            }
            token => kept.push(token),
        }
    }
    kept.into_iter().collect()
}

/// Whether this is the group of an attribute that asks for tests.
fn is_for_tests(group: &Group) -> bool {
    let text = group.stream().to_string().replace(' ', "");
    let is_cfg = text == "cfg(test)" || text.starts_with("cfg(all(test,");
    group.delimiter() == Delimiter::Bracket && is_cfg
}

fn ends_item(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => matches!(punct.as_char(), ';' | ','),
        _ => false,
    }
}

/// Collects the paths in these tokens; those in the braces of a `use` are behind its prefix.
fn paths(tokens: TokenStream, prefix: &[String], found: &mut Vec<Used>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut rest = &tokens[..];
    while let Some((token, after)) = rest.split_first() {
        rest = after;
        match token {
            TokenTree::Ident(first) => {
                let mut path = prefix.to_vec();
                path.push(first.to_string());
                rest = go_on(rest, &mut path, found);
                let mut name = path.last().cloned();
                if let [TokenTree::Ident(word), TokenTree::Ident(alias), after @ ..] = rest
                    && word == "as"
                {
                    (name, rest) = (Some(alias.to_string()), after);
                }
                let line = first.span().start().line;
                found.extend(name.map(|name| Used { line, path, name }));
            }
            TokenTree::Group(group) => paths(group.stream(), &[], found),
            _ => {}
        }
    }
}

/// Reads on behind the first name of a path. What ends in braces has no path of its own.
fn go_on<'a>(
    mut rest: &'a [TokenTree],
    path: &mut Vec<String>,
    found: &mut Vec<Used>,
) -> &'a [TokenTree] {
    while let [TokenTree::Punct(one), TokenTree::Punct(two), after @ ..] = rest
        && (one.as_char(), one.spacing(), two.as_char()) == (':', Spacing::Joint, ':')
    {
        rest = after;
        match rest.split_first() {
            Some((TokenTree::Ident(name), after)) => {
                path.push(name.to_string());
                rest = after;
            }
            Some((TokenTree::Punct(star), after)) if star.as_char() == '*' => {
                path.push("*".to_owned());
                rest = after;
            }
            Some((TokenTree::Group(group), after)) => {
                paths(group.stream(), path, found);
                path.clear();
                rest = after;
            }
            _ => break,
        }
    }
    if path.len() > 1 && path.last().is_some_and(|name| name == "self") {
        path.pop();
    }
    rest
}
