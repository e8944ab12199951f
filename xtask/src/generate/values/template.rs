//! Rust code with holes, in `xtask/templates`.

use anyhow::{Result, anyhow};
use proc_macro2::TokenStream;

/// What holes are filled with, by name: `__NAME__` is the hole `NAME`.
pub(super) type Holes<'a> = [(&'a str, String)];

/// Fills a template. What stands between the lines `// each` and `// end` is repeated for each of the rows.
pub(super) fn fill(template: &str, holes: &Holes<'_>, rows: &[&Holes<'_>]) -> Result<TokenStream> {
    let mut text = String::new();
    for (index, part) in template.split("// each\n").enumerate() {
        let (repeated, rest) = match index {
            0 => ("", part),
            _ => part
                .split_once("// end\n")
                .ok_or_else(|| anyhow!("`// each` without `// end`"))?,
        };
        text.extend(rows.iter().map(|row| filled(repeated, row)));
        text.push_str(rest);
    }
    filled(&text, holes)
        .parse()
        .map_err(|error| anyhow!("a template does not parse: {error}"))
}

fn filled(text: &str, holes: &Holes<'_>) -> String {
    let fill =
        |text: String, (name, value): &(&str, String)| text.replace(&format!("__{name}__"), value);
    holes.iter().fold(text.to_owned(), fill)
}
