"""Every page of the console and who may use it; nobody gets past this table without a session.

`officer` may do what `support` may, and decide: approve and start plans, pause and resume.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from crm_gdpr.addons.console import (
    accounts,
    objections,
    overview,
    people,
    person,
    plans,
    requests,
    site,
    sources,
    usage,
)
from crm_gdpr.addons.console.language import remember

ANYONE, SUPPORT, OFFICER = "anyone", "support", "officer"
ROLES = {SUPPORT: (SUPPORT, OFFICER), OFFICER: (OFFICER,)}


@dataclass(frozen=True)
class Page:
    """One address: what answers it, how, and the role it takes."""

    rule: str
    view: Callable[..., Any]
    role: str
    methods: tuple[str, ...] = ("GET",)


POST = ("POST",)
PAGES = (
    Page("/login", accounts.login, ANYONE, ("GET", "POST")),
    Page("/logout", accounts.logout, SUPPORT, POST),
    Page("/", overview.overview, SUPPORT),
    Page("/pause", overview.pause, OFFICER, POST),
    Page("/resume", overview.resume, OFFICER, POST),
    Page("/people", people.people, SUPPORT),
    Page("/people/search", people.search, SUPPORT, POST),
    Page("/people/<contact_id>", person.person, SUPPORT),
    Page("/people/<contact_id>/request", person.open_access_request, SUPPORT, POST),
    Page("/people/<contact_id>/objection", objections.take_objection, SUPPORT, POST),
    Page("/objections", objections.objections, SUPPORT),
    Page("/objections/<int:objection_id>", objections.objection, SUPPORT),
    Page("/objections/<int:objection_id>/withdraw", objections.withdraw_objection, SUPPORT, POST),
    Page("/objections/<int:objection_id>/decide", objections.decide_objection, OFFICER, POST),
    Page("/objections/<int:objection_id>/release/<contact_id>", objections.release_from_quarantine, SUPPORT, POST),
    Page("/sources", sources.sources, SUPPORT),
    Page("/plans", plans.plans, SUPPORT),
    Page("/plans/<int:plan_id>", plans.plan, SUPPORT),
    Page("/plans/<int:plan_id>/approve", plans.approve, OFFICER, POST),
    Page("/plans/<int:plan_id>/apply", plans.apply, OFFICER, POST),
    Page("/usage", usage.usage, SUPPORT),
    Page("/usage/<int:plan_id>/approve", usage.approve_usage, OFFICER, POST),
    Page("/usage/<int:plan_id>/apply", usage.apply_usage, OFFICER, POST),
    Page("/requests", requests.requests, SUPPORT),
    Page("/requests/<int:request_id>", requests.show, SUPPORT),
    Page("/requests/<int:request_id>/person", requests.name_person, SUPPORT, POST),
    Page("/requests/<int:request_id>/identity", requests.confirm, SUPPORT, POST),
    Page("/requests/<int:request_id>/prepare", requests.prepare, SUPPORT, POST),
    Page("/requests/<int:request_id>/report/<any(sv,en):which>", requests.report, SUPPORT),
    Page("/requests/<int:request_id>/review", requests.read_through, SUPPORT),
    Page("/requests/<int:request_id>/reviewed", requests.review, SUPPORT, POST),
    Page("/requests/<int:request_id>/release", requests.release, SUPPORT, POST),
    Page("/requests/<int:request_id>/link", requests.send_link, SUPPORT, POST),
    Page("/requests/<int:request_id>/agree", requests.agree, SUPPORT, POST),
    Page(
        "/requests/<int:request_id>/<any(extend,reject,nothing,correct,restrict,tell,lift,object,missent,handed):what>",
        requests.carry_out,
        SUPPORT,
        POST,
    ),
    Page("/requests/<int:request_id>/<any(erase,keep):what>", requests.erase, OFFICER, POST),
)


def build() -> Blueprint:
    """Return the blueprint with all pages behind the guard."""
    console = Blueprint("console", __name__, url_prefix="/console", template_folder="templates", static_folder="static")
    for page in PAGES:
        console.add_url_rule(page.rule, view_func=page.view, methods=page.methods)
    console.record_once(site.set_up)
    console.before_request(guard)
    console.context_processor(site.words)
    console.after_request(remember)
    console.register_error_handler(Exception, site.failed)
    return console


def guard() -> Response | None:
    """Let a request through only with the role its page takes; a page that the table forgets is nobody's."""
    endpoint = (request.endpoint or "").removeprefix("console.")
    role = NEEDED.get(endpoint, OFFICER)
    if role == ANYONE:
        return None
    if not current_user.is_authenticated:
        asked = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("console.login", next=asked))
    if current_user.role not in ROLES[role]:
        abort(403)
    return None


NEEDED = {page.view.__name__: page.role for page in PAGES} | {"static": ANYONE}
blueprint = build()
