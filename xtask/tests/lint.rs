//! Each lint rule, on the real spec with one seeded fault.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use xtask::{lint, spec::Spec, workspace_root};

/// A fault: text to replace, its replacement, and words of the advice it must draw.
type Fault = (&'static str, &'static str, &'static str);

const FAULTS: &[Fault] = &[
    ("info:\n", "info:\n  x-1: 1\n", ""),
    ("\n  version: ", "\n  version: ü", "plain ASCII"),
    (
        "operationId: getTopTracks",
        "operationId: listTopTracks",
        "begins with `get`",
    ),
    (
        "        '400':\n          $ref",
        "        default:\n          $ref",
        "makes the generator panic",
    ),
    (
        "        '500':\n          $ref",
        "        5XX:\n          $ref",
        "list the statuses",
    ),
    (
        "      x-pagination:\n        connection: data.topTracks\n        item: Track\n",
        "",
        "x-pagination",
    ),
    (
        r"pattern: '^(\.{0,2}[^./\\\x00-\x1F\x7F-\x9F]|\.{3})[^/\\\x00-\x1F\x7F-\x9F]*$'",
        "pattern: '^.+$'",
        "could change the path",
    ),
    ("x-extensible-enum: [GENRE]", "enum: [GENRE]", "closed enum"),
    (
        "x-extensible-enum: [GENRE]",
        "x-extensible-enum: [GENRE, genre]",
        "distinct words",
    ),
    (
        "x-extensible-enum: [GENRE]",
        "oneOf: [{type: string}]",
        "wrong variant",
    ),
    (
        "x-extensible-enum: [GENRE]",
        "anyOf: [{type: string}]",
        "wrong variant",
    ),
    (
        "                $ref: '#/components/schemas/TopTracksResponse'\n",
        "                type: object\n",
        "inline schema",
    ),
    (
        "      description: One page of tracks.\n",
        "      description: One page of tracks.\n      additionalProperties: false\n",
        "a new field",
    ),
    (
        "          description: The title.\n",
        "          description: The title.\n          maxLength: 200\n",
        "longer title",
    ),
    (
        "          description: The title.\n",
        "          description: The title.\n          default: untitled\n",
        "in words",
    ),
    (
        "          description: The title.\n",
        "          description: The title.\n          format: uri\n",
        "plain string",
    ),
    (
        "        pageInfo:\n          $ref: '#/components/schemas/PageInfo'\n",
        "        pageInfo:\n          type: object\n",
        "inline object",
    ),
    (
        "          type: integer\n          format: int64\n          description: Number of edges",
        "          type: integer\n          description: Number of edges",
        "another size",
    ),
    (
        "      required: [id]\n",
        "      required: [id, title]\n",
        "require `id` only",
    ),
    (
        "      description: An image of an item.\n",
        "",
        "becomes the documentation",
    ),
];

#[test]
fn the_document_is_clean() {
    let spec = Spec::read(&workspace_root()).unwrap();
    assert_eq!(lint::findings(&spec), []);
}

#[test]
fn each_fault_is_found_and_explained() {
    let text = Spec::read(&workspace_root()).unwrap().text;
    for (from, to, words) in FAULTS {
        assert!(text.contains(from), "the document no longer holds {from:?}");
        let spec = Spec::parse(&text.replacen(from, to, 1)).unwrap();
        let findings = lint::findings(&spec);
        if words.is_empty() {
            assert_eq!(findings, [], "an extension is no fault");
        } else {
            assert!(
                findings
                    .iter()
                    .any(|finding| finding.advice.contains(words)),
                "{to:?} drew {findings:?}"
            );
            assert!(lint::refuse(&spec).is_err(), "generated despite {to:?}");
        }
    }
}

#[test]
fn a_key_that_is_there_twice_is_refused() {
    let text = Spec::read(&workspace_root()).unwrap().text;
    for twice in [
        "      operationId: getTopTracks\n",
        "          description: The title.\n",
        "  /browse/categories:\n",
        "    CategoryType:\n",
        "      x-pagination:\n",
    ] {
        let seeded = text.replacen(twice, &format!("{twice}{twice}"), 1);
        assert_ne!(seeded, text, "the document no longer holds {twice:?}");
        let error = Spec::parse(&seeded).err();
        let words = format!("{:#}", error.expect(twice));
        let key = twice.split(':').next().unwrap().trim();
        assert!(
            words.contains("duplicate") && words.contains(key),
            "{words}"
        );
    }
}

#[test]
fn a_path_of_a_list_that_leads_nowhere_is_refused() {
    let text = Spec::read(&workspace_root()).unwrap().text;
    for (from, to, words) in [
        (
            "connection: data.topTracks",
            "connection: data.tracks",
            "no property `tracks`",
        ),
        (
            "        item: Track\n",
            "        item: Album\n",
            "is not an `Album`",
        ),
        ("path: data.category", "path: data", "not a `Category`"),
    ] {
        let spec = Spec::parse(&text.replacen(from, to, 1)).unwrap();
        let error = xtask::generate::render(&spec).err().unwrap();
        assert!(format!("{error:#}").contains(words), "{error:#}");
    }
}

#[test]
fn a_header_that_every_call_would_need_is_refused() {
    let text = Spec::read(&workspace_root()).unwrap().text;
    let header = "      name: amzn-image-style\n      in: header\n";
    let spec = Spec::parse(&text.replace(header, &format!("{header}      required: true\n")));
    let error = xtask::generate::render(&spec.unwrap()).err().unwrap();
    assert!(
        format!("{error:#}").contains("make it optional"),
        "{error:#}"
    );
}
