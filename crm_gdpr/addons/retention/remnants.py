"""Who is to be erased without a ladder: what is left of those whom somebody else deleted, and those who are back."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from crm_gdpr.addons.dialogue.reconcile import judge
from crm_gdpr.policy import Text, Verdict
from crm_gdpr.policy.verdict import NAMED_BY_OTHERS, WANTED, Reason

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.cases import Case
    from crm_gdpr.store.plans import Step

DELETED = Reason(
    "deleted_in_hubspot",
    Text(sv="Någon raderade kontakten i HubSpot; papperskorgen har tömts.",
         en="Somebody deleted the contact in HubSpot; the recycle bin has emptied."),
)  # fmt: skip
NAMED = Reason(
    NAMED_BY_OTHERS,
    Text(sv="Någon raderade kontakten i HubSpot; det som andra delar görs om utan personen i tid.",
         en="Somebody deleted the contact in HubSpot; what others share is made anew without them in time."),
)  # fmt: skip
REPLAYED = Reason(
    "erased_before",
    Text(sv="Personen raderades förut och har kommit tillbaka med en säkerhetskopia.",
         en="The person was erased before, and has come back with a restored copy."),
)  # fmt: skip
HELD = ("hold", "restricted", "request_open")


def erased_before(env: Env) -> Iterator[Step]:
    """Yield those who were erased and are back: HubSpot or the store was restored from a copy."""
    gone = {case.contact_id: case for case in env.store.cases.in_state(*env.store.cases.GONE)}
    for contact_id in env.hubspot.read_many("contacts", gone, ()) if gone else ():
        yield "erase", Verdict(contact_id, "erase", (REPLAYED,)), {"erased_on": str(gone[contact_id].closed_on)}


def left_over(env: Env) -> Iterator[Step]:
    """Yield those whom somebody else deleted: while the bin still tells their names, for what others share, and when
    it has let go of them, for their own engagements.  Whoever is held or wanted back is left alone.
    """
    deleted = [case for case in env.store.cases.in_state("in_bin") if case.way == "foreign"]
    ids, asked = [case.contact_id for case in deleted], env.store.requests.with_open_request()
    live, binned = (env.hubspot.read_many("contacts", ids, (), archived=archived) for archived in (False, True))
    for case in deleted:
        if case.contact_id in live or _is_wanted(env, case, asked, gone=case.contact_id not in binned):
            continue
        if case.contact_id not in binned:
            yield "erase", Verdict(case.contact_id, "erase", (DELETED,)), {"deleted_on": case.opened_on.isoformat()}
        elif _may_be_taken_out(env, case):
            yield "erase", Verdict(case.contact_id, "erase", (NAMED,)), {"deleted_on": case.opened_on.isoformat()}


def _is_wanted(env: Env, case: Case, asked: Container[str], *, gone: bool) -> bool:
    """Tell whether the gate would keep what is left of somebody; a customer can be restored only while in the bin."""
    known = env.store.index.known(case.contact_id)
    verdict = judge(known, case.contact_id in asked, env.policy, env.today()) if known else None
    return verdict is not None and verdict.because[0].code in (HELD if gone else WANTED)


def _may_be_taken_out(env: Env, case: Case) -> bool:
    """Tell whether it is late enough that nobody is likely to be restored, and something is there to be done."""
    late = case.opened_on + timedelta(days=env.policy.retention.archive_days)
    return env.today() >= late and "taken_out" not in case.frozen and bool(_shared(case))


def _shared(case: Case) -> list[str]:
    around = [ref for ref in case.frozen.get("around", ()) if ref.startswith("companies/")]
    return [*case.frozen.get("shared", ()), *around]
