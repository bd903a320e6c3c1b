"""What the acts of the demo share: the people, the store to look into, and a way to say what was seen."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from crm_gdpr.demo.people import Officer, Sales, Support
from crm_gdpr.demo.stack import OFFICER, SUPPORT, DemoError, Stack
from crm_gdpr.env import Env

NIGHTLY = (
    *("dialogue.reconcile", "dialogue.reconcile_fully", "dialogue.read", "dialogue.conclude"),
    *("retention.plan", "retention.remind", "erasure.follow_up"),
)


@dataclass(frozen=True)
class Row:
    """One line of the closing table."""

    who: str
    what: str
    why: str


@dataclass
class Stage:
    """The running system, who acts in it, and what has been seen to hold."""

    stack: Stack
    say: Callable[[str], None]
    rows: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.env: Env = self.stack.env()
        self.sales = Sales(self.stack.crm_url)
        self.officer = Officer(self.stack, OFFICER)
        self.support = Support(self.stack.web_url, self.stack.accounts[SUPPORT])
        self.cast: dict[str, Any] = self.sales.cast()

    def tell(self, who: str, what: str, why: str) -> None:
        self.rows.append(Row(who, what, why))

    def see(self, holds: object, what: str) -> None:
        """Go on only if this holds."""
        if not holds:
            raise DemoError(f"not seen: {what}")

    def wait(self, until: Callable[[], object], what: str, patience_s: float = 30.0) -> None:
        """Go on as soon as this holds."""
        last = time.monotonic() + patience_s
        while not until():
            self.stack.check()
            if time.monotonic() > last:
                raise DemoError(f"not seen within {patience_s:.0f} seconds: {what}")
            time.sleep(0.05)

    def value(self, contact_id: str, name: str) -> str | None:
        record = self.env.hubspot.read("contacts", contact_id, (name,))
        return None if record is None else record.properties.get(name)

    def night(self, days: int = 1) -> None:
        """Let days pass, and wait until the nightly work of the last is done: a night missed is caught up with once."""
        self.sales.pass_days(days)
        self.after_dark()

    def after_dark(self) -> None:
        """Wait until the work of the night that has just passed is done."""
        today = self.env.today()
        self.wait(lambda: self._slot_taken(today), f"the night before {today} is queued")
        self.wait(lambda: self.env.store.work.open(NIGHTLY) == 0, f"the work of the night before {today} is done", 90)

    def _slot_taken(self, today: Any) -> bool:
        job = "dialogue.reconcile_fully" if today.weekday() == 6 else "dialogue.reconcile"
        slot = self.env.store.work.last_slot(job)
        follow_up = self.env.store.work.last_slot("erasure.follow_up")
        return all(at is not None and at.astimezone().date() >= today for at in (slot, follow_up))
