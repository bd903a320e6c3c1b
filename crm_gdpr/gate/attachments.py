"""Files that go with a person: only those that nothing else carries, since one file may hang on many engagements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crm_gdpr.gate.remaking import FILES
from crm_gdpr.sync import HubSpot
from crm_gdpr.sync.errors import Refused
from crm_gdpr.sync.gather import Kinds
from crm_gdpr.sync.presence import split


def attached(hubspot: HubSpot, refs: Iterable[str], kinds: Kinds) -> dict[str, set[str]]:
    """Return the files of each engagement that has any, live or already archived by a broken run."""
    found: dict[str, set[str]] = {}
    for kind, ids in split(refs).items():
        for archived in (False, True) if kind in kinds.engagements else ():
            for record in hubspot.read_many(kind, ids, (FILES,), archived=archived).values():
                if files := _parts(record.properties.get(FILES)):
                    found[f"{kind}/{record.id}"] = files
    return found


def carried_elsewhere(hubspot: HubSpot, files: Iterable[str], going: Iterable[str], kinds: Kinds) -> set[str]:
    """Return the files that an engagement which stays carries too; all, where HubSpot will not search."""
    wanted, leaving = set(files), set(going)
    found: set[str] = set()
    for kind in kinds.engagements if wanted else ():
        try:
            for each in _filters(hubspot, kind, sorted(wanted)):
                for page in hubspot.search(kind, [each], (FILES,)):
                    staying = [record for record in page if f"{kind}/{record.id}" not in leaving]
                    found |= {file for record in staying for file in wanted & _parts(record.properties.get(FILES))}
        except Refused:
            return wanted
    return found


def _filters(hubspot: HubSpot, kind: str, files: list[str]) -> Iterator[Mapping[str, Any]]:
    """Ask by the kind of property that the account has it as: a choice of several, or a text."""
    types = {str(each["name"]): each.get("type") for each in hubspot.properties(kind)}
    if types.get(FILES) == "enumeration":
        yield {"propertyName": FILES, "operator": "IN", "values": files}
    elif FILES in types:
        yield from ({"propertyName": FILES, "operator": "CONTAINS_TOKEN", "value": file} for file in files)


def _parts(value: str | None) -> set[str]:
    return {part.strip() for part in (value or "").split(";") if part.strip()}
