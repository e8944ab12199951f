//! A list of a new entity.

use super::{
    Change::{self, After, Append, Create},
    PROVENANCE, SPEC,
};

pub(super) const CHANGES: &[Change] = &[
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
