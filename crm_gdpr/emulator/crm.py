"""The blueprint of the CRM's pages: showing, doing, and what is said when the account refuses."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from crm_gdpr.emulator.errors import NotFound, Refusal
from crm_gdpr.emulator.forms import Forms
from crm_gdpr.emulator.pages import Pages, shown_name
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
    blueprint.add_app_template_filter(shown_name, "name")
    blueprint.add_app_template_filter(_day, "day")
    return blueprint


def _alone(portal: Portal, view: Callable[..., str | Response]) -> Callable[..., str | Response]:
    """Nothing changes while a page is made."""

    def serve(**ids: str) -> str | Response:
        with portal.lock:
            portal.tick()
            return view(**ids)

    return serve


def _always(portal: Portal) -> dict[str, Any]:
    return {"now": portal.clock.now(), "portal_id": portal.portal_id, "path": request.path}


def _refused(refusal: Refusal) -> tuple[str, int]:
    status = 404 if isinstance(refusal, NotFound) else 400
    return render_template("refused.html", message=str(refusal)), status


def _day(instant: str | None) -> str:
    return (instant or "")[:16].replace("T", " ")
