"""How a `when` of policy.toml fits what is known.  Pure."""

from __future__ import annotations

from collections.abc import Mapping


def fits(when: Mapping[str, tuple[str, ...]], known: Mapping[str, str | None]) -> bool:
    """Tell whether everything the rule names has one of the values it lists."""
    return all(any(matches(known.get(name), pattern) for pattern in patterns) for name, patterns in when.items())


def matches(value: str | None, pattern: str) -> bool:
    """Compare without regard to case; `text*` fits whatever begins so, and `*` whatever is set at all."""
    found, wanted = (value or "").strip().casefold(), pattern.strip().casefold()
    if wanted.endswith("*"):
        return bool(found) and found.startswith(wanted[:-1])
    return found == wanted
