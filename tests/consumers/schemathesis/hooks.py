"""Cursors and ids that the sandbox knows.

A cursor is valid for its own list only, and no schema can express that: the sandbox rejects a well-formed
cursor that it never issued, with the documented 400. So if a request is meant to be accepted, its cursor is
taken from the list that it requests. Requests that are meant to be rejected are left unchanged.
"""

from functools import cache
from typing import Any

import requests
import schemathesis
from schemathesis.generation import GenerationMode

HEADERS = {
    "x-api-key": "amzn1.application.sandbox",
    "Authorization": "Bearer sandbox-access-token",
}


@cache
def ids(base_url: str) -> list[str]:
    """Ids of categories."""
    response = requests.get(f"{base_url}/browse/categories", headers=HEADERS, params={"limit": 20}, timeout=10)
    return [edge["node"]["id"] for edge in response.json()["data"]["browseCategories"]["edges"]]


@cache
def cursor(url: str) -> tuple[bool, str | None]:
    """Whether there is a list at this address, and a cursor of it: a list of one page has none."""
    response = requests.get(url, headers=HEADERS, params={"limit": 1}, timeout=10)
    if response.status_code != 200:
        return False, None
    return True, token(response.json())


def token(tree: Any) -> str | None:
    """The token of the only page in a response."""
    if not isinstance(tree, dict):
        return None
    if "pageInfo" in tree:
        found: str | None = tree["pageInfo"].get("token")
        return found
    return next((found for found in map(token, tree.values()) if found), None)


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: Any) -> None:
    """Inserts known ids and cursors if the request is meant to be accepted."""
    meta = case.meta
    if meta is None or meta.generation.mode != GenerationMode.POSITIVE:
        return
    base_url = (case.operation.base_url or "").rstrip("/")
    if case.path_parameters and "id" in case.path_parameters:
        known = ids(base_url)
        # One in four stays unknown: its response is the documented 404.
        number = sum(str(case.path_parameters["id"]).encode())
        # A case may be called again: inserted values stay.
        if case.path_parameters["id"] not in known and number % 4:
            case.path_parameters["id"] = known[number % len(known)]
    if case.query and "cursor" in case.query:
        exists, found = cursor(base_url + case.formatted_path)
        if found is not None:
            case.query["cursor"] = found
        elif exists:
            del case.query["cursor"]
