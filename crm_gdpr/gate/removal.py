"""What archiving and erasing do to a person, step by step.  Only the gate calls this, after it has asked again.

Killed at any line and started again it ends the same: every step first looks whether it is already done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from crm_gdpr.gate.clearing import Clearing
from crm_gdpr.policy import Verdict
from crm_gdpr.policy.verdict import NAMED_BY_OTHERS, WANTED
from crm_gdpr.store import Store
from crm_gdpr.store.cases import Case, Cases
from crm_gdpr.sync import HubSpot
from crm_gdpr.sync.errors import Forbidden, NotFound
from crm_gdpr.sync.errors import Refused as HubSpotRefused
from crm_gdpr.sync.gather import gather

COUNTED = ("own", "shared", "threads", "files", "twins", "made")
NAMED = ("kept", "left", "waits", "unread")  # the evidence says which
ASKED = "erasure_requested"
GONE = "gone: read as live and as archived, not found"


class Refused(Exception):
    """The gate stays shut for the whole run; the message says why and what to do."""


@dataclass(frozen=True)
class Outcome:
    """What became of one item: `done`, `skipped` or `failed`, and the reason."""

    state: str
    note: str


class Record(Protocol):
    """Writes one line in the ledger."""

    def __call__(self, action: str, *, actor: str, contact_id: str | None = None, **detail: Any) -> None: ...


Ask = Callable[[], Verdict | None]


@dataclass(frozen=True, kw_only=True)
class Removal:
    """Archive, erase on request, erase at the end of the recycle bin."""

    hubspot: HubSpot
    store: Store
    today: date
    hour: int
    record: Record
    pseudonym: Callable[[str], str]
    digests: Callable[[Iterable[tuple[str, str]]], frozenset[str]]
    timed_out: str = "bin"
    erasers: tuple[Callable[[str], None], ...] = ()

    def archive(self, contact_id: str, actor: str, ask: Ask) -> Outcome:
        """Put the person into HubSpot's recycle bin, with the ids of all that is to go written down first."""
        case = self.store.cases.of(contact_id)
        begun = case is not None and case.way == "bin" and case.state in ("frozen", "in_bin")
        if not (begun and self._is_archived(contact_id)):
            verdict = ask()
            if verdict is None or verdict.verdict != "archive":
                return self._skip(contact_id, "archive", _why(verdict), actor)
            case = self._freeze(contact_id, "bin")
            self.record("archive.begun", actor=actor, contact_id=contact_id, **_sizes(case))
            self._delete(self.hubspot.archive, "contacts", contact_id)
        self.store.stages.reach([contact_id], "archive", self.today)
        self.store.index.archived(contact_id, archived=True)
        self.store.cases.move(contact_id, "in_bin")
        self.store.pause.count(self.today, self.hour)
        self.record("archive.done", actor=actor, contact_id=contact_id)
        return Outcome("done", "in the recycle bin")

    def erase_live(self, contact_id: str, actor: str, ask: Ask) -> Outcome:
        """Delete the person for good, at once: their own engagements, then the contact by its id."""
        case = self.store.cases.of(contact_id)
        begun = case is not None and (case.way == "request" or case.state in Cases.GONE)
        if not (begun and self._is_gone(contact_id)):
            verdict = ask()
            if verdict is None or verdict.verdict != "erase":
                return self._skip(contact_id, "erase", _why(verdict), actor)
            if verdict.reached is not None:  # by the ladder people go by way of the bin, never while they are live
                return self._skip(contact_id, "erase", "restored by a person in HubSpot", actor)
            case = self._freeze(contact_id, "request")
            self.record("erase.begun", actor=actor, contact_id=contact_id, **_sizes(case))
            self._clear(case)
            self._delete(self.hubspot.purge, contact_id)
        elif case is not None and not case.is_cleared:  # somebody deleted the contact while its engagements were left
            self._clear(case)
        if self.finish(contact_id, actor):
            return Outcome("done", GONE)
        return Outcome("failed", "HubSpot still shows the contact after the permanent deletion; read it again tomorrow")

    def erase_from_bin(self, case: Case, actor: str, ask: Ask) -> Outcome:
        """Let go of what is left of a person in the bin; the contact itself goes when the bin empties."""
        if self.hubspot.read("contacts", case.contact_id, ()) is not None:
            return self._skip(case.contact_id, "erase", "restored by a person in HubSpot", actor)
        if case.state == "in_bin":
            verdict = ask()
            if verdict is None or verdict.verdict != "erase":
                return self._skip(case.contact_id, "erase", _why(verdict), actor)
            self.record("erase.begun", actor=actor, contact_id=case.contact_id, **_sizes(case))
            if not (case.is_cleared and self._is_gone(case.contact_id)):
                self._clear(case)
            if verdict.because[0].code == ASKED or self.timed_out == "gdpr-delete":
                self._try_to_purge(case.contact_id)
            self.store.cases.move(case.contact_id, "awaiting_bin")
            self.store.pause.count(self.today, self.hour)
        if self.finish(case.contact_id, actor):
            return Outcome("done", GONE)
        return Outcome("done", "contents cleaned; waits for HubSpot's recycle bin to empty")

    def clean_up(self, case: Case, actor: str, ask: Ask, approved: str) -> Outcome:
        """Let go of what is left of a person whom somebody else deleted, once HubSpot's bin has let go of them.

        Before that, while it still tells their names, they are taken out of what others share.
        """
        is_gone, early = self._is_gone(case.contact_id), approved == NAMED_BY_OTHERS
        if is_gone and early:
            return self._skip(
                case.contact_id, "erase", "the bin has emptied since; the next plan holds the rest", actor
            )
        if early:
            return self._take_out(case, actor, ask())
        if not is_gone:
            return self._skip(case.contact_id, "erase", "still in HubSpot's recycle bin, or restored", actor)
        verdict = ask()
        if verdict is not None and verdict.because[0].code in ("hold", "restricted"):
            return self._skip(case.contact_id, "erase", _why(verdict), actor)
        if self.store.requests.is_open(case.contact_id):
            return self._skip(case.contact_id, "erase", "an open request is to be answered first", actor)
        self.record("erase.begun", actor=actor, contact_id=case.contact_id, **_sizes(case))
        self._clear(case)
        self.finish(case.contact_id, actor)
        return Outcome("done", GONE)

    def _take_out(self, case: Case, actor: str, verdict: Verdict | None) -> Outcome:
        if self.hubspot.read("contacts", case.contact_id, ()) is not None:
            return self._skip(case.contact_id, "erase", "restored by a person in HubSpot", actor)
        if verdict is None or verdict.because[0].code in WANTED:
            return self._skip(case.contact_id, "erase", _why(verdict), actor)
        self.record("redaction.begun", actor=actor, contact_id=case.contact_id, **_sizes(case))
        case = self.clearing.take_out(case)
        self.store.pause.count(self.today, self.hour)
        self.record("redaction.done", actor=actor, contact_id=case.contact_id, **_sizes(case))
        return Outcome("done", "taken out of what others share; the rest goes when HubSpot's recycle bin has emptied")

    def finish(self, contact_id: str, actor: str) -> bool:
        """Close the case of a person whom every read says is gone; False while HubSpot still answers for them."""
        if not self._is_gone(contact_id):
            return False
        case = self.store.cases.of(contact_id)
        if case is not None and case.state not in Cases.GONE:
            if not case.is_cleared:
                self._let_addons_erase(contact_id)
            case = self.store.cases.keep(contact_id, {"left": self._still_there(case)})
            self.store.index.forget(contact_id)
            self.store.stages.clear(contact_id)
            if case.way != "bin":
                self.store.pause.count(self.today, self.hour)
            proof = "not found, live and archived"
            self.record("erase.done", actor=actor, contact_id=contact_id, proof=proof, **_sizes(case))
            self.store.cases.move(contact_id, "gone", self.today)
        return True

    def let_go(self, contact_id: str, actor: str) -> None:
        """Let go of what bookkeeping or a claim kept, once its last day has passed."""
        case = self.store.cases.of(contact_id)
        over = self.clearing.let_go(case) if case is not None else []
        if over:
            self.record("kept.let_go", actor=actor, contact_id=contact_id, refs=over)

    @cached_property
    def clearing(self) -> Clearing:
        """What clears, once for all people of a run."""
        return Clearing(hubspot=self.hubspot, store=self.store, today=self.today)

    def _freeze(self, contact_id: str, way: str) -> Case:
        found = gather(self.hubspot, contact_id, self.clearing.kinds)
        addresses = self.digests(("email", address) for address in found.addresses)
        frozen = {**found.refs(), "addresses": sorted(addresses)}
        subject = self.pseudonym(contact_id)
        return self.store.cases.open(contact_id=contact_id, subject=subject, way=way, frozen=frozen, on=self.today)

    def _let_addons_erase(self, contact_id: str) -> None:
        for erase in self.erasers:
            erase(contact_id)

    def _clear(self, case: Case) -> Case:
        """Let go of what hangs on the person: first what addons keep by addresses that HubSpot still knows now."""
        self._let_addons_erase(case.contact_id)
        return self.clearing.clear(case)

    def _delete(self, call: Callable[..., object], *which: str) -> None:
        """Delete a contact; an app that may not delete this one may not delete the next."""
        try:
            call(*which)
        except Forbidden as error:
            raise Refused(f"no contact may be deleted: {error}") from error

    def _try_to_purge(self, contact_id: str) -> None:
        """Ask HubSpot to let go of somebody in the bin; it documents no answer, and what it did is read afterwards."""
        with suppress(NotFound, HubSpotRefused):
            self.hubspot.purge(contact_id)

    def _still_there(self, case: Case) -> list[str]:
        """Read everything again that went; what HubSpot still shows is a person's to remove."""
        return self.hubspot.there(case.went)

    def _is_archived(self, contact_id: str) -> bool:
        live = self.hubspot.read("contacts", contact_id, ())
        return live is None and self.hubspot.read("contacts", contact_id, (), archived=True) is not None

    def _is_gone(self, contact_id: str) -> bool:
        live = self.hubspot.read("contacts", contact_id, ())
        return live is None and self.hubspot.read("contacts", contact_id, (), archived=True) is None

    def _skip(self, contact_id: str, step: str, note: str, actor: str) -> Outcome:
        self.record("step.skipped", actor=actor, contact_id=contact_id, step=step, why=note)
        return Outcome("skipped", note)


def _why(verdict: Verdict | None) -> str:
    if verdict is None:
        return "the contact is no longer there, or has become part of another"
    doubts = [reason for reason in verdict.because if reason.code in ("unknown_fact", "unknown_event")]
    reasons = doubts if verdict.verdict == "unknown" and doubts else verdict.because[:1]
    return f"now {verdict.verdict}: {' '.join(reason.text.en for reason in reasons)}"


def _sizes(case: Case) -> dict[str, Any]:
    """Return how much went, and by reference what stays, waits or is a person's to remove."""
    counts = {kind: len(refs) for kind, refs in case.frozen.items() if kind in COUNTED}
    return counts | {kind: list(refs) for kind, refs in case.frozen.items() if kind in NAMED and refs}
