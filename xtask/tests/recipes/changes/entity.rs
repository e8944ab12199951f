//! One entity by its id.

use super::{
    Change::{self, After, Append, Create},
    PROVENANCE, SPEC,
};

pub(super) const CHANGES: &[Change] = &[
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
