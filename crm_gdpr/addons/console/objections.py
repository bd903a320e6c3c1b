"""Objections: who said no, taken here when it was said to us, decided, withdrawn, and who came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from crm_gdpr.addons.console.language import t
from crm_gdpr.addons.console.people import names_of
from crm_gdpr.addons.objection import taking
from crm_gdpr.addons.objection.wording import BY_COLLEAGUES, CHANNELS, SCOPES, STATES

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.objections import Objection

SHOWN = 100
BY_VOICE = ("marketing", "processing")  # a no to one kind of mailing is taken where the mailing is left
WORDS = {"channels": CHANNELS, "scopes": SCOPES, "states": STATES}


def objections() -> str:
    """List the newest objections, with the contacts that carry them."""
    env: Env = current_app.extensions["crm_gdpr"]
    newest = env.store.objections.all(SHOWN)
    carriers = {each.id: env.store.objections.carried_by(each.id) for each in newest}
    everyone = {contact_id for several in carriers.values() for contact_id in several}
    names = names_of(env, sorted(everyone))
    kept = env.store.suppression.count()
    return render_template(
        "console/objections.html", objections=newest, carriers=carriers, names=names, kept=kept, **WORDS
    )


def objection(objection_id: int) -> str:
    """Show one objection: what was said, who carries it, and what may be done about it."""
    env: Env = current_app.extensions["crm_gdpr"]
    found = _found(env, objection_id)
    carriers = env.store.objections.carried_by(objection_id)
    hubspot = env.hubspot.interactive()
    held = hubspot.read_many("contacts", carriers, ("gdpr_quarantined_on", "gdpr_quarantine_why")) if carriers else {}
    return render_template(
        "console/objection.html",
        objection=found,
        carriers=carriers,
        names=names_of(env, carriers),
        quarantined={id_: r for id_, r in held.items() if r.properties.get("gdpr_quarantined_on")},
        kept=env.store.suppression.count(objection_id),
        **WORDS,
    )


def take_objection(contact_id: str) -> Response:
    """Take a no that was said to a colleague."""
    env: Env = current_app.extensions["crm_gdpr"]
    how, scope = request.form.get("how", ""), request.form.get("scope", "")
    if not contact_id.isdigit() or how not in BY_COLLEAGUES or scope not in BY_VOICE:
        abort(404)
    number = taking.object_to(env, contact_id, how=how, scope=scope, by=current_user.name)
    if number is None:
        abort(404)
    flash(t("Invändningen är antecknad och genomförs nu i alla kanaler.",
            "The objection is recorded, and is being made to hold on every channel."), "done")  # fmt: skip
    return redirect(url_for("console.objection", objection_id=number))


def withdraw_objection(objection_id: int) -> Response:
    """The person says otherwise."""
    env: Env = current_app.extensions["crm_gdpr"]
    taking.withdraw(env, _found(env, objection_id).id, by=current_user.name, why=request.form.get("why", ""))
    flash(t("Invändningen är återtagen. Ingen har anmälts till något utskick av det.",
            "The objection is withdrawn. Nobody was subscribed to anything by that."), "done")  # fmt: skip
    return redirect(url_for("console.objection", objection_id=objection_id))


def decide_objection(objection_id: int) -> Response:
    """Decide an objection on other grounds, with reasons."""
    env: Env = current_app.extensions["crm_gdpr"]
    verdict = request.form.get("verdict", "")
    if verdict not in ("upheld", "overruled"):
        abort(404)
    found, why = _found(env, objection_id), request.form.get("why", "")
    taking.decide_on(env, found.id, upheld=verdict == "upheld", by=current_user.name, why=why)
    flash(t("Beslutet är antecknat. Skicka skälen till personen.", "The decision is recorded. Send the reasons to the person."), "done")  # fmt: skip  # noqa: E501
    return redirect(url_for("console.objection", objection_id=objection_id))


def release_from_quarantine(objection_id: int, contact_id: str) -> Response:
    """The one in quarantine is somebody else."""
    env: Env = current_app.extensions["crm_gdpr"]
    found = _found(env, objection_id)
    if contact_id not in env.store.objections.carried_by(objection_id):
        abort(404)
    taking.release(env, found.id, contact_id, by=current_user.name)
    flash(t("Kontakten är släppt. Ge den en ägare i HubSpot.", "The contact is released. Give it an owner."), "done")
    return redirect(url_for("console.objection", objection_id=objection_id))


def _found(env: Env, objection_id: int) -> Objection:
    return env.store.objections.get(objection_id) or abort(404)
