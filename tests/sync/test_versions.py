"""The table of versions against HubSpot's own OpenAPI files."""

import json
import os
import re
from datetime import date
from pathlib import Path

import pytest

from crm_gdpr.sync.versions import DEFAULT, FAMILIES, VERSIONS, in_use, versioned

SPECS = Path(os.environ.get("HUBSPOT_SPECS", Path(__file__).parents[2].parent / "shared" / "hubspot-specs"))

# What the client (or we, for what it does not know) writes, and in which files the path must be found.
CALLS = [
    ("GET", "/crm/v3/objects/contacts", "contacts"),
    ("POST", "/crm/v3/objects/contacts", "contacts"),
    ("GET", "/crm/v3/objects/contacts/1", "contacts"),
    ("PATCH", "/crm/v3/objects/contacts/1", "contacts"),
    ("DELETE", "/crm/v3/objects/contacts/1", "contacts"),
    ("POST", "/crm/v3/objects/contacts/search", "contacts"),
    ("POST", "/crm/v3/objects/contacts/batch/read", "contacts"),
    ("POST", "/crm/v3/objects/contacts/batch/update", "contacts"),
    ("POST", "/crm/v3/objects/contacts/gdpr-delete", "contacts"),
    ("GET", "/crm/v3/objects/emails", "objects"),
    ("POST", "/crm/v3/objects/emails/search", "objects"),
    ("POST", "/crm/v3/objects/emails/batch/read", "objects"),
    ("DELETE", "/crm/v3/objects/emails/1", "objects"),
    ("POST", "/crm/v3/objects/companies/batch/read", "companies"),
    ("POST", "/crm/v4/associations/contacts/emails/batch/read", "associations"),
    ("PUT", "/crm/v4/objects/notes/1/associations/contacts/2", "associations"),
    ("GET", "/crm/v3/properties/contacts", "properties"),
    ("POST", "/crm/v3/properties/contacts", "properties"),
    ("PATCH", "/crm/v3/properties/contacts/gdpr_source", "properties"),
    ("GET", "/crm/v3/properties/contacts/groups", "properties"),
    ("POST", "/crm/v3/properties/contacts/groups", "properties"),
    ("GET", "/crm/v3/owners/", "owners"),
    ("GET", "/crm/v3/pipelines/deals", "pipelines"),
    ("GET", "/crm/v3/lists/records/0-1/1/memberships", "lists"),
    ("GET", "/account-info/v3/details", "account_info"),
    ("GET", "/communication-preferences/v4/statuses/jane%40example.com", "subscriptions"),
    ("POST", "/communication-preferences/v4/statuses/jane%40example.com/unsubscribe-all", "subscriptions"),
    ("POST", "/communication-preferences/v4/statuses/batch/read", "subscriptions"),
    ("POST", "/communication-preferences/v3/subscribe", "subscriptions"),
    ("GET", "/events/v3/events/", "events"),
    ("GET", "/marketing/v3/forms/", "forms"),
]


def specified(family: str) -> set[tuple[str, str]]:
    """Method and path template of every operation in the official files of a family."""
    files = sorted(SPECS.glob(f"{family}.*.json"))
    found = [(path, spec) for file in files for path, spec in json.loads(file.read_text())["paths"].items()]
    return {(method.upper(), path) for path, operations in found for method in operations}


def is_specified(method: str, path: str, family: str) -> bool:
    templates = [template for known, template in specified(family) if known == method]
    return any(re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path) for template in templates)


@pytest.mark.skipif(not SPECS.is_dir(), reason=f"NO OFFICIAL FILES at {SPECS}: set HUBSPOT_SPECS to their folder")
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("method", "path", "family"), CALLS)
def test_every_path_we_call_is_in_the_official_files(method, path, family, version):
    assert is_specified(method, versioned(path, version), family)


def test_every_family_is_called_by_one_version_at_a_time():
    assert {family.version for family in in_use(DEFAULT) if family.family == "objects"} == {"2026-09"}
    assert {family.version for family in in_use("v3") if family.family == "objects"} == {"v3"}


def test_families_without_a_dated_path_keep_theirs():
    kept = {family.name for family in FAMILIES if family.dated is None}
    assert kept == {"files", "forms", "form submissions", "e-mail events"}
    assert versioned("/files/v3/files/9/gdpr-delete", DEFAULT) == "/files/v3/files/9/gdpr-delete"


def test_a_path_of_no_family_is_refused():
    with pytest.raises(LookupError, match="belongs to no API family"):
        versioned("/crm/v3/objectsandmore", DEFAULT)


@pytest.mark.parametrize(
    ("version", "family", "ends_on"),
    [
        pytest.param("2026-09", "objects", date(2028, 3, 9), id="18 months after it became current"),
        pytest.param("v3", "objects", date(2027, 9, 1), id="v3 in September 2027"),
        pytest.param("v3", "associations", date(2027, 3, 30), id="v4 before v3"),
        pytest.param("2026-09", "form submissions", date(2027, 9, 1), id="v1 with v3, whatever is chosen"),
    ],
)
def test_the_doctor_can_say_when_a_version_ends(version, family, ends_on):
    assert {each.family: each.ends_on for each in in_use(version)}[family] == ends_on
