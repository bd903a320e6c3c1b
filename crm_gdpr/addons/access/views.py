"""The public page behind a one-time link: GET shows, POST delivers once.

Mail scanners follow links, so GET changes nothing.  The token is the only secret; there is no session here.  A link
that is expired, used, guessed or tampered with gets the same page as one that never was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, render_template, request

from crm_gdpr.addons.access import identity
from crm_gdpr.addons.access.conduct import RIGHT
from crm_gdpr.addons.access.files import content_of
from crm_gdpr.addons.access.merging import is_gone
from crm_gdpr.addons.access.steps import digest

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.policy import Text
    from crm_gdpr.store.requests import Package, Request

blueprint = Blueprint(
    "access", __name__, url_prefix="/p", template_folder="templates", static_folder="static", static_url_path="/static"
)
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
LANGUAGES = ("sv", "en")


@blueprint.get("/<token>")
def show(token: str) -> tuple[str, int]:
    """Show what is behind the link, and the button that fetches it."""
    env: Env = current_app.extensions["crm_gdpr"]
    if waiting(env, token) is not None:
        return page("link", env)
    asked = asking(env, token)
    return page("identity", env, right=RIGHT[asked.right]) if asked is not None else page("no_link", env, 404)


@blueprint.post("/<token>")
def collect(token: str) -> Response | tuple[str, int]:
    """Deliver the package, or take the person's word that it is they who ask; this once."""
    env: Env = current_app.extensions["crm_gdpr"]
    asked = asking(env, token)
    if asked is not None:
        confirmed = identity.confirm_by_link(env, asked, token)
        return page("confirmed", env) if confirmed else page("no_link", env, 404)
    package = waiting(env, token)
    content = None if package is None else content_of(env, package)
    if package is None or content is None or not env.store.requests.collect(package.id, env.clock.now()):
        return page("no_link", env, 404)
    env.record("package.collected", actor="the person", contact_id=package.contact_id, package=package.id)
    values = {"status": "fulfilled", "outcome": "answered", "closed_on": env.today()}
    env.store.requests.change(package.request_id, **values)
    name = f"{env.policy.controller.name}-{package.made_at.date()}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{re.sub(r"[^A-Za-z0-9.-]", "-", name)}"'}
    return Response(content, mimetype="application/zip", headers=headers)


def waiting(env: Env, token: str) -> Package | None:
    """Return the package a link stands for, while the link may still be used."""
    package = env.store.requests.package_by_token(digest(token)) if TOKEN.fullmatch(token) else None
    if package is None or package.collected_at is not None or is_gone(env, package.contact_id):
        return None
    asked = env.store.requests.get(package.request_id)
    if asked is None or asked.status != "accepted":  # refused since, or answered another way
        return None
    return package if package.expires_at is not None and env.clock.now() < package.expires_at else None


def asking(env: Env, token: str) -> Request | None:
    """Return the request whose identity a link confirms, while it may still be used."""
    return identity.waiting(env, token) if TOKEN.fullmatch(token) else None


def page(name: str, env: Env, status: int = 200, **told: Text) -> tuple[str, int]:
    """Return one of the pages in the reader's language."""
    language = request.accept_languages.best_match(LANGUAGES) or "sv"
    controller = env.policy.controller
    words = {"language": language, "sv": language == "sv", "controller": controller}
    return render_template(f"access/{name}.html", **words, **told), status
