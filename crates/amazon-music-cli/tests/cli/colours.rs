//! When colours are used.

use crate::{cli, text};

#[test]
fn colours_are_used_only_on_request() {
    let bold = |name: &str, value: &str| {
        let output = cli(&["--sandbox", "categories"])
            .env(name, value)
            .output()
            .unwrap();
        text(&output.stdout).contains('\u{1b}')
    };
    assert!(!bold("NO_COLOR", "1"));
    assert!(!bold("TERM", "xterm"), "a pipe is no terminal");
    assert!(bold("CLICOLOR_FORCE", "1"));
}

#[test]
fn the_flag_for_colours_is_stronger_than_variables() {
    let colours = |arguments: &[&str], name: &str| {
        let output = cli(arguments).env(name, "1").output().unwrap();
        [output.stdout, output.stderr].map(|bytes| text(&bytes).contains('\u{1b}'))
    };
    let list = |when| ["--sandbox", "categories", "-n", "1", "--color", when];
    assert_eq!(colours(&list("always"), "NO_COLOR"), [true, false]);
    assert_eq!(colours(&list("never"), "CLICOLOR_FORCE"), [false, false]);
    assert_eq!(colours(&list("auto"), "CLICOLOR_FORCE"), [true, false]);
    let error = |when| {
        [
            "--sandbox",
            "top",
            "tracks",
            "--page-size",
            "0",
            "--color",
            when,
        ]
    };
    assert_eq!(colours(&error("always"), "NO_COLOR"), [false, true]);
    assert_eq!(colours(&error("never"), "CLICOLOR_FORCE"), [false, false]);
    let usage = |when| ["top", "--nonsense", "--color", when];
    assert_eq!(colours(&usage("always"), "NO_COLOR"), [false, true]);
    assert_eq!(colours(&usage("never"), "CLICOLOR_FORCE"), [false, false]);
    assert_eq!(
        colours(&["--help", "--color=always"], "NO_COLOR"),
        [true, false]
    );
    assert_eq!(
        colours(&["--help", "--color=never"], "CLICOLOR_FORCE"),
        [false, false]
    );
}
