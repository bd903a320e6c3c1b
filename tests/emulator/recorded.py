"""Recorded exchanges asked again: an account that holds what each speaks of, and how two answers differ in kind."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.actor import SALES
from crm_gdpr.emulator.errors import Refusal
from crm_gdpr.emulator.kinds import kind_of
from crm_gdpr.emulator.properties import Property

EXTRA = {
    "url": "answers of before 2025 do not have it, later ones do",
    "associations": "an empty block may be left out",
    "type": "owners of 2023 have no type yet",
    "userIdIncludingInactive": "owners of 2023 have it not yet",
    "errors": "refusals of 2022 tell the problems in the message only",
    "category": "now and then left out of a refusal; the specification wants it",
    "hubspotDefined": "left out of some definitions",
    "archived": "left out of HubSpot's own definitions in some recordings",
    "links": "left out by some recorders",
    "lifecyclestage": "two answers to a change leave it out, all others have it",
    "paging": "depends on how many records there are",
}
LACKING = {
    "_trimmed_from": "the recorder's own note",
    "createdUserId": "definitions do not remember who made them",
    "updatedUserId": "definitions do not remember who changed them",
    "teams": "owners are in no team",
    "requiredScopes": "the scopes of old, beside the granular ones",
    "calculationFormula": "calculated properties have no formula here",
    "referencedObjectType": "owner properties do not say what they refer to",
    "showCurrencySymbol": "how a number is shown is left out",
    "dateDisplayHint": "how a date is shown is left out",
    "numberDisplayHint": "how a number is shown is left out",
    "textDisplayHint": "how a text is shown is left out",
    "currencyPropertyName": "there is one currency",
    "sensitiveDataCategories": "there are no sensitive properties",
    "paging": "depends on how many records there are",
}
COMPUTED = re.compile(r"(hs_|hubspot_|num_|days_to_close|website|closed|createdate|amount_in).*")
"""What HubSpot fills in beside what was written: some thirty values, of which those that matter here are kept."""


class Account:
    """An account that holds what one recording speaks of, under ids of its own."""

    def __init__(self, portal: Portal, exchange: Any) -> None:
        portal.reset()
        self.portal = portal
        self.ids: dict[str, str] = {}
        body, path = exchange["response"], exchange["path"].split("/")
        kind = path[4] if path[3] == "objects" else None
        rows = body.get("results", [body]) if isinstance(body, dict) and exchange["status"] in (200, 201) else []
        if path[3] == "owners":
            self._owners(rows)
        elif kind:
            self._records(kind_of(kind).name, exchange, rows)
        self._associations(exchange, path)

    def _owners(self, rows: list[Any]) -> None:
        for row in rows:
            self.ids[row["id"]] = self.portal.add_owner(row["email"], row["firstName"], row["lastName"])

    def _records(self, kind: str, exchange: Any, rows: list[Any]) -> None:
        """What was read, changed, found or deleted was there before."""
        found = exchange["path"].endswith("/search")
        if found or exchange["method"] in ("GET", "PATCH"):
            for row in rows if "properties" in (rows or [{}])[0] else []:
                self._know(kind, row["properties"])
                self._enter(kind, row["id"], row["properties"])
        if found:
            self._found_by_association(kind, exchange["request"].get("filters", []))
        if exchange["method"] == "DELETE":
            self._enter(kind, exchange["path"].split("/")[5], {})

    def _know(self, kind: str, names: Iterable[str]) -> None:
        """What is asked for is known here, too."""
        catalogue = self.portal.catalogue(kind)
        for name in {*names} - catalogue.properties.keys():
            catalogue.create(Property(name, name, next(iter(catalogue.groups))))

    def _enter(self, kind: str, recorded: str, values: dict[str, Any]) -> None:
        given = {"hs_timestamp": "2024-01-01T09:00:00Z", "name": "AB", "subject": "Hej", "hs_pipeline_stage": "1"}
        known = {n: v for n, v in given.items() if n in self.portal.catalogue(kind).properties}
        made = self.portal.create(kind, known, actor=SALES, trusted=True)
        for name, value in values.items():
            with suppress(Refusal):  # redacted values are no longer valid ones
                if name not in ("hs_object_id", "createdate", "hs_createdate") and value is not None:
                    self.portal.edit(kind, str(made.id), **{name: value})
        self.ids[recorded] = str(made.id)

    def _associations(self, exchange: Any, path: list[str]) -> None:
        if path[3] == "associations":
            self._both_ends(path, exchange["request"]["inputs"])
        elif "associations" in path:
            self._neighbours(path, exchange["response"]["results"])
        elif isinstance(exchange["request"], dict):
            self._targets(path, exchange["request"].get("associations", []))

    def _both_ends(self, path: list[str], inputs: list[Any]) -> None:
        """1234 is the number of nobody."""
        for row in inputs:
            to = row["to"] if isinstance(row["to"], list) else [row["to"]]
            ends = [(path[4], row["from"]["id"]), *((path[5], end["id"]) for end in to)]
            for kind, recorded in ends:
                if recorded != 1234 and str(recorded) not in self.ids:
                    self._enter(kind_of(kind).name, str(recorded), {})

    def _neighbours(self, path: list[str], results: list[Any]) -> None:
        kind, to_kind = kind_of(path[4]).name, kind_of(path[7]).name
        self._enter(kind, path[5], {})
        for row in results:
            self._enter(to_kind, str(row["toObjectId"]), {})
            ends = (kind, self.ids[path[5]]), (to_kind, self.ids[str(row["toObjectId"])])
            self.portal.link(*ends, row["associationTypes"][0]["typeId"])

    def _targets(self, path: list[str], associations: list[Any]) -> None:
        for row in associations:
            type_id = row["types"][0]["associationTypeId"]
            to_kind = self.portal.types.to_kind(kind_of(path[4]).name, type_id, "HUBSPOT_DEFINED")
            self._enter(str(to_kind), str(row["to"]["id"]), {})

    def _found_by_association(self, kind: str, filters: list[Any]) -> None:
        for row in filters:
            to_kind = kind_of(row["propertyName"].removeprefix("associations.")).name
            found = list(self.ids.values())
            self._enter(to_kind, str(row["value"]), {})
            for id_ in found:
                self.portal.link((kind, id_), (to_kind, self.ids[str(row["value"])]))

    def own(self, text: str) -> str:
        """The same text, speaking of this account's ids."""
        return re.sub(r"\d{2,}", lambda found: self.ids.get(found.group(), found.group()), text)


def differences(recorded: Any, ours: Any, where: str = "") -> Iterator[str]:
    """Keys and types of the recorded answer that ours does not have, and the other way round."""
    if isinstance(recorded, dict) and isinstance(ours, dict):
        yield from _keys(recorded, ours, where)
        for name in recorded.keys() & ours.keys():
            yield from differences(recorded[name], ours[name], f"{where}/{name}")
    elif isinstance(recorded, list) and isinstance(ours, list):
        yield from _rows(recorded, ours, where)
    elif recorded is not None and ours is not None and type(recorded) is not type(ours):
        yield f"{where} is {type(ours).__name__}, not {type(recorded).__name__}"


def _keys(recorded: dict[str, Any], ours: dict[str, Any], where: str) -> Iterator[str]:
    for side, other, excused, said in (
        (recorded, ours, LACKING, "is lacking"),
        (ours, recorded, EXTRA, "is more than was recorded"),
    ):
        for name in side.keys() - other.keys() - excused.keys():
            if not (where.endswith("/properties") and COMPUTED.fullmatch(name)):
                yield f"{where}/{name} {said}"


def _rows(recorded: list[Any], ours: list[Any], where: str) -> Iterator[str]:
    """Options of a property and problems of a refusal differ in number and kind."""
    if recorded and not ours:
        yield f"{where} is empty"
    elif recorded and ours and not where.endswith(("/options", "/errors")):
        yield from differences(recorded[0], ours[0], f"{where}[0]")
