"""Mistakes that the types reject. Checked and never run: were one accepted, mypy would call its comment unused."""

from amazon_music_browse import AuthenticatedClient
from amazon_music_browse.api.browse import get_category, get_top_tracks
from amazon_music_browse.models import Track


def mistakes(music: AuthenticatedClient, track: Track) -> None:
    """A wrong type, a missing argument, an unknown argument, an unknown field."""
    get_top_tracks.sync(client=music, limit="2")  # type: ignore[arg-type]
    get_category.sync(client=music)  # type: ignore[call-arg]
    get_top_tracks.sync(client=music, offset=2)  # type: ignore[call-arg]
    get_top_tracks.sync(client=music, amzn_image_style=160)  # type: ignore[arg-type]
    print(track.artist)  # type: ignore[attr-defined]
    print(track.duration.upper())  # type: ignore[union-attr]
