"""Correction, restriction, objection, and the ends every request may come to.  Each leaves a letter and a ledger line.

Values stay in HubSpot: its history keeps both the old and the new one; here and in the ledger stand names of
properties and grounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.access.letters import lay, of_nothing, text_as_note, to
from crm_gdpr.addons.access.matching import people
from crm_gdpr.addons.access.steps import CLOSED, OPEN, UNCHECKED, StepRefused
from crm_gdpr.policy import Text, due

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.requests import Request

GROUNDS = {  # Art. 18(1)
    "a": Text(sv="uppgifternas riktighet bestrids", en="the accuracy of the data is contested"),
    "b": Text(sv="behandlingen är olaglig", en="the processing is unlawful"),
    "c": Text(sv="personen behöver uppgifterna för rättsliga anspråk", en="the person needs the data for legal claims"),
    "d": Text(sv="en invändning prövas", en="an objection is being examined"),
}
RESTRICTED = "gdpr_restricted"
NO_REASON = Text(sv="Skriv skälet.", en="Write the reason.")
TOO_LATE = Text(
    sv="Förlängningen måste meddelas inom den första månaden (artikel 12.3).",
    en="An extension must be announced within the first month (Art. 12(3)).",
)
EXTENDED = Text(sv="Tiden är redan förlängd.", en="The period is extended already.")
SOMEBODY = Text(
    sv="Begäran är kopplad till en person; då finns något att svara.",
    en="The request is connected to a person; then there is something to answer.",
)
STILL_KEPT = Text(
    sv="Något om personen sparas efter raderingen (artikel 17.3); svara med det.",
    en="Something about the person is kept after the erasure (Art. 17(3)); answer with that.",
)
NOTHING_GIVEN = Text(sv="Ange vad som ska rättas.", en="Say what is to be corrected.")
NOT_WRITABLE = Text(sv="Fältet kan inte rättas för hand.", en="The field cannot be corrected by hand.")
NO_GROUND = Text(sv="Välj en grund.", en="Choose a ground.")
TELL_FIRST = Text(
    sv="Personen ska få veta det innan begränsningen hävs; häv den tidigast i morgon.",
    en="The person must be told before the restriction is lifted; lift it tomorrow at the earliest.",
)
NOT_RESTRICTED = Text(sv="Inget är begränsat.", en="Nothing is restricted.")


def extend(env: Env, request: Request, why: str, *, by: str) -> None:
    """Take two months more, with reasons, inside the first month (Art. 12(3))."""
    _open(request)
    if not why.strip():
        raise StepRefused(NO_REASON)
    if request.extended_on is not None:
        raise StepRefused(EXTENDED)
    if env.today() > due(request.received_on, extended=False, paused_days=request.paused_days).due_on:
        raise StepRefused(TOO_LATE)
    due_on = due(request.received_on, extended=True, paused_days=request.paused_days).due_on
    env.store.requests.change(request.id, extended_on=env.today(), extended_why=why.strip(), due_on=due_on)
    env.record(
        "request.extended", actor=by, contact_id=request.contact_id, request=request.id, due_on=due_on.isoformat()
    )
    lay(env, _again(env, request), "extended", why=why.strip())


def refuse(env: Env, request: Request, why: str, *, by: str) -> None:
    """Close a request that is not answered, with the reasons (Art. 12(4))."""
    _open(request)
    if not why.strip():
        raise StepRefused(NO_REASON)
    env.record("request.rejected", actor=by, contact_id=request.contact_id, request=request.id)
    lay(env, request, "refused", why=why.strip())
    _close(env, request, "refused", status="rejected", why=why.strip())


def hold_nothing(env: Env, request: Request, *, by: str) -> None:
    """Answer that nothing is held: an answer too, and never given while somebody may be meant."""
    _open(request)
    if why := _held(env, request):
        raise StepRefused(why)
    env.record("request.nothing_held", actor=by, contact_id=request.contact_id, request=request.id)
    lay(env, request, of_nothing(env, request))
    _close(env, request, "nothing_held")


def correct(env: Env, request: Request, values: Mapping[str, str], *, by: str) -> None:
    """Correct values (Art. 16), keep both in the note, ask the owner to correct elsewhere, and tell who to tell."""
    contact_id = _checked(request)
    if not values:
        raise StepRefused(NOTHING_GIVEN)
    hubspot = env.hubspot.interactive()
    definitions = {str(each["name"]): each for each in hubspot.properties("contacts")}
    if any(not _is_writable(definitions.get(name)) for name in values):
        raise StepRefused(NOT_WRITABLE)
    record = hubspot.read("contacts", contact_id, tuple(values))
    before: Mapping[str, str | None] = {} if record is None else record.properties
    hubspot.update("contacts", contact_id, dict(values))
    names = {name: str(definitions[name].get("label") or name) for name in values}
    told = "\n".join(f"{names[name]}: {before.get(name) or '–'} → {value or '–'}" for name, value in values.items())
    recipients = ", ".join(each.name for each in env.policy.recipients)
    _note_and_task(env, request, told, recipients)
    env.record("data.corrected", actor=by, contact_id=contact_id, request=request.id, properties=sorted(values))
    lay(env, request, "corrected", names=", ".join(names.values()), recipients=recipients)
    _close(env, request, "corrected", detail={"corrected": sorted(values), "told": recipients})


def restrict(env: Env, request: Request, ground: str, *, by: str) -> None:
    """Restrict processing to storage (Art. 18)."""
    contact_id = _checked(request)
    if ground not in GROUNDS:
        raise StepRefused(NO_GROUND)
    env.hubspot.interactive().update("contacts", contact_id, {RESTRICTED: "true"})
    env.record("restriction.begun", actor=by, contact_id=contact_id, request=request.id, ground=f"18(1)({ground})")
    why = GROUNDS[ground]
    lay(env, request, "restricted", ground=f"{why.sv} / {why.en}")
    _close(env, request, "restricted", detail={"ground": ground})


def tell_of_lifting(env: Env, request: Request, why: str, *, by: str) -> None:
    """Tell the person that a restriction will be lifted (Art. 18(3))."""
    if request.outcome != "restricted":
        raise StepRefused(NOT_RESTRICTED)
    if not why.strip():
        raise StepRefused(NO_REASON)
    lay(env, request, "unrestricting", why=why.strip(), day=env.today().isoformat())
    env.record("restriction.lifting_told", actor=by, contact_id=request.contact_id, request=request.id)
    env.store.requests.change(request.id, detail={**(request.detail or {}), "told_on": env.today().isoformat()})


def lift(env: Env, request: Request, *, by: str) -> None:
    """Lift a restriction, no sooner than the day after the person was told."""
    told_on = (request.detail or {}).get("told_on")
    if request.outcome != "restricted" or request.contact_id is None:
        raise StepRefused(NOT_RESTRICTED)
    if told_on is None or env.today().isoformat() <= told_on:
        raise StepRefused(TELL_FIRST)
    env.hubspot.interactive().update("contacts", request.contact_id, {RESTRICTED: "false"})
    env.record("restriction.lifted", actor=by, contact_id=request.contact_id, request=request.id)
    env.store.requests.change(request.id, outcome="lifted")


def done(env: Env, request: Request, outcome: str, letter: str | None = None) -> None:
    """Close a request that another part of the product has carried out."""
    if letter is not None:
        lay(env, request, letter)
    env.record("request.done", actor="access", contact_id=request.contact_id, request=request.id, outcome=outcome)
    _close(env, request, outcome)


def _held(env: Env, request: Request) -> Text | None:
    """Return why it would be untrue that nothing is held: somebody is there, in the bin too, or something was kept."""
    hubspot, cases = env.hubspot.interactive(), [env.store.cases.of(id_) for id_ in request.ids]
    if any(hubspot.read("contacts", id_, (), archived=gone) for id_ in request.ids for gone in (False, True)):
        return SOMEBODY
    if request.address and people(env, request.address):
        return SOMEBODY
    return STILL_KEPT if any(case and case.frozen.get("kept") for case in cases) else None


def _note_and_task(env: Env, request: Request, told: str, recipients: str) -> None:
    """Both values stay on the contact; whoever owns it is asked to correct what stands elsewhere."""
    hubspot, associations = env.hubspot.interactive(), to(env, request)
    stamp = env.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    heading = f"Rättelse (artikel 16) / Correction (Art. 16) [{request.id}]"
    note = {"hs_timestamp": stamp, "hs_note_body": text_as_note(f"{heading}\n\n{told}")}
    hubspot.create("notes", note, associations=associations)
    body = f"Rätta även hos / correct at: {recipients}, och i dokument utanför HubSpot / and in documents elsewhere."
    task = {"hs_timestamp": stamp, "hs_task_subject": heading, "hs_task_body": body, "hs_task_status": "NOT_STARTED"}
    hubspot.create("tasks", {**task, "hs_task_type": "TODO"}, associations=associations)


def _is_writable(definition: Mapping[str, Any] | None) -> bool:
    if definition is None or str(definition.get("name", "")).startswith("gdpr_"):
        return False
    rules = definition.get("modificationMetadata")
    return not (isinstance(rules, dict) and rules.get("readOnlyValue"))


def _open(request: Request) -> None:
    if request.status not in OPEN:
        raise StepRefused(CLOSED)


def _checked(request: Request) -> str:
    """A right is carried out for a person whose identity is confirmed."""
    _open(request)
    if request.status != "accepted" or request.contact_id is None:
        raise StepRefused(UNCHECKED)
    return request.contact_id


def _close(env: Env, request: Request, outcome: str, *, status: str = "fulfilled", **values: Any) -> None:
    why = values.pop("why", None)
    more = {"outcome_why": why} if why else {}
    if "detail" in values:
        values["detail"] = {**(request.detail or {}), **values["detail"]}
    env.store.requests.change(request.id, status=status, outcome=outcome, closed_on=env.today(), **more, **values)


def _again(env: Env, request: Request) -> Request:
    return env.store.requests.get(request.id) or request
