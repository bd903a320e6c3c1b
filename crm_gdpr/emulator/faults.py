"""Trouble on demand: which calls go wrong, how, and how many times or how often."""

import random
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from crm_gdpr.emulator.errors import Malformed

POLICIES = ("TEN_SECONDLY_ROLLING", "SECONDLY", "DAILY")


@dataclass
class Fault:
    """What goes wrong with calls of ``method`` whose path holds ``match``.

    Before anything is done, the call fails with ``status`` or, with ``reset``, has its line cut; with ``applied`` this
    comes after the work. A status of 0 lets it through, and so do those that trouble a good answer on its way:
    ``delay_ms``, ``dribble_ms`` (how long the body takes), ``reset_in_body`` and ``inputs`` (so many of a batch fail).
    """

    match: str = "/"
    method: str = ""
    status: int = 503
    times: int = 1
    after: int = 0  # let this many matching calls through first
    share: float = 1.0  # of the matching calls, by lot
    delay_ms: int = 0
    dribble_ms: int = 0
    applied: bool = False
    reset: bool = False
    reset_in_body: bool = False
    inputs: int = 0
    retry_after: int | None = None
    policy: str = "TEN_SECONDLY_ROLLING"  # of a 429
    page: bool = False  # answer with a page for people, as gateways do, instead of JSON

    def covers(self, method: str, path: str) -> bool:
        return self.times > 0 and self.match in path and self.method in ("", method)

    @property
    def lets_through(self) -> bool:
        """The work is done and its own answer given."""
        spared = self.status == 0 or self.dribble_ms or self.reset_in_body or self.inputs
        return bool(spared) and not self.reset


def fault_from(given: object) -> Fault:
    """Refuses names, types, policies and numbers that make no sense."""
    if not isinstance(given, dict):
        raise Malformed(f"A fault is an object, not {given!r}")
    known = {field.name: field for field in fields(Fault)}
    unknown = given.keys() - known.keys()
    if unknown:
        raise Malformed(f"A fault has no {', '.join(sorted(unknown))}; it has {', '.join(known)}")
    for name, value in given.items():
        if not (_fits(value, known[name].default) and _IN_RANGE.get(name, _not_negative)(value)):
            raise Malformed(f"{name} of a fault cannot be {value!r}")
    if given.get("policy", POLICIES[0]) not in POLICIES:
        raise Malformed(f"The policies are {', '.join(POLICIES)}, not {given['policy']}")
    return Fault(**given)


def _not_negative(value: Any) -> bool:
    return type(value) not in (int, float) or value >= 0


_IN_RANGE: dict[str, Callable[[Any], bool]] = {
    "times": lambda times: times >= 1,
    "share": lambda share: 0 < share <= 1,
    "status": lambda status: status == 0 or 200 <= status <= 599,
}


def _fits(value: object, default: object) -> bool:
    """A number without a default may be left out; a share may be a whole one."""
    if default is None:
        return value is None or type(value) is int
    return type(value) is type(default) or (isinstance(default, float) and type(value) is int)


class Faults:
    """The list of what will go wrong, in order; the first that covers a call is used up by it."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self._lot = random.Random(7)  # noqa: S311 - the same calls fail in every run

    def take(self, method: str, path: str) -> Fault | None:
        for fault in self.waiting:
            if fault.covers(method, path):
                return self._use(fault)
        return None

    def _use(self, fault: Fault) -> Fault | None:
        if fault.after > 0:
            fault.after -= 1
            return None
        if fault.share < 1 and self._lot.random() >= fault.share:
            return None
        fault.times -= 1
        self.waiting = [one for one in self.waiting if one.times > 0]
        return fault
