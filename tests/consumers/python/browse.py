"""All eight operations, a walk through a list, and errors, against the sandbox."""

import sys
from collections.abc import Iterator
from typing import TypeVar

from amazon_music_browse import AuthenticatedClient
from amazon_music_browse.api.browse import (
    get_categories,
    get_category,
    get_category_albums,
    get_category_playlists,
    get_category_tracks,
    get_new_podcast_episodes,
    get_top_playlists,
    get_top_tracks,
)
from amazon_music_browse.models import ErrorEnvelope, Track
from amazon_music_browse.types import UNSET, Unset

T = TypeVar("T")


def client(url: str, profile: str, token: str) -> AuthenticatedClient:
    """A client that sends both credentials with every request."""
    return AuthenticatedClient(base_url=url, token=token, headers={"x-api-key": profile})


def good(result: T | ErrorEnvelope | None) -> T:
    """Returns the response, or exits with the error."""
    if result is None or isinstance(result, ErrorEnvelope):
        raise SystemExit(f"refused: {result}")
    return result


def present(value: T | Unset) -> T:
    """A field that the sandbox always sends."""
    if isinstance(value, Unset):
        raise SystemExit("a field is missing")
    return value


def category_tracks(music: AuthenticatedClient, category: str, limit: int) -> Iterator[Track]:
    """Every track of a category, page by page."""
    cursor: str | Unset = UNSET
    while True:
        result = good(get_category_tracks.sync(category, client=music, limit=limit, cursor=cursor))
        page = present(present(present(result.data).category).tracks)
        yield from (present(edge.node) for edge in present(page.edges))
        info = present(page.page_info)
        if not info.has_next_page or not info.token:
            return
        cursor = info.token


def main(url: str) -> None:
    """Calls everything once."""
    music = client(url, "amzn1.application.sandbox", "sandbox-access-token")
    category = "E9UEPoEH"

    tracks = present(present(good(get_top_tracks.sync(client=music, limit=2)).data).top_tracks)
    assert present(present(tracks.edges)[0].node).title == "Beggin' [Explicit]"

    playlists = present(present(good(get_top_playlists.sync(client=music, limit=2)).data).top_playlists)
    playlist = present(present(playlists.edges)[0].node)
    assert present(playlist.images)[0].height == 1280

    episodes = present(good(get_new_podcast_episodes.sync(client=music, limit=2)).data)
    edges = present(present(episodes.new_podcast_episodes).edges)
    assert present(edges[0].node).title == "MURDERED: Billy Stafford"

    categories = present(present(good(get_categories.sync(client=music, limit=2)).data).browse_categories)
    assert present(categories.page_info).token == present(categories.edges)[-1].cursor

    single = present(present(good(get_category.sync(category, client=music)).data).category)
    assert single.category_type == "GENRE"

    albums = present(present(good(get_category_albums.sync(category, client=music, limit=2)).data).category)
    assert present(present(present(albums.albums).edges)[1].node).title == "Lickety Split"

    lists = present(present(good(get_category_playlists.sync(category, client=music, limit=2)).data).category)
    assert len(present(present(lists.playlists).edges)) == 2

    ids = {track.id for track in category_tracks(music, category, limit=100)}
    assert len(ids) == 286

    good(get_top_playlists.sync(client=music, amzn_image_style="SL160", x_amzn_device_id="1", accept_language="es_mx"))

    missing = get_category.sync("nothing", client=music)
    assert isinstance(missing, ErrorEnvelope)
    assert present(missing.error).code == "RESOURCE_NOT_FOUND"

    refused = get_top_tracks.sync(client=client(url, "amzn1.application.sandbox", "old"))
    assert isinstance(refused, ErrorEnvelope)
    assert present(refused.error).code == "INVALID_ACCESS_TOKEN"

    print(f"python: eight operations, {len(ids)} tracks in pages, three headers, two errors")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:4010/v1")
