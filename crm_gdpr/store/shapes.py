"""Facts of the policy as JSON for the index, and back.  What comes out was put in by us: it is not validated again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import date
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from crm_gdpr.policy import UNKNOWN

T = TypeVar("T")
Read = Callable[[Any], Any]


def plain(value: Any) -> Any:
    """Write a value; what is not known is left out, so that reading finds it not known."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if is_dataclass(value):
        return {name: plain(item) for name, item in vars(value).items() if item is not UNKNOWN}
    return value


def reader(kind: type[T]) -> Callable[[Mapping[str, Any]], T]:
    """Make the reverse of `plain` for a dataclass, from its annotations."""
    found = {name: _read_of(hint) for name, hint in get_type_hints(kind).items()}
    reads = {name: of_value for name, of_value in found.items() if of_value is not None}

    def read(data: Mapping[str, Any]) -> T:
        known = dict(data)
        for name, of_value in reads.items():
            if known.get(name) is not None:
                known[name] = of_value(known[name])
        return kind(**known)

    return read


def _read_of(hint: Any) -> Read | None:
    """Return how a value of this annotation is read; None for what JSON holds as it is."""
    for kind in (hint, *get_args(hint)):
        if get_origin(kind) is tuple:
            of_item = _read_of(get_args(kind)[0])
            return _tuple_of(of_item) if of_item else tuple
        if kind is date:
            return date.fromisoformat
        if is_dataclass(kind):
            return reader(kind)  # type: ignore[arg-type]  # a class, not an instance: it is an annotation
    return None


def _tuple_of(read: Read) -> Read:
    return lambda values: tuple(read(value) for value in values)
