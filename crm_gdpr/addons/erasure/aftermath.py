"""After an erasure: read that it held, ask people for what no API removes, tell recipients.

Everything here is asked and chased until it is done; what is done stands in the ledger.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from crm_gdpr.addons.erasure.incidents import close_incident
from crm_gdpr.addons.erasure.residue import ask_for_rest, name_submissions
from crm_gdpr.addons.erasure.watching import empties_on
from crm_gdpr.addons.register.asking import Question, ask, close_done
from crm_gdpr.addons.register.links import console_link, record_link
from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from crm_gdpr.env import Env
    from crm_gdpr.policy.book import Recipient
    from crm_gdpr.store.cases import Case
    from crm_gdpr.store.errands import Errand

VERIFIED_AFTER = timedelta(days=30)  # HubSpot's own period for a permanent deletion
CHASED_AFTER = timedelta(days=14)
OURS = "HubSpot"
REFUSED = (400, 403)  # and will be tomorrow; anything else passes
CLEARED = ("awaiting_bin", "gone", "verified")
ASKED = ("left", "system")
LONGEST = 40

SYSTEM = Text(sv="Radera en person i {name}", en="Erase a person in {name}")
SYSTEM_BODY = (
    "<p>HubSpot-id {ids} är raderat hos oss; gör det i {name} också (artikel 17, 19). / "
    'HubSpot id {ids} is erased with us; do so in {name} too (Art. 17, 19).</p><p><a href="{case}">{contact}</a></p>'
)
BACK = Text(sv="En raderad person finns kvar i HubSpot", en="An erased person is still in HubSpot")
BACK_BODY = '<p>{refs}</p><p><a href="{case}">{contact}</a></p>'


def ask_people(env: Env) -> None:
    """Ask for what no API removes, and for every other system; ask again until somebody has done it."""
    for errand in close_done(env, "incident"):
        close_incident(env, errand)
    for errand in close_done(env, *ASKED):
        env.record("rest.removed", actor="somebody in HubSpot", contact_id=errand.contact_id, what=errand.kind)
    _name_submissions_once(env)
    others = [recipient for recipient in env.policy.recipients if recipient.name != OURS]
    for case in env.store.cases.in_state(*CLEARED):
        ask_for_rest(env, case)
        for recipient in others:
            _tell(env, case, recipient)
    for case in env.store.cases.in_state("in_bin"):
        ask_for_rest(env, case, until=empties_on(env, case))
    _chase(env)


def verify(env: Env) -> Exception | None:
    """Read again, a month later, that nothing is back; and later that the bin has let go of the rest.

    Returns what HubSpot refused, if it did: one person's records keep no other's case open.
    """
    today = env.today()
    due = [c for c in env.store.cases.in_state("gone") if c.closed_on and today >= c.closed_on + VERIFIED_AFTER]
    name_submissions(env, due)
    refused = _each(env, due, _verify)
    return _each(env, env.store.cases.in_state("verified"), _close) or refused


def _each(env: Env, cases: Iterable[Case], do: Callable[[Env, Case], None]) -> Exception | None:
    refused = None
    for case in cases:
        try:
            do(env, case)
        except Exception as error:
            if getattr(error, "status", None) not in REFUSED:
                raise
            refused = refused or error
    return refused


def _close(env: Env, case: Case) -> None:
    kept = case.frozen.get("kept", ())
    if kept:
        env.gate.let_go(case.contact_id, "follow-up")
    elif not env.hubspot.there(case.frozen.get("waits", ()), archived=True):
        env.record("erase.closed", actor="follow-up", contact_id=case.contact_id, kept=0)
        env.store.cases.move(case.contact_id, "closed", env.today())


def _name_submissions_once(env: Env) -> None:
    """Look for those whose addresses HubSpot will not clear out of the forms by itself."""
    new = [case for case in env.store.cases.in_state("awaiting_bin") if "seen" not in case.frozen]
    name_submissions(env, new)
    for case in new:
        env.store.cases.keep(case.contact_id, {"seen": ["forms"]})


def tell_recipient(env: Env, contact_id: str, name: str) -> None:
    """Tell one recipient by a signed call (Art. 19); a call that fails is made again."""
    case = env.store.cases.of(contact_id)
    errand = env.store.errands.of(_key("told", name, case)) if case else None
    recipient = next((r for r in env.policy.recipients if r.name == name and r.notify), None)
    if case is None or recipient is None or errand is None or errand.done_on is not None:
        return
    env.notify(recipient, {"action": "erased", "contact_ids": _ids(case), "on": env.today().isoformat()})
    env.store.errands.done(errand.id, env.today())
    env.record("recipient.told", actor="erasure", contact_id=contact_id, recipient=name)


def _tell(env: Env, case: Case, recipient: Recipient) -> None:
    """A signed call where an address is registered; else a task for a person."""
    if not recipient.notify:
        told = Text(sv=SYSTEM.sv.format(name=recipient.name), en=SYSTEM.en.format(name=recipient.name))
        body = SYSTEM_BODY.format(name=recipient.name, ids=", ".join(_ids(case)), **_case(env, case.contact_id))
        _ask(env, "system", _key("system", recipient.name, case), case, told, body)
        return
    key = _key("told", recipient.name, case)
    errand = env.store.errands.open("told", key, owner_id="", on=env.today(), contact_id=case.contact_id)
    if errand.done_on is None:
        env.queue.enqueue(
            "erasure.tell_recipient", f"told-{errand.id}-{env.today()}", contact_id=case.contact_id, name=recipient.name
        )


def _ask(env: Env, kind: str, key: str, case: Case, subject: Text, body: str) -> None:
    if env.store.errands.of(key) is None:
        owner = Owners(env).officer
        ask(env, Question(kind=kind, key=key, owner=owner, subject=subject, body=body, contact_id=case.contact_id))


def _chase(env: Env) -> None:
    """Say once every fortnight how much is not done yet, and who has not answered."""
    late = [
        e for e in env.store.errands.waiting(*ASKED, "told", "incident") if e.opened_on + CHASED_AFTER <= env.today()
    ]
    if not late:
        return
    fortnight = env.today().toordinal() // CHASED_AFTER.days
    said = Text(
        sv=f"{len(late)} uppgifter efter raderingar är inte gjorda", en=f"{len(late)} errands after erasures are open"
    )
    links = "".join(f"<li>{_late(env, errand)}</li>" for errand in late[:50])
    ask(env, Question(kind="chased", key=f"chased-{fortnight}", owner=Owners(env).officer, subject=said,
                      body=f"<ul>{links}</ul>", urgent=True))  # fmt: skip


def _late(env: Env, errand: Errand) -> str:
    if errand.task_id:
        return record_link(env, "tasks", errand.task_id)
    name = escape(errand.key.split("/", 3)[-1])
    link = _case(env, str(errand.contact_id))["case"]
    return f'{name}: svarar inte på våra anrop / does not answer our calls, <a href="{link}">{errand.contact_id}</a>'


def _verify(env: Env, case: Case) -> None:
    contacts = [f"contacts/{id_}" for id_ in _ids(case)]
    live = env.hubspot.there([*contacts, *case.went])
    back = sorted({*live, *env.hubspot.there(contacts, archived=True)})
    if back:
        body = BACK_BODY.format(refs=", ".join(back), **_case(env, case.contact_id))
        _ask(env, "left", f"back-{case.contact_id}-{case.closed_on}", case, BACK, body)
        return
    waits = len(env.hubspot.there(case.frozen.get("waits", ()), archived=True))
    env.record("erase.verified", actor="follow-up", contact_id=case.contact_id, in_the_bin=waits)
    env.store.cases.move(case.contact_id, "verified", case.closed_on)


def _ids(case: Case) -> Sequence[str]:
    return [case.contact_id, *case.frozen.get("merged", ())]


def _case(env: Env, contact_id: str) -> dict[str, str]:
    return {"case": console_link(env, f"people/{contact_id}"), "contact": contact_id}


def _key(kind: str, name: str, case: Case) -> str:
    """Name what is asked once for each erasure of a person: the name last, and whole or by its hash."""
    short = name if len(name) <= LONGEST else hashlib.sha256(name.encode()).hexdigest()[:LONGEST]
    return f"{kind}/{case.contact_id}/{case.opened_on}/{short}"
