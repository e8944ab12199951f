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
    (
        "connection: data.topTracks",
        "conection: data.topTracks",
        "unknown field `conection`",
    ),
    ("personal: true", "personal: perhaps", "expected a boolean"),
    (
        "        path: data.category\n",
        "        pth: data.category\n",
        "unknown field `pth`",
    ),
    (
        "x-command: [new, episodes]",
        "x-comand: [new, episodes]",
        "no extension of this spec",
    ),
    (
        "x-command: [new, episodes]",
        "x-command: new episodes",
        "a list of words",
    ),
    (
        "x-command: [new, episodes]",
        "x-command: [new, 7]",
        "a list of words",
    ),
    (
        "x-command: [new, episodes]",
        "x-command: [New, episodes]",
        "lower-case letters",
    ),
    (
        "x-command: [new, episodes]",
        "x-command: ['{id}', episodes]",
        "lower-case letters",
    ),
    (
        "x-command: [new, episodes]",
        "x-command: []",
        "lower-case letters",
    ),
    (
        "x-command: [new, episodes]",
        "x-command: [export]",
        "a command of this name itself",
    ),
    (
        "x-command: [new, episodes]",
        "x-command: [new, help]",
        "a command of this name itself",
    ),
    (
        "x-command: [new, episodes]",
        "x-command: [new, '{id}']",
        "each path parameter",
    ),
    (
        "x-command: [new, episodes]",
        "x-command: [top, tracks]",
        "the same words as those of getTopTracks",
    ),
    (
        "x-command: [new, episodes]",
        "x-command: [[new, episodes], [top, tracks]]",
        "the same words as those of getTopTracks",
    ),
    (
        "x-command: [new, episodes]",
        "x-command: [category, new]",
        "an id beside a word",
    ),
    (
        "x-command: [new, episodes]",
        "x-command: [category]",
        "an id beside a word",
    ),
    (
        "      x-entity:\n",
        "      x-command: [category]\n      x-entity:\n",
        "each path parameter in the order of the path",
    ),
    (
        "          description: The title.\n",
        "          description: The title.\n          x-colum: false\n",
        "no extension of this spec",
    ),
    (
        "          description: The title.\n",
        "          description: The title.\n          x-column: 'no'\n",
        "x-column: false",
    ),
    (
        "          $ref: '#/components/schemas/Curator'\n",
        "          $ref: '#/components/schemas/Curator'\n          x-column: false\n",
        "in the component",
    ),
    (
        "      name: cursor\n      in: query\n",
        "      name: cursor\n      in: query\n      required: true\n",
        "the first page has no cursor",
    ),
    (
        "      parameters:\n",
        "      parameters:\n        - {name: pages, in: query, schema: {type: string}}\n",
        "a method of this name",
    ),
    (
        "        node:\n          $ref: '#/components/schemas/Track'\n",
        "        node:\n          $ref: '#/components/schemas/Album'\n",
        "is not a `Track`",
    ),
    (
        "        topTracks:\n          $ref: '#/components/schemas/TrackConnection'\n",
        "        topTracks:\n          type: array\n          items:\n            $ref: '#/components/schemas/Track'\n",
        "neither a page of a list nor an entity",
    ),
];

/// Replaces a text by another that the lint accepts.
const FINE: &[(&str, &str)] = &[
    (
        "x-command: [new, episodes]",
        "x-command: [[new, episodes], [podcasts, new-ones], [new]]",
    ),
    (
        "          description: The title.\n",
        "          description: The title.\n          x-column: false\n",
    ),
    (
        "      parameters:\n",
        "      parameters:\n        - {name: market, in: query, required: true, schema: {type: string}}\n        \
         - {name: type, in: query, schema: {type: boolean}}\n",
    ),
    (
        "  /browse/categories/{id}/albums:\n    get:\n      operationId: getCategoryAlbums\n",
        "  /browse/categories/{id}/shelves/{shelf}/albums:\n    get:\n      operationId: getCategoryAlbums\n",
    ),
];

#[test]
fn what_can_be_generated_is_accepted() {
    let text = Spec::read(&workspace_root()).unwrap().text;
    for (from, to) in FINE {
        let mut edited = text.replacen(from, to, 1);
        assert_ne!(edited, text, "the document no longer holds {from:?}");
        if to.contains("{shelf}") {
            let id = "        - $ref: '#/components/parameters/CategoryId'\n";
            let place = edited.find("getCategoryAlbums").unwrap();
            let shelf = "        - name: shelf\n          in: path\n          required: true\n          \
                         schema:\n            $ref: '#/components/schemas/CategoryId'\n";
            let rest = edited[place..].replacen(id, &format!("{id}{shelf}"), 1);
            edited = edited[..place].to_owned() + &rest;
        }
        let spec = Spec::parse(&edited).unwrap();
        assert_eq!(lint::findings(&spec), [], "{to}");
        xtask::generate::render(&spec).unwrap();
    }
}

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
