"""People: lists by verdict, and one person with everything their verdict rests on.

Names and addresses are read from HubSpot for the page and kept nowhere; addresses never stand in a URL.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from crm_gdpr.addons.access.steps import open_request
from crm_gdpr.addons.console.language import t
from crm_gdpr.addons.console.wording import VERDICTS
from crm_gdpr.addons.dialogue.reconcile import facts_of
from crm_gdpr.addons.objection.links import link_for
from crm_gdpr.addons.objection.wording import BY_COLLEAGUES, CHANNELS, SCOPES
from crm_gdpr.addons.objection.wording import STATES as OBJECTION_STATES
from crm_gdpr.policy import Right, decide, trace

if TYPE_CHECKING:
    from crm_gdpr.env import Env

NAMES = ("firstname", "lastname", "email", "jobtitle", "company")
SHOWN = 100


def people() -> str:
    """List those of one verdict, the longest silent first."""
    env: Env = current_app.extensions["crm_gdpr"]
    verdict = request.args.get("verdict", "unknown")
    if verdict not in VERDICTS:
        abort(404)
    standings = env.store.index.by_verdict(verdict, SHOWN)
    return render_template(
        "console/people.html",
        verdict=verdict,
        standings=standings,
        total=env.store.index.counts().get(verdict, 0),
        names=names_of(env, (s.contact_id for s in standings)),
    )


def search() -> Response:
    """Go to a person by contact id or by e-mail address."""
    env: Env = current_app.extensions["crm_gdpr"]
    wanted = request.form.get("who", "").strip()
    contact_id = find(env, wanted)
    if contact_id is None:
        flash(t("Ingen kontakt hittades.", "No contact was found."), "error")
        return redirect(url_for("console.people"))
    return redirect(url_for("console.person", contact_id=contact_id))


def person(contact_id: str) -> str:
    """Show one person: the verdict as of today, why, every event considered, and what was done."""
    env: Env = current_app.extensions["crm_gdpr"]
    if not contact_id.isdigit():
        abort(404)
    record = env.hubspot.interactive().read("contacts", contact_id, NAMES)
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
        verdict=None if facts is None else decide(facts, env.policy, today),
        considered=() if facts is None else tuple(reversed(trace(facts, env.policy, today))),
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


def find(env: Env, wanted: str) -> str | None:
    """Return the id of a contact given by its id or its address."""
    if wanted.isdigit():
        return wanted
    if "@" not in wanted:
        return None
    same = {"propertyName": "email", "operator": "EQ", "value": wanted.lower()}
    pages = env.hubspot.interactive().search("contacts", [same], ("email",), limit=1)
    return next((record.id for page in pages for record in page), None)


def names_of(env: Env, contact_ids: Iterable[str]) -> dict[str, str]:
    """Return names for a list, read now; someone without one is called by nothing but the id."""
    records = env.hubspot.interactive().read_many("contacts", contact_ids, ("firstname", "lastname"))
    full = {r.id: " ".join(filter(None, (r.properties.get(n) for n in NAMES[:2]))) for r in records.values()}
    return {contact_id: name for contact_id, name in full.items() if name}
