"""Every operation served, on every version's paths, judged by HubSpot's own OpenAPI file of that version."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from crm_gdpr.emulator import Portal, serve
from crm_gdpr.emulator.limits import ORDINARY
from crm_gdpr.emulator.tokens import scopes_for
from crm_gdpr.emulator.wire.families import FAMILIES, Family
from crm_gdpr.emulator.wire.guard import counted_as
from crm_gdpr.emulator.wire.routes import ROUTES, Route
from tests.emulator.contract import SPECS, UNDESCRIBED, Judge, Key, key_of
from tests.emulator.contract_definitions import call_pipelines, call_properties, call_schemas, call_settings
from tests.emulator.contract_families import FAMILY_CALLS
from tests.emulator.contract_records import call_associations, call_labels, call_records

pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason=f"HubSpot's OpenAPI files are not in {SPECS}")

CALLS: list[Callable[[Judge, Portal], None]] = [
    *(call_records, call_associations, call_labels, call_settings, call_pipelines, call_properties, call_schemas),
    *FAMILY_CALLS,
]
Described = dict[tuple[str, str], list[Any]]
SERVED = [(family, route) for family in FAMILIES for route in ROUTES if family.base(route.area)]


@pytest.fixture(scope="module")
def verdicts() -> dict[Key, list[str]]:
    """Every operation called, with what the files have to say about it."""
    found: dict[Key, list[str]] = {}
    for family in FAMILIES:
        running = serve(Portal())
        judge = Judge(running.url, family)
        for call in CALLS:
            call(judge, running.portal)
        found |= judge.found
        judge.close()
        running.stop()
    return found


@pytest.mark.parametrize(("family", "route"), SERVED, ids=[" ".join(key_of(*row)) for row in SERVED])
def test_every_operation_is_served_as_the_official_file_says(
    verdicts: dict[Key, list[str]], family: Family, route: Route
):
    assert key_of(family, route) in verdicts, "no contract case calls this operation"
    assert verdicts[key_of(family, route)] == []


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
@pytest.mark.parametrize("token", ["Bearer any", "nobody"])
def test_every_refusal_is_the_envelope_of_the_official_file(family: Family, token: str):
    running = serve(Portal())
    judge = Judge(running.url, family)
    routes = [r for r in ROUTES if family.base(r.area) and key_of(family, r) not in UNDESCRIBED]
    assert [problem for route in routes for problem in judge.refused(route, token)] == []
    judge.close()
    running.stop()


@pytest.fixture(scope="module")
def described() -> Described:
    """Every operation of the official files, by method and shape of its path; several files may speak of one."""
    found: Described = {}
    for path in SPECS.glob("*.*.json"):
        for template, methods in json.loads(path.read_text(encoding="utf-8"))["paths"].items():
            for method, operation in methods.items():
                found.setdefault((method.upper(), _shape(template)), []).append(operation)
    return found


def test_every_served_operation_is_in_the_files_or_excused(described: Described):
    strange = {
        key_of(family, route)
        for family, route in SERVED
        if not any((route.method, _shape(path)) in described for path in _spellings(family, route))
    }
    assert strange == set(UNDESCRIBED)


def test_what_the_files_exempt_from_the_burst_is_not_counted_in_it(described: Described):
    for family, route in SERVED:
        for path in _spellings(family, route):
            for operation in described.get((route.method, _shape(path)), ()):
                exempt = "ten-secondly" in operation.get("x-hubspot-rate-limit-exemptions", ())
                assert exempt == (counted_as(route) != ORDINARY), f"{route.method} {path}"


def test_every_scope_asked_for_is_one_the_files_accept(described: Described):
    for family, route in SERVED:
        for path in _spellings(family, route):
            accepted = _scopes(described.get((route.method, _shape(path)), []))
            kind = next((kind for kind in ("companies", "tickets") if f"/{kind}" in path), "contacts")
            asked = scopes_for(route.area, "deals" if "/0-3" in path else kind, writing=route.writing)
            assert not accepted or (asked and accepted.issuperset(asked)), f"{route.method} {path}: {asked}"


def _scopes(operations: list[Any]) -> set[str]:
    ways = [way for operation in operations for way in operation.get("security", ())]
    return {scope for way in ways for scopes in way.values() for scope in scopes}


def _spellings(family: Family, route: Route) -> list[str]:
    """The general path, and with the object types that files before 2026-09 spell out."""
    path = f"{family.base(route.area)}{route.path}"
    return [path, *(path.replace("<kind>", kind) for kind in ("contacts", "companies", "0-3", "tickets"))]


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]+\}|<[^>]+>", "<>", path)
