"""The public page behind the link of the notice: GET shows, POST says no.

Mail scanners follow links, so GET changes nothing and reads nothing of the person.  The token in the address is the
only secret and there is no session, so there is nothing that a foreign page could borrow.  A mail program that posts
by itself when its user asks it to (RFC 8058) is answered as the button is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, render_template, request

from crm_gdpr.addons.objection.links import contact_behind

if TYPE_CHECKING:
    from crm_gdpr.env import Env

blueprint = Blueprint(
    "objection", __name__, url_prefix="/o", template_folder="templates", static_folder="static", static_url_path="/s"
)
LANGUAGES = ("sv", "en")


@blueprint.get("/<token>")
def show(token: str) -> tuple[str, int]:
    """Show what pressing the button means."""
    env: Env = current_app.extensions["crm_gdpr"]
    return _page("ask") if contact_behind(env, token) else _page("no_link", 404)


@blueprint.post("/<token>")
def object_(token: str) -> tuple[str, int]:
    """Take the no: it is in the store when this answers, and a worker makes it hold within seconds."""
    env: Env = current_app.extensions["crm_gdpr"]
    contact_id = contact_behind(env, token)
    if contact_id is None:
        return _page("no_link", 404)
    key = f"objection-link-{contact_id}-{env.clock.now():%Y%m%d%H%M%S}"
    told = {"how": "link", "by": "the person", "on": env.today().isoformat()}
    env.queue.enqueue("objection.take", key, contact_id=contact_id, **told)
    return _page("done")


def _page(name: str, status: int = 200) -> tuple[str, int]:
    """Return one of the three pages in the reader's language."""
    asked = request.args.get("lang")
    language = asked if asked in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or "sv"
    controller = current_app.extensions["crm_gdpr"].policy.controller
    page = {"language": language, "sv": language == "sv", "controller": controller, "languages": LANGUAGES}
    return render_template(f"objection/{name}.html", **page), status
