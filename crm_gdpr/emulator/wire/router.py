"""From method and path to route: every version of every area, looked up by the shape of the path.

Flask's own map would do; building it for three versions takes a third of a second each time an emulator starts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from crm_gdpr.emulator.wire.families import FAMILIES, Family
from crm_gdpr.emulator.wire.routes import ROUTES, Route


@dataclass(frozen=True)
class Match:
    """A route of one version, its path template, and what the blanks in it hold."""

    family: Family
    route: Route
    template: str
    ids: Mapping[str, str]


def find_route(method: str, path: str) -> Match | None:
    """The most literal template wins: ``/batch/read`` before ``/<id_>``. A trailing slash changes nothing."""
    parts = _usual(path.strip("/").split("/"))
    for template, pattern, family, route in _table().get((method, len(parts)), ()):
        if all(want in ("", part) for (want, _name), part in zip(pattern, parts, strict=True)):
            ids = {name: part for (_want, name), part in zip(pattern, parts, strict=True) if name}
            return None if ids.get("list_id") == _FOLDERS else Match(family, route, template, ids)
    return None


def _usual(parts: list[str]) -> list[str]:
    """Spellings that are not the specification's: the official client's for labels, an older one for schemas, and the
    version and the area the other way round, as HubSpot's own links to a next page have it."""
    if parts[0] == "crm" and (parts[2:3] == ["v3"] or (parts[1:2] and parts[1] in _DATED)):
        parts = [parts[0], *reversed(parts[1:3]), *parts[3:]]
    if parts[:3] == ["crm", "v3", "schemas"]:
        return ["crm-object-schemas", *parts[1:]]
    if parts[:3] == ["crm", "v4", "associations"] and parts[5:6] == ["labels"]:
        return ["crm", "associations", "v4", *parts[3:]]
    return parts


_DATED = frozenset(family.name for family in FAMILIES if family.name != "v3")
_FOLDERS = "folders"
"""Lists lie in none here; without a word on it, the path would pass for that of a list."""

Entry = tuple[str, list[tuple[str, str]], Family, Route]


@cache
def _table() -> dict[tuple[str, int], list[Entry]]:
    table: dict[tuple[str, int], list[Entry]] = {}
    for family in FAMILIES:
        for route in ROUTES:
            base = family.base(route.area)
            if base is None:
                continue
            template = f"{base}{route.path}"
            pattern = [_part(part) for part in template.strip("/").split("/")]
            table.setdefault((route.method, len(pattern)), []).append((template, pattern, family, route))
    for entries in table.values():
        entries.sort(key=lambda entry: entry[0].count("<"))
    return table


def _part(part: str) -> tuple[str, str]:
    """Either a literal, or the name of a blank."""
    return ("", part[1:-1]) if part.startswith("<") else (part, "")
