"""One API call: who calls which version, and what was asked, read leniently as HubSpot does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urlencode

import orjson
from flask import Request

from crm_gdpr.emulator.actor import Actor
from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.instants import to_ms
from crm_gdpr.emulator.limits import Usage
from crm_gdpr.emulator.portal import Portal
from crm_gdpr.emulator.records import Record, id_number
from crm_gdpr.emulator.wire.families import Family

_TOO_LARGE = 2**63


@dataclass(frozen=True)
class Call:
    """What a view gets."""

    portal: Portal
    family: Family
    request: Request
    actor: Actor
    usage: Callable[[], Usage]
    """The account's calls today."""
    failing: int = 0
    """So many inputs of a batch come to nothing."""

    def kind(self, alias: str) -> str:
        """The name of an object type, by any of its names."""
        return self.portal.kind(alias).name

    def obey(self, kind: str, properties: Mapping[str, Any], record: Record | None = None) -> None:
        """The administrator's rules, in the version that enforces them."""
        if self.family.enforcing:
            self.portal.required(kind, properties, record)

    def names(self, key: str) -> list[str]:
        """A list in the query: repeated, or separated by commas."""
        given = self.request.args.getlist(key)
        return [name for part in given for name in part.split(",") if name]

    def flag(self, key: str) -> bool:
        return self.request.args.get(key, "false").lower() == "true"

    def number(self, key: str, default: int, most: int) -> int:
        value = self.request.args.get(key, str(default))
        if not 0 < id_number(value) <= most:
            raise Malformed(f"{key} must be a number from 1 to {most}, not {value}")
        return int(value)

    def after(self) -> int:
        """Where a page starts; an empty cursor is none."""
        value = self.request.args.get("after") or "0"
        if id_number(value) < 0:
            raise Malformed(f"after must be a cursor this API gave, not {value}")
        return int(value)

    def beyond(self, after: str) -> dict[str, str]:
        """The next page: its cursor, and the same question with it as a link to follow."""
        kept = [(name, value) for name, value in self.request.args.items(multi=True) if name not in ("after", "before")]
        link = f"{self.request.base_url}?{urlencode([*kept, ('after', unquote(after))])}"
        return {"after": after, "link": link}

    def moment(self, key: str) -> int | None:
        """An instant in the query, as ISO text or in milliseconds."""
        value = self.request.args.get(key)
        try:
            return to_ms(value) if value else None
        except (ValueError, OverflowError):
            raise Malformed(f"{key} must be an instant such as 2026-11-02T08:00:00Z, not {value}") from None

    @property
    def body(self) -> dict[str, Any]:
        found = self.json
        if not isinstance(found, dict):
            raise Malformed("Invalid input JSON: an object is expected")
        return found

    @cached_property
    def json(self) -> Any:
        """What was sent, whatever it calls itself."""
        try:
            return orjson.loads(self.request.get_data())
        except orjson.JSONDecodeError as problem:
            raise Malformed(f"Invalid input JSON on line {problem.lineno}, column {problem.colno}") from None

    def inputs(self, most: int) -> list[dict[str, Any]]:
        """The inputs of a batch, within the documented size."""
        inputs = rows(needed(self.body, "inputs"), "inputs")
        if len(inputs) > most:
            raise Malformed(f"The maximum number of inputs supported in a batch is {most}; received {len(inputs)}")
        return inputs[self.failing :]

    @property
    def lost(self) -> list[dict[str, Any]]:
        return rows(self.body.get("inputs"), "inputs")[: self.failing] if self.failing else []


def needed(body: Mapping[str, Any], name: str) -> Any:
    """A field without which the request cannot be understood."""
    if body.get(name) is None:
        raise Malformed(f"Invalid input JSON. Some required fields were not set: [{name}]")
    return body[name]


def properties_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The property values of one input."""
    found = needed(body, "properties")
    if not isinstance(found, dict):
        raise Malformed("Invalid input JSON: properties must be an object")
    return found


def whole(value: object, name: str) -> int:
    """A number that is not negative, sent as a number or as text."""
    if not 0 <= id_number(value) < _TOO_LARGE:
        raise Malformed(f"{name} must be a number, not {value}")
    return int(str(value))


def rows(value: object, name: str) -> list[dict[str, Any]]:
    """A list of objects; nothing given is an empty one."""
    found = [] if value is None else value
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise Malformed(f"{name} must be a list of objects")
    return found


def words(value: object, name: str) -> list[str]:
    """A list of names; nothing given is an empty one."""
    found = [] if value is None else value
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise Malformed(f"{name} must be a list of texts")
    return found
