"""Entities as rich as the documentation shows them, with every field typed."""

import json
from pathlib import Path
from typing import Any

from amazon_music_browse.models import Album, Playlist, Track
from browse import present

ENTITIES = Path(__file__).parents[2] / "fixtures" / "entities"


def read(name: str) -> Any:
    """An entity as JSON."""
    return json.loads((ENTITIES / f"{name}.json").read_text(encoding="utf-8"))


def main() -> None:
    """Reads each entity and writes it back."""
    track = Track.from_dict(read("Track"))
    assert track.to_dict() == read("Track")
    assert not track.additional_properties
    assert present(track.duration) + 0.5 == 232.5
    assert present(track.album).title == "G I R L"
    assert present(track.artists)[0].name == "Pharrell Williams"
    assert present(track.music_territory).code == "US"
    assert present(track.eligibility).is_prime_eligible is False

    album = Album.from_dict(read("Album"))
    assert album.to_dict() == read("Album")
    assert not album.additional_properties
    assert present(album.audio_qualities) == ["SD", "HD"]
    assert present(album.tracks)[0].title == "One More Time"
    assert present(album.parental_settings).has_explicit_language is False
    assert present(album.release)["date"] == present(album.release_date)

    playlist = Playlist.from_dict(read("Playlist"))
    assert playlist.to_dict() == read("Playlist")
    assert not playlist.additional_properties
    assert present(playlist.curator).id == "yy7aiqasggy2violdby46fka"
    assert present(playlist.images)[0].image_type == "PRIMARY"
    assert present(present(playlist.eligibility).playback).shuffle_type == "INLINE"

    print("python: a rich track, album and playlist")


if __name__ == "__main__":
    main()
