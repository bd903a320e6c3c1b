"""What the portal must have, compared with what it has: a plan as data, then applied.

Works on HubSpot's own property JSON.  Creates and alters; never deletes, and never takes away an option that the
portal has, since records may hold it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from crm_gdpr.sync.errors import Refused
from crm_gdpr.sync.hubspot import HubSpot

JSON = Mapping[str, Any]

GROUP, GROUP_LABEL = "crm_gdpr", "GDPR"
TEXTS = ("label", "description")


class InstallError(Exception):
    """The portal has something of ours that it must not be changed into."""


@dataclass(frozen=True)
class Present:
    """What the portal has for one kind of record."""

    groups: frozenset[str]
    properties: Mapping[str, JSON]


@dataclass(frozen=True)
class Change:
    """One thing to do: which kind of record, what, and the body HubSpot is sent."""

    kind: str
    what: Literal["create group", "create property", "alter property"]
    name: str
    body: JSON


def present(hubspot: HubSpot, kinds: Iterable[str]) -> dict[str, Present]:
    """Read what the portal has for these kinds."""
    return {
        kind: Present(
            frozenset(group["name"] for group in hubspot.groups(kind)),
            {each["name"]: each for each in hubspot.properties(kind)},
        )
        for kind in kinds
    }


def plan(wanted: Mapping[str, Sequence[JSON]], has: Mapping[str, Present]) -> list[Change]:
    """What to create and what to alter, per kind, group first; nothing where all is as wanted."""
    return [change for kind, definitions in wanted.items() for change in _changes(kind, definitions, has[kind])]


def apply(hubspot: HubSpot, changes: Iterable[Change]) -> None:
    """Do what the plan says.  What somebody else created meanwhile is there, and that was the point."""
    for change in changes:
        if change.what == "alter property":
            hubspot.update_property(change.kind, change.name, dict(change.body))
        else:
            _create(hubspot, change)


def _changes(kind: str, definitions: Sequence[JSON], has: Present) -> Iterator[Change]:
    if definitions and GROUP not in has.groups:
        yield Change(kind, "create group", GROUP, {"name": GROUP, "label": GROUP_LABEL})
    for wanted in definitions:
        name = wanted["name"]
        there = has.properties.get(name)
        if there is None:
            yield Change(kind, "create property", name, {**wanted, "groupName": GROUP})
        elif differs := _differences(wanted, there):
            yield Change(kind, "alter property", name, differs)


def _differences(wanted: JSON, there: JSON) -> dict[str, Any]:
    """Texts and options that are not as wanted.  A type cannot be altered without losing values."""
    if there.get("type") != wanted["type"]:
        raise InstallError(
            f"the portal has {wanted['name']!r} as {there.get('type')}, not as {wanted['type']}; "
            "move its values to another property and delete it in HubSpot, then install again"
        )
    differs = {key: wanted[key] for key in TEXTS if key in wanted and there.get(key) != wanted[key]}
    options = _options(wanted.get("options", ()), there.get("options") or ())
    return {**differs, "options": options} if options else differs


def _options(wanted: Sequence[JSON], there: Sequence[JSON]) -> list[JSON]:
    """All options the property shall have, ours first; empty where ours are there with their labels."""
    known = {option["value"]: option for option in there}
    if all(known.get(option["value"], {}).get("label") == option["label"] for option in wanted):
        return []
    ours = {option["value"] for option in wanted}
    merged: list[JSON] = [{**known.get(option["value"], {}), **option} for option in wanted]
    merged += [option for option in there if option["value"] not in ours]
    return [{**option, "displayOrder": order} for order, option in enumerate(merged)]


def _create(hubspot: HubSpot, change: Change) -> None:
    try:
        if change.what == "create group":
            hubspot.create_group(change.kind, change.name, change.body["label"])
        else:
            hubspot.create_property(change.kind, dict(change.body))
    except Refused as error:
        if error.status != 409:
            raise
