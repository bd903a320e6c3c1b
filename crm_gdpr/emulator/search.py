"""The search of one object type: filters, sorting, free text, and the limits that make it more than a list.

Search sees the account as its index last saw it (``search_lag_ms``) and never sees what is archived.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_gdpr.emulator.account import Account
from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.filters import Filter, Values, filter_test, searchable, sort_key
from crm_gdpr.emulator.records import Record

WINDOW = 10_000
_MOST_GROUPS, _MOST_FILTERS, _MOST_IN_ALL = 5, 6, 18


@dataclass(frozen=True)
class Query:
    """One question. Groups are alternatives; the filters inside a group all hold."""

    groups: Sequence[Sequence[Filter]] = ()
    text: str = ""
    sort: str | None = None
    descending: bool = False
    after: int = 0
    limit: int = 10


@dataclass(frozen=True)
class Found:
    """The total, and one page of records with their properties as the index knows them."""

    total: int
    page: Sequence[tuple[Record, Values]]


def search(account: Account, kind: str, query: Query) -> Found:
    """Answer a query, or refuse it for going past a documented limit."""
    _within_limits(query)
    tests = [[filter_test(account, kind, f) for f in group] for group in query.groups]
    horizon = account.clock.now_ms() - account.switches.search_lag_ms
    seen = [(record, _indexed(record, horizon)) for record in account.live[kind] if record.created_ms <= horizon]
    if tests:
        seen = [row for row in seen if any(all(test(*row) for test in group) for group in tests)]
    if query.text:
        words = query.text.lower().split()
        seen = [row for row in seen if all(_mentions(row[1], account.kinds[kind].searched, word) for word in words)]
    if query.sort:
        seen = _sorted(account, kind, seen, query)
    return Found(len(seen), seen[query.after : query.after + query.limit])


def _within_limits(query: Query) -> None:
    if len(query.groups) > _MOST_GROUPS or any(len(group) > _MOST_FILTERS for group in query.groups):
        raise Malformed(f"At most {_MOST_GROUPS} filterGroups of at most {_MOST_FILTERS} filters are allowed")
    if sum(len(group) for group in query.groups) > _MOST_IN_ALL:
        raise Malformed(f"At most {_MOST_IN_ALL} filters are allowed in all")
    if not 0 <= query.limit <= 200:
        raise Malformed("The limit of a search is at most 200")
    if query.after + query.limit > WINDOW:
        raise Malformed(f"A search reaches its first {WINDOW} results only; narrow it to go further")


def _indexed(record: Record, horizon_ms: int) -> Values:
    """The properties as they were at the horizon, from history."""
    if record.updated_ms <= horizon_ms:
        return record.properties
    names = list(record.properties)
    then = {n: next((v.value for v in record.history(n) if v.at_ms <= horizon_ms), "") for n in names}
    return {**record.properties, **{name: value for name, value in then.items() if value}}


def _mentions(values: Values, names: Sequence[str], word: str) -> bool:
    return any(word in values.get(name, "").lower() for name in names)


def _sorted(
    account: Account, kind: str, rows: list[tuple[Record, Values]], query: Query
) -> list[tuple[Record, Values]]:
    """Rows without a value come last, whichever way."""
    prop = searchable(account, kind, str(query.sort))
    having = [row for row in rows if prop.name in row[1]]
    lacking = [row for row in rows if prop.name not in row[1]]
    having.sort(key=lambda row: sort_key(prop, row[1][prop.name]), reverse=query.descending)
    return having + lacking
