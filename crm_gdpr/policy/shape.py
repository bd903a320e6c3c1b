"""Tables of a TOML file into frozen dataclasses, strictly: unknown, missing and misfitting keys are refused.

It knows types and lists of allowed words, nothing of what a policy means; that is `reading.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")

KINDS: Mapping[Any, str] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a share above 0, up to 1",
    tuple: "a list",
    date: "a day such as 2026-10-01, without quotes",
}


class PolicyError(ValueError):
    """A mistake in policy.toml: names the key, the value and what is allowed.  Rows count from 1."""


def close_to(word: object, known: Iterable[str]) -> str:
    """Suggest what a misspelt word may have meant; nothing when nothing is near."""
    near = get_close_matches(str(word), [k for k in known if k], n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


@dataclass(frozen=True)
class Shaper:
    """Reads tables.  `allowed` lists words by `Class.field`, `top` the largest number; `in_file` renames keys."""

    allowed: Mapping[str, tuple[str, ...]]
    top: Mapping[str, int]
    in_file: Mapping[str, str]

    def build(self, shape: type[T], data: object, key: str) -> T:
        """Make a `shape` of a table; every key must be known and every key without a default present."""
        if not is_dataclass(shape) or not isinstance(data, dict):
            raise self.refusal(key, data, "a table")
        hints = _hints(shape)
        named = {self.in_file.get(f.name, f.name): f for f in fields(shape)}
        for name, value in data.items():
            self.one_of(name, tuple(named), f"{key}.{name}" if key else name, value)
        for name, spec in named.items():
            if name not in data and spec.default is MISSING:
                wanted = self.wanted(hints[spec.name], f"{shape.__name__}.{spec.name}")
                raise PolicyError(f"{_under(key, name)} is missing; allowed: {wanted}")
        found = {
            spec.name: self.value(hints[spec.name], data[name], _under(key, name), f"{shape.__name__}.{spec.name}")
            for name, spec in named.items()
            if name in data
        }
        return shape(**found)

    def wanted(self, hint: Any, field: str) -> str:
        """Say what may stand at a key."""
        words = ", ".join(map(repr, self.allowed.get(field, ())))
        return words or KINDS.get(get_origin(hint) or hint, "a table")

    def value(self, hint: Any, data: object, key: str, field: str) -> Any:
        """Make a value of the hinted type; what may be absent is read as what it is when it is there."""
        hint = next((kind for kind in get_args(hint) if is_dataclass(kind)), hint) if _is_optional(hint) else hint
        if get_origin(hint) is tuple:
            return tuple(self.items(get_args(hint)[0], data, key, field))
        if get_origin(hint) is Mapping:
            return self.mapping(get_args(hint)[1], data, key, field)
        if isinstance(hint, type) and is_dataclass(hint):
            return self.build(hint, data, key)
        read: Callable[[object, str, str], Any] = {
            bool: self.flag,
            int: self.number,
            float: self.share,
            date: self.day,
        }.get(hint, self.text)
        return read(data, key, field)

    def items(self, hint: Any, data: object, key: str, field: str) -> list[Any]:
        if not isinstance(data, list):
            raise self.refusal(key, data, "a list")
        return [self.value(hint, item, f"{key}.{at}", field) for at, item in enumerate(data, 1)]

    def mapping(self, hint: Any, data: object, key: str, field: str) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise self.refusal(key, data, "a table")
        return {name: self.value(hint, value, f"{key}.{name}", field) for name, value in data.items()}

    def text(self, data: object, key: str, field: str) -> str:
        words = self.allowed.get(field)
        if words is not None and data not in words:
            raise self.refusal(key, data, ", ".join(map(repr, words)) + close_to(data, words))
        if not isinstance(data, str) or not (data.strip() or field.endswith(".when")):
            raise self.refusal(key, data, "text")
        return data

    def flag(self, data: object, key: str, field: str) -> bool:
        if not isinstance(data, bool):
            raise self.refusal(key, data, "true or false")
        return data

    def number(self, data: object, key: str, field: str) -> int:
        top = self.top.get(field, 1200)
        if isinstance(data, bool) or not isinstance(data, int) or not 1 <= data <= top:
            raise self.refusal(key, data, f"a whole number from 1 to {top}")
        return data

    def share(self, data: object, key: str, field: str) -> float:
        if isinstance(data, bool) or not isinstance(data, (int, float)) or not 0 < data <= 1:
            raise self.refusal(key, data, "a share above 0, up to 1")
        return float(data)

    def day(self, data: object, key: str, field: str) -> date:
        if isinstance(data, datetime) or not isinstance(data, date):
            raise self.refusal(key, data, KINDS[date])
        return data

    def one_of(self, name: str, known: tuple[str, ...], key: str, value: object) -> None:
        """Refuse a key that is not known."""
        if name not in known:
            raise PolicyError(
                f"{key} = {value!r} is not a key here; allowed: {', '.join(known)}{close_to(name, known)}"
            )

    def refusal(self, key: str, value: object, allowed: str) -> PolicyError:
        """Return the error for a value that may not stand there."""
        return PolicyError(f"{key} is {value!r}; allowed: {allowed}")


@cache
def _hints(shape: type) -> dict[str, Any]:
    return get_type_hints(shape)


def _under(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _is_optional(hint: Any) -> bool:
    return type(None) in get_args(hint)
