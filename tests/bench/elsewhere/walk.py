"""A walk through so many pages of playlists: walk.py urllib|requests|httpx|generated URL PAGES"""

import json
import sys
import urllib.parse
import urllib.request

way, url, pages = sys.argv[1], sys.argv[2], int(sys.argv[3])
headers = {"x-api-key": "profile", "authorization": "Bearer token"}
address = f"{url}/browse/playlists/top"

if way == "requests":
    import requests

    session = requests.Session()
    session.headers.update(headers)

    def ask(query):
        response = session.get(address, params=query)
        response.raise_for_status()
        return response.json()

elif way == "httpx":
    import httpx

    session = httpx.Client(headers=headers)

    def ask(query):
        response = session.get(address, params=query)
        response.raise_for_status()
        return response.json()

elif way == "urllib":

    def ask(query):
        request = urllib.request.Request(
            f"{address}?{urllib.parse.urlencode(query)}", headers=headers
        )
        with urllib.request.urlopen(request) as response:
            return json.load(response)


def walk():
    length, query = 0, {"limit": 100}
    for _ in range(pages):
        connection = ask(query)["data"]["topPlaylists"]
        for edge in connection["edges"]:
            length += len(edge["node"]["id"])
        query = {"limit": 100, "cursor": connection["pageInfo"]["token"]}
    return length


def walk_generated():
    from browse import AuthenticatedClient
    from browse.api.browse import get_top_playlists

    client = AuthenticatedClient(
        base_url=url, token="token", headers={"x-api-key": "profile"}
    )
    length, query = 0, {"limit": 100}
    for _ in range(pages):
        connection = get_top_playlists.sync(client=client, **query).data.top_playlists
        for edge in connection.edges:
            length += len(edge.node.id)
        query = {"limit": 100, "cursor": connection.page_info.token}
    return length


print(walk_generated() if way == "generated" else walk())
