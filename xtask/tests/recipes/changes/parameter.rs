//! Parameters: an open value and a boolean, by which the sandbox selects items, and one that it checks only.

use super::{
    Change::{self, After, Append},
    PROVENANCE, SPEC,
};

pub(super) const CHANGES: &[Change] = &[
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
