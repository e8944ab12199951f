//! A field of a known entity.

use super::{
    Change::{self, After, Append},
    PROVENANCE, SPEC,
};

pub(super) const CHANGES: &[Change] = &[
    After(
        SPEC,
        "          description: The International Standard Recording Code.\n          example: USQ4E1300686\n",
        "        isExplicit:
          type: boolean
          description: Whether the track has explicit language.
          example: false
",
    ),
    // The sample of an entity shows each of its fields.
    After(
        "tests/fixtures/entities/Track.json",
        "  \"isrc\": \"USQ4E1300686\",\n",
        "  \"isExplicit\": false,\n",
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
