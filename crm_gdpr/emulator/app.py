"""The emulator as a WSGI application: the API, its steering under /_emulator/, and the CRM's pages under /app/."""

from collections.abc import Callable
from functools import partial

from flask import Flask, Response, request

from crm_gdpr.emulator import actor
from crm_gdpr.emulator.crm import crm_blueprint
from crm_gdpr.emulator.errors import Invalid, NotFound, Refusal, Taken, TooMany
from crm_gdpr.emulator.portal import Portal
from crm_gdpr.emulator.webhooks import Webhooks
from crm_gdpr.emulator.wire import answers
from crm_gdpr.emulator.wire.call import Call
from crm_gdpr.emulator.wire.control import control_blueprint
from crm_gdpr.emulator.wire.guard import Guard, wait
from crm_gdpr.emulator.wire.router import Match, find_route


def create_app(guard: Guard, webhooks: Webhooks) -> Flask:
    """Serve ``guard.portal``."""
    app = Flask("crm_gdpr.emulator", static_folder=None)
    app.register_blueprint(control_blueprint(guard, webhooks))
    app.register_blueprint(crm_blueprint(guard.portal))
    app.add_url_rule("/<path:path>", "api", lambda path: _serve(guard), methods=_METHODS)
    return app


_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _serve(guard: Guard) -> Response:
    """One API call, from fault to tally."""
    match = find_route(request.method, request.path)
    if match is None:
        return _not_emulated(guard)
    fault = guard.faults.take(request.method, request.path)
    if fault:
        wait(fault)
    if fault and not fault.applied and not fault.is_delay_only:
        response = guard.fail(request, fault)
    else:
        response = _handle(guard, match)
        if fault and fault.applied:
            response = guard.fail(request, fault)
    guard.calls[request.method, match.template, response.status_code] += 1
    return guard.finish(response, match.route)


def _handle(guard: Guard, match: Match) -> Response:
    token = guard.token(request)
    with guard.portal.lock:
        refused = guard.refuse(match, token)
        if refused or token is None:
            return refused or answers.error(401, "INVALID_AUTHENTICATION", "No token.")
        guard.portal.tick()
        call = Call(guard.portal, match.family, request, actor.app(token.app_id, token.app_name))
        view = partial(match.route.view, call, **match.ids)
        return _answer_refusals(guard.portal, view, one=match.route.is_single_record)


def _answer_refusals(portal: Portal, view: Callable[[], Response], *, one: bool) -> Response:
    """Turn what the account refuses into HubSpot's envelopes."""
    try:
        return view()
    except Invalid as refusal:
        return answers.answer(answers.invalid(refusal, portal.portal_id), 400)
    except Taken as refusal:
        return answers.error(409, "CONFLICT", str(refusal))
    except TooMany as refusal:
        return answers.error(414, "VALIDATION_ERROR", str(refusal))
    except NotFound as refusal:
        return _missing(refusal, page=one and request.method == "GET")
    except Refusal as refusal:
        return answers.error(400, "VALIDATION_ERROR", str(refusal))


def _missing(refusal: NotFound, *, page: bool) -> Response:
    """Only the read of a single record is answered with a page instead of JSON."""
    if page:
        return answers.missing_page()
    more = {"subCategory": refusal.sub_category} if refusal.sub_category else {}
    return answers.error(404, "OBJECT_NOT_FOUND", str(refusal), context={refusal.context: [refusal.key]}, **more)


def _not_emulated(guard: Guard) -> Response:
    """A path or method nobody serves shows up in the tally instead of passing for an answer."""
    guard.not_emulated[request.method, request.path] += 1
    return answers.error(404, "NOT_EMULATED", f"{request.method} {request.path} is not emulated")
