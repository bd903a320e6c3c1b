"""Trouble on demand: which calls go wrong, how, and how many times."""

from dataclasses import dataclass, fields
from typing import Any

from crm_gdpr.emulator.errors import Malformed


@dataclass
class Fault:
    """``match`` is a part of the path. ``applied`` does the work first and only then fails; ``reset`` cuts the line."""

    match: str = "/"
    method: str = ""
    status: int = 503
    times: int = 1
    after: int = 0  # let this many matching calls through first
    delay_ms: int = 0
    applied: bool = False
    reset: bool = False
    retry_after: int | None = None
    policy: str = "TEN_SECONDLY_ROLLING"  # of a 429

    def covers(self, method: str, path: str) -> bool:
        return self.times > 0 and self.match in path and self.method in ("", method)

    @property
    def is_delay_only(self) -> bool:
        return self.status == 0 and not self.reset


def fault_from(given: dict[str, Any]) -> Fault:
    """A status of 0 only delays."""
    types = {field.name: field.type for field in fields(Fault)}
    unknown = given.keys() - types.keys()
    if unknown:
        raise Malformed(f"A fault has no {', '.join(sorted(unknown))}; it has {', '.join(types)}")
    return Fault(**given)


class Faults:
    """The list of what will go wrong, in order; the first that covers a call is used up by it."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def take(self, method: str, path: str) -> Fault | None:
        for fault in self.waiting:
            if fault.covers(method, path):
                return self._use(fault)
        return None

    def _use(self, fault: Fault) -> Fault | None:
        if fault.after > 0:
            fault.after -= 1
            return None
        fault.times -= 1
        self.waiting = [one for one in self.waiting if one.times > 0]
        return fault
