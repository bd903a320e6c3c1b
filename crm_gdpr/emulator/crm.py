"""The blueprint of the CRM's pages: showing, doing, and what is said when the account refuses."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from crm_gdpr.emulator.errors import NotFound, Refusal
from crm_gdpr.emulator.forms import Forms
from crm_gdpr.emulator.language import language, remember, t
from crm_gdpr.emulator.naming import day, kind_name, shown_name
from crm_gdpr.emulator.pages import Pages
from crm_gdpr.emulator.portal import Portal


def crm_blueprint(portal: Portal) -> Blueprint:
    blueprint = Blueprint(
        "crm",
        "crm_gdpr.emulator",
        url_prefix="/app",
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )
    for method, rules in (("GET", Pages(portal).rules()), ("POST", Forms(portal).rules())):
        for rule, view in rules.items():
            blueprint.add_url_rule(rule, f"{method} {rule}", _alone(portal, view), methods=[method])
    blueprint.register_error_handler(Refusal, _refused)
    blueprint.context_processor(lambda: _always(portal))
    blueprint.after_request(remember)
    blueprint.add_app_template_filter(shown_name, "name")
    blueprint.add_app_template_filter(kind_name, "kind")
    blueprint.add_app_template_filter(day, "day")
    blueprint.add_app_template_global(t, "t")
    return blueprint


def _alone(portal: Portal, view: Callable[..., str | Response]) -> Callable[..., str | Response]:
    """Nothing changes while a page is made."""

    def serve(**ids: str) -> str | Response:
        with portal.lock:
            portal.tick()
            return view(**ids)

    return serve


def _always(portal: Portal) -> dict[str, Any]:
    here = request.path if request.method == "GET" else "/app/contacts"
    return {"now": portal.clock.now(), "portal_id": portal.portal_id, "here": here, "language": language()}


def _refused(refusal: Refusal) -> tuple[str, int]:
    status = 404 if isinstance(refusal, NotFound) else 400
    came_from = request.referrer or ""
    back = came_from if came_from.startswith(f"{request.host_url}app/") else "/app/contacts"
    return render_template("refused.html", message=str(refusal), back=back), status
