use insta::assert_snapshot;

use super::*;

/// The lines that a filter gives for these texts, and its error at the end.
fn outputs(expression: &str, texts: &[&str]) -> Vec<String> {
    let filter = Filter::parse(expression).unwrap();
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let (sender, mut receiver) = mpsc::channel(1);
    let worker = thread::spawn(move || filter.run(&texts, &sender));
    let mut lines = Vec::new();
    while let Some(piece) = receiver.blocking_recv() {
        match piece {
            Ok(piece) => lines.extend(piece.iter().map(|line| line.text().to_owned())),
            Err(failure) => lines.push(format!("error: {failure}")),
        }
    }
    worker.join().unwrap();
    lines
}

fn wrong(expression: &str) -> String {
    Filter::parse(expression).unwrap_err()
}

#[test]
fn outputs_are_lines_strings_as_they_are_and_others_as_json() {
    let item = r#"{"id": "B0", "title": "A \"b\"", "n": 1.50, "big": 12345678901234567890, "images": [{"url": "1"}, {}]}"#;
    for (expression, lines) in [
        (".title", &["A \"b\""][..]),
        (".n, .big, .none", &["1.50", "12345678901234567890", "null"]),
        (".images[].url", &["1", "null"]),
        (
            "{id, images}",
            &[r#"{"id":"B0","images":[{"url":"1"},{}]}"#],
        ),
        ("empty", &[]),
        ("select(.n > 1) | .id", &["B0"]),
        ("[.id, .n, null, true] | @csv", &["\"B0\",1.50,,true"]),
        ("[.id, \"a\\tb\\\\\\n\"] | @tsv", &["B0\ta\\tb\\\\\\n"]),
        (
            ".title | @json, @sh, @html",
            &["\"A \\\"b\\\"\"", "'A \"b\"'", "A &quot;b&quot;"],
        ),
        (
            ".title | @uri, @base64, (@base64 | @base64d)",
            &["A%20%22b%22", "QSAiYiI=", "A \"b\""],
        ),
        ("\"\\(.id) has \\(.images | length)\"", &["B0 has 2"]),
    ] {
        assert_eq!(outputs(expression, &[item]), lines, "{expression}");
    }
    assert_eq!(outputs(".n", &[r#"{"n":1}"#, r#"{"n":"x"}"#]), ["1", "x"]);
}

#[test]
fn regular_expressions_are_those_of_jq() {
    for (expression, wanted) in [
        ("test(\"METAL\")", "false"),
        ("test(\"METAL\"; \"i\")", "true"),
        ("sub(\" (?<word>.)\"; \"-\\(.word)\")", "heävy-metal é"),
        ("gsub(\"e\"; \"\")", "häv mtal é"),
        ("[scan(\"[a-z]+\")] | length", "3"),
        ("[splits(\" +\")]", r#"["heävy","metal","é"]"#),
        ("capture(\"(?<first>\\\\S+)\")", r#"{"first":"heävy"}"#),
        (
            "match(\"m(e)\")",
            r#"{"offset":6,"length":2,"string":"me","captures":[{"offset":7,"length":1,"string":"e"}]}"#,
        ),
    ] {
        let wanted = wanted.replace("häv mtal é", "hävy mtal é");
        assert_eq!(
            outputs(expression, &["\"heävy metal é\""]),
            [wanted],
            "{expression}"
        );
    }
    for expression in ["test(\"(\")", "test(\"a\"; \"q\")", "1 | test(\"a\")"] {
        let lines = outputs(expression, &["\"a\""]);
        assert!(
            lines[0].starts_with("error: --jq failed on input 1: "),
            "{lines:?}"
        );
    }
}

/// Each expression with its error.
fn errors(expressions: &[&str]) -> String {
    let line = |expression: &&str| format!("{expression:24} {}", wrong(expression));
    expressions.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn errors_of_an_expression_have_their_position() {
    let expressions = [
        ".a |",
        "",
        ".a | ]",
        "(.a",
        ".a. | .b",
        ". as x | 1",
        ".é | foo",
        "\"é\" | foo",
        "map(1; 2)",
        "$x",
        "break $x",
        "if . then 1",
    ];
    assert_snapshot!(errors(&expressions), @r#"
    .a |                     at the end: expected term
                             at the end: expected term
    .a | ]                   at character 6: this character has no meaning here
    (.a                      at the end: expected closing parenthesis
    .a. | .b                 at character 5: expected key
    . as x | 1               at character 6: expected pattern
    .é | foo                 at character 2: this character has no meaning here
    "é" | foo                at character 7: there is no filter `foo`
    map(1; 2)                at character 1: there is no filter `map` with 2 arguments
    $x                       at character 1: there is no variable `$x`
    break $x                 at character 7: there is no label `$x`
    if . then 1              at the end: expected else or end
    "#);
}

#[test]
fn nothing_beyond_the_value_can_be_reached() {
    let expressions = [
        "env",
        "$ENV",
        ".a | $ENV.PATH",
        "$__prog_args",
        "$__loc__",
        "input",
        "inputs",
        "input_filename",
        "halt",
        "halt(0)",
        "halt_error",
        "debug",
        "debug(1)",
        "stderr",
        "now",
        "localtime",
        "get_search_list",
        "import \"a\" as a; 1",
        "include \"a\"; 1",
        "import \"a\" as $a; $a",
    ];
    assert_snapshot!(errors(&expressions), @r#"
    env                      at character 1: there is no filter `env`
    $ENV                     at character 1: there is no variable `$ENV`
    .a | $ENV.PATH           at character 6: there is no variable `$ENV`
    $__prog_args             at character 1: there is no variable `$__prog_args`
    $__loc__                 at character 1: there is no variable `$__loc__`
    input                    at character 1: there is no filter `input`
    inputs                   at character 1: there is no filter `inputs`
    input_filename           at character 1: there is no filter `input_filename`
    halt                     at character 1: there is no filter `halt`
    halt(0)                  at character 1: there is no filter `halt` with 1 argument
    halt_error               at character 1: there is no filter `halt_error`
    debug                    at character 1: there is no filter `debug`
    debug(1)                 at character 1: there is no filter `debug` with 1 argument
    stderr                   at character 1: there is no filter `stderr`
    now                      at character 1: there is no filter `now`
    localtime                at character 1: there is no filter `localtime`
    get_search_list          at character 1: there is no filter `get_search_list`
    import "a" as a; 1       at character 9: modules cannot be imported
    include "a"; 1           at character 10: modules cannot be imported
    import "a" as $a; $a     at character 9: modules cannot be imported
    "#);
}

#[test]
fn what_fails_is_told_after_what_was_printed() {
    let texts = [
        r#"{"id":"a","n":[1]}"#,
        r#"{"id":"b","n":"x"}"#,
        r#"{"id":"c"}"#,
    ];
    assert_eq!(
        outputs(".id, .n[0]", &texts),
        [
            "a",
            "1",
            "b",
            "error: --jq failed on b: cannot index \"x\" with 0"
        ]
    );
    assert_eq!(
        outputs("error(\"no\\nwords\")", &["1"]),
        ["error: --jq failed on input 1: no words"]
    );
    assert_eq!(
        outputs("error({a: 1})", &["1"]),
        [r#"error: --jq failed on input 1: {"a":1}"#]
    );
    assert_eq!(
        outputs("error(null)", &["1"]),
        ["error: --jq failed on input 1: null"]
    );
    let long = format!("\"{}\"", "é".repeat(1000));
    let error = outputs(".a", &[&long]).remove(0);
    assert!(
        error.chars().count() < 300 && error.ends_with('…'),
        "{error}"
    );
    assert_eq!(outputs(".a?", &[&long]), [""; 0]);
    for (expression, text) in [
        ("nan", "NaN"),
        ("[infinite]", "[Infinity]"),
        ("{(1): 2}", "{1:2}"),
    ] {
        let error = format!("error: --jq failed on input 1: a result is no JSON: {text}");
        assert_eq!(outputs(expression, &["1"]), [error]);
    }
    let error = outputs(".", &["<html>"]).remove(0);
    assert!(
        error.starts_with("error: --jq failed on input 1: it is no JSON: "),
        "{error}"
    );
}

#[test]
fn values_that_are_no_unicode_or_nested_deep_do_no_harm() {
    for (text, wanted) in [
        (r#""a \ud83d b""#, "a \u{fffd} b"),
        (
            r#""\\ud83d \ud83d\ude00 \ude00""#,
            "\\ud83d \u{1f600} \u{fffd}",
        ),
    ] {
        assert_eq!(outputs(".", &[text]), [wanted]);
    }
    let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
    assert_eq!(outputs("flatten | length", &[&nested(1000)]), ["0"]);
    let deep = outputs(".", &[&nested(1001)]);
    assert_eq!(
        deep,
        ["error: --jq failed on input 1: it is nested more than 1000 deep"]
    );
    assert_eq!(
        outputs("length", &[&format!("\"{}\"", "[".repeat(2000))]),
        ["2000"]
    );
}

#[test]
fn outputs_without_end_are_handed_over_in_pieces() {
    let filter = Filter::parse("repeat(.)").unwrap();
    let (sender, mut receiver) = mpsc::channel(1);
    let worker = thread::spawn(move || filter.run(&["\"x\"".to_owned()], &sender));
    for _ in 0..3 {
        let piece = receiver.blocking_recv().unwrap().unwrap();
        assert_eq!(piece.len(), PIECE / 2);
    }
    // Nobody reads any more: it ends.
    drop(receiver);
    worker.join().unwrap();
}
