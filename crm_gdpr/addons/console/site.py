"""What all pages share: session, CSRF, dates, the words of the templates, and what to say when something fails."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, current_app, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import Babel
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException

from crm_gdpr.addons.console import wording
from crm_gdpr.addons.console.accounts import Throttle, load
from crm_gdpr.addons.console.language import language, t

if TYPE_CHECKING:
    from crm_gdpr.env import Env

SESSION_LIVES = timedelta(hours=8)
NO_SESSION = ("webhooks", "access", "access_api", "objection")  # a signature or a token speaks for itself there
RECORDS = {"contacts": "0-1", "companies": "0-2", "deals": "0-3", "tickets": "0-5"}
HUBSPOT_API = "https://api.hubapi.com"


def set_up(state: BlueprintSetupState) -> None:
    """Give the web process sessions, CSRF protection on every form, and dates in the page's language."""
    app = cast(Flask, state.app)
    env: Env = app.extensions["crm_gdpr"]
    app.config.update(
        PERMANENT_SESSION_LIFETIME=SESSION_LIVES,
        WTF_CSRF_CHECK_DEFAULT=False,  # checked below, for all but the doors that need no session
        WTF_CSRF_SSL_STRICT=False,  # our own pages send no Referer
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
    )
    csrf = CSRFProtect(app)
    app.before_request(lambda: None if request.blueprint in NO_SESSION else csrf.protect())
    accounts = LoginManager(app)
    accounts.session_protection = "strong"
    accounts.user_loader(load)
    app.extensions["console_throttle"] = Throttle()
    Babel(app, locale_selector=language, default_timezone=env.policy.controller.timezone)


def words() -> dict[str, Any]:
    """What every template may use."""
    return {
        "t": t,
        "language": language(),
        "user": current_user,
        "wording": wording,
        "hubspot": hubspot_record,
    }


def hubspot_record(kind: str, record_id: str) -> str:
    """Return the address of a record in HubSpot, or in the emulator's own pages."""
    settings = current_app.extensions["crm_gdpr"].settings
    if settings.base_url != HUBSPOT_API:
        return f"{settings.base_url}/app/{kind}/{record_id}"
    return f"https://app.hubspot.com/contacts/{settings.portal_id}/record/{RECORDS[kind]}/{record_id}"


def failed(error: Exception) -> tuple[str, int]:
    """Say what went wrong.  Errors of this project are written for people; any other is a fault and stays one."""
    if isinstance(error, HTTPException):
        status = error.code or 500
        why = wording.HTTP.get(status, wording.HTTP[500])
        return render_template("console/failed.html", title=t(why), message=None), status
    if not type(error).__module__.startswith("crm_gdpr."):
        raise error
    status = 502 if hasattr(error, "correlation_id") else 409
    message = t(error.why) if hasattr(error, "why") else str(error)
    return render_template("console/failed.html", title=t(wording.NOT_DONE), message=message), status
