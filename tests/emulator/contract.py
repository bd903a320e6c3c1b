"""HubSpot's own OpenAPI files as judges of the emulator: each call, request and answer, by the file of its version.

``HUBSPOT_SPECS`` names their folder. What the files get wrong is listed in ``DEFECTS``, one by one, with the reason;
what they leave out in ``UNDESCRIBED``.
"""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import requests
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.exceptions import OpenAPIError

from crm_gdpr.emulator.wire.families import FAMILIES, Family
from crm_gdpr.emulator.wire.routes import ROUTES, Route

SPECS = Path(os.environ.get("HUBSPOT_SPECS", Path(__file__).parents[3] / "shared" / "hubspot-specs"))

NUMBER = {"type": "integer"}
NULL_NUMBER = {"type": "integer", "nullable": True}
NULL_TRUTH = {"type": "boolean", "nullable": True}
NULL_TEXT = {"type": "string", "nullable": True}
VALUES = {"type": "object", "additionalProperties": NULL_TEXT}
DEFECTS = [
    # file, schema, property or "required", what to read instead, reason
    ("associations", "MultiAssociatedObjectWithLabel", "toObjectId", NUMBER, "recorded as a number"),
    ("associations", "LabelsBetweenObjectPair", "fromObjectId", NUMBER, "recorded as a number"),
    ("associations", "LabelsBetweenObjectPair", "toObjectId", NUMBER, "recorded as a number"),
    ("associations", "AssociationSpecWithLabel", "label", NULL_TEXT, "recorded as null"),
    ("associations_schema", "AssociationSpecWithLabel", "label", NULL_TEXT, "recorded as null beside associations"),
    ("lists", "MembershipsUpdateResponse", "required", [], "recorded without the lists that are empty"),
    ("lists", "PublicMembershipSettings", "membershipTeamId", NULL_NUMBER, "recorded as null"),
    ("lists", "PublicMembershipSettings", "includeUnassigned", NULL_TRUTH, "recorded as null"),
    ("lists", "ListSearchRequest", "required", [], "recorded with a query alone"),
    ("*", "StandardError", "subCategory", {"type": "string"}, "recorded as a string"),
    ("*", "StandardError", "required", [], "recorded without context, errors and links"),
    ("*", "SimplePublicObject", "properties", VALUES, "recorded with null for what has no value"),
    ("*", "SimplePublicObjectWithAssociations", "properties", VALUES, "recorded with null for what has no value"),
    ("*", "SimplePublicObjectInputForCreate", "required", ["properties"], "associations are not required"),
    ("*", "SimplePublicObjectBatchInputForCreate", "required", ["properties"], "associations are not required"),
    ("*", "PublicObjectSearchRequest", "required", [], "nothing is required; recorded with {}"),
]
UNDESCRIBED = {
    ("v3", "submissions", "GET", "/<form_id>"): "no file; shape by several readers of it, hubspot.md section 10",
    ("v3", "submitting", "POST", "/<portal_id>/<form_id>"): "no file; shape by developers.hubspot.com, submit_form_v3",
    ("v3", "association_types", "GET", ""): "no file; the official client calls it",
    ("2026-09", "pairs", "GET", "/<to_kind>"): "left out of the 2026-09 files by mistake",
}
_PAGES = "no file at hand; HubSpot's reference pages, see the tests"
_WITHOUT_FILE = {
    **dict.fromkeys(("conversations", "files", "file_erasure"), _PAGES),
    "schemas": "no file describes object schemas; their shape is the official client's",
}
UNDESCRIBED |= {
    (family.name, route.area, route.method, route.path): _WITHOUT_FILE[route.area]
    for family in FAMILIES
    for route in ROUTES
    if route.area in _WITHOUT_FILE and family.base(route.area)
}
OWN_FILE = ("contacts", "companies", "deals", "tickets")
FILES = {
    "pairs": "associations",
    "associations": "associations",
    "old_associations": "associations",
    "association_types": "associations",
    "labels": "associations_schema",
    "properties": "properties",
    "owners": "owners",
    "pipelines": "pipelines",
    "account": "account_info",
    "lists": "lists",
    "events": "events",
    "usage": "account_info",
    "forms": "forms",
    **dict.fromkeys(
        ("preferences", "preference_batches", "subscriptions", "old_definitions", "resubscription"), "subscriptions"
    ),
}
NEWER = ("pairs", "associations", "labels", "preferences", "preference_batches")
"""Areas whose file says v4 where the records' says v3."""
Key = tuple[str, str, str, str]
"""Version, area, method and path of one served operation."""


def key_of(family: Family, route: Route) -> Key:
    return family.name, route.area, route.method, route.path


@cache
def spec(file: str) -> OpenAPI:
    """One official file, its defects mended. Tokens are not its subject here, so its security is left out."""
    document = json.loads((SPECS / f"{file}.json").read_text(encoding="utf-8"))
    schemas = document["components"]["schemas"]
    for area, schema, name, instead, _reason in DEFECTS:
        if area in ("*", file.partition(".")[0]) and schema in schemas:
            _mend(schemas[schema], name, instead)
    for operation in (one for path in document["paths"].values() for one in path.values()):
        operation.pop("security", None)
        operation["responses"].get("204", {}).pop("content", None)  # an empty answer has no content to describe
    for refusal in document["components"].get("responses", {}).values():
        refusal["content"] = {"application/json": next(iter(refusal["content"].values()))}  # the files say */*
    return OpenAPI.from_dict(document)


def _mend(schema: dict[str, Any], name: str, instead: Any) -> None:
    if name != "required":
        schema["properties"][name] = instead
    elif instead:
        schema["required"] = instead
    else:
        schema.pop("required", None)


class Judge:
    """Calls operations of one version and notes what its files say against either side of each exchange."""

    def __init__(self, url: str, family: Family) -> None:
        self.family = family
        self.found: dict[Key, list[str]] = {}
        self._url, self._session = url, requests.Session()
        self._session.trust_env = False

    def __call__(
        self, area: str, method: str, path: str, body: Any = None, *, status: int = 200, query: str = "", **blanks: str
    ) -> Any:
        """``judge("objects", "GET", "/<id_>", kind="contacts", id_="101", query="archived=true")``"""
        route = next(r for r in ROUTES if (r.area, r.method, r.path) == (area, method, path))
        where = f"{self.family.base(area)}{path}{'?' if query else ''}{query}"
        file = self._file(area, blanks)
        for blank, value in {**blanks, **self._spelled(area, blanks)}.items():
            where = where.replace(f"<{blank}>", value)
        response = self._session.request(method, self._url + where, json=body, headers=_TOKEN, timeout=10)
        problems = self.found.setdefault(key_of(self.family, route), [])
        if response.status_code != status:
            problems.append(f"{method} {where}: {response.status_code} {response.text}")
        if key_of(self.family, route) not in UNDESCRIBED:
            problems += _judged(file, requests.Request(method, f"https://api.hubapi.com{where}", json=body), response)
        return response.json() if response.content else None

    def refused(self, route: Route, token: str) -> Iterator[str]:
        """What the file says against the refusal of a call that names strangers and brings nothing."""
        where, asked = f"{self.family.base(route.area)}{route.path}", {} if route.method != "GET" else None
        file = self._file(route.area, {"kind": "contacts"} if "<kind>" in where else {})
        where = re.sub("<([a-z_]+)>", lambda blank: STRANGERS.get(blank[1], "7"), where)
        answer = self._session.request(route.method, self._url + where, json=asked, headers={"Authorization": token})
        if answer.status_code >= 400 and answer.headers["Content-Type"].startswith("application/json"):
            request = RequestsOpenAPIRequest(requests.Request(route.method, f"https://api.hubapi.com{where}"))
            try:
                spec(file).validate_response(request, RequestsOpenAPIResponse(answer))
            except OpenAPIError as problem:
                yield f"{route.method} {where}: {problem!r} because of {problem.__cause__!r}"

    def close(self) -> None:
        self._session.close()

    def _file(self, area: str, blanks: dict[str, str]) -> str:
        kind = blanks.get("kind", "")
        file = FILES.get(area) or (kind if kind in OWN_FILE else "objects")
        if (self.family.name, area) == ("2026-09", "forms"):
            return "forms.2026-09-beta"
        newer = self.family.name == "v3" and area in NEWER
        return f"{file}.{'v4' if newer else self.family.name}"

    def _spelled(self, area: str, blanks: dict[str, str]) -> dict[str, str]:
        """Files before 2026-09 describe the deals under their type id only."""
        older = area == "objects" and blanks.get("kind") == "deals" and self.family.name != "2026-09"
        return {"kind": "0-3"} if older else {}


STRANGERS = {"kind": "contacts", "to_kind": "companies", "email": "anna%40example.se"}
_TOKEN = {"Authorization": "Bearer any"}


def _judged(file: str, asked: requests.Request, response: requests.Response) -> list[str]:
    try:
        spec(file).validate_request(RequestsOpenAPIRequest(asked))
        spec(file).validate_response(RequestsOpenAPIRequest(asked), RequestsOpenAPIResponse(response))
    except OpenAPIError as problem:
        return [f"{asked.method} {asked.url}: {problem!r} because of {problem.__cause__!r}"]
    return []
