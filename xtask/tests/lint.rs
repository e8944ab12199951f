//! Each rule of the lint, shown on the real document with one fault planted.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use xtask::{lint, spec::Spec, workspace_root};

/// A fault: text to replace, its replacement, and words of the advice it must draw.
type Fault = (&'static str, &'static str, &'static str);

const FAULTS: &[Fault] = &[
    ("info:\n", "info:\n  x-1: 1\n", ""),
    ("version: 1.1.0", "version: 1.1.0-ü", "plain ASCII"),
    (
        "$ref: '#/components/schemas/TrackEdge'",
        "$ref: '#/components/schemas/TrackEdges'",
        "does not resolve",
    ),
    (
        "security:\n  - SecurityProfile: []\n    LoginWithAmazon",
        "security:\n  - SecurityProfile: []\n  - LoginWithAmazon",
        "one item that names both",
    ),
    (
        "['music::catalog']\npaths",
        "['music::history']\npaths",
        "not a scope",
    ),
    (
        "operationId: getTopTracks",
        "operationId: listTopTracks",
        "begins with `get`",
    ),
    (
        "operationId: getTopTracks",
        "operationId: getCategories",
        "make it unique",
    ),
    ("tags: [Browse]", "tags: [Browse, Top]", "exactly one tag"),
    ("tags: [Browse]", "tags: [Top]", "not defined"),
    ("      summary: List the top tracks\n", "", "summary"),
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
        "  /browse/categories/{id}:\n    get:\n      operationId: getCategory\n",
        "  /browse/categories/{key}:\n    get:\n      operationId: getCategory\n",
        "differ",
    ),
    (
        "pattern: '^[A-Za-z0-9_-]+$'",
        "pattern: '^.+$'",
        "could change the path",
    ),
    (
        "      maximum: 20\n      default: 20",
        "      maximum: 20\n      default: 21",
        "out of bounds",
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
    let spec = Spec::read_unchecked(&workspace_root()).unwrap();
    assert_eq!(lint::findings(&spec), []);
}

#[test]
fn each_fault_is_found_and_explained() {
    let text = Spec::read(&workspace_root()).unwrap().text;
    for (from, to, words) in FAULTS {
        assert!(text.contains(from), "the document no longer holds {from:?}");
        let spec = Spec::parse_unchecked(&text.replacen(from, to, 1)).unwrap();
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
            assert!(
                Spec::parse(&spec.text).is_err(),
                "generated in spite of {to:?}"
            );
        }
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
            "is not a Album",
        ),
        ("path: data.category", "path: data", "not a Category"),
    ] {
        let spec = Spec::parse(&text.replacen(from, to, 1)).unwrap();
        let error = xtask::requests::render(&spec).unwrap_err();
        assert!(format!("{error:#}").contains(words), "{error:#}");
    }
}

#[test]
fn a_header_that_every_call_would_need_is_refused() {
    let text = Spec::read(&workspace_root()).unwrap().text;
    let header = "      name: amzn-image-style\n      in: header\n";
    let spec = Spec::parse(&text.replace(header, &format!("{header}      required: true\n")));
    let error = xtask::requests::render(&spec.unwrap()).unwrap_err();
    assert!(
        format!("{error:#}").contains("make it optional"),
        "{error:#}"
    );
}
