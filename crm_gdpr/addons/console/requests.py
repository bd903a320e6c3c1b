"""Requests: their clock, and the steps from a mail to an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from crm_gdpr.addons.access import steps
from crm_gdpr.addons.access.files import content_of
from crm_gdpr.addons.access.package import REPORTS, unzipped
from crm_gdpr.addons.console.language import t
from crm_gdpr.addons.console.people import NAMES, find
from crm_gdpr.policy import due

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.requests import Request

# The report is made of what people wrote: it runs nothing, sends nothing, and is its own origin.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'"


def requests() -> str:
    """List the open requests, the most urgent first, and those that are closed."""
    env: Env = current_app.extensions["crm_gdpr"]
    every = env.store.requests.all()
    is_open = [r for r in every if r.status in steps.OPEN]
    closed = [r for r in reversed(every) if r.status not in steps.OPEN]
    return render_template("console/requests.html", open=is_open, closed=closed, today=env.today())


def show(request_id: int, link: str | None = None) -> str:
    """Show one request and the step that is next; a fresh link is shown this once."""
    env: Env = current_app.extensions["crm_gdpr"]
    asked = _request(env, request_id)
    hubspot, contact_id = env.hubspot.interactive(), asked.contact_id
    suggested: tuple[str, ...] = ()
    if contact_id is None and asked.ticket_id is not None:
        suggested = hubspot.associated("tickets", "contacts", [asked.ticket_id]).get(asked.ticket_id, ())
    return render_template(
        "console/request.html",
        asked=asked,
        clock=due(asked.received_on, extended=False),
        record=None if contact_id is None else hubspot.read("contacts", contact_id, NAMES),
        suggested=hubspot.read_many("contacts", suggested, NAMES),
        package=env.store.requests.package_of(request_id),
        making=env.store.work.state(steps.next_key(env, f"access-{request_id}")) is not None,
        is_open=asked.status in steps.OPEN,
        today=env.today(),
        link=link,
    )


def name_person(request_id: int) -> Redirect:
    """Say whom the request is about."""
    env: Env = current_app.extensions["crm_gdpr"]
    contact_id = find(env, request.form.get("who", "").strip())
    if contact_id is None or env.hubspot.interactive().read("contacts", contact_id, ()) is None:
        flash(t("Ingen kontakt hittades.", "No contact was found."), "error")
    else:
        steps.name_person(env, _request(env, request_id), contact_id, by=current_user.name)
    return _back(request_id)


def confirm(request_id: int) -> Redirect:
    """Record how the identity was checked; the answer is then prepared."""
    env: Env = current_app.extensions["crm_gdpr"]
    steps.confirm_identity(env, _request(env, request_id), request.form.get("note", ""), by=current_user.name)
    flash(
        t("Identiteten är bekräftad. Utdraget förbereds.", "The identity is confirmed. The answer is being made."),
        "done",
    )
    return _back(request_id)


def prepare(request_id: int) -> Redirect:
    """Have the answer made anew."""
    env: Env = current_app.extensions["crm_gdpr"]
    if _request(env, request_id).status != "accepted":
        raise steps.StepRefused(steps.UNCHECKED)
    steps.prepare_again(env, request_id)
    flash(t("Utdraget förbereds.", "The answer is being made."), "done")
    return _back(request_id)


def report(request_id: int, which: str) -> Response:
    """Show the report as the person will see it, for review before release."""
    env: Env = current_app.extensions["crm_gdpr"]
    package = env.store.requests.package_of(request_id)
    content = None if package is None else content_of(env, package)
    if package is None or content is None:
        abort(404)
    env.record("package.reviewed", actor=current_user.name, contact_id=package.contact_id, request=request_id)
    headers = {"Content-Security-Policy": SANDBOX}
    return Response(unzipped(content, REPORTS[which]), content_type="text/html; charset=utf-8", headers=headers)


def release(request_id: int) -> str:
    """Let the answer go; the link stands on this page and on the ticket, and is kept nowhere else."""
    env: Env = current_app.extensions["crm_gdpr"]
    link = steps.release(env, _request(env, request_id), by=current_user.name)
    return show(request_id, link)


def reject(request_id: int) -> Redirect:
    """Close a request that is not answered."""
    env: Env = current_app.extensions["crm_gdpr"]
    steps.reject(env, _request(env, request_id), by=current_user.name)
    flash(t("Begäran är avslutad.", "The request is closed."), "done")
    return _back(request_id)


def _request(env: Env, request_id: int) -> Request:
    return env.store.requests.get(request_id) or abort(404)


def _back(request_id: int) -> Redirect:
    return redirect(url_for("console.show", request_id=request_id))
