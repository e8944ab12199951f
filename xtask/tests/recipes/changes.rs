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
        "  /browse/stations:
    get:
      operationId: getStations
      tags: [Browse]
      summary: List all stations
      description: The stations of Amazon Music.
      externalDocs:
        description: The documentation section that this operation is written from.
        url: https://developer.amazon.com/docs/music/API_web_browse.html#get-stations
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
          description: One page of stations.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/StationsResponse'
              examples:
                documented:
                  $ref: '#/components/examples/Stations'
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
        connection: data.stations
        item: Station
",
    ),
    After(
        SPEC,
        "\n  parameters:\n",
        "    Mood:
      name: mood
      in: query
      description: The mood of the stations.
      schema:
        $ref: '#/components/schemas/StationMood'
      example: CALM
    IsLive:
      name: isLive
      in: query
      description: Whether to return the stations with a host, or the others.
      schema:
        type: boolean
      example: true
",
    ),
    After(
        SPEC,
        "\n  schemas:\n",
        "    StationMood:
      type: string
      description: The mood of a station.
      x-extensible-enum: [CALM, LOUD]
      example: CALM
    StationHost:
      type: object
      description: The host of a station.
      properties:
        name:
          type: string
          description: The name.
          example: Tim Westover
    Station:
      type: object
      description: A station.
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
          example: https://music.amazon.com/stations/A1B2C3D4
        mood:
          $ref: '#/components/schemas/StationMood'
        isLive:
          type: boolean
          description: Whether the station has a host.
          example: true
        listenerCount:
          type: integer
          format: int64
          description: Number of listeners.
          example: 1200
        host:
          $ref: '#/components/schemas/StationHost'
        images:
          type: array
          description: Images of the station.
          items:
            $ref: '#/components/schemas/Image'
    StationEdge:
      type: object
      description: One entry in a list of stations.
      properties:
        node:
          $ref: '#/components/schemas/Station'
        cursor:
          type: string
          description: The position of this edge in the list. Documented on categories only.
          example: '3:vx0YEGc1'
    StationConnection:
      type: object
      description: One page of stations.
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
            $ref: '#/components/schemas/StationEdge'
    StationsData:
      type: object
      description: The payload of the response.
      properties:
        stations:
          $ref: '#/components/schemas/StationConnection'
    StationsResponse:
      type: object
      description: The response of the list of stations.
      properties:
        data:
          $ref: '#/components/schemas/StationsData'
",
    ),
    After(
        SPEC,
        "\n  examples:\n",
        "    Stations:
      summary: A last page with one station.
      value:
        data:
          stations:
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
        "tests/fixtures/documented/Stations.txt",
        r#"{
    "data": {
        "stations": {
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
## Stations

| place in the spec | the page says | the spec has |
|---|---|---|
| `#/paths/~1browse~1stations/get` | \"/browse/stations\" | one GET with both credentials |
| `#/components/parameters/Mood` | \"mood string No\" | an optional query parameter |
| `#/components/parameters/IsLive` | \"isLive boolean No\" | an optional query parameter |
| `#/components/schemas/StationMood` | `\"CALM\"` | an open set of values |
| `#/components/schemas/StationHost` | `\"name\"` in `host` | optional |
| `#/components/schemas/Station` | `\"id\"`, `\"name\"`, `\"mood\"`, `\"isLive\"` in the sample | the same, only `id` required |
| `#/components/schemas/StationEdge` | `\"node\"` in the sample | `node`, and a `cursor` |
| `#/components/schemas/StationConnection` | `\"pageInfo\"`, `\"edgeCount\"`, `\"edges\"` in the sample | all three optional |
| `#/components/schemas/StationsData` | \"stations Response Collection No\" | an optional connection of that name |
| `#/components/schemas/StationsResponse` | `\"data\"` in the sample | everything is nested in `data` |
",
    ),
];

/// One entity by its id.
const ENTITY: &[Change] = &[
    After(
        SPEC,
        "        connection: data.stations\n        item: Station\n",
        "  /browse/stations/{id}:
    get:
      operationId: getStation
      tags: [Browse]
      summary: Get one station
      description: One station by its id.
      externalDocs:
        description: The documentation section that this operation is written from.
        url: https://developer.amazon.com/docs/music/API_web_browse.html#get-station
      parameters:
        - $ref: '#/components/parameters/StationId'
        - $ref: '#/components/parameters/AcceptLanguage'
        - $ref: '#/components/parameters/ImageStyle'
        - $ref: '#/components/parameters/DeviceId'
      responses:
        '200':
          description: The station.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/StationResponse'
              examples:
                documented:
                  $ref: '#/components/examples/Station'
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
        path: data.station
        item: Station
",
    ),
    After(
        SPEC,
        "\n  parameters:\n",
        "    StationId:
      name: id
      in: path
      required: true
      description: The catalog id of the station, as returned by the list of stations.
      schema:
        $ref: '#/components/schemas/StationId'
      example: A1B2C3D4
",
    ),
    After(
        SPEC,
        "\n  schemas:\n",
        r"    StationId:
      type: string
      description: The catalog id of a station. Opaque; sent percent-encoded.
      pattern: '^(\.{0,2}[^./\\\x00-\x1F\x7F-\x9F]|\.{3})[^/\\\x00-\x1F\x7F-\x9F]*$'
      minLength: 1
      example: A1B2C3D4
    StationData:
      type: object
      description: The payload of the response.
      properties:
        station:
          $ref: '#/components/schemas/Station'
    StationResponse:
      type: object
      description: The response of the request for one station.
      properties:
        data:
          $ref: '#/components/schemas/StationData'
",
    ),
    After(
        SPEC,
        "\n  examples:\n",
        "    Station:
      summary: One station.
      value:
        data:
          station:
            id: A1B2C3D4
            name: Deep Focus
            host:
              name: Tim Westover
",
    ),
    Create(
        "tests/fixtures/documented/Station.txt",
        r#"{"data": {"station": {"id": "A1B2C3D4", "name": "Deep Focus", "host": {"name": "Tim Westover"}}}}
"#,
    ),
    Append(
        PROVENANCE,
        "
## Station

| place in the spec | the page says | the spec has |
|---|---|---|
| `#/paths/~1browse~1stations~1{id}/get` | \"/browse/stations/{id}\" | one GET with both credentials |
| `#/components/parameters/StationId` | \"id string Yes\" | a required path parameter |
| `#/components/schemas/StationId` | \"The id of the station\" | an opaque string, as of a category |
| `#/components/schemas/StationData` | \"station\" | an optional entity of that name |
| `#/components/schemas/StationResponse` | `\"data\"` in the sample | everything is nested in `data` |
",
    ),
];

/// A new version of the spec, and its line in the changelog.
const RELEASE_NOTE: &[Change] = &[After(
    CHANGELOG,
    "## [Unreleased]\n",
    "\n### OpenAPI spec, of the recipes\n\n- Parameters, a field, a list and an entity.\n",
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
    for change in [PARAMETER, FIELD, LIST, ENTITY, RELEASE_NOTE]
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
