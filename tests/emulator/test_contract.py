"""Every operation served on the 2026-09 paths, judged by HubSpot's own OpenAPI files.

``HUBSPOT_SPECS`` names their folder. What the files get wrong is listed in ``DEFECTS``, one by one, with the reason.
"""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import requests
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.exceptions import OpenAPIError

from crm_gdpr.emulator import Portal, serve
from crm_gdpr.emulator.wire.families import FAMILIES
from crm_gdpr.emulator.wire.routes import ROUTES

SPECS = Path(os.environ.get("HUBSPOT_SPECS", Path(__file__).parents[3] / "shared" / "hubspot-specs"))
pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason=f"HubSpot's OpenAPI files are not in {SPECS}")

NUMBER = {"type": "integer"}
DEFECTS = [
    # file, schema, property or "required", what to read instead, reason
    ("associations", "MultiAssociatedObjectWithLabel", "toObjectId", NUMBER, "recorded as a number"),
    ("associations", "LabelsBetweenObjectPair", "fromObjectId", NUMBER, "recorded as a number"),
    ("associations", "LabelsBetweenObjectPair", "toObjectId", NUMBER, "recorded as a number"),
    ("associations", "AssociationSpecWithLabel", "label", {"type": "string", "nullable": True}, "recorded as null"),
    ("*", "StandardError", "subCategory", {"type": "string"}, "recorded as a string"),
    ("*", "StandardError", "required", [], "recorded without context, errors and links"),
    ("*", "SimplePublicObjectInputForCreate", "required", ["properties"], "associations are not required"),
    ("*", "SimplePublicObjectBatchInputForCreate", "required", ["properties"], "associations are not required"),
    ("*", "PublicObjectSearchRequest", "required", [], "nothing is required; recorded with {}"),
]
UNDESCRIBED = {
    ("GET", "/crm/objects/2026-09/<kind>/<id_>/associations/<to_kind>"): "left out of the 2026-09 files by mistake",
}


@cache
def spec(name: str) -> OpenAPI:
    """One official file, its defects mended. Tokens are not its subject here, so its security is left out."""
    document = json.loads((SPECS / f"{name}.2026-09.json").read_text(encoding="utf-8"))
    schemas = document["components"]["schemas"]
    for file, schema, key, instead, _reason in DEFECTS:
        if file in ("*", name) and schema in schemas:
            _mend(schemas[schema], key, instead)
    for operation in (one for path in document["paths"].values() for one in path.values()):
        operation.pop("security", None)
        operation["responses"].get("204", {}).pop("content", None)  # an empty answer has no content to describe
    return OpenAPI.from_dict(document)


def _mend(schema: dict[str, Any], key: str, instead: Any) -> None:
    if key != "required":
        schema["properties"][key] = instead
    elif instead:
        schema["required"] = instead
    else:
        schema.pop("required", None)


SERVED = sorted({(route.method, f"{getattr(FAMILIES[0], route.area)}{route.path}") for route in ROUTES})


class Judge:
    """Calls operations and notes what the files say against either side of each exchange."""

    def __init__(self, url: str) -> None:
        self.found: dict[tuple[str, str], list[str]] = {}
        self._url, self._session = url, requests.Session()
        self._session.trust_env = False

    def __call__(self, file: str, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        headers = {"Authorization": "Bearer any"}
        response = self._session.request(method, self._url + path, json=body, headers=headers, timeout=10)
        problems = self.found.setdefault((method, _route(method, path)), [])
        if response.status_code != status:
            problems.append(f"{method} {path}: {response.status_code} {response.text}")
        if (method, _route(method, path)) not in UNDESCRIBED:
            problems += _judged(file, requests.Request(method, f"https://api.hubapi.com{path}", json=body), response)
        return response.json() if response.content else None

    def close(self) -> None:
        self._session.close()


def _judged(file: str, asked: requests.Request, response: requests.Response) -> list[str]:
    try:
        spec(file).validate_request(RequestsOpenAPIRequest(asked))
        spec(file).validate_response(RequestsOpenAPIRequest(asked), RequestsOpenAPIResponse(response))
    except OpenAPIError as problem:
        return [f"{asked.method} {asked.url}: {problem!r} because of {problem.__cause__!r}"]
    return []


def _route(method: str, path: str) -> str:
    """The route a concrete path belongs to: the one with the fewest blanks."""
    fitting = [r for m, r in SERVED if m == method and re.fullmatch(re.sub(r"<[^>]+>", "[^/]+", r), path.split("?")[0])]
    return min(fitting, key=lambda route: route.count("<"))


OBJECTS = [
    ("contacts", "contacts", {"email": "anna@example.se", "firstname": "Anna"}, {"firstname": "Anne"}),
    ("companies", "companies", {"name": "Nordkraft AB"}, {"domain": "nordkraft.example.se"}),
    ("deals", "deals", {"dealname": "Licenser", "dealstage": "qualifiedtobuy"}, {"dealstage": "closedwon"}),
    ("tickets", "tickets", {"subject": "GDPR", "hs_pipeline_stage": "1"}, {"hs_pipeline_stage": "4"}),
    ("objects", "notes", {"hs_timestamp": "2026-01-01T09:00:00Z", "hs_note_body": "Hej"}, {"hs_note_body": "Då"}),
]


def call_records(judge: Judge, file: str, kind: str, new: Any, change: Any) -> None:
    base, names = f"/crm/objects/2026-09/{kind}", ",".join(new)
    made = judge(file, "POST", base, {"properties": new}, 201)["id"]
    judge(file, "GET", f"{base}/{made}?properties={names}&propertiesWithHistory={names}&associations=contacts")
    judge(file, "PATCH", f"{base}/{made}", {"properties": change})
    judge(file, "GET", f"{base}?limit=1&properties={names}&associations=companies")
    ids = {"inputs": [{"id": made}], "properties": list(new), "propertiesWithHistory": []}
    judge(file, "POST", f"{base}/batch/read", ids)
    judge(file, "POST", f"{base}/batch/read", {**ids, "inputs": [{"id": made}, {"id": "7"}]})
    judge(file, "POST", f"{base}/batch/update", {"inputs": [{"id": made, "properties": change}]})
    judge(file, "POST", f"{base}/search", {"limit": 5, "properties": list(new)})
    judge(file, "DELETE", f"{base}/{made}", status=204)
    judge(file, "GET", f"{base}/{made}?archived=true")
    judge(file, "GET", f"{base}?archived=true")
    batch = judge(file, "POST", f"{base}/batch/create", {"inputs": [{"properties": new}]}, 201)
    judge(file, "POST", f"{base}/batch/archive", {"inputs": [{"id": batch["results"][0]["id"]}]}, 204)


def call_associations(judge: Judge, anna: str, company: str) -> None:
    pair, pairs = f"/crm/objects/2026-09/contacts/{anna}/associations", "/crm/associations/2026-09/contacts/companies"
    plain = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}
    ends = {"from": {"id": anna}, "to": {"id": company}}
    judge("associations", "PUT", f"{pair}/default/companies/{company}")
    judge("associations", "PUT", f"{pair}/companies/{company}", [plain], 201)
    judge("associations", "GET", f"{pair}/companies")
    judge("associations", "POST", f"{pairs}/batch/create", {"inputs": [{**ends, "types": [plain]}]})
    judge("associations", "POST", f"{pairs}/batch/read", {"inputs": [{"id": anna}, {"id": "7"}]})
    judge("associations", "POST", f"{pairs}/batch/archive", {"inputs": [{**ends, "to": [{"id": company}]}]})
    judge("associations", "DELETE", f"{pair}/companies/{company}", status=204)
    judge("contacts", "POST", "/crm/objects/2026-09/contacts/gdpr-delete", {"objectId": anna}, 204)


def call_settings(judge: Judge, owner: str) -> None:
    judge("owners", "GET", "/crm/owners/2026-09")
    judge("owners", "GET", f"/crm/owners/2026-09/{owner}")
    judge("pipelines", "GET", "/crm/pipelines/2026-09/deals")
    judge("pipelines", "GET", "/crm/pipelines/2026-09/tickets/0")
    judge("account_info", "GET", "/account-info/2026-09/details")


def call_definitions(judge: Judge) -> None:
    base = "/crm/properties/2026-09/contacts"
    stage = {
        "name": "gdpr_stage",
        "label": "Steg",
        "groupName": "crm_gdpr",
        "type": "enumeration",
        "fieldType": "select",
        "options": [{"label": "Granskning", "value": "review", "displayOrder": 0, "hidden": False}],
    }
    judge("properties", "POST", f"{base}/groups", {"name": "crm_gdpr", "label": "Dataskydd"}, 201)
    judge("properties", "GET", f"{base}/groups")
    judge("properties", "GET", f"{base}/groups/crm_gdpr")
    judge("properties", "POST", base, stage, 201)
    judge("properties", "POST", f"{base}/batch/create", {"inputs": [{**stage, "name": "gdpr_other"}]})
    judge("properties", "GET", base)
    judge("properties", "GET", f"{base}/gdpr_stage")
    judge("properties", "PATCH", f"{base}/gdpr_stage", {"label": "Stage"})
    judge("properties", "DELETE", f"{base}/gdpr_other", status=204)


@pytest.fixture(scope="module")
def verdicts() -> Iterator[dict[tuple[str, str], list[str]]]:
    """Every operation called, with what the files have to say about it."""
    running = serve(Portal())
    judge = Judge(running.url)
    for row in OBJECTS:
        call_records(judge, *row)
    call_associations(judge, running.portal.add_contact(), running.portal.add_company())
    call_settings(judge, running.portal.add_owner("elin@example.com", "Elin", "Ek"))
    call_definitions(judge)
    yield judge.found
    judge.close()
    running.stop()


@pytest.mark.parametrize(("method", "route"), SERVED, ids=[" ".join(row) for row in SERVED])
def test_every_operation_is_served_as_the_official_file_says(verdicts: Any, method: str, route: str):
    assert verdicts[method, route] == []


def test_every_served_operation_is_in_the_files_or_excused():
    described = set()
    for path in SPECS.glob("*.2026-09.json"):
        for template, methods in json.loads(path.read_text(encoding="utf-8"))["paths"].items():
            described |= {(method.upper(), re.sub(r"\{[^}]+\}", "<>", template)) for method in methods}
    strange = {(m, p) for m, p in SERVED if (m, re.sub(r"<[^>]+>", "<>", p)) not in described}
    assert strange == set(UNDESCRIBED)
