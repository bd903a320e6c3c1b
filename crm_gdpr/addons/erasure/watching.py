"""The recycle bin and the people in it: restored by somebody, deleted by somebody else, or wanted after all.

HubSpot tells of deletions and restores by webhook, and sometimes does not: `watch` looks every night, to the same end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm_gdpr.addons.dialogue.reconcile import judge
from crm_gdpr.addons.erasure.incidents import open_incident
from crm_gdpr.addons.register.asking import Question, ask, close_done
from crm_gdpr.addons.register.links import record_link
from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.policy import Text, Verdict, facts_to_json
from crm_gdpr.policy.addresses import email_of

if TYPE_CHECKING:
    from crm_gdpr.env import Env, Event
    from crm_gdpr.policy import Policy
    from crm_gdpr.store.cases import Case
    from crm_gdpr.store.index import Known
    from crm_gdpr.sync import Record

HOLD, REQUESTED = "gdpr_hold_reason", "gdpr_erasure_requested_on"
HELD = "Låst i papperskorgen / Held while in the recycle bin"
RESTORE = Text(sv="Återställ före {on}: {why}", en="Restore before {on}: {why}")
AGAIN = Text(sv="Återställd för andra gången: avgör", en="Restored a second time: decide")
BODY = (
    '<p><a href="{link}">{id}</a></p><p>HubSpot kan inte återställa genom API:et: gör det i HubSpot, under Kontakter, '
    "Återställ. / HubSpot cannot restore through its API: do it in HubSpot, under Contacts, Restore.</p>"
)
TWICE = (
    '<p><a href="{link}">{id}</a></p>'
    "<p>Sätt en låsning med skäl, intyga ett samtal, eller låt genomgången ha sin gång. / "
    "Place a hold with a reason, attest a talk, or let the review take its course.</p>"
)
BACK = Text(sv="personen hör av sig igen", en="the person is in touch again")


def watch(env: Env) -> None:
    """Look at everyone in the bin before the nightly reading does."""
    cases = [case for case in env.store.cases.in_state(*env.store.cases.IN_BIN) if case.way != "request"]
    live = env.hubspot.read_many("contacts", [case.contact_id for case in cases], ())
    for case in cases:
        if case.contact_id in live:
            respect_restore(env, case.contact_id)
        else:
            _tell_if_wanted(env, case)
    for page in env.hubspot.pages("contacts", (), archived=True):
        for record in page:
            note_deletion(env, record.id, on=_deleted_on(env, record))
    for case in env.store.cases.in_state("restored"):
        _tell_officer(env, case)
    close_done(env, "restore", "restored_again")


def restored(env: Env, event: Event) -> None:
    """Somebody brought a person back, or so it is said."""
    if env.hubspot.read("contacts", event.object_id, ()) is not None:
        respect_restore(env, event.object_id)


def deleted(env: Env, event: Event) -> None:
    """Somebody other than us deleted a person, or so it is said."""
    if env.hubspot.read("contacts", event.object_id, ()) is None:
        note_deletion(env, event.object_id)


def created(env: Env, events: Sequence[Event]) -> None:
    """A new contact with the address of somebody in the bin is that person in touch again."""
    cases = env.store.cases.in_state(*env.store.cases.IN_BIN)
    if not cases:
        return
    records = env.hubspot.read_many("contacts", [event.object_id for event in events], ("email",))
    for record in records.values():
        address = record.properties.get("email")
        digests = env.digests([("email", email_of(address) or address)]) if address else frozenset()
        for case in cases:
            if case.contact_id != record.id and digests & set(case.frozen.get("addresses", ())):
                _ask_to_restore(env, case, BACK)


def respect_restore(env: Env, contact_id: str) -> None:
    """Let the person start over: asked about again, thirty days to answer; the second time the officer decides."""
    case = env.store.cases.of(contact_id)
    if case is None or case.state not in env.store.cases.IN_BIN:
        return
    env.store.stages.clear(contact_id)  # first: while the case is open, a run broken off here is taken up again
    _write_noted(env, contact_id)
    _give_back(env, case)
    env.store.index.archived(contact_id, archived=False)
    if not env.store.cases.restored(contact_id, env.today()):
        return
    env.record("archive.undone", actor="somebody in HubSpot", contact_id=contact_id)
    case = env.store.cases.of(contact_id)
    if case is not None:
        _tell_officer(env, case)


def _give_back(env: Env, case: Case) -> None:
    """Associate the person again with what others share, which was made anew without them."""
    made = (line.split() for line in case.frozen.get("made", ()))
    for ref in env.hubspot.there(f"{original.partition('/')[0]}/{copy}" for original, copy in made):
        kind, _, id_ = ref.partition("/")
        env.hubspot.associate(kind, id_, "contacts", case.contact_id)


def _write_noted(env: Env, contact_id: str) -> None:
    """Give HubSpot what the index alone has noted while the person was in the bin: a hold, or a request for erasure."""
    known, record = env.store.index.known(contact_id), env.hubspot.read("contacts", contact_id, (HOLD, REQUESTED))
    if known is None or record is None:
        return
    contact, noted = known.facts.contact, {}
    if isinstance(contact.hold, str) and contact.hold != "inherited":
        noted[HOLD] = HELD
    if isinstance(contact.erasure_requested_on, date):
        noted[REQUESTED] = contact.erasure_requested_on.isoformat()
    missing = {name: value for name, value in noted.items() if not record.properties.get(name)}
    if missing:
        env.hubspot.update("contacts", contact_id, missing)


def note_deletion(env: Env, contact_id: str, action: str = "deletion.seen", on: date | None = None) -> None:
    """Put a person whom somebody else deleted on the erasure list, with the ids that the index still knows."""
    case = env.store.cases.of(contact_id)
    known, today = env.store.index.known(contact_id), env.today()
    if case is not None and not _is_over(case, today):
        return
    organisation = facts_to_json(known.facts).get("organisation") if known else None
    is_customer = organisation is not None and env.store.customers.is_customer(organisation, today)
    frozen = env.store.foreign.known_of(contact_id)
    subject = env.pseudonym(contact_id)
    env.store.cases.open(contact_id=contact_id, subject=subject, way="foreign", frozen=frozen, on=on or today)
    env.store.index.archived(contact_id, archived=True)
    env.store.foreign.add(contact_id, on or today, str(organisation["id"]) if organisation and is_customer else None)
    env.record(action, actor="somebody in HubSpot", contact_id=contact_id, customer=is_customer)
    env.store.cases.move(contact_id, "in_bin")
    env.gate.look_around()


def _deleted_on(env: Env, record: Record) -> date:
    """Return the day HubSpot says; what lay in the bin before we came was not deleted today."""
    zone = ZoneInfo(env.policy.controller.timezone)
    return record.archived_at.astimezone(zone).date() if record.archived_at else env.today()


def _is_over(case: Case, today: date) -> bool:
    """Tell whether a case says nothing of this deletion: restored since, or begun on another day and never finished."""
    return case.state == "restored" or (case.state == "frozen" and case.opened_on < today)


def empties_on(env: Env, case: Case) -> date:
    """Return the last day on which HubSpot can still restore the person."""
    return case.opened_on + timedelta(days=env.policy.retention.bin_days - 1)


def _tell_if_wanted(env: Env, case: Case) -> None:
    """Ask to restore somebody whom today's facts would not archive."""
    known = env.store.index.known(case.contact_id)
    if known is None:
        return
    if not known.archived:  # a reading begun before the archive kept them as live, and the next would drop them
        env.store.index.archived(case.contact_id, archived=True)
    verdict = judge(known, env.store.requests.is_open(case.contact_id), env.policy, env.today())
    if verdict.verdict in ("archive", "erase"):
        return
    if case.way == "bin" and _was_wrong(known, env.policy, case.opened_on):
        why = "a dialogue on record before the day of the archive was not known on it"
        open_incident(env, case.contact_id, why=why, by="crm_gdpr")
    _ask_to_restore(env, case, next(_reasons(verdict)))


def _was_wrong(known: Known, policy: Policy, on: date) -> bool:
    """Tell whether today's facts, by a dialogue that had happened by then, would not have archived on that day."""
    then = judge(known, False, policy, on)
    return then.verdict in ("keep", "review") and then.because[0].code in ("last_dialogue", "no_dialogue")


def _reasons(verdict: Verdict) -> Iterator[Text]:
    yield from (reason.text for reason in verdict.because)


def _ask_to_restore(env: Env, case: Case, why: Text) -> None:
    before = empties_on(env, case)
    question = Question(
        kind="restore",
        key=f"restore-{case.contact_id}-{case.opened_on}",
        owner=_owner(env, case),
        subject=Text(sv=RESTORE.sv.format(on=before, why=why.sv), en=RESTORE.en.format(on=before, why=why.en)),
        body=BODY.format(link=record_link(env, "contacts", case.contact_id), id=case.contact_id),
        contact_id=case.contact_id,
        due_on=before,
        urgent=True,
    )
    ask(env, question)


def _tell_officer(env: Env, case: Case) -> None:
    if case.restores < 2:
        return
    question = Question(
        kind="restored_again",
        key=f"restored-{case.contact_id}-{case.restores}",
        owner=Owners(env).officer,
        subject=AGAIN,
        body=TWICE.format(link=record_link(env, "contacts", case.contact_id), id=case.contact_id),
        contact_id=case.contact_id,
        due_on=env.today() + timedelta(days=env.policy.retention.review_days),
    )
    ask(env, question)


def _owner(env: Env, case: Case) -> str:
    """Return the company's owner, since an archived contact no longer tells its own; else the officer."""
    owners, known = Owners(env), env.store.index.known(case.contact_id)
    organisation = facts_to_json(known.facts).get("organisation") if known else None
    company = str(organisation["id"]) if organisation else ""
    return owners.of_companies([company]).get(company, owners.officer) if company else owners.officer
