//! Conversions between the naming styles of the spec and of Rust.

/// Converts `camelCase`, `SCREAMING_CASE` or `Header-Case` to `snake_case`.
#[must_use]
pub fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut after_lower = false;
    for character in name.chars() {
        if character == '-' || character == '_' {
            snake.push('_');
            after_lower = false;
            continue;
        }
        if character.is_uppercase() && after_lower {
            snake.push('_');
        }
        after_lower = character.is_lowercase() || character.is_ascii_digit();
        snake.extend(character.to_lowercase());
    }
    snake
}

/// Converts the name of a parameter to that of a Rust variable: `type_` for `type`, as progenitor does.
#[must_use]
pub fn variable(name: &str) -> syn::Ident {
    let name = snake_case(name);
    syn::parse_str(&name).unwrap_or_else(|_| quote::format_ident!("{name}_"))
}

/// Converts `camelCase` or `SCREAMING_CASE` to `UpperCamelCase`.
#[must_use]
pub fn upper_camel_case(name: &str) -> String {
    snake_case(name)
        .split('_')
        .flat_map(|word| {
            let mut characters = word.chars();
            characters
                .next()
                .into_iter()
                .flat_map(char::to_uppercase)
                .chain(characters)
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Puts the indefinite article before the name of a type: an `Album`, a `Track`.
#[must_use]
pub fn with_article(name: &str) -> String {
    let article = if name.starts_with(['A', 'E', 'I', 'O']) {
        "an"
    } else {
        "a"
    };
    format!("{article} `{name}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_take_the_style_of_their_place() {
        assert_eq!(snake_case("getTopTracks"), "get_top_tracks");
        assert_eq!(snake_case("Accept-Language"), "accept_language");
        assert_eq!(upper_camel_case("TOO_MANY_REQUESTS"), "TooManyRequests");
        assert_eq!(with_article("Album"), "an `Album`");
        assert_eq!(with_article("Track"), "a `Track`");
    }
}
