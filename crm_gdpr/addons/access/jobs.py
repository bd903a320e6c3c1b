"""Make the answer; and let go of answers whose period has passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from crm_gdpr.addons.access.account import lacking, look
from crm_gdpr.addons.access.answer import compose
from crm_gdpr.addons.access.drafts import Draft, keep_draft
from crm_gdpr.addons.access.files import delete, new_name, strays
from crm_gdpr.addons.access.gather import forget as forget_steps
from crm_gdpr.addons.access.letters import lay
from crm_gdpr.addons.access.merging import follow, is_gone
from crm_gdpr.addons.access.reader import Merged
from crm_gdpr.policy import Text, add_months, decide

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.requests import Package

AFTER_COLLECTION = timedelta(days=14)
UNCOLLECTED = timedelta(days=30)
REQUESTS_MONTHS = 24  # after closing
NOT_RELEVANT, NOT_RELEVANT_WHY = "gdpr_not_relevant_since", "gdpr_not_relevant_why"
ASKED_ONLY = Text(
    sv="Kontakten fanns bara för en begäran, vars tid är ute.",
    en="The contact was here for a request only, whose period has passed.",
)


def acknowledge(env: Env, request_id: int) -> None:
    """Lay the acknowledgement of receipt in HubSpot for support to send, once."""
    request = env.store.requests.get(request_id)
    if request is None or request.status != "initiated":
        return
    lay(env, request, "received")
    env.record("request.acknowledged", actor="access", contact_id=request.contact_id, request=request_id)
    env.store.requests.change(request_id, status="acknowledged")
    if lacking(env).on is None:
        look(env, env.hubspot.interactive())  # so that the answer need not


def prepare(env: Env, request_id: int) -> None:
    """Read and draft the answer to a request whose identity is confirmed; a newer one takes the place of the last."""
    request = env.store.requests.get(request_id)
    if request is None or request.status != "accepted" or request.contact_id is None:
        return
    try:
        composed = compose(env, request)
    except Merged:
        follow(env, request.contact_id, env.clock.now())
        return
    if composed is None:
        env.record("package.nobody", actor="access", contact_id=request.contact_id, request=request_id)
        return
    answer, files = composed
    before, name = env.store.requests.package_of(request_id), new_name()
    original = keep_draft(env, name, Draft(answer, files))
    package_id = env.store.requests.add_package(
        request_id=request_id,
        contact_id=request.contact_id,
        file=name,
        sha256=original,
        original_sha256=original,
        made_at=env.clock.now(),
    )
    if before is not None:
        delete(env, before)
    forget_steps(env, request_id, (part.kind for part in answer.parts))
    counts = {part.kind: part.found for part in answer.parts if part.found and part.kind != "section"}
    told = {"request": request_id, "package": package_id, "original_sha256": original, "calls": answer.calls}
    env.record("package.made", actor="access", contact_id=request.contact_id, found=counts, **told)


def forget(env: Env) -> None:
    """Delete packages whose period has passed, those of people who are gone, files nobody names, and old requests."""
    packages = env.store.requests.packages()
    for package in packages:
        if (is_over(env, package) or is_gone(env, package.contact_id)) and delete(env, package):
            env.record("package.deleted", actor="access", contact_id=package.contact_id, package=package.id)
    over = add_months(env.today(), -REQUESTS_MONTHS)
    let_go_of_askers(env, over)
    env.store.requests.forget(over)
    for path in strays(env, (package.file for package in packages)):
        path.unlink(missing_ok=True)


def let_go_of_askers(env: Env, closed_before: date) -> None:
    """Whoever is here for a request alone is not relevant once its period has passed: retention takes its steps."""
    asked = [each for each in env.store.requests.all() if each.contact_id is not None]
    over = {each.contact_id for each in asked if each.closed_on is not None and each.closed_on < closed_before}
    over -= {each.contact_id for each in asked if each.closed_on is None or each.closed_on >= closed_before}
    last = {each.contact_id: each.closed_on for each in sorted(asked, key=lambda each: each.closed_on or date.max)}
    alone = [id_ for id_ in sorted(filter(None, over)) if _is_here_for_it_alone(env, id_, last[id_])]
    for id_, contact in env.hubspot.read_many("contacts", alone, ("gdpr_source", NOT_RELEVANT)).items():
        if contact.properties.get("gdpr_source") == "request" and not contact.properties.get(NOT_RELEVANT):
            why = {NOT_RELEVANT: env.today().isoformat(), NOT_RELEVANT_WHY: ASKED_ONLY.sv}
            env.hubspot.update("contacts", id_, why)
            env.record("request.over", actor="access", contact_id=id_)


def _is_here_for_it_alone(env: Env, contact_id: str, closed_on: date | None) -> bool:
    """Tell whether nothing else has come since: nobody is let go of whom the policy keeps, or we have talked with."""
    known = env.store.index.known(contact_id)
    if known is None:  # not read yet, so nothing is known of it
        return False
    facts = replace(known.facts, contact=replace(known.facts.contact, request_open=False))
    verdict = decide(facts, env.policy, env.today())
    talked = verdict.last_dialogue
    return verdict.verdict != "keep" and (talked is None or closed_on is None or talked.on < closed_on)


def is_over(env: Env, package: Package) -> bool:
    """Tell whether a package has been kept for its whole period."""
    if package.collected_at is not None:
        return package.collected_at + AFTER_COLLECTION <= env.clock.now()
    return package.made_at + UNCOLLECTED <= env.clock.now()
