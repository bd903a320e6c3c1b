"""What HubSpot itself defines for each object type, and what every object type of an account's own starts with.

Read from ``hubspot_properties.toml``; only what this system, its demo and its peers use is there.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from crm_gdpr.emulator.further_kinds import FURTHER
from crm_gdpr.emulator.kinds import KINDS
from crm_gdpr.emulator.properties import Catalogue, Group, Option, Property


@cache
def _own() -> dict[str, Any]:
    source = resources.files("crm_gdpr.emulator").joinpath("hubspot_properties.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def hubspot_catalogues() -> dict[str, Catalogue]:
    """Fresh catalogues holding HubSpot's own definitions for every object type."""
    return {name: _catalogue(name, _own()) for name in KINDS}


def custom_catalogue(name: str, label: str, properties: Iterable[Property]) -> Catalogue:
    """What every object type has, and what an account defines for one of its own."""
    every = {own: _property(own, row, name, _own()["options"]) for own, row in _own()["every"]["properties"].items()}
    catalogue = Catalogue(every, {name: Group(name, f"{label} information")})
    for new in properties:
        catalogue.create(replace(new, group=new.group or name))
    return catalogue


def _catalogue(kind: str, own: Mapping[str, Any]) -> Catalogue:
    groups = {name: Group(name, label, order) for order, (name, label) in enumerate(own[kind]["groups"].items())}
    rows = {**own["every"]["properties"], **own[kind]["properties"]}
    if KINDS[kind].is_activity:
        rows = {**rows, **own["activity"]["properties"]}
    if KINDS[kind] in FURTHER:
        rows = {**rows, **own["further"]["properties"]}
    first = next(iter(groups))
    return Catalogue({name: _property(name, row, first, own["options"]) for name, row in rows.items()}, groups)


def _property(name: str, row: Mapping[str, Any], group: str, option_sets: Mapping[str, list[str]]) -> Property:
    type_, _, field_type = row.get("type", "string/text").partition("/")
    flags = set(row.get("is", ()))
    return Property(
        name=name,
        label=row["label"],
        group=row.get("group", group),
        type=type_,
        field_type=field_type,
        options=tuple(_options(option_sets[row["options"]])) if "options" in row else (),
        description=row.get("description", ""),
        read_only=bool(flags & {"read-only", "calculated"}),
        calculated="calculated" in flags,
        external_options="external" in flags,
        unique="unique" in flags,
        hubspot_defined="custom" not in flags,
        hidden="hidden" in flags,
        form_field="form" in flags,
    )


def _options(rows: Iterable[str]) -> Iterable[Option]:
    """Each row is ``value`` or ``value = label``."""
    for order, row in enumerate(rows):
        value, _, label = row.partition(" = ")
        yield Option(value, label or value.replace("_", " ").capitalize(), order)
