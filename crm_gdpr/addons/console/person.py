"""One person: what stands on the contact, and everything their verdict rests on.  Read for the page, kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from crm_gdpr.addons.access.steps import open_request
from crm_gdpr.addons.console.marks import marks
from crm_gdpr.addons.console.people import NAMES
from crm_gdpr.addons.dialogue.reconcile import facts_of
from crm_gdpr.addons.objection.links import link_for
from crm_gdpr.addons.objection.wording import BY_COLLEAGUES, CHANNELS, SCOPES
from crm_gdpr.addons.objection.wording import STATES as OBJECTION_STATES
from crm_gdpr.policy import Right, decide, explained

if TYPE_CHECKING:
    from crm_gdpr.env import Env


def person(contact_id: str) -> str:
    """Show one person: the verdict as of today, why, every event considered, and what was done."""
    env: Env = current_app.extensions["crm_gdpr"]
    if not contact_id.isdigit():
        abort(404)
    ours = [each for each in env.registry.properties if each.object == "contact"]
    record = env.hubspot.interactive().read("contacts", contact_id, (*NAMES, *(each.name for each in ours)))
    known, today = env.store.index.known(contact_id), env.today()
    facts = None if known is None else facts_of(known, env.store.requests.is_open(contact_id))
    case = env.store.cases.of(contact_id)
    lines = env.store.ledger.lines(subject=env.pseudonym(contact_id))
    if record is None and known is None and case is None and not lines:
        abort(404)
    return render_template(
        "console/person.html",
        contact_id=contact_id,
        record=record,
        marks=() if record is None else tuple(marks(ours, record.properties)),
        verdict=None if facts is None else decide(facts, env.policy, today),
        considered=() if facts is None else tuple(reversed(explained(facts, env.policy, today))),
        stage=env.store.stages.get(contact_id),
        case=case,
        requests=env.store.requests.of(contact_id),
        objections=env.store.objections.of([contact_id]),
        link=link_for(env, contact_id),
        by_colleagues=BY_COLLEAGUES,
        channels=CHANNELS,
        scopes=SCOPES,
        states=OBJECTION_STATES,
        lines=list(reversed(lines)),
        today=today,
    )


def open_access_request(contact_id: str) -> Response:
    """Open a request that came another way than by mail, received today."""
    env: Env = current_app.extensions["crm_gdpr"]
    if not contact_id.isdigit() or env.hubspot.interactive().read("contacts", contact_id, ()) is None:
        abort(404)
    given = request.form.get("right", Right.ACCESS.value)
    right = Right(given) if given in set(Right) else abort(400)
    request_id = open_request(env, right=right, received_on=env.today(), contact_id=contact_id, by=current_user.name)
    return redirect(url_for("console.show", request_id=request_id))
