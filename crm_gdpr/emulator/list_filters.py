"""Filter branches of lists, as far as they can be judged honestly: property filters under AND and OR.

Everything else (events, pages, forms, associations, times that roll) is refused when the list is made, never taken in
and answered with nobody.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from crm_gdpr.emulator.account import Account
from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.filters import searchable, sort_key
from crm_gdpr.emulator.properties import Property
from crm_gdpr.emulator.records import Record

Test = Callable[[Record], bool]
Compare = Callable[[Any, Any], bool]


def branch_test(account: Account, kind: str, branch: object, *, depth: int = 0) -> Test:
    """What a record has to be to belong; Malformed for what cannot be judged here."""
    given = _object(branch, "filterBranch")
    type_ = given.get("filterBranchType")
    if type_ not in ("AND", "OR") or depth > 10:
        raise Malformed(f"Filter branches of type {type_} are not supported: use AND and OR")
    inner = [branch_test(account, kind, one, depth=depth + 1) for one in _listed(given, "filterBranches")]
    tests = [*inner, *(_filter_test(account, kind, one) for one in _listed(given, "filters"))]
    join = all if type_ == "AND" else any
    return lambda record: bool(tests) and join(test(record) for test in tests)


def normalised(branch: object) -> dict[str, Any]:
    """As it is stored: the operator spelled out beside the type, and what was left out filled in."""
    given = _object(branch, "filterBranch")
    filters = [
        {**one, "operation": {"includeObjectsWithNoValueSet": False, **_object(one.get("operation"), "operation")}}
        for one in _listed(given, "filters")
    ]
    return {
        "filterBranches": [normalised(one) for one in _listed(given, "filterBranches")],
        "filters": filters,
        "filterBranchOperator": given.get("filterBranchType"),
        "filterBranchType": given.get("filterBranchType"),
    }


def names_in(branch: Mapping[str, Any]) -> Iterator[str]:
    """The properties that a stored branch asks about."""
    for one in branch["filterBranches"]:
        yield from names_in(one)
    yield from (str(one["property"]) for one in branch["filters"])


def _filter_test(account: Account, kind: str, given: Mapping[str, Any]) -> Test:
    if given.get("filterType") != "PROPERTY":
        raise Malformed(f"Filters of type {given.get('filterType')} are not supported: use PROPERTY")
    prop = searchable(account, kind, str(given.get("property")))
    operation = _object(given.get("operation"), "operation")
    known = _OPERATIONS.get(str(operation.get("operationType")), {})
    make = known.get(str(operation.get("operator")))
    if make is None:
        told = f"{operation.get('operationType')} {operation.get('operator')}"
        raise Malformed(f"Operation {told} is not supported on property {prop.name}")
    fits, asks_if_known = make(prop, operation), operation["operationType"] == "ALL_PROPERTY"
    empty = bool(operation.get("includeObjectsWithNoValueSet"))

    def test(record: Record) -> bool:
        value = record.properties.get(prop.name)
        return empty if value is None and not asks_if_known else fits(value)

    return test


Fits = Callable[[Any], bool]
Make = Callable[[Property, Mapping[str, Any]], Fits]


def _one(compare: Compare, key: str = "value") -> Make:
    """Compare with one value, as the property's type is compared."""

    def make(prop: Property, operation: Mapping[str, Any]) -> Fits:
        wanted = sort_key(prop, _text(operation, key))
        return lambda value: compare(sort_key(prop, value), wanted)

    return make


def _any(compare: Compare) -> Make:
    """Compare with several values, of which one is enough."""

    def make(prop: Property, operation: Mapping[str, Any]) -> Fits:
        wanted = [sort_key(prop, str(one)) for one in _values(operation)]
        return lambda value: any(compare(sort_key(prop, value), one) for one in wanted)

    return make


def _chosen(accept: Callable[[set[str], set[str]], bool]) -> Make:
    """Compare the chosen options, one or several, with the wanted ones."""

    def make(_prop: Property, operation: Mapping[str, Any]) -> Fits:
        wanted = {str(one) for one in _values(operation)}
        return lambda value: accept({part for part in value.split(";") if part}, wanted)

    return make


def _between(prop: Property, operation: Mapping[str, Any]) -> Fits:
    low, high = (sort_key(prop, _text(operation, key)) for key in ("lowerBound", "upperBound"))
    return lambda value: bool(low <= sort_key(prop, value) <= high)


def _not(make: Make) -> Make:
    def opposite(prop: Property, operation: Mapping[str, Any]) -> Fits:
        fits = make(prop, operation)
        return lambda value: not fits(value)

    return opposite


def _equal(value: Any, wanted: Any) -> bool:
    return bool(value == wanted)


_EQUALITY: dict[str, Make] = {"IS_EQUAL_TO": _one(_equal), "IS_NOT_EQUAL_TO": _not(_one(_equal))}
_TEXTS: dict[str, Compare] = {
    "CONTAINS": lambda value, wanted: wanted in value,
    "STARTS_WITH": lambda value, wanted: value.startswith(wanted),
    "ENDS_WITH": lambda value, wanted: value.endswith(wanted),
}
_ORDER: dict[str, Compare] = {
    "IS_GREATER_THAN": lambda value, wanted: value > wanted,
    "IS_GREATER_THAN_OR_EQUAL_TO": lambda value, wanted: value >= wanted,
    "IS_LESS_THAN": lambda value, wanted: value < wanted,
    "IS_LESS_THAN_OR_EQUAL_TO": lambda value, wanted: value <= wanted,
}
_OPERATIONS: dict[str, dict[str, Make]] = {
    "ALL_PROPERTY": {
        "IS_KNOWN": lambda _prop, _operation: lambda value: value is not None,
        "IS_UNKNOWN": lambda _prop, _operation: lambda value: value is None,
    },
    "STRING": {
        **_EQUALITY,
        **{name: _one(compare) for name, compare in _TEXTS.items()},
        "DOES_NOT_CONTAIN": _not(_one(_TEXTS["CONTAINS"])),
    },
    "MULTISTRING": {
        "IS_EQUAL_TO": _any(_equal),
        "IS_NOT_EQUAL_TO": _not(_any(_equal)),
        **{name: _any(compare) for name, compare in _TEXTS.items()},
        "DOES_NOT_CONTAIN": _not(_any(_TEXTS["CONTAINS"])),
    },
    "BOOL": _EQUALITY,
    "NUMBER": {**_EQUALITY, **{name: _one(compare) for name, compare in _ORDER.items()}},
    "NUMBER_RANGED": {"IS_BETWEEN": _between, "IS_NOT_BETWEEN": _not(_between)},
    "DATETIME": {
        "IS_EQUAL_TO": _one(_equal, "timestamp"),
        "IS_BEFORE": _one(_ORDER["IS_LESS_THAN"], "timestamp"),
        "IS_AFTER": _one(_ORDER["IS_GREATER_THAN"], "timestamp"),
    },
    "ENUMERATION": {
        "IS_ANY_OF": _chosen(lambda chosen, wanted: bool(chosen & wanted)),
        "IS_NONE_OF": _chosen(lambda chosen, wanted: not chosen & wanted),
        "IS_EXACTLY": _chosen(lambda chosen, wanted: chosen == wanted),
        "CONTAINS_ALL": _chosen(lambda chosen, wanted: wanted <= chosen),
    },
}


def _text(operation: Mapping[str, Any], key: str) -> str:
    value = operation.get(key)
    if value is None or isinstance(value, dict | list):
        raise Malformed(f"An operation with operator {operation.get('operator')} needs {key}")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _values(operation: Mapping[str, Any]) -> list[Any]:
    found = operation.get("values")
    if not isinstance(found, list) or not found:
        raise Malformed(f"An operation with operator {operation.get('operator')} needs values")
    return found


def _object(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Malformed(f"{name} must be an object")
    return value


def _listed(given: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = given.get(name) or []
    if not isinstance(found, list):
        raise Malformed(f"{name} must be a list")
    return [_object(one, name) for one in found]
