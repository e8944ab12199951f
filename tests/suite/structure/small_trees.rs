//! That the checks see what they should, on small source trees.

use std::{fs, path::Path};

use super::{circles, lengths, modules::Modules};

/// Writes files, and gives the circles of the crate: the headline and the arrows of each.
fn circles_of(files: &[(&str, &str)]) -> Vec<String> {
    let folder = write(files);
    let name = format!("{}/", folder.path().display());
    let found = circles::circles(&folder.path().join("lib.rs"));
    found.iter().map(|line| line.replace(&name, "")).collect()
}

fn write(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn a_circle_is_named_with_an_example_of_each_arrow() {
    let found = circles_of(&[
        ("lib.rs", "mod a; mod b; mod c; mod d;"),
        ("a.rs", "use crate::b::B;\npub struct A;"),
        ("b.rs", "//! B.\n\npub struct B(crate::c::C);"),
        ("c.rs", "use super::{a::{self, A}, d};\npub struct C;"),
        ("d.rs", "pub struct D;"),
    ]);
    insta::assert_snapshot!(found.join("\n"), @"
    lib.rs: a circle of 3 in the crate: a, b, c
      a -> b: a.rs:1: crate::b::B
      b -> c: b.rs:3: crate::c::C
      c -> a: c.rs:1: super::a
    ");
}

#[test]
fn arrows_that_run_one_way_are_no_circle() {
    let found = circles_of(&[
        (
            "lib.rs",
            "mod a; mod b; mod c; pub use a::A; pub fn f(_: A) {}",
        ),
        ("a.rs", "use crate::{b::B, c};\npub struct A;"),
        ("b.rs", "use crate::c::*;\npub struct B;"),
        ("c.rs", "use std::fmt; use serde::Serialize;\npub struct C;"),
    ]);
    assert!(found.is_empty(), "{found:?}");
}

/// Two rooms, of which `a` uses `b` plainly, and `b` uses `a` in this way.
fn is_seen(facade: &str, hidden: &str) -> bool {
    let facade = format!("mod a; mod b; {facade}");
    let hidden = format!("pub struct B; {hidden}");
    let a = "mod inner; pub use inner::Inner; pub fn f(_: crate::b::B) {} #[macro_export] macro_rules! m { () => {} }";
    let files = [
        ("lib.rs", facade.as_str()),
        ("a.rs", a),
        (
            "a/inner.rs",
            "pub struct Inner; pub mod deep { pub fn g() {} }",
        ),
        ("b.rs", hidden.as_str()),
    ];
    !circles_of(&files).is_empty()
}

#[test]
fn no_way_to_name_a_module_hides_it() {
    for (facade, hidden) in [
        ("pub use a::Inner;", "use crate::Inner;"),
        ("pub use a::inner::Inner as Outer;", "use crate::Outer;"),
        ("pub use a::*;", "use crate::Inner;"),
        (
            "mod face { pub use crate::a::*; } pub use face::*;",
            "fn f(_: crate::Inner) {}",
        ),
        ("use a::f;", "use super::f;"),
        ("", "use super::*; fn g() { a::f() }"),
        ("", "use crate::a; fn g() { a::f() }"),
        ("", "use crate::{a as other};"),
        ("", "use crate::{a::{inner::{deep::g}}};"),
        ("", "use self::super::a::*;"),
        ("", "mod c { fn g() { super::super::a::f() } }"),
        ("", "fn g() { use crate::a::f; f() }"),
        ("", "fn g() -> Vec<crate::a::Inner> { Vec::<_>::new() }"),
        ("", "macro_rules! n { () => { $crate::a::f() } }"),
        (
            "",
            "fn g() { println!(\"{:?}\", crate::a::inner::deep::g()) }",
        ),
        ("", "#[cfg(feature = \"x\")] use crate::a;"),
    ] {
        assert!(is_seen(facade, hidden), "{facade} {hidden}");
    }
}

#[test]
fn tests_comments_and_other_crates_are_no_arrows() {
    for (facade, hidden) in [
        ("", ""),
        ("", "#[cfg(test)] mod tests { use crate::a::f; }"),
        ("", "#[cfg(test)] use crate::a; fn g() {}"),
        ("", "impl B { #[cfg(test)] fn g() { crate::a::f() } }"),
        (
            "",
            "#[cfg(all(test, feature = \"x\"))] mod tests { use crate::a::f; }",
        ),
        ("", "/// See [`f`](crate::a::f).\nfn g() {}"),
        (
            "",
            "pub(in crate::b) fn g() { std::mem::drop(\"crate::a::f\") }",
        ),
        ("pub use other::Thing;", "use crate::Thing; use ::a::f;"),
    ] {
        let is_seen = is_seen(facade, hidden);
        assert!(!is_seen, "{facade} {hidden}");
    }
}

#[test]
fn files_of_one_room_may_have_no_circle_either() {
    let mut files = vec![
        ("lib.rs", "mod room;"),
        (
            "room/mod.rs",
            "mod one; mod two; pub use one::One; fn shared() {}",
        ),
        (
            "room/one.rs",
            "use super::{shared, two::Two};\npub struct One;",
        ),
        ("room/two.rs", "pub struct Two;"),
    ];
    assert!(circles_of(&files).is_empty());
    files[3].1 = "use crate::room::One;\npub struct Two;";
    insta::assert_snapshot!(circles_of(&files).join("\n"), @"
    lib.rs: a circle of 2 in room: one, two
      one -> two: room/one.rs:1: super::two::Two
      two -> one: room/two.rs:1: crate::room::One
    ");
}

#[test]
fn generated_files_are_known_and_their_own_arrows_are_not() {
    let mut files = vec![
        ("lib.rs", "mod a; mod generated; pub use generated::G;"),
        ("a.rs", "use crate::G;"),
        ("generated.rs", "use crate::a; pub struct G;"),
    ];
    assert!(circles_of(&files).is_empty());
    files[2].1 = "pub use crate::a::A as G;";
    let folder = write(&files);
    let modules = Modules::without_tests(&folder.path().join("lib.rs"));
    let path = ["crate", "G"].map(str::to_owned);
    let defining = modules.defining(&["a".to_owned()], &path);
    assert_eq!(defining, Some(vec!["a".to_owned()]));
}

#[test]
fn a_module_without_a_file_is_a_failure() {
    let folder = write(&[("lib.rs", "mod gone;")]);
    let root = folder.path().join("lib.rs");
    assert!(std::panic::catch_unwind(|| Modules::with_tests(&root).files()).is_err());
}

/// The findings in one file, without its folder.
fn lengths_of(text: &str, check: impl Fn(&Path) -> Vec<String>) -> Vec<String> {
    let folder = write(&[("a.rs", text)]);
    let name = format!("{}/", folder.path().display());
    let found = check(&folder.path().join("a.rs"));
    found.iter().map(|line| line.replace(&name, "")).collect()
}

#[test]
fn long_functions_are_found_wherever_they_stand() {
    let text = "
        /// Not counted.
        #[inline]
        pub async fn plain<T>(value: T)
        where
            T: Copy,
        {
        }
        impl A { fn method() {

        } }
        fn short() {

        }
        trait B { fn none(
        );
        fn given() -> [u8; 3] {

            fn within() {}
        } }
        macro_rules! m { () => { fn made() {


        } } }
        #[cfg(test)] mod tests { fn test() {



        } }";
    let found = lengths_of(text, |path| lengths::functions(path, 3));
    insta::assert_snapshot!(found.join("\n"), @"
    a.rs:4: fn plain has 5 lines, more than 3
    a.rs:17: fn given has 4 lines, more than 3
    a.rs:21: fn made has 4 lines, more than 3
    ");
}

#[test]
fn a_long_file_is_found() {
    let check = |path: &Path| lengths::file(path, 3).into_iter().collect();
    assert!(lengths_of("\n\n\n", check).is_empty());
    assert_eq!(
        lengths_of("\n\n\n\n", check),
        ["a.rs: 4 lines, more than 3"]
    );
}
