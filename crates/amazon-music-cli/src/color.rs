//! Colours on a terminal, and whether to use them.

use std::ffi::OsString;

use anstream::ColorChoice;
use clap::ValueEnum;

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set; with CLICOLOR_FORCE everywhere
    #[default]
    Auto,
    /// Everywhere, whatever the variables
    Always,
    /// Nowhere
    Never,
}

impl Color {
    /// Applies the choice to all that is printed from now on, the help and the errors of clap as well.
    pub(crate) fn apply(self) {
        let choice = match self {
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
        };
        choice.write_global();
    }

    /// Looks for the flag among arguments that are not parsed yet: their help and their errors have colours too.
    pub(crate) fn of_unparsed(arguments: impl Iterator<Item = OsString>) -> Self {
        let mut found = Self::Auto;
        let mut is_value = false;
        for argument in arguments.take_while(|argument| argument != "--") {
            let text = argument.to_string_lossy();
            let value = match text.strip_prefix("--color=") {
                None if is_value => Some(&*text),
                value => value,
            };
            if let Some(color) = value.and_then(|value| Self::from_str(value, false).ok()) {
                found = color;
            }
            is_value = text == "--color";
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_found_before_arguments_are_parsed() {
        for (text, color) in [
            ("top tracks", Color::Auto),
            ("--color always top", Color::Always),
            ("top --nonsense --color=never", Color::Never),
            ("top --color=sometimes", Color::Auto),
            ("top -- --color=never", Color::Auto),
            ("always never", Color::Auto),
        ] {
            let arguments = text.split(' ').map(OsString::from);
            assert_eq!(Color::of_unparsed(arguments), color, "{text}");
        }
    }
}
