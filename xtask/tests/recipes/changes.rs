//! The four recipes of CONTRIBUTING, each as the changes of one who follows it.

use std::{fs, path::Path};

use crate::copies::write;

const SPEC: &str = "openapi/browse.yaml";
const PROVENANCE: &str = "openapi/provenance.md";
const CHANGELOG: &str = "CHANGELOG.md";

/// A change of one file.
enum Change {
    /// Text after a place that is there once.
    After(&'static str, &'static str, &'static str),
    /// Text at the end.
    Append(&'static str, &'static str),
    /// A new file.
    Create(&'static str, &'static str),
}

use Change::{After, Append, Create};

/// Parameters: an open value and a boolean, by which the sandbox selects items, and one that it checks only.
const PARAMETER: &[Change] = &[
    After(
        SPEC,
        "#get-top-tracks\n      parameters:\n",
        "        - $ref: '#/components/parameters/IsExplicit'\n",
    ),
    After(
        SPEC,
        "#get-albums-by-category\n      parameters:\n",
        "        - $ref: '#/components/parameters/AudioQuality'\n",
    ),
    After(
        SPEC,
        "#get-new-podcast-episodes\n      parameters:\n",
        "        - $ref: '#/components/parameters/Market'\n",
    ),
    After(
        SPEC,
        "\n  parameters:\n",
        "    IsExplicit:
      name: isExplicit
      in: query
      description: Whether to return the tracks with explicit language, or the others.
      schema:
        type: boolean
      example: true
    AudioQuality:
      name: audioQuality
      in: query
      description: An audio quality that the albums are available in.
      schema:
        $ref: '#/components/schemas/AudioQuality'
      example: HD
    Market:
      name: market
      in: query
      description: The market to look at.
      schema:
        type: string
      example: US
",
    ),
    Append(
        PROVENANCE,
        "
## Parameters of the recipes

| place in the spec | the page says | the spec has |
|---|---|---|
| `#/components/parameters/IsExplicit` | \"isExplicit boolean No\" | an optional query parameter |
| `#/components/parameters/AudioQuality` | \"audioQuality string No\" | an optional query parameter |
| `#/components/parameters/Market` | \"market string No\" | an optional query parameter |
",
    ),
];

/// A field of a known entity.
const FIELD: &[Change] = &[
    After(
        SPEC,
        "          description: The International Standard Recording Code.\n          example: USQ4E1300686\n",
        "        isExplicit:
          type: boolean
          description: Whether the track has explicit language.
          example: false
",
    ),
    Append(
        PROVENANCE,
        "
## Fields of the recipes

| place in the spec | the page says | the spec has |
|---|---|---|
| `#/components/schemas/Track/properties/isExplicit` | `\"isExplicit\": false` | an optional boolean |
",
    ),
];

/// A list of a new entity.
const LIST: &[Change] = &[
    After(
        SPEC,
        "        item: Track\n        table: playlists\n",
        "  /browse/soundscapes:
    get:
      operationId: getSoundscapes
      tags: [Browse]
      summary: List all soundscapes
      description: The soundscapes of Amazon Music.
      externalDocs:
        description: The documentation section that this operation is written from.
        url: https://developer.amazon.com/docs/music/API_web_browse.html#get-soundscapes
      parameters:
        - $ref: '#/components/parameters/LimitUpTo20'
        - $ref: '#/components/parameters/Cursor'
        - $ref: '#/components/parameters/Mood'
        - $ref: '#/components/parameters/IsLive'
        - $ref: '#/components/parameters/AcceptLanguage'
        - $ref: '#/components/parameters/ImageStyle'
        - $ref: '#/components/parameters/DeviceId'
      responses:
        '200':
          description: One page of soundscapes.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/SoundscapesResponse'
              examples:
                documented:
                  $ref: '#/components/examples/Soundscapes'
        '400':
          $ref: '#/components/responses/BadRequest'
        '401':
          $ref: '#/components/responses/Unauthorized'
        '403':
          $ref: '#/components/responses/Forbidden'
        '404':
          $ref: '#/components/responses/NotFound'
        '422':
          $ref: '#/components/responses/UnprocessableEntity'
        '429':
          $ref: '#/components/responses/TooManyRequests'
        '500':
          $ref: '#/components/responses/InternalServerError'
      x-pagination:
        connection: data.soundscapes
        item: Soundscape
",
    ),
    After(
        SPEC,
        "\n  parameters:\n",
        "    Mood:
      name: mood
      in: query
      description: The mood of the soundscapes.
      schema:
        $ref: '#/components/schemas/SoundscapeMood'
      example: CALM
    IsLive:
      name: isLive
      in: query
      description: Whether to return the soundscapes with a host, or the others.
      schema:
        type: boolean
      example: true
",
    ),
    After(
        SPEC,
        "\n  schemas:\n",
        "    SoundscapeMood:
      type: string
      description: The mood of a soundscape.
      x-extensible-enum: [CALM, LOUD]
      example: CALM
    SoundscapeHost:
      type: object
      description: The host of a soundscape.
      properties:
        name:
          type: string
          description: The name.
          example: Tim Westover
    Soundscape:
      type: object
      description: A soundscape.
      required: [id]
      properties:
        id:
          type: string
          description: The catalog id.
          example: A1B2C3D4
        name:
          type: string
          description: The name.
          example: Deep Focus
        url:
          type: string
          description: The URL of the item's page on Amazon Music, byte for byte as served.
          example: https://music.amazon.com/soundscapes/A1B2C3D4
        mood:
          $ref: '#/components/schemas/SoundscapeMood'
        isLive:
          type: boolean
          description: Whether the soundscape has a host.
          example: true
        listenerCount:
          type: integer
          format: int64
          description: Number of listeners.
          example: 1200
        host:
          $ref: '#/components/schemas/SoundscapeHost'
        images:
          type: array
          description: Images of the soundscape.
          items:
            $ref: '#/components/schemas/Image'
    SoundscapeEdge:
      type: object
      description: One entry in a list of soundscapes.
      properties:
        node:
          $ref: '#/components/schemas/Soundscape'
        cursor:
          type: string
          description: The position of this edge in the list. Documented on categories only.
          example: '3:vx0YEGc1'
    SoundscapeConnection:
      type: object
      description: One page of soundscapes.
      properties:
        pageInfo:
          $ref: '#/components/schemas/PageInfo'
        edgeCount:
          type: integer
          format: int64
          description: Number of edges on this page. Not a total; the API has none.
          example: 2
        edges:
          type: array
          description: The edges of this page, in list order.
          items:
            $ref: '#/components/schemas/SoundscapeEdge'
    SoundscapesData:
      type: object
      description: The payload of the response.
      properties:
        soundscapes:
          $ref: '#/components/schemas/SoundscapeConnection'
    SoundscapesResponse:
      type: object
      description: The response of the list of soundscapes.
      properties:
        data:
          $ref: '#/components/schemas/SoundscapesData'
",
    ),
    After(
        SPEC,
        "\n  examples:\n",
        "    Soundscapes:
      summary: A last page with one soundscape.
      value:
        data:
          soundscapes:
            pageInfo:
              hasNextPage: false
            edgeCount: 1
            edges:
              - node:
                  id: A1B2C3D4
                  name: Deep Focus
                  mood: CALM
                  isLive: true
",
    ),
    Create(
        "tests/fixtures/documented/Soundscapes.txt",
        r#"{
    "data": {
        "soundscapes": {
            "pageInfo": {"hasNextPage": false},
            "edgeCount": 1,
            "edges": [
                {"node": {"id": "A1B2C3D4", "name": "Deep Focus", "mood": "CALM", "isLive": true}}
            ]
        }
    }
}
"#,
    ),
    Append(
        PROVENANCE,
        "
## Soundscapes

| place in the spec | the page says | the spec has |
|---|---|---|
| `#/paths/~1browse~1soundscapes/get` | \"/browse/soundscapes\" | one GET with both credentials |
| `#/components/parameters/Mood` | \"mood string No\" | an optional query parameter |
| `#/components/parameters/IsLive` | \"isLive boolean No\" | an optional query parameter |
| `#/components/schemas/SoundscapeMood` | `\"CALM\"` | an open set of values |
| `#/components/schemas/SoundscapeHost` | `\"name\"` in `host` | optional |
| `#/components/schemas/Soundscape` | `\"id\"`, `\"name\"`, `\"mood\"`, `\"isLive\"` in the sample | the same, only `id` required |
| `#/components/schemas/SoundscapeEdge` | `\"node\"` in the sample | `node`, and a `cursor` |
| `#/components/schemas/SoundscapeConnection` | `\"pageInfo\"`, `\"edgeCount\"`, `\"edges\"` in the sample | all three optional |
| `#/components/schemas/SoundscapesData` | \"soundscapes Response Collection No\" | an optional connection of that name |
| `#/components/schemas/SoundscapesResponse` | `\"data\"` in the sample | everything is nested in `data` |
",
    ),
];

/// One entity by its id.
const ENTITY: &[Change] = &[
    After(
        SPEC,
        "        connection: data.soundscapes\n        item: Soundscape\n",
        "  /browse/soundscapes/{id}:
    get:
      operationId: getSoundscape
      tags: [Browse]
      summary: Get one soundscape
      description: One soundscape by its id.
      externalDocs:
        description: The documentation section that this operation is written from.
        url: https://developer.amazon.com/docs/music/API_web_browse.html#get-soundscape
      parameters:
        - $ref: '#/components/parameters/SoundscapeId'
        - $ref: '#/components/parameters/AcceptLanguage'
        - $ref: '#/components/parameters/ImageStyle'
        - $ref: '#/components/parameters/DeviceId'
      responses:
        '200':
          description: The soundscape.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/SoundscapeResponse'
              examples:
                documented:
                  $ref: '#/components/examples/Soundscape'
        '400':
          $ref: '#/components/responses/BadRequest'
        '401':
          $ref: '#/components/responses/Unauthorized'
        '403':
          $ref: '#/components/responses/Forbidden'
        '404':
          $ref: '#/components/responses/NotFound'
        '422':
          $ref: '#/components/responses/UnprocessableEntity'
        '429':
          $ref: '#/components/responses/TooManyRequests'
        '500':
          $ref: '#/components/responses/InternalServerError'
      x-entity:
        path: data.soundscape
        item: Soundscape
",
    ),
    After(
        SPEC,
        "\n  parameters:\n",
        "    SoundscapeId:
      name: id
      in: path
      required: true
      description: The catalog id of the soundscape, as returned by the list of soundscapes.
      schema:
        $ref: '#/components/schemas/SoundscapeId'
      example: A1B2C3D4
",
    ),
    After(
        SPEC,
        "\n  schemas:\n",
        r"    SoundscapeId:
      type: string
      description: The catalog id of a soundscape. Opaque; sent percent-encoded.
      pattern: '^(\.{0,2}[^./\\\x00-\x1F\x7F-\x9F]|\.{3})[^/\\\x00-\x1F\x7F-\x9F]*$'
      minLength: 1
      example: A1B2C3D4
    SoundscapeData:
      type: object
      description: The payload of the response.
      properties:
        soundscape:
          $ref: '#/components/schemas/Soundscape'
    SoundscapeResponse:
      type: object
      description: The response of the request for one soundscape.
      properties:
        data:
          $ref: '#/components/schemas/SoundscapeData'
",
    ),
    After(
        SPEC,
        "\n  examples:\n",
        "    Soundscape:
      summary: One soundscape.
      value:
        data:
          soundscape:
            id: A1B2C3D4
            name: Deep Focus
            host:
              name: Tim Westover
",
    ),
    Create(
        "tests/fixtures/documented/Soundscape.txt",
        r#"{"data": {"soundscape": {"id": "A1B2C3D4", "name": "Deep Focus", "host": {"name": "Tim Westover"}}}}
"#,
    ),
    Append(
        PROVENANCE,
        "
## Soundscape

| place in the spec | the page says | the spec has |
|---|---|---|
| `#/paths/~1browse~1soundscapes~1{id}/get` | \"/browse/soundscapes/{id}\" | one GET with both credentials |
| `#/components/parameters/SoundscapeId` | \"id string Yes\" | a required path parameter |
| `#/components/schemas/SoundscapeId` | \"The id of the soundscape\" | an opaque string, as of a category |
| `#/components/schemas/SoundscapeData` | \"soundscape\" | an optional entity of that name |
| `#/components/schemas/SoundscapeResponse` | `\"data\"` in the sample | everything is nested in `data` |
",
    ),
];

/// The line of the changelog.
const CHANGE_NOTE: &[Change] = &[After(
    CHANGELOG,
    "\n### OpenAPI spec\n\n",
    "- Soundscapes, three parameters, and `isExplicit` of tracks.\n",
)];

/// Applies all recipes to the workspace at `root`. Returns the paths of the files that they change.
pub(crate) fn apply(root: &Path) -> Vec<&'static str> {
    let mut changed = vec![SPEC];
    let spec = root.join(SPEC);
    let text = fs::read_to_string(&spec).unwrap();
    let version = text.split_once("\n  version: ").unwrap().1;
    let version = format!("\n  version: {}", version.lines().next().unwrap());
    write(
        &spec,
        text.replacen(&version, "\n  version: 1.99.0", 1).as_bytes(),
    );
    for change in [PARAMETER, FIELD, LIST, ENTITY, CHANGE_NOTE]
        .into_iter()
        .flatten()
    {
        let (After(path, ..) | Append(path, _) | Create(path, _)) = change;
        let file = root.join(path);
        let text = match change {
            After(_, place, new) => {
                let text = fs::read_to_string(&file).unwrap();
                assert_eq!(text.matches(place).count(), 1, "{path}: {place:?}");
                text.replacen(place, &format!("{place}{new}"), 1)
            }
            Append(_, new) => fs::read_to_string(&file).unwrap() + new,
            Create(_, new) => (*new).to_owned(),
        };
        write(&file, text.as_bytes());
        changed.push(path);
    }
    changed
}
