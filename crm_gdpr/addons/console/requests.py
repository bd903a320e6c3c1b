"""Requests: their clock, and the steps from a mail to an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from crm_gdpr.addons.access import identity, letters, rights, steps
from crm_gdpr.addons.access.carrying import take_objection
from crm_gdpr.addons.access.drafts import draft_of, reviewed
from crm_gdpr.addons.access.files import content_of
from crm_gdpr.addons.access.gather import progress
from crm_gdpr.addons.access.going_astray import missent
from crm_gdpr.addons.access.matching import people
from crm_gdpr.addons.access.package import REPORTS, unpacked
from crm_gdpr.addons.access.proposing import HIDE, SHOW, Proposal, notes_of, proposals
from crm_gdpr.addons.access.redact import OTHER, REASONS, Review
from crm_gdpr.addons.access.report import report as as_html
from crm_gdpr.addons.console.language import t
from crm_gdpr.addons.console.people import NAMES
from crm_gdpr.addons.erasure import requests as erasing
from crm_gdpr.addons.erasure.handlers import GROUNDS
from crm_gdpr.policy import Text, due

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from crm_gdpr.env import Env
    from crm_gdpr.store.requests import Package, Request

# The report is made of what people wrote: it runs nothing, sends nothing, and is its own origin.
UNDECIDED = Text(
    sv="Avgör om varje namn ska döljas eller visas.", en="Decide for each name whether it is hidden or shown."
)
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
    suggested = asked.candidates if contact_id is None else ()
    if contact_id is None and not suggested and asked.ticket_id is not None:
        suggested = hubspot.associated("tickets", "contacts", [asked.ticket_id]).get(asked.ticket_id, ())
    return render_template(
        "console/request.html",
        asked=asked,
        clock=due(asked.received_on, extended=asked.extended_on is not None, paused_days=asked.paused_days),
        ways=identity.ways(env, asked) if asked.is_open and asked.status != "accepted" else (),
        grounds=rights.GROUNDS,
        letter=letters.unlaid(env, asked),
        keeping=GROUNDS,
        incidents=[each for each in env.store.incidents.all() if each.request_id == request_id],
        record=None if contact_id is None else hubspot.read("contacts", contact_id, NAMES),
        suggested=hubspot.read_many("contacts", suggested, NAMES),
        package=env.store.requests.package_of(request_id),
        making=env.store.work.state(steps.next_key(env, f"access-{request_id}")) is not None,
        progress=env.store.notes.get(progress(request_id)),
        is_open=asked.status in steps.OPEN,
        today=env.today(),
        link=link,
    )


def name_person(request_id: int) -> Redirect:
    """Say whom the request is about; of several who match, all are shown and support chooses."""
    env: Env = current_app.extensions["crm_gdpr"]
    asked, found = _request(env, request_id), people(env, request.form.get("who", ""))
    if not found:
        flash(t("Ingen kontakt hittades.", "No contact was found."), "error")
    elif len(found) > 1:
        env.store.requests.change(request_id, detail={**(asked.detail or {}), "candidates": list(found)})
        flash(t("Flera passar. Välj vem det gäller.", "Several match. Choose whom it is about."), "error")
    else:
        steps.name_person(env, asked, found[0], by=current_user.name)
    return _back(request_id)


def confirm(request_id: int) -> Redirect:
    """Record how the identity was checked; the answer is then prepared, or a second reader asked for."""
    env: Env = current_app.extensions["crm_gdpr"]
    enough = identity.confirm(env, _request(env, request_id), request.form.get("note", ""), by=current_user.name)
    if enough:
        flash(t("Identiteten är bekräftad.", "The identity is confirmed."), "done")
    else:
        flash(t("Antecknat. En andra läsare ska instämma.", "Recorded. A second reader must agree."), "done")
    return _back(request_id)


def agree(request_id: int) -> Redirect:
    """A second reader agrees with the check."""
    env: Env = current_app.extensions["crm_gdpr"]
    identity.agree(env, _request(env, request_id), by=current_user.name)
    flash(t("Identiteten är bekräftad av två.", "The identity is confirmed by two."), "done")
    return _back(request_id)


def send_link(request_id: int) -> Redirect:
    """Lay a link that confirms an address on file, for support to send."""
    env: Env = current_app.extensions["crm_gdpr"]
    identity.send_link(env, _request(env, request_id), request.form.get("address", ""), by=current_user.name)
    flash(t("Länken ligger som anteckning i HubSpot.", "The link lies as a note in HubSpot."), "done")
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
    """Show the report as the person will see it: what is released, or until then what would be."""
    env: Env = current_app.extensions["crm_gdpr"]
    package = env.store.requests.package_of(request_id)
    if package is None:
        abort(404)
    page = _released(env, package, which) if package.reviewed_by else _drafted(env, package, which)
    env.record("package.read", actor=current_user.name, contact_id=package.contact_id, request=request_id)
    headers = {"Content-Security-Policy": SANDBOX}
    return Response(page, content_type="text/html; charset=utf-8", headers=headers)


def read_through(request_id: int) -> str:
    """Show what the program proposes to hide, with where it stands, for a person to decide."""
    env: Env = current_app.extensions["crm_gdpr"]
    asked = _request(env, request_id)
    package, draft = steps.look_at(env, asked)
    return render_template(
        "console/review.html",
        asked=asked,
        package=package,
        proposals=proposals(draft.answer),
        notes=notes_of(draft.answer),
        files=draft.answer.files,
        parts=draft.answer.parts,
        reasons=REASONS,
    )


def review(request_id: int) -> Redirect:
    """Take what was decided, and build what may be released."""
    env: Env = current_app.extensions["crm_gdpr"]
    asked = _request(env, request_id)
    package, draft = steps.look_at(env, asked)
    if request.form.get("package") != str(package.id):  # proposals are numbered anew in every draft
        raise steps.StepRefused(steps.ANEW)
    chosen = decided(proposals(draft.answer), request.form)
    steps.review(env, asked, chosen, by=current_user.name, package_id=package.id)
    flash(t("Genomläst. Utdraget kan lämnas ut.", "Read through. The answer can be released."), "done")
    return _back(request_id)


def decided(proposed: Iterable[Proposal], form: MultiDict[str, str]) -> Review:
    """Return what a form decides; something that must be decided and is not, is refused."""
    if any(form.get(each.id) not in (HIDE, SHOW) for each in proposed):
        raise steps.StepRefused(UNDECIDED)
    hidden = {each.what: each.reason for each in proposed if form.get(each.id) == HIDE}
    also = {line.strip(): OTHER for line in form.get("also", "").splitlines() if len(line.strip()) > 1}
    return Review({**hidden, **also}, frozenset(form.getlist("note")), frozenset(form.getlist("file")))


def release(request_id: int) -> str:
    """Let the answer go; the link stands on this page and on the ticket, and is kept nowhere else."""
    env: Env = current_app.extensions["crm_gdpr"]
    link = steps.release(env, _request(env, request_id), by=current_user.name)
    return show(request_id, link)


def carry_out(request_id: int, what: str) -> Redirect:
    """Do what a request of another right asks for, or end one without an answer."""
    env: Env = current_app.extensions["crm_gdpr"]
    asked, form, by = _request(env, request_id), request.form, current_user.name
    why = form.get("why", "")
    steps_of: dict[str, Callable[[], object]] = {
        "extend": lambda: rights.extend(env, asked, why, by=by),
        "reject": lambda: rights.refuse(env, asked, why, by=by),
        "nothing": lambda: rights.hold_nothing(env, asked, by=by),
        "correct": lambda: rights.correct(env, asked, corrections(form), by=by),
        "restrict": lambda: rights.restrict(env, asked, form.get("ground", ""), by=by),
        "tell": lambda: rights.tell_of_lifting(env, asked, why, by=by),
        "lift": lambda: rights.lift(env, asked, by=by),
        "object": lambda: take_objection(env, asked, by=by),
        "missent": lambda: missent(env, asked, why, by=by),
        "handed": lambda: steps.hand_over(env, asked, why, by=by),
    }
    steps_of[what]()
    flash(t("Gjort.", "Done."), "done")
    return _back(request_id)


def erase(request_id: int, what: str) -> Redirect:
    """Have the person of a request erased, or refuse to: the officer's alone."""
    env: Env = current_app.extensions["crm_gdpr"]
    asked, form, by = _request(env, request_id), request.form, current_user.name
    if what == "erase":
        erasing.carry_out(env, asked, by=by)
        flash(t("Raderas nu. Ladda om sidan om en stund.", "Being erased. Load the page again in a moment."), "done")
    else:
        erasing.refuse_request(env, asked, ground=form.get("ground", ""), why=form.get("why", ""), by=by)
        flash(t("Avslaget ligger som brev att skicka.", "The refusal lies as a letter to send."), "done")
    return _back(request_id)


def corrections(form: MultiDict[str, str]) -> dict[str, str]:
    """Return the values to be corrected, by property."""
    named = zip(form.getlist("property"), form.getlist("value"), strict=False)
    return {name.strip(): value.strip() for name, value in named if name.strip()}


def _released(env: Env, package: Package, which: str) -> bytes:
    return unpacked(content_of(env, package) or abort(404), REPORTS[which])


def _drafted(env: Env, package: Package, which: str) -> str:
    draft = draft_of(env, package) or abort(404)
    advised = {each.what: each.reason for each in proposals(draft.answer) if each.advice == HIDE}
    return as_html(reviewed(draft, Review(advised)), which)


def _request(env: Env, request_id: int) -> Request:
    return env.store.requests.get(request_id) or abort(404)


def _back(request_id: int) -> Redirect:
    return redirect(url_for("console.show", request_id=request_id))
