"""The filters of a search: each becomes a test of one record's values."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from crm_gdpr.emulator.account import Account
from crm_gdpr.emulator.errors import Malformed, NotFound
from crm_gdpr.emulator.instants import to_ms
from crm_gdpr.emulator.kinds import kind_of
from crm_gdpr.emulator.properties import Property
from crm_gdpr.emulator.records import Record

Values = Mapping[str, str]
Test = Callable[[Record, Values], bool]
Match = Callable[[str | None], bool]


@dataclass(frozen=True)
class Filter:
    name: str
    operator: str
    value: str | None = None
    high: str | None = None
    values: tuple[str, ...] = ()


def searchable(account: Account, kind: str, name: str) -> Property:
    try:
        return account.catalogues[kind].get(name)
    except NotFound:
        raise Malformed(f'There was a problem with the request: property "{name}" does not exist') from None


_UNSEARCHABLE = {("emails", "hs_email_html"), ("emails", "hs_body_preview")}


def filter_test(account: Account, kind: str, filter_: Filter) -> Test:
    if (kind, filter_.name) in _UNSEARCHABLE or filter_.name == "hs_body_preview_html":
        raise Malformed(f"A search cannot filter {kind} by {filter_.name}")
    if filter_.name.startswith("associations."):
        return _association_test(account, filter_)
    prop = searchable(account, kind, filter_.name)
    make = _TESTS.get(filter_.operator)
    if make is None:
        raise Malformed(f"{filter_.operator} is not a search operator; there are {', '.join(_TESTS)}")
    matches = make(prop, filter_)

    def test(_record: Record, values: Values) -> bool:
        return matches(values.get(prop.name))

    return test


def _association_test(account: Account, filter_: Filter) -> Test:
    to_kind = kind_of(filter_.name.removeprefix("associations.")).name
    wanted = {int(id_) for id_ in filter_.values or [_needed(filter_)]}
    return lambda record, _values: not wanted.isdisjoint(account.associated(record, to_kind))


def sort_key(prop: Property, value: str) -> Any:
    """What two values are compared by; enumerations keep their case, other text does not."""
    try:
        if prop.type == "number":
            return float(value)
        if prop.type in ("date", "datetime"):
            return to_ms(value)
    except ValueError:
        raise Malformed(f"{value} is not a valid value for {prop.name}") from None
    return value if prop.type == "enumeration" else value.lower()


def _needed(filter_: Filter) -> str:
    if filter_.value is None:
        raise Malformed(f"A filter with operator {filter_.operator} needs a value")
    return filter_.value


def _compare(accept: Callable[[Any, Any], bool]) -> Callable[[Property, Filter], Match]:
    def make(prop: Property, filter_: Filter) -> Match:
        wanted = sort_key(prop, _needed(filter_))
        return lambda value: value is not None and accept(sort_key(prop, value), wanted)

    return make


def _between(prop: Property, filter_: Filter) -> Match:
    if filter_.high is None:
        raise Malformed("A filter with operator BETWEEN needs a value and a highValue")
    low, high = sort_key(prop, _needed(filter_)), sort_key(prop, filter_.high)
    return lambda value: value is not None and bool(low <= sort_key(prop, value) <= high)


def _in(prop: Property, filter_: Filter) -> Match:
    """Values of text have to be given in lower case; several chosen options match by any of them."""
    wanted = {value if prop.type == "string" else sort_key(prop, value) for value in filter_.values}

    def match(value: str | None) -> bool:
        parts = value.split(";") if value and prop.is_multiple else [value]
        return any(part is not None and sort_key(prop, part) in wanted for part in parts)

    return match


def _not(make: Callable[[Property, Filter], Match]) -> Callable[[Property, Filter], Match]:
    """The opposite, among those that have a value."""

    def opposite(prop: Property, filter_: Filter) -> Match:
        match = make(prop, filter_)
        return lambda value: value is not None and not match(value)

    return opposite


def _token(_prop: Property, filter_: Filter) -> Match:
    pattern = _needed(filter_).lower()

    def match(value: str | None) -> bool:
        whole = (value or "").lower()
        tokens = [whole, *re.split(r"[^\w]+", whole)]
        return bool(whole) and any(fnmatchcase(token, pattern) for token in tokens)

    return match


_TESTS: dict[str, Callable[[Property, Filter], Match]] = {
    "EQ": _compare(lambda value, wanted: value == wanted),
    "NEQ": _compare(lambda value, wanted: value != wanted),
    "LT": _compare(lambda value, wanted: value < wanted),
    "LTE": _compare(lambda value, wanted: value <= wanted),
    "GT": _compare(lambda value, wanted: value > wanted),
    "GTE": _compare(lambda value, wanted: value >= wanted),
    "BETWEEN": _between,
    "IN": _in,
    "NOT_IN": _not(_in),
    "HAS_PROPERTY": lambda _prop, _filter: lambda value: value is not None,
    "NOT_HAS_PROPERTY": lambda _prop, _filter: lambda value: value is None,
    "CONTAINS_TOKEN": _token,
    "NOT_CONTAINS_TOKEN": _not(_token),
}
